"""What this server knows already. Handlers ask here and never wait for the network: what is not known is `Missing`."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.activitypub.models import Errand
from fediterr.core import clock, errors, jobs
from fediterr.core.db import insert_once, session
from fediterr.social import former
from fediterr.social.models import Block, Follow, Like, Mention, Post


class Missing(Exception):
    """Something must be fetched before this can be handled.

    `seen_at`: it is known, but may have changed since that moment; one look at it after the activity came is enough.
    """

    def __init__(self, uri: str, kind: str = "object", seen_at: datetime | None = None) -> None:
        super().__init__(uri)
        self.uri, self.kind, self.seen_at = uri, kind, seen_at


def account(uri: str | None) -> Account:
    found = session.scalar(sa.select(Account).where(Account.uri == _require(uri)))
    if found is None:
        raise Missing(_require(uri))
    return found


def post(uri: str | None) -> Post:
    """The post with that id; also when the id is that of the Create which carried it."""
    uri = _require(uri).removesuffix("/activity")
    found = former.find(uri)
    if found is None:
        raise Missing(uri)
    return found


def _require(uri: str | None) -> str:
    if not uri:
        raise errors.Invalid("This activity does not say what it is about.")
    return uri


def among(uris: list[str] | tuple[str, ...]) -> list[Account]:
    """Those of these actors that are known, in the order given."""
    if not uris:
        return []
    found = {each.uri: each for each in session.scalars(sa.select(Account).where(Account.uri.in_(set(uris))))}
    return [found[uri] for uri in dict.fromkeys(uris) if uri in found]


def is_followed(*account_ids: int) -> bool:
    """Whether somebody of here follows one of these accounts."""
    followed = sa.exists().where(
        Follow.target_id.in_(account_ids), Follow.accepted, Follow.follower_id == Account.id, Account.local
    )
    return bool(session.scalar(sa.select(followed)))


def is_carried(group: Account) -> bool:
    """Whether a community is of here, or somebody of here is in it."""
    return group.local or is_followed(group.id)


def inboxes_near(account: Account) -> set[str]:
    """The inboxes of the servers that have something of an account of here, as far as anybody can know.

    Those of its followers, of whom it follows, speaks to, likes or blocks, and of those who did so with it.
    """
    mine = sa.select(Post.id).where(Post.author_id == account.id)
    liked = sa.select(Like.post_id).where(Like.account_id == account.id)
    relayed = sa.select(Post.boost_of_id).where(Post.author_id == account.id, Post.boost_of_id.is_not(None))
    named_in = sa.select(Mention.post_id).where(Mention.account_id == account.id)
    people = sa.union(
        sa.select(Follow.follower_id).where(Follow.target_id == account.id),
        sa.select(Follow.target_id).where(Follow.follower_id == account.id),
        sa.select(Block.target_id).where(Block.account_id == account.id),
        sa.select(Mention.account_id).where(Mention.post_id.in_(mine)),
        sa.select(Like.account_id).where(Like.post_id.in_(mine)),
        sa.select(Post.author_id).where(sa.or_(Post.in_reply_to_id.in_(mine), Post.boost_of_id.in_(mine))),
        sa.select(Post.in_reply_to_account_id).where(Post.author_id == account.id),
        sa.select(Post.author_id).where(Post.id.in_(sa.union(liked, relayed, named_in).subquery().select())),
    ).subquery()
    inbox = sa.func.coalesce(Account.shared_inbox, Account.inbox)
    near = sa.select(inbox).where(~Account.local, Account.id.in_(sa.select(people.c[0]))).distinct()
    return {each for each in session.scalars(near) if each}


def ask_for(kind: str, subject: str, *, after: float = 0) -> None:
    """Send somebody to ask another server, soon (or `after` some seconds); once for each subject."""
    due_at = clock.now() + timedelta(seconds=after)
    insert_once(Errand, {"kind": kind, "subject": subject, "due_at": due_at, "tries": 0})
    if not after:
        jobs.later("errands")
