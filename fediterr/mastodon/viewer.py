"""Who looks at a page, and what they have done with what is on it: loaded for the whole page in a few questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.social import filters, quoting
from fediterr.social.models import Bookmark, Like, MutedThread, Pin, Post, Vote


@dataclass
class Viewer:
    """Somebody (None: anybody at all) before a page."""

    account: Account | None
    own: set[int] = field(default_factory=set)  # ids of posts
    liked: set[int] = field(default_factory=set)
    boosted: set[int] = field(default_factory=set)
    bookmarked: set[int] = field(default_factory=set)
    pinned: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)  # ids of threads
    around: quoting.Around = field(default_factory=quoting.Around)
    votes: dict[int, list[int]] = field(default_factory=dict)  # places of the chosen answers, by id of the poll
    filtered: dict[int, list[filters.Match]] = field(default_factory=dict)  # why, by id of the post
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)  # accounts as shown already on this page
    moved_to: list[Account] = field(default_factory=list)  # held, so that asking for them again costs nothing

    @classmethod
    def of(
        cls,
        account: Account | None,
        posts: Iterable[Post | None] = (),
        people: Iterable[Account] = (),
        context: str | None = None,
    ) -> "Viewer":
        """Load what showing these posts and these people needs; filters are those of `context` (None: all)."""
        proper = {post.id: post for each in posts if each is not None for post in (each, each.boost_of) if post}
        quoted = quoting.quoted_by(proper.values())
        viewer = cls(account)
        moved = {person.moved_to_id for person in (*people, *(post.author for post in proper.values()))} - {None}
        if moved:
            viewer.moved_to = list(session.scalars(sa.select(Account).where(Account.id.in_(moved))))
        viewer.around = quoting.Around.of(account, proper.values())
        proper |= quoted
        if account is not None and proper:
            viewer._remember(account, list(proper.values()))
            viewer._filter(account, [post for post in proper.values() if not post.boost_of_id], context)
        return viewer

    def hides(self, post: Post) -> bool:
        """Whether a filter leaves this post out of lists; one's own posts are never left out."""
        proper = post.boost_of or post
        own = self.account is not None and self.account.id in (post.author_id, proper.author_id)
        return not own and filters.hides(self.filtered.get(proper.id, ()))

    def _filter(self, account: Account, posts: Sequence[Post], context: str | None) -> None:
        if holding := filters.active(account, context):
            self.filtered = {post.id: found for post in posts if (found := filters.matching(post, holding))}

    def _remember(self, account: Account, posts: Sequence[Post]) -> None:
        ids = [post.id for post in posts]
        liked = sa.select(sa.literal("liked"), Like.post_id).where(Like.account_id == account.id, Like.post_id.in_(ids))
        boosted = sa.select(sa.literal("boosted"), Post.boost_of_id).where(
            Post.author_id == account.id, Post.boost_of_id.in_(ids)
        )
        bookmarked = sa.select(sa.literal("bookmarked"), Bookmark.post_id).where(
            Bookmark.account_id == account.id, Bookmark.post_id.in_(ids)
        )
        muted = sa.select(sa.literal("muted"), MutedThread.thread_id).where(
            MutedThread.account_id == account.id,
            MutedThread.thread_id.in_({post.thread_id or post.id for post in posts}),
        )
        questions: list[Any] = [liked, boosted, bookmarked, muted]
        self.own = {post.id for post in posts if post.author_id == account.id}
        if self.own:
            pinned = sa.select(sa.literal("pinned"), Pin.post_id)
            questions.append(pinned.where(Pin.account_id == account.id, Pin.post_id.in_(self.own)))
        for what, identifier in session.execute(sa.union_all(*questions)):
            getattr(self, what).add(identifier)
        if polls := [post.poll.id for post in posts if post.poll]:
            chosen = sa.select(Vote.poll_id, Vote.option).where(Vote.account_id == account.id, Vote.poll_id.in_(polls))
            for poll_id, option in session.execute(chosen.order_by(Vote.id)):
                self.votes.setdefault(poll_id, []).append(option)
