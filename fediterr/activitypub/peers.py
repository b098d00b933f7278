"""The servers that this one knows: what runs there, who is between us, what waits, how it goes; and two gestures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known
from fediterr.activitypub.models import Delivery, Host
from fediterr.core import clock, jobs
from fediterr.core.db import session
from fediterr.moderation import journal
from fediterr.moderation import service as domains
from fediterr.social.models import Follow

PAGE = 40
KINDS = ("all", "failing", "waiting")


@dataclass
class Peer:
    """Another server, as administrators look at it."""

    name: str
    software: str = ""
    accounts: int = 0
    we_follow: int = 0  # follows of people of here
    they_follow: int = 0
    last_post_at: datetime | None = None
    waiting: int = 0  # deliveries
    oldest_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    last_success_at: datetime | None = None
    last_error: str = ""
    due_at: datetime | None = None
    is_welcome: bool = True
    delivered: int = 0
    refused: int = 0
    expired: int = 0

    @property
    def state(self) -> str:
        if not self.is_welcome:
            return "blocked"
        return "failing" if self.failures else "waiting" if self.waiting else "well"


@dataclass(frozen=True)
class Totals:
    """How many servers, and how many of them fail or are waited for."""

    all: int
    failing: int
    waiting: int


def totals() -> Totals:
    every = sa.select(sa.func.count()).select_from(_names().subquery())
    failing = sa.select(sa.func.count()).where(Host.failures > 0)
    waiting = sa.select(sa.func.count(Delivery.host.distinct()))
    return Totals(*(session.scalar(asked) or 0 for asked in (every, failing, waiting)))


def listed(*, kind: str = "all", about: str = "", after: str = "") -> list[Peer]:
    """A page of them in the order of their names, from the one after `after`; with everything in a few questions."""
    names = _names(kind).subquery()
    wanted = sa.select(names.c.name).where(names.c.name > after).order_by(names.c.name).limit(PAGE)
    if about.strip():
        wanted = wanted.where(names.c.name.contains(about.strip().lower(), autoescape=True))
    return _described(list(session.scalars(wanted)))


def find(name: str) -> Peer | None:
    """A server by its name, if it is known."""
    names = _names().subquery()
    known_as = session.scalar(sa.select(names.c.name).where(names.c.name == name))
    return _described([name])[0] if known_as is not None else None


def _names(kind: str = "all") -> Any:
    if kind == "failing":
        return sa.select(Host.name.label("name")).where(Host.failures > 0)
    if kind == "waiting":
        return sa.select(Delivery.host.label("name")).distinct()
    return sa.union(sa.select(Host.name.label("name")), sa.select(Account.domain).where(~Account.local))


def _described(names: Sequence[str]) -> list[Peer]:
    found = {name: Peer(name) for name in names}
    for host in session.scalars(sa.select(Host).where(Host.name.in_(names))):
        peer = found[host.name]
        peer.software, peer.last_error = host.software or "", host.last_error or ""
        for name in ("failures", "failing_since", "last_success_at", "due_at", "delivered", "refused", "expired"):
            setattr(peer, name, getattr(host, name))
    _count_people(found)
    rows = sa.select(Delivery.host, sa.func.count(), sa.func.min(Delivery.created_at))
    for name, number, oldest in session.execute(rows.where(Delivery.host.in_(names)).group_by(Delivery.host)):
        found[name].waiting, found[name].oldest_at = number, oldest
    welcome = domains.welcome_among(set(names))
    for peer in found.values():
        peer.is_welcome = peer.name in welcome
    return list(found.values())


def _count_people(found: dict[str, Peer]) -> None:
    there = sa.and_(Account.domain.in_(found), ~Account.local, Account.kind != Kind.APPLICATION)
    people = sa.select(Account.domain, sa.func.count(), sa.func.max(Account.last_post_at)).where(there)
    for name, number, last in session.execute(people.group_by(Account.domain)):
        found[name].accounts, found[name].last_post_at = number, last
    for side, column in ((Follow.target_id, "we_follow"), (Follow.follower_id, "they_follow")):
        follows = sa.select(Account.domain, sa.func.count()).join(Follow, side == Account.id)
        for name, number in session.execute(follows.where(there, Follow.accepted).group_by(Account.domain)):
            setattr(found[name], column, number)


# --- gestures ------------------------------------------------------------------------------------------------------


def try_again(name: str, actor: Account) -> None:
    """Knock there now, whatever went wrong before; and ask anew what runs there."""
    waiting = sa.update(Delivery).where(Delivery.host == name)
    session.execute(waiting.values(set_aside_at=None, crash_claims=0))
    has_rows = sa.exists().where(Delivery.host == name)
    session.execute(sa.update(Host).where(Host.name == name, has_rows).values(due_at=clock.now()))
    known.ask_for("software", name)
    journal.write_down(actor, "try_server_again", name)
    jobs.later("deliver")


def forget_queue(name: str, actor: Account) -> int:
    """Throw away what waits for a server: it will never know. How many deliveries that were."""
    gone = len(session.execute(sa.delete(Delivery).where(Delivery.host == name).returning(Delivery.id)).all())
    session.execute(sa.update(Host).where(Host.name == name).values(due_at=None))
    journal.write_down(actor, "forget_queue", name, str(gone))
    return gone
