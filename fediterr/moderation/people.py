"""What moderators decide about accounts: let in, warn, veil, silence, disable, suspend, delete, and the ways back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts import letters, registration, second_factors, sessions
from fediterr.accounts import service as accounts
from fediterr.accounts.models import STAFF, Account, Kind, Role, User
from fediterr.core import clock, errors, facts
from fediterr.core.db import session
from fediterr.moderation import complaints, entrance, evidence, journal, recourse, reports
from fediterr.moderation.models import Decision
from fediterr.social import erasure, follows, posts, severances
from fediterr.social.models import Post

NOTE = 2000  # characters


@dataclass(frozen=True)
class AccountWarned(facts.Fact):
    """Moderators took a measure against somebody of here, or warned them."""

    decision_id: int


def act(
    actor: Account | None,
    account: Account,
    measure: str,
    *,
    text: str = "",
    report_id: int | None = None,
    by_mail: bool = False,
    deleted: Sequence[Post] = (),
) -> Decision:
    """Take a measure ("none": only warn) and write it down; the report it answers is resolved by it.

    "delete_statuses" deletes these posts of theirs, which the decision keeps a copy of, to be read and contested.
    Nobody as the actor is the operator at the command line. Invalid for an unknown measure, Forbidden when the actor
    may not touch that account.
    """
    if measure not in MEASURES or (measure in ("none", "disable") and accounts.user_of(account) is None):
        raise complaints.unlisted("Type")
    theirs = [post for post in deleted if post.author_id == account.id]
    if (measure == DELETE) != bool(theirs):
        raise complaints.unlisted("Type")
    require_rank(actor, account)
    report = reports.get(report_id) if report_id is not None else None
    copies = evidence.copies(post.id for post in theirs) if theirs else report.copies if report is not None else []
    MEASURES[measure](account)
    for post in theirs:
        posts.delete(post)
    line = journal.write_down(
        actor, measure, account.full_handle, text, target=account, report_id=report_id, copies=copies
    )
    if report is not None and report.resolved_at is None and actor is not None:
        reports.resolve(report, actor)
    if (user := accounts.user_of(account)) is not None:
        facts.tell(AccountWarned(line.id))
        if by_mail:
            letters.measured(user, measure, text, recourse.address(line))
    return line


def decision(identifier: int) -> Decision:
    found = session.get(Decision, identifier)
    if found is None:
        raise errors.NotFound("There is no such decision.")
    return found


def decisions(identifiers: Sequence[int]) -> list[Decision]:
    """Those of these decisions that there are, in one question."""
    wanted = sa.select(Decision).where(Decision.id.in_(identifiers))
    return list(session.scalars(wanted)) if identifiers else []


def require_rank(actor: Account | None, account: Account) -> None:
    """Forbidden unless the actor stands above that account; the last administrator is touched by nobody."""
    user = accounts.user_of(account)
    if user is None:
        return
    if actor is None:
        if user.role == Role.ADMIN and len(accounts.administrators()) == 1:
            raise errors.Conflict("The last administrator stays one: name another first.")
        return
    acting = accounts.user_of(actor)
    if acting is None or acting.id == user.id or (acting.role != Role.ADMIN and user.role in STAFF):
        raise errors.Forbidden("This action is not allowed")


# --- measures ------------------------------------------------------------------------------------------------------


def _warn(account: Account) -> None:
    """Words only; or only posts of theirs."""


def _disable(account: Account) -> None:
    """Nobody signs in to it; what it published stays."""
    user = _user(account)
    user.disabled_at = user.disabled_at or clock.now()
    sessions.end_all(user)


def _veil(account: Account) -> None:
    account.sensitized_at = account.sensitized_at or clock.now()


def _silence(account: Account) -> None:
    account.silenced_at = account.silenced_at or clock.now()


def _suspend(account: Account) -> None:
    """Nothing of it is shown. One of elsewhere goes on there: the follows with it end, or it would still be told."""
    accounts.suspend(account)
    if not account.local:
        severances.sever(follows.all_of(account), "account_suspension", account.full_handle)
    user = accounts.user_of(account)
    if user is not None:
        entrance.block_address(user.email, account)


DELETE = "delete_statuses"
MEASURES: dict[str, Callable[[Account], None]] = {
    "none": _warn,
    DELETE: _warn,
    "disable": _disable,
    "sensitive": _veil,
    "silence": _silence,
    "suspend": _suspend,
}


def is_disabled(account: Account) -> bool:
    user = accounts.user_of(account)
    return user is not None and user.disabled_at is not None


# --- ways back -----------------------------------------------------------------------------------------------------


def enable(actor: Account, account: Account) -> None:
    require_rank(actor, account)
    _user(account).disabled_at = None
    journal.write_down(actor, "enable", account.full_handle, target=account)


def unveil(actor: Account, account: Account) -> None:
    require_rank(actor, account)
    account.sensitized_at = None
    journal.write_down(actor, "unsensitive", account.full_handle, target=account)


def unsilence(actor: Account, account: Account) -> None:
    require_rank(actor, account)
    account.silenced_at = None
    journal.write_down(actor, "unsilence", account.full_handle, target=account)


def unsuspend(actor: Account | None, account: Account) -> None:
    """Open an account again; one that was deleted stays closed."""
    require_rank(actor, account)
    if account.local and accounts.user_of(account) is None and _was_deleted(account):
        raise errors.Forbidden("This action is not allowed")
    accounts.unsuspend(account)
    entrance.unblock_address(account)
    journal.write_down(actor, "unsuspend", account.full_handle, target=account)


def _was_deleted(account: Account) -> bool:
    """An account to which nobody signs in may be that of an authority, or what was left of one that was deleted."""
    lines = sa.select(Decision.id).where(Decision.target_id == account.id, Decision.action == "delete")
    return account.kind != Kind.ORGANIZATION or session.scalar(lines.limit(1)) is not None


def reset_second_factor(actor: Account | None, account: Account) -> None:
    """Let somebody who lost their telephone and their codes sign in by their password alone: administrators may."""
    acting = accounts.user_of(actor) if actor is not None else None
    if actor is not None and (acting is None or acting.role != Role.ADMIN):
        raise errors.Forbidden("This action is not allowed")
    user = _user(account)
    if not second_factors.is_on(user):
        raise errors.Conflict("There is no second factor.")
    second_factors.remove(user)
    journal.write_down(actor, "reset_second_factor", account.full_handle, target=account)


# --- those who wait, those who go -----------------------------------------------------------------------------------


def approve(actor: Account, account: Account, words: str = "") -> None:
    """Let somebody in who asked for it; the words go with the letter."""
    registration.approve(_waiting(account), words)
    journal.write_down(actor, "approve", account.full_handle, words, target=account)


def reject(actor: Account, account: Account, words: str = "") -> None:
    """Send somebody away who asked to come in: the account is gone, its name is free."""
    user = _waiting(account)
    journal.write_down(actor, "reject", account.full_handle, words)
    registration.reject(user, words)


def delete(actor: Account, account: Account) -> None:
    """Take away for good all that a suspended account was; only its name stays, so that nobody takes it again."""
    require_rank(actor, account)
    if account.active:
        raise errors.Forbidden("This action is not allowed")
    erasure.erase(account)
    journal.write_down(actor, "delete", account.full_handle, target=account)


def note(actor: Account, account: Account, words: str) -> None:
    """Leave other moderators a word about somebody."""
    journal.write_down(actor, "note", account.full_handle, complaints.words("Note", words, NOTE), target=account)


def _waiting(account: Account) -> User:
    user = accounts.user_of(account)
    if user is None or user.approved_at is not None:
        raise errors.Forbidden("This action is not allowed")
    return user


def _user(account: Account) -> User:
    user = accounts.user_of(account)
    if user is None:
        raise errors.NotFound("Nobody signs in to this account.")
    return user
