"""Telling moderators what waits for them, and people what moderators decided about them."""

import sqlalchemy as sa

from fediterr.accounts import registration
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Role, User
from fediterr.core.db import session
from fediterr.moderation import people, reports
from fediterr.social import notifications


def tell_moderators(fact: reports.AccountReported) -> None:
    """A report came in."""
    report = reports.get(fact.report_id)
    reporter = accounts.get(report.reporter_id)
    for moderator in moderators():
        notifications.notify(moderator, "admin.report", reporter, subject=str(report.id))


def tell_of_newcomer(fact: registration.NewcomerArrived) -> None:
    """Somebody registered here, and may wait to be let in."""
    newcomer = accounts.get(fact.account_id)
    for moderator in moderators():
        if moderator.id != newcomer.id:
            notifications.notify(moderator, "admin.sign_up", newcomer)


def tell_warned(fact: people.AccountWarned) -> None:
    """Somebody of here is warned; by whom stays untold."""
    decision = people.decision(fact.decision_id)
    if decision.target_id is not None:
        warned = accounts.get(decision.target_id)
        notifications.notify(warned, "moderation_warning", warned, subject=str(decision.id))


def moderators() -> list[Account]:
    """Those of here who look after reports."""
    staff = sa.select(Account).join(User, User.account_id == Account.id).where(User.role != Role.MEMBER)
    return list(session.scalars(staff.order_by(Account.id)))
