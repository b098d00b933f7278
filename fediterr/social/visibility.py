"""Who may see a post: the one question that every door, list and activity asks."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.social.models import (
    Block,
    CommunityMember,
    CommunityPost,
    Follow,
    Mention,
    Post,
    Standing,
    Visibility,
)

_OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)
_boosted = aliased(Post)  # made once: an alias costs more than the question it serves
_placed, _member, _joined, _group = aliased(CommunityPost), aliased(CommunityMember), aliased(Follow), aliased(Account)


def visible(viewer: Account | None, post: Any = Post) -> sa.ColumnElement[bool]:
    """A condition on posts: those that `viewer` (None: anybody at all) may see.

    A boost is seen by whoever may see both it and what it boosts.
    """
    return visible_to(viewer.id if viewer else None, post)


def visible_to(viewer_id: Any, post: Any = Post) -> sa.ColumnElement[bool]:
    """The same for an id, or for a parameter that takes its place in a question made once and asked often."""
    return sa.and_(
        _may_see(viewer_id, post),
        sa.or_(
            post.boost_of_id.is_(None),
            sa.exists().where(_boosted.id == post.boost_of_id, _may_see(viewer_id, _boosted)),
        ),
    )


def _may_see(viewer_id: Any, post: Any) -> sa.ColumnElement[bool]:
    suspended = sa.select(Account.id).where(Account.suspended_at.is_not(None))
    open_to_all = sa.and_(post.visibility.in_(_OPEN), post.author_id.not_in(suspended))
    if viewer_id is None:
        return open_to_all
    mentioned = sa.exists().where(Mention.post_id == post.id, Mention.account_id == viewer_id)
    follows = sa.exists().where(
        Follow.follower_id == viewer_id, Follow.target_id == post.author_id, Follow.accepted.is_(True)
    )
    blocked_by = sa.select(Block.account_id).where(Block.target_id == viewer_id)
    return sa.or_(
        post.author_id == viewer_id,
        sa.and_(
            post.author_id.not_in(suspended),
            post.author_id.not_in(blocked_by),
            sa.or_(
                post.visibility.in_(_OPEN),
                sa.and_(post.visibility == Visibility.COMMUNITY, _is_in_its_community(viewer_id, post)),
                sa.and_(post.visibility != Visibility.COMMUNITY, mentioned),
                sa.and_(post.visibility == Visibility.FOLLOWERS, follows),
            ),
        ),
    )


def _is_in_its_community(viewer_id: Any, post: Any) -> sa.ColumnElement[bool]:
    """Whether the viewer is in a community that a post is for: one of here lists them, one of elsewhere let them in."""
    here = sa.select(_member.community_id).where(_member.account_id == viewer_id, _member.standing == Standing.IN)
    elsewhere = (
        sa.select(_joined.target_id)
        .join(_group, _group.id == _joined.target_id)
        .where(_joined.follower_id == viewer_id, _joined.accepted.is_(True), _group.local.is_(False))
    )
    among = sa.or_(_placed.community_id.in_(here), _placed.community_id.in_(elsewhere))
    return sa.exists().where(_placed.post_id == post.id, _placed.removed_at.is_(None), among)


def heard(viewer: Account | None, author_id: Any) -> sa.ColumnElement[bool]:
    """A condition on an author, for lists that anybody reads: a silenced one is heard by those only who follow them."""
    silenced = sa.select(Account.id).where(Account.silenced_at.is_not(None))
    if viewer is None:
        return sa.and_(author_id.not_in(silenced))
    followed = sa.select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.accepted.is_(True))
    return sa.or_(author_id.not_in(silenced), author_id.in_(followed), author_id == viewer.id)


def can_see(viewer: Account | None, post: Post) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Post.id == post.id, visible(viewer)))))


def seen(viewer: Account | None, identifier: int) -> Post:
    """The post with that id; NotFound when there is none, and in the same words when the viewer may not see it."""
    post = session.scalar(sa.select(Post).where(Post.id == identifier, visible(viewer)))
    if post is None:
        raise errors.NotFound("There is no such post.")
    return post
