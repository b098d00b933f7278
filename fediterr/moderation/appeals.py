"""Contesting what moderators decided: once, within some weeks; somebody else answers, and undoes what can be undone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import STAFF, Account, Role, User
from fediterr.core import clock, errors, facts, paging
from fediterr.core.db import session
from fediterr.moderation import complaints, journal, people
from fediterr.moderation.models import Appeal, Decision

LASTS = timedelta(days=20)
LENGTH = 2000  # characters, of what is contested and of what is answered


@dataclass(frozen=True)
class AppealLodged(facts.Fact):
    """Somebody contests a decision."""

    appeal_id: int


@dataclass(frozen=True)
class AppealAnswered(facts.Fact):
    """Moderators looked at a decision again."""

    appeal_id: int


# --- contesting ----------------------------------------------------------------------------------------------------


def ends_at(decision: Decision) -> datetime:
    """Until when a decision may be contested."""
    return decision.created_at + LASTS


def is_contestable(decision: Decision) -> bool:
    """Whether it is a measure against somebody of here, the time is not over, and nobody contested it yet."""
    of_here = decision.target_id is not None and accounts.user_of(accounts.get(decision.target_id)) is not None
    return (
        decision.action in people.MEASURES
        and of_here
        and clock.now() < ends_at(decision)
        and of([decision.id]).get(decision.id) is None
    )


def lodge(decision: Decision, words: str) -> Appeal:
    """Contest a decision; Conflict when that was done already, or is too late."""
    if not words.strip():
        raise errors.Invalid("Say why this decision should be looked at again.")
    if len(words) > LENGTH:
        raise complaints.too_long("Appeal", LENGTH)
    if not is_contestable(decision):
        raise errors.Conflict("This decision can no longer be contested.")
    target = accounts.get(decision.target_id or 0)
    made = Appeal(decision_id=decision.id, account_id=target.id, text=words.strip(), decision=decision)
    session.add(made)
    session.flush()
    journal.write_down(target, "lodge_appeal", target.full_handle, target=target, report_id=decision.report_id)
    facts.tell(AppealLodged(made.id))
    return made


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int) -> Appeal:
    found = session.get(Appeal, identifier)
    if found is None:
        raise errors.NotFound("There is no such appeal.")
    return found


def of(decision_ids: Iterable[int]) -> dict[int, Appeal]:
    """The appeals against these decisions, by the decision."""
    found = session.scalars(sa.select(Appeal).where(Appeal.decision_id.in_(list(decision_ids))))
    return {appeal.decision_id: appeal for appeal in found}


def listed(page: paging.Page, *, answered: bool = False) -> list[Appeal]:
    """Those that wait, or those that were answered, last first."""
    state = Appeal.answered_at.is_not(None) if answered else Appeal.answered_at.is_(None)
    return paging.take(sa.select(Appeal).where(state), Appeal.id, page)


def waiting() -> int:
    """How many wait for an answer."""
    return session.scalar(sa.select(sa.func.count(Appeal.id)).where(Appeal.answered_at.is_(None))) or 0


# --- answering -----------------------------------------------------------------------------------------------------


def judges(decision: Decision) -> list[User]:
    """Who may answer for a decision: who stands above its target and did not take it; who took it when alone."""
    target = accounts.user_of(accounts.get(decision.target_id or 0))
    staff = session.scalars(sa.select(User).where(User.role.in_(STAFF)).order_by(User.id)).all()
    above = [
        user
        for user in staff
        if user.may_sign_in
        and (target is None or user.id != target.id)
        and (user.role == Role.ADMIN or target is None or target.role not in STAFF)
    ]
    return [user for user in above if user.account_id != decision.actor_id] or above


def may_answer(actor: Account, appeal: Appeal) -> bool:
    return actor.id in {user.account_id for user in judges(appeal.decision)}


def answer(appeal: Appeal, actor: Account, *, accepted: bool, words: str = "") -> None:
    """Accept an appeal, which undoes what can be undone, or refuse it with a word."""
    if appeal.answered_at is not None:
        raise errors.Conflict("This appeal was answered already.")
    if not may_answer(actor, appeal):
        raise errors.Forbidden("Somebody else than who decided answers an appeal.")
    if len(words) > LENGTH:
        raise complaints.too_long("Answer", LENGTH)
    if not accepted and not words.strip():
        raise errors.Invalid("Say why the decision stays.")
    appeal.accepted, appeal.answer = accepted, words.strip()
    appeal.answered_at, appeal.answered_by_id = clock.now(), actor.id
    target, decision = accounts.get(appeal.account_id), appeal.decision
    action = "accept_appeal" if accepted else "refuse_appeal"
    journal.write_down(actor, action, target.full_handle, appeal.answer, target=target, report_id=decision.report_id)
    if accepted:
        _undo(decision, target, actor)
    facts.tell(AppealAnswered(appeal.id))


WAYS_BACK: dict[str, tuple[Callable[[Account], bool], Callable[[Account, Account], None]]] = {
    "disable": (people.is_disabled, people.enable),
    "sensitive": (lambda account: account.sensitized_at is not None, people.unveil),
    "silence": (lambda account: account.silenced_at is not None, people.unsilence),
    "suspend": (lambda account: account.suspended_at is not None, people.unsuspend),
}


def _undo(decision: Decision, target: Account, actor: Account) -> None:
    """Take the measure back if it still holds, and holds because of this decision; who was deleted stays away."""
    later = sa.exists().where(
        Decision.target_id == target.id, Decision.action == decision.action, Decision.id > decision.id
    )
    if decision.action not in WAYS_BACK or accounts.user_of(target) is None or session.scalar(sa.select(later)):
        return
    holds, back = WAYS_BACK[decision.action]
    if holds(target):
        back(actor, target)
