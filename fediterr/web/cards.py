"""What the cards of a page need to know of their reader, asked once for the whole page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.social import likes, polls, posts
from fediterr.social.models import Poll, Post, Visibility


@dataclass(frozen=True)
class Cards:
    """What the reader liked, relayed and voted, and who is answered, among the posts of a page."""

    me: Account | None
    liked: set[int] = field(default_factory=set)
    boosted: set[int] = field(default_factory=set)
    votes: dict[int, list[int]] = field(default_factory=dict)
    answered: dict[int, Account] = field(default_factory=dict)

    @classmethod
    def of(cls, me: Account | None, listed: Iterable[Post]) -> "Cards":
        shown = [post.boost_of or post for post in listed]
        answered = accounts.many({post.in_reply_to_account_id for post in shown if post.in_reply_to_account_id})
        if me is None or not shown:
            return cls(me, answered=answered)
        identifiers = [post.id for post in shown]
        return cls(
            me,
            likes.liked_among(me, identifiers),
            posts.boosted_among(me, identifiers),
            polls.votes_among(me, [post.poll.id for post in shown if post.poll]),
            answered,
        )

    def may_boost(self, post: Post) -> bool:
        if self.me is None:
            return False
        return post.is_public or (post.visibility == Visibility.FOLLOWERS and post.author_id == self.me.id)

    def may_vote(self, post: Post, poll: Poll) -> bool:
        if self.me is None or post.author_id == self.me.id or polls.is_over(poll):
            return False
        return poll.id not in self.votes

    def is_mine(self, post: Post) -> bool:
        return self.me is not None and post.author_id == self.me.id


def shares(poll: Poll) -> list[int]:
    """The part of each answer, in whole percents of those who voted; none while nobody may see them."""
    counts = polls.shown_counts(poll) or []
    voters = max(poll.voters_count, max(counts, default=0)) if poll.multiple else sum(counts)
    return [round(100 * count / voters) if voters else 0 for count in counts]


def depths(top: Post, below: list[Post]) -> dict[int, int]:
    """How deep each answer stands below a post, from 1 to 4."""
    found = {top.id: 0}
    for post in below:
        found[post.id] = min(4, found.get(post.in_reply_to_id or 0, 0) + 1)
    return found
