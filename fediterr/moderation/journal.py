"""The journal of moderators: each decision has its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, ids, paging
from fediterr.core.db import session
from fediterr.moderation.models import Decision


def write_down(
    actor: Account | None,
    action: str,
    subject: str,
    reason: str = "",
    *,
    target: Account | None = None,
    report_id: int | None = None,
    copies: Sequence[dict[str, Any]] = (),
) -> Decision:
    """Keep what was decided; nobody as the actor is the operator at the command line."""
    line = Decision(
        actor_id=actor.id if actor else None,
        action=action,
        subject=subject,
        reason=reason,
        target_id=target.id if target else None,
        report_id=report_id,
        copies=list(copies),
    )
    session.add(line)
    session.flush()
    return line


def write_many(actor: Account | None, action: str, lines: Sequence[tuple[str, str]]) -> None:
    """As many lines at once, of a subject and a reason each."""
    now, who = clock.now(), actor.id if actor else None
    common: dict[str, Any] = {"actor_id": who, "action": action, "copies": [], "created_at": now}
    rows = [{"id": ids.new(), "subject": subject, "reason": reason, **common} for subject, reason in lines]
    session.execute(sa.insert(Decision), rows)


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a line must be; empty: whatever it is."""

    actor_id: int | None = None
    by_operator: bool = False  # at the command line
    actions: tuple[str, ...] = ()
    about: str = ""  # part of what it is about: a handle, a domain, an address
    target_id: int | None = None
    report_id: int | None = None
    since: date | None = None
    until: date | None = None  # that day included


ALL = Wanted()


def listed(page: paging.Page, wanted: Wanted = ALL) -> list[Decision]:
    """Lines of the journal, last first."""
    return paging.take(sa.select(Decision).where(*_conditions(wanted)), Decision.id, page)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.actor_id is not None:
        found.append(Decision.actor_id == wanted.actor_id)
    if wanted.by_operator:
        found.append(Decision.actor_id.is_(None))
    if wanted.actions:
        found.append(Decision.action.in_(wanted.actions))
    if words := wanted.about.strip().removeprefix("@").lower():
        found.append(sa.func.lower(Decision.subject).contains(words, autoescape=True))
    if wanted.target_id is not None:
        found.append(Decision.target_id == wanted.target_id)
    if wanted.report_id is not None:
        found.append(Decision.report_id == wanted.report_id)
    if wanted.since:
        found.append(Decision.id >= ids.first_at(_midnight(wanted.since)))
    if wanted.until:
        found.append(Decision.id < ids.first_at(_midnight(wanted.until) + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def actions() -> list[str]:
    """The acts that were ever written down."""
    return list(session.scalars(sa.select(Decision.action).distinct().order_by(Decision.action)))


def actors() -> list[Account]:
    """Who wrote lines, in the order of their names."""
    wrote = sa.select(Decision.actor_id).where(Decision.actor_id.is_not(None)).distinct()
    return list(session.scalars(sa.select(Account).where(Account.id.in_(wrote)).order_by(Account.name)))
