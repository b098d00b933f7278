"""How much waits and since when: what came in, what is to be told, what goes out, and how each host fares."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.activitypub.models import Delivery, Errand, Host, Received
from fediterr.core import clock, mail
from fediterr.core.db import session
from fediterr.core.facts import Told
from fediterr.social.models import Medium, PushSubscription

Table = type[Received] | type[Told] | type[Delivery]


def measure() -> dict[str, dict[str, Any]]:
    """For `inbox`, `facts` and `deliveries`: rows that wait (`depth`), rows `set_aside`, age of the `oldest` in s."""
    return {
        "inbox": _waiting(Received, Received.arrived_at, Received.document.is_not(None)),
        "facts": _waiting(Told, Told.told_at, sa.true()),
        "deliveries": _waiting(Delivery, Delivery.created_at, sa.true()),
    }


def beside() -> dict[str, int]:
    """How much other work waits: questions to other servers, letters, files to be worked on, pushes."""
    counted = {
        "errands": sa.select(sa.func.count(Errand.id)),
        "letters": sa.select(sa.func.count(mail.Letter.id)),
        "files": sa.select(sa.func.count(Medium.id)).where(Medium.due_at.is_not(None)),
        "pushes": sa.select(sa.func.count()).where(PushSubscription.due_at.is_not(None)),
    }
    return {name: session.scalar(asked) or 0 for name, asked in counted.items()}


def received(days: int) -> dict[date, int]:
    """How many activities came in on each of the last days, the first first."""
    today = clock.now().date()
    found = {}
    for back in reversed(range(days)):
        start = datetime.combine(today - timedelta(days=back), time(), clock.now().tzinfo)
        that_day = sa.and_(Received.arrived_at >= start, Received.arrived_at < start + timedelta(days=1))
        found[start.date()] = session.scalar(sa.select(sa.func.count(Received.id)).where(that_day)) or 0
    return found


def _waiting(table: Table, since: Any, condition: sa.ColumnElement[bool]) -> dict[str, Any]:
    aside = table.set_aside_at.is_not(None)
    depth, oldest = session.execute(
        sa.select(sa.func.count(), sa.func.min(since)).select_from(table).where(condition, ~aside)
    ).one()
    set_aside = session.scalar(sa.select(sa.func.count()).select_from(table).where(condition, aside))
    return {"depth": depth, "oldest_seconds": _age(oldest), "set_aside": set_aside or 0}


def _age(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, int((clock.now() - moment).total_seconds()))


def hosts() -> list[dict[str, Any]]:
    """Every host that something waits for or that fails, the longest queue first."""
    waiting = (
        sa.select(Delivery.host, sa.func.count().label("rows"), sa.func.min(Delivery.created_at).label("oldest"))
        .group_by(Delivery.host)
        .subquery()
    )
    rows = session.execute(
        sa.select(Host, waiting.c.rows, waiting.c.oldest)
        .outerjoin(waiting, waiting.c.host == Host.name)
        .where(sa.or_(waiting.c.rows.is_not(None), Host.failures > 0))
        .order_by(sa.func.coalesce(waiting.c.rows, 0).desc(), Host.name)
    )
    return [_host(host, depth or 0, oldest) for host, depth, oldest in rows]


def _host(host: Host, depth: int, oldest: datetime | None) -> dict[str, Any]:
    leased = host.lease_until is not None and host.lease_until > clock.now()
    state = "sending" if leased else "failing" if host.failures else "waiting"
    return {
        "host": host.name,
        "state": state,
        "depth": depth,
        "oldest_seconds": _age(oldest),
        "failures": host.failures,
        "failing_since": host.failing_since and host.failing_since.isoformat(),
        "next_attempt_at": host.due_at and host.due_at.isoformat(),
        "last_error": host.last_error,
        "delivered": host.delivered,
        "refused": host.refused,
        "expired": host.expired,
    }
