"""Where a post belongs: which community it is written for, who may write there, and who sees it then."""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.social import communities, membership
from fediterr.social.drafts import Draft
from fediterr.social.models import CommunityPost, Post, Standing, Visibility

OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)


def place(author: Account, draft: Draft) -> Draft:
    """A draft as it is published: for the community that it names, or that of what it answers.

    Somebody of here is told when they may not write there; what somebody of elsewhere may not write there belongs to no
    community, and is refused altogether when it was for members alone.
    """
    parent = draft.in_reply_to
    inside = parent is not None and parent.visibility == Visibility.COMMUNITY
    if draft.visibility == Visibility.DIRECT or draft.restored:
        return replace(draft, community=None)
    group = _meant(author, draft)
    if group is None:
        if draft.visibility == Visibility.COMMUNITY or inside:
            raise errors.Refused("What is written for members alone belongs to a community.")
        return replace(draft, community=None)
    private = inside or communities.is_private(group) or draft.visibility == Visibility.COMMUNITY
    if private and author.local:
        draft = replace(draft, visibility=Visibility.COMMUNITY)
    if not private and draft.visibility not in OPEN:
        return replace(draft, community=None)
    try:
        if author.local or group.local:  # else it is the community of elsewhere that lets them
            require_may_write(author, group, parent, private=private)
    except errors.Forbidden as problem:
        if author.local:
            raise
        if draft.visibility == Visibility.COMMUNITY:
            raise errors.Refused(problem.message) from problem
        return replace(draft, community=None)
    if private and author.local:
        require_among_members(group, draft.mentions)
    if private and draft.visibility != Visibility.COMMUNITY:
        return replace(draft, community=None)  # of elsewhere, and open to all: it stays its author's
    begins = parent is None and author.local and bool(draft.title)
    return replace(draft, community=group, kind="Page" if begins else draft.kind)  # what Lemmy calls a thread


def _meant(author: Account, draft: Draft) -> Account | None:
    """The community that a draft is for: what answers is where that stands, unless another server says otherwise."""
    if draft.in_reply_to is not None:
        around = communities.community_of(draft.in_reply_to)
        of_here = around is not None and (around.local or author.local)
        return around if around is not None and of_here else draft.community
    if draft.community is None and author.local and draft.visibility in OPEN:
        named = (each for each in draft.mentions if each.kind == Kind.GROUP and not communities.is_private(each))
        return next((each for each in named if may_begin(author, each)), None)
    return draft.community


def may_begin(author: Account, group: Account) -> bool:
    """Whether somebody may begin a thread in a community."""
    try:
        require_may_write(author, group, None, private=communities.is_private(group))
    except errors.Forbidden:
        return False
    return True


def require_may_write(author: Account, group: Account, parent: Post | None, *, private: bool) -> None:
    """Members begin threads, or moderators alone; anybody answers in a public community, members in a private one."""
    if group.kind != Kind.GROUP or not group.active:
        raise errors.Forbidden("There is no such community to write in.")
    if membership.standing(author, group) == Standing.BANNED:
        raise errors.Forbidden("You were sent away from this community.")
    if (parent is None or private) and not communities.is_member(author, group):
        raise errors.Forbidden("Only members write in this community: come in first.")
    community = membership.of(group)
    only = community is not None and community.moderators_only
    if parent is None and only and not communities.is_moderator(author, group):
        raise errors.Forbidden("Only its moderators begin threads in this community.")
    if parent is not None and is_locked(parent) and not communities.is_moderator(author, group):
        raise errors.Forbidden("This thread is closed: nobody answers in it any more.")


def require_among_members(group: Account, named: Collection[Account]) -> None:
    """Nobody is named where they cannot read it."""
    strangers = [each for each in named if each.id != group.id and not communities.is_member(each, group)]
    if strangers and group.local:
        raise errors.Invalid(f"{strangers[0].full_handle} is not in this community, and would not see what names them.")


def is_locked(post: Post) -> bool:
    """Whether the thread that a post is part of is closed in a community."""
    closed = sa.select(CommunityPost.post_id).join(Post, Post.id == CommunityPost.post_id)
    closed = closed.where(Post.thread_id == (post.thread_id or post.id), CommunityPost.locked_at.is_not(None))
    return session.scalar(closed.limit(1)) is not None
