"""Keeping somebody away: blocks (both ways, said to the other server) and mutes (only for me, never said)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, paging, site
from fediterr.core.db import session
from fediterr.social import follows
from fediterr.social.models import Block, HiddenDomain, Mute


@dataclass(frozen=True)
class AccountBlocked(facts.Fact):
    account_id: int
    target_id: int
    uri: str


@dataclass(frozen=True)
class AccountUnblocked(facts.Fact):
    account_id: int
    target_id: int
    uri: str


def find(account: Account, target: Account) -> Block | None:
    return session.scalar(sa.select(Block).where(Block.account_id == account.id, Block.target_id == target.id))


def by_uri(uri: str) -> Block | None:
    return session.scalar(sa.select(Block).where(Block.uri == uri))


def block(account: Account, target: Account, *, uri: str = "") -> Block:
    """Neither sees nor follows the other any more."""
    if account.id == target.id:
        raise errors.Invalid("Nobody blocks themselves.")
    found = find(account, target)
    if found:
        return found
    follows.sever(account, target)
    identifier = ids.new()
    made = Block(id=identifier, account_id=account.id, target_id=target.id)
    made.uri = uri or site.activity_uri(identifier)
    session.add(made)
    session.flush()
    facts.tell(AccountBlocked(account.id, target.id, made.uri))
    return made


def unblock(account: Account, target: Account) -> None:
    found = find(account, target)
    if found:
        session.delete(found)
        session.flush()
        facts.tell(AccountUnblocked(account.id, target.id, found.uri))


def mute(account: Account, target: Account, *, notifications: bool = True, until: datetime | None = None) -> Mute:
    if account.id == target.id:
        raise errors.Invalid("Nobody mutes themselves.")
    found = session.scalar(sa.select(Mute).where(Mute.account_id == account.id, Mute.target_id == target.id))
    made = found or Mute(account_id=account.id, target_id=target.id)
    made.notifications, made.ends_at = notifications, until
    session.add(made)
    session.flush()
    return made


def unmute(account: Account, target: Account) -> None:
    session.execute(sa.delete(Mute).where(Mute.account_id == account.id, Mute.target_id == target.id))


def forget_ended() -> None:
    """Forget the mutes whose time is over; they count for nothing already."""
    session.execute(sa.delete(Mute).where(Mute.ends_at <= clock.now()))


def blocked(account: Account, page: paging.Page) -> list[Block]:
    """Whom an account blocks, last first."""
    listed = sa.select(Block).where(Block.account_id == account.id).options(joinedload(Block.target))
    return paging.take(listed, Block.id, page)


def muted(account: Account, page: paging.Page) -> list[Mute]:
    """Whom an account mutes for now, last first."""
    listed = sa.select(Mute).where(
        Mute.account_id == account.id, sa.or_(Mute.ends_at.is_(None), Mute.ends_at > clock.now())
    )
    return paging.take(listed.options(joinedload(Mute.target)), Mute.id, page)


def kept_away(account: Account) -> sa.Select[tuple[int]]:
    """Ids of those whose posts `account` does not want in its lists: blocked, muted for now, of a hidden server."""
    return kept_away_from(account.id, clock.now())


def kept_away_from(account_id: Any, now: Any) -> sa.Select[tuple[int]]:
    """The same for an id and a moment, or for parameters that take their place."""
    return sa.select(sa.union_all(*_kept_away_because(account_id, now).values()).subquery().c[0])


def reasons(account: Account, among: Collection[int]) -> dict[int, str]:
    """Why an account does not want to read some of these others, in the words that the Mastodon API has for quotes."""
    because = _kept_away_because(account.id, clock.now())
    asked = [
        sa.select(sa.literal(why), Account.id).where(Account.id.in_(among), Account.id.in_(listed))
        for why, listed in because.items()
    ]
    found: dict[int, str] = {}
    rows = session.execute(sa.union_all(*asked)).all()
    for why, identifier in sorted(rows, key=lambda row: list(because).index(row[0])):
        found.setdefault(identifier, why)
    return found


def _kept_away_because(account_id: Any, now: Any) -> dict[str, Any]:
    muted = sa.select(Mute.target_id).where(
        Mute.account_id == account_id, sa.or_(Mute.ends_at.is_(None), Mute.ends_at > now)
    )
    blocked = sa.select(Block.target_id).where(Block.account_id == account_id)
    hidden = sa.select(HiddenDomain.domain).where(HiddenDomain.account_id == account_id)
    there = sa.select(Account.id).where(Account.domain.in_(hidden))
    return {"blocked_account": blocked, "blocked_domain": there, "muted_account": muted}
