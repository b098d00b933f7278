"""What the cards of a page need to know of their reader, asked once for the whole page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.social import bookmarks, communities, community_lists, filters, likes, polls, posts
from fediterr.social.models import Poll, Post, Visibility
from fediterr.social.models.filters import Action, Context
from fediterr.social.quotes import Stance
from fediterr.social.quoting import Around
from fediterr.web import session

_NARROW = (Visibility.DIRECT, Visibility.COMMUNITY)  # never at the head of a profile


@dataclass(frozen=True)
class Cards:
    """What the reader liked, relayed, kept and voted, and who is answered, among the posts of a page."""

    me: Account | None
    liked: set[int] = field(default_factory=set)
    boosted: set[int] = field(default_factory=set)
    votes: dict[int, list[int]] = field(default_factory=dict)
    answered: dict[int, Account] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    filtered: dict[int, list[filters.Match]] = field(default_factory=dict)  # why, by id of the post
    taste: preferences.Preferences = field(default_factory=preferences.Preferences)
    quotes: Around = field(default_factory=Around)
    pinned: set[int] = field(default_factory=set)
    groups: dict[int, Account] = field(default_factory=dict)  # the communities of these posts, by id of the post
    moderated: set[int] = field(default_factory=set)  # ids of those that the reader moderates
    within: int = 0  # the id of the community whose page this is
    voices: set[int] = field(default_factory=set)  # ids of the accounts in whose names the reader may publish

    @classmethod
    def of(
        cls, me: Account | None, listed: Iterable[Post], context: Context | None = None, *, within: int = 0
    ) -> "Cards":
        """Load what showing these posts needs; in a context, with the filters that hold there."""
        shown = [post.boost_of or post for post in listed]
        answered = accounts.many({post.in_reply_to_account_id for post in shown if post.in_reply_to_account_id})
        around = Around.of(me, shown)
        groups = communities.communities_of([post.id for post in shown]) if shown else {}
        if me is None or not shown:
            return cls(me, answered=answered, quotes=around, groups=groups, within=within)
        identifiers = [post.id for post in shown]
        return cls(
            me,
            likes.liked_among(me, identifiers),
            posts.boosted_among(me, identifiers),
            polls.votes_among(me, [post.poll.id for post in shown if post.poll]),
            answered,
            bookmarks.kept_among(me, identifiers),
            _filtered(me, shown, context),
            preferences.of(session.user()),
            quotes=around,
            groups=groups,
            within=within,
            moderated=community_lists.moderated_by(me, {group.id for group in groups.values()}) if groups else set(),
            pinned=posts.pinned_among(me, identifiers) if any(post.author_id == me.id for post in shown) else set(),
            voices={me.id, *(each.id for each in session.voices())},
        )

    def shown(self, listed: Iterable[Post]) -> list[Post]:
        """These posts without those that a filter leaves out of lists."""
        return [post for post in listed if not filters.hides(self.filtered.get((post.boost_of or post).id, ()))]

    def warnings(self, post: Post) -> list[str]:
        """The filters that this post is folded under, by their titles."""
        return [each.filter.title for each in self.filtered.get(post.id, ()) if each.filter.action != Action.BLUR]

    def folds(self, post: Post) -> bool:
        """Whether the pictures of a post wait to be opened: as its reader likes it, or as a filter says."""
        if any(each.filter.action == Action.BLUR for each in self.filtered.get(post.id, ())):
            return True
        if self.taste.expand_media == "hide_all":
            return True
        return post.veiled and not post.warning and self.taste.expand_media != "show_all"

    def may_boost(self, post: Post) -> bool:
        if self.me is None:
            return False
        return post.is_public or (post.visibility == Visibility.FOLLOWERS and post.author_id == self.me.id)

    def may_vote(self, post: Post, poll: Poll) -> bool:
        if self.me is None or post.author_id == self.me.id or polls.is_over(poll):
            return False
        return poll.id not in self.votes

    def is_mine(self, post: Post) -> bool:
        return post.author_id in self.voices

    def may_pin(self, post: Post) -> bool:
        return self.me is not None and post.author_id == self.me.id and post.visibility not in _NARROW

    def may_quote(self, post: Post) -> bool:
        return self.quotes.stance(post) is not Stance.DENIED


def _filtered(me: Account, shown: list[Post], context: Context | None) -> dict[int, list[filters.Match]]:
    """Why the reader wants to be warned of these posts, or not to see them; one's own are left alone."""
    holding = filters.active(me, context) if context else []
    others = [post for post in shown if post.author_id != me.id] if holding else []
    return {post.id: found for post in others if (found := filters.matching(post, holding))}


def shares(poll: Poll) -> list[int]:
    """The part of each answer, in whole percents of those who voted; none while nobody may see them."""
    counts = polls.shown_counts(poll) or []
    voters = max(poll.voters_count, max(counts, default=0)) if poll.multiple else sum(counts)
    return [round(100 * count / voters) if voters else 0 for count in counts]


@dataclass
class Branch:
    """An answer in a thread: how deep it stands below the post, from 1 to 4, and what stands deeper still below it."""

    post: Post
    depth: int
    deeper: list[Post] = field(default_factory=list)


DEEPEST = 4


def branches(top: Post, below: list[Post]) -> list[Branch]:
    """The answers below a post in reading order; those too deep for a narrow page are folded under the last of them."""
    depths, found = {top.id: 0}, list[Branch]()
    for post in below:
        depth = depths[post.id] = depths.get(post.in_reply_to_id or 0, 0) + 1
        if depth > DEEPEST and found:
            found[-1].deeper.append(post)
        else:
            found.append(Branch(post, min(depth, DEEPEST)))
    return found
