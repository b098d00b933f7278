"""Ask to follow, accept, refuse, leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import errors, facts, ids, paging, site
from fediterr.core.db import session
from fediterr.social import membership
from fediterr.social.models import Block, Community, Follow


@dataclass(frozen=True)
class FollowAsked(facts.Fact):
    follower_id: int
    target_id: int
    uri: str


@dataclass(frozen=True)
class FollowAccepted(facts.Fact):
    follower_id: int
    target_id: int
    uri: str


@dataclass(frozen=True)
class FollowRefused(facts.Fact):
    """The target said no, or sent a follower away."""

    follower_id: int
    target_id: int
    uri: str


@dataclass(frozen=True)
class FollowEnded(facts.Fact):
    """The follower left, or no longer asks."""

    follower_id: int
    target_id: int
    uri: str


def find(follower: Account, target: Account) -> Follow | None:
    return session.scalar(sa.select(Follow).where(Follow.follower_id == follower.id, Follow.target_id == target.id))


def by_uri(uri: str) -> Follow | None:
    return session.scalar(sa.select(Follow).where(Follow.uri == uri))


def ask(
    follower: Account,
    target: Account,
    *,
    uri: str = "",
    boosts: bool = True,
    notify: bool = False,
    languages: list[str] | None = None,
) -> Follow:
    """Follow at once when the target is of here and open, and the follower not silenced; else wait for its answer.

    Asking again repeats the answer, since the other server may have missed it.
    """
    if follower.id == target.id:
        raise errors.Invalid("Nobody follows themselves.")
    if not target.active or target.moved_to_id is not None:
        raise errors.Forbidden(f"{target.full_handle} cannot be followed (any more).")
    if _blocked(follower, target):
        raise errors.Forbidden(f"{target.full_handle} cannot be followed.")
    membership.require_may_ask(follower, target)
    follow = find(follower, target)
    if follow is None:
        identifier = ids.new()
        follow = Follow(id=identifier, follower_id=follower.id, target_id=target.id, accepted=False)
        follow.uri = uri or site.activity_uri(identifier)
        session.add(follow)
    elif uri:
        follow.uri = uri
    follow.boosts, follow.notify, follow.languages = boosts, notify, languages or None
    session.flush()
    if follow.accepted and follower.local:
        return follow
    facts.tell(FollowAsked(follower.id, target.id, follow.uri))
    at_once = target.local and follower.silenced_at is None and membership.admits(target, follower)
    if follow.accepted or at_once:
        accept(follow)
    else:
        membership.ask(follower, target)
    return follow


def accept(follow: Follow) -> None:
    """The target lets the follower in."""
    if not follow.accepted:
        follow.accepted = True
        _count(follow.follower_id, follow.target_id, +1)
        session.flush()
        membership.enter(follow.follower, follow.target)
    facts.tell(FollowAccepted(follow.follower_id, follow.target_id, follow.uri))


def refuse(follow: Follow) -> None:
    """The target says no to the follower, also later."""
    _remove(follow)
    facts.tell(FollowRefused(follow.follower_id, follow.target_id, follow.uri))


def leave(follow: Follow) -> None:
    """The follower stops following, or asking. Conflict for the last moderator of a community."""
    membership.require_may_leave(follow.follower, follow.target)
    _remove(follow)
    facts.tell(FollowEnded(follow.follower_id, follow.target_id, follow.uri))


def forget(follow: Follow) -> None:
    """The other server no longer knows of this follow: nobody needs to be told."""
    _remove(follow)


def end_all(account: Account) -> None:
    """An account is going: nobody follows it, and it follows nobody."""
    for follow in all_of(account):
        _remove(follow)


def all_of(account: Account) -> Sequence[Follow]:
    """The follows of an account, and those by which others follow it, asked for or granted."""
    between = sa.or_(Follow.follower_id == account.id, Follow.target_id == account.id)
    return session.scalars(sa.select(Follow).where(between)).all()


def sever(one: Account, other: Account) -> None:
    """End whatever follows there are between two accounts; `one` is who wants it."""
    mine, theirs = find(one, other), find(other, one)
    if mine:
        leave(mine)
    if theirs:
        refuse(theirs)


def _remove(follow: Follow) -> None:
    if follow.accepted:
        _count(follow.follower_id, follow.target_id, -1)
    membership.leave(follow.follower, follow.target)
    session.delete(follow)
    session.flush()


def _count(follower_id: int, target_id: int, by: int) -> None:
    session.execute(
        sa.update(Account).where(Account.id == follower_id).values(following_count=Account.following_count + by)
    )
    session.execute(
        sa.update(Account).where(Account.id == target_id).values(followers_count=Account.followers_count + by)
    )


def _blocked(follower: Account, target: Account) -> bool:
    between = sa.or_(
        sa.and_(Block.account_id == target.id, Block.target_id == follower.id),
        sa.and_(Block.account_id == follower.id, Block.target_id == target.id),
    )
    return bool(session.scalar(sa.select(sa.exists().where(between))))


# --- lists ---------------------------------------------------------------------------------------------------------


def followers(target: Account, page: paging.Page, viewer: Account | None = None) -> list[Follow]:
    """Accepted follows of `target`, newest first; without those who do not want the viewer to see them."""
    listed = sa.select(Follow).where(Follow.target_id == target.id, Follow.accepted)
    listed = listed.where(Follow.follower_id.not_in(_unseen_by(viewer)))
    return paging.take(listed.options(joinedload(Follow.follower)), Follow.id, page)


def _unseen_by(viewer: Account | None) -> Any:
    """Who is closed, and who blocks the viewer or is blocked by them."""
    gone = sa.select(Account.id).where(Account.suspended_at.is_not(None))
    if viewer is None:
        return gone
    by = sa.select(Block.account_id).where(Block.target_id == viewer.id)
    whom = sa.select(Block.target_id).where(Block.account_id == viewer.id)
    return sa.select(sa.union_all(gone, by, whom).subquery().c[0])


def following(follower: Account, page: paging.Page, viewer: Account | None = None) -> list[Follow]:
    """Accepted follows by `follower`, newest first; without those who do not want the viewer to see them.

    Who is in a private community is nobody's business but its members'.
    """
    listed = sa.select(Follow).where(Follow.follower_id == follower.id, Follow.accepted)
    listed = listed.where(Follow.target_id.not_in(_unseen_by(viewer)))
    if viewer is None or viewer.id != follower.id:
        listed = listed.where(Follow.target_id.not_in(_closed_to(viewer)))
    return paging.take(listed.options(joinedload(Follow.target)), Follow.id, page)


def _closed_to(viewer: Account | None) -> sa.Select[Any]:
    """The private communities that the viewer is not in."""
    private = sa.select(Community.account_id).where(Community.private)
    if viewer is None:
        return private
    joined = sa.select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.accepted)
    return private.where(Community.account_id.not_in(joined))


def requests(target: Account, page: paging.Page) -> list[Follow]:
    """Those who ask `target` and wait."""
    waiting = sa.select(Follow).where(Follow.target_id == target.id, ~Follow.accepted)
    return paging.take(waiting.options(joinedload(Follow.follower)), Follow.id, page)


def count_requests(target: Account) -> int:
    """How many ask `target` and wait."""
    waiting = sa.select(sa.func.count()).select_from(Follow).where(Follow.target_id == target.id, ~Follow.accepted)
    return session.scalar(waiting) or 0


def local_followers(target: Account) -> list[Account]:
    return list(
        session.scalars(
            sa.select(Account)
            .join(Follow, Follow.follower_id == Account.id)
            .where(Follow.target_id == target.id, Follow.accepted, Account.local)
        )
    )


def followers_on(target: Account, origin: str) -> list[str]:
    """Actor ids of the accepted followers whose id starts with `origin` (FEP-8fcf)."""
    return list(
        session.scalars(
            sa.select(Account.uri)
            .join(Follow, Follow.follower_id == Account.id)
            .where(
                Follow.target_id == target.id, Follow.accepted, Account.uri.startswith(origin + "/", autoescape=True)
            )
            .order_by(Account.uri)
        )
    )


def move_followers(origin: Account, destination: Account) -> list[Follow]:
    """Let the local followers of an account that moved follow it where it lives now."""
    moved = []
    for follower in local_followers(origin):
        old = find(follower, origin)
        if old and follower.id != destination.id:
            boosts, notify, languages = old.boosts, old.notify, old.languages
            leave(old)
            if find(follower, destination) is None and not _blocked(follower, destination):
                moved.append(ask(follower, destination, boosts=boosts, notify=notify, languages=languages))
    return moved
