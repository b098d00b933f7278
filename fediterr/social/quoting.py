"""What a reader may see, and do, of the quotes on a page: asked for the whole page at once."""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.social import blocks, quotes, visibility
from fediterr.social.models import Follow, Post, Quote


@dataclass
class Around:
    """Where a reader (None: anybody at all) stands between those who quote and those who are quoted."""

    reader_id: int | None = None
    seen: set[int] = field(default_factory=set)  # ids of quoted posts that may be seen
    apart: dict[int, str] = field(default_factory=dict)  # why one does not want to read an author of what is quoted
    following: set[int] = field(default_factory=set)  # ids of authors
    followed_by: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, reader: Account | None, posts: Collection[Post]) -> "Around":
        """Load what showing these posts, and what they quote, needs."""
        around = cls(reader.id if reader else None)
        quoted = quoted_by(posts)
        if quoted:
            seen = sa.select(Post.id).where(Post.id.in_(quoted), visibility.visible(reader))
            around.seen = set(session.scalars(seen))
            if reader is not None:
                around.apart = blocks.reasons(reader, {post.author_id for post in quoted.values()})
        if reader is not None:
            around._meet(reader, [*posts, *quoted.values()])
        return around

    def _meet(self, reader: Account, posts: Collection[Post]) -> None:
        """Whom the reader follows, and who follows them, where it decides on quotes."""
        authors = {post.author_id for post in posts if quotes.depends_on_follows(post)} - {reader.id}
        if not authors:
            return
        ties = sa.select(Follow.follower_id, Follow.target_id).where(Follow.accepted)
        mine = sa.and_(Follow.follower_id == reader.id, Follow.target_id.in_(authors))
        theirs = sa.and_(Follow.target_id == reader.id, Follow.follower_id.in_(authors))
        for follower, target in session.execute(ties.where(sa.or_(mine, theirs))):
            (self.following.add(target) if follower == reader.id else self.followed_by.add(follower))

    def state_of(self, quote: Quote, quoted: Post | None) -> str:
        """What became of a quote, as far as it is this reader's business; the words are those of the Mastodon API."""
        if quote.state != quotes.State.ACCEPTED:
            return quote.state
        if quote.quoted_id is None or quoted is None:
            return "deleted"
        return self.apart.get(quoted.author_id, "accepted") if quoted.id in self.seen else "unauthorized"

    def stance(self, post: Post) -> quotes.Stance:
        """What awaits the reader who quotes this post."""
        follows, followed = post.author_id in self.following, post.author_id in self.followed_by
        return quotes.stance(post, self.reader_id, follows=follows, followed=followed)


def quoted_by(posts: Collection[Post]) -> dict[int, Post]:
    """What these posts quote, by id."""
    return {post.quote.quoted.id: post.quote.quoted for post in posts if post.quote and post.quote.quoted}
