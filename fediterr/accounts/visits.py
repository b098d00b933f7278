"""Who used this server on which day, and from where: one row a day, for the figures and for moderators."""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from fediterr.accounts.models import User, Visit
from fediterr.core import clock, db, memory
from fediterr.core.db import insert_once, session

KEPT = timedelta(days=366)
MONTH = timedelta(days=28)
COUNTED = timedelta(minutes=5)
NOTED = 20_000  # visits that a process remembers to have written down


def note(user: User, ip: str | None) -> None:
    """Write down that somebody is here today, once for each address they come from."""
    today = clock.now().date()
    visit = (user.id, today, ip or "")
    noted: set[tuple[int, date, str]] = memory.recall("visits", set())
    if visit in noted:
        return
    with db.transaction():
        insert_once(Visit, {"user_id": visit[0], "day": today, "ip": visit[2], "at": clock.now()})
    if len(noted) >= NOTED:
        noted.clear()
    noted.add(visit)
    memory.keep("visits", noted)


def active(since: date, until: date) -> int:
    """How many people were here on one of these days, the last included."""
    wanted = sa.select(sa.func.count(Visit.user_id.distinct())).where(Visit.day >= since, Visit.day <= until)
    return session.scalar(wanted) or 0


def active_lately() -> int:
    """How many people were here in the last four weeks, as counted a few minutes ago: every application asks."""
    today = clock.now().date()
    return memory.lately("active people", COUNTED, lambda: active(today - MONTH, today))


def places(user_ids: Iterable[int]) -> dict[int, list[Visit]]:
    """Where these users came from, last first: for each network address the last day."""
    wanted = sa.select(Visit).where(Visit.user_id.in_(list(user_ids))).order_by(Visit.at.desc())
    found: dict[int, dict[str, Visit]] = {}
    for visit in session.scalars(wanted):
        if visit.ip:
            found.setdefault(visit.user_id, {}).setdefault(visit.ip, visit)
    return {user_id: list(by_ip.values()) for user_id, by_ip in found.items()}


def forget_old() -> None:
    session.execute(sa.delete(Visit).where(Visit.day < (clock.now() - KEPT).date()))
