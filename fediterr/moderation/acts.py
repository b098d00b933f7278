"""The journal of an authority: what its agents did in its name, and who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import ids, paging
from fediterr.core.db import session
from fediterr.moderation.models import Act


def write_down(agent: Account | None, authority: Account, action: str, subject: str = "") -> None:
    """Keep what somebody did for an authority; nobody as the agent is the operator at the command line."""
    handle = agent.full_handle if agent else ""
    line = Act(account_id=authority.id, agent_id=agent.id if agent else None, agent=handle)
    line.action, line.subject = action, subject
    session.add(line)
    session.flush()


# --- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a line must be; empty: whatever it is."""

    agent: str = ""  # a handle
    action: str = ""
    about: str = ""  # part of what it is about
    since: date | None = None
    until: date | None = None  # that day included


ALL = Wanted()


def listed(authority: Account, page: paging.Page, wanted: Wanted = ALL) -> list[Act]:
    """Lines of the journal of an authority, last first."""
    return paging.take(sa.select(Act).where(Act.account_id == authority.id, *_conditions(wanted)), Act.id, page)


def _conditions(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.agent:
        yield Act.agent == wanted.agent
    if wanted.action:
        yield Act.action == wanted.action
    if words := wanted.about.strip().lower():
        yield sa.func.lower(Act.subject).contains(words, autoescape=True)
    if wanted.since:
        yield Act.id >= ids.first_at(_midnight(wanted.since))
    if wanted.until:
        yield Act.id < ids.first_at(_midnight(wanted.until) + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def actions(authority: Account) -> list[str]:
    """What was ever done for an authority."""
    return list(session.scalars(sa.select(Act.action).where(Act.account_id == authority.id).distinct()))


def agents(authority: Account) -> list[str]:
    """The handles of whoever acted for an authority, also those who do no longer."""
    wrote = sa.select(Act.agent).where(Act.account_id == authority.id, Act.agent != "").distinct()
    return list(session.scalars(wrote.order_by(Act.agent)))
