"""Telling moderators what waits for them, and people what moderators decided about them."""

import sqlalchemy as sa

from fediterr.accounts import letters, registration, speakers
from fediterr.accounts import service as accounts
from fediterr.accounts.models import STAFF, Account, User
from fediterr.core import site
from fediterr.core.db import session
from fediterr.moderation import appeals, claims, people, recourse, reports
from fediterr.social import notifications
from fediterr.territories import authorities


def tell_moderators(fact: reports.AccountReported) -> None:
    """A report came in."""
    report = reports.get(fact.report_id)
    reporter = accounts.get(report.reporter_id)
    for moderator in moderators():
        notifications.notify(moderator, "admin.report", reporter, subject=str(report.id))


def confirm_notice(fact: reports.AccountReported) -> None:
    """A visitor who gave notice hears that it came in."""
    report = reports.get(fact.report_id)
    if report.visitor_email:
        about = accounts.get(report.target_id).full_handle
        letters.noticed(report.visitor_email, report.visitor_name, about, report.comment)


def tell_reporter(fact: reports.ReportResolved) -> None:
    """Whoever of here made a report, or gave notice without an account, hears that moderators looked at it."""
    report = reports.get(fact.report_id)
    about = accounts.get(report.target_id).full_handle
    acted = reports.led_to(report, list(people.MEASURES))
    if report.visitor_email:
        letters.heard(report.visitor_email, report.visitor_name, None, about, acted=acted)
    elif (user := accounts.user_of(accounts.get(report.reporter_id))) is not None:
        letters.heard(user.email, user.account.shown_name, user, about, acted=acted)


def tell_of_appeal(fact: appeals.AppealLodged) -> None:
    """Those who may answer an appeal hear that there is one: time passes for whoever waits."""
    appeal = appeals.get(fact.appeal_id)
    who = accounts.get(appeal.account_id).full_handle
    for user in appeals.judges(appeal.decision):
        letters.appealed(user, who, site.address("/moderation/contestations"))


def tell_appellant(fact: appeals.AppealAnswered) -> None:
    """Whoever contested a decision reads what became of it."""
    appeal = appeals.get(fact.appeal_id)
    person = accounts.get(appeal.account_id)
    notifications.withdraw(person.id, "moderation_warning", person.id, str(appeal.decision_id))
    notifications.notify(person, "moderation_warning", person, subject=str(appeal.decision_id))
    if (user := accounts.user_of(person)) is not None:
        letters.answered(user, appeal.answer, recourse.address(appeal.decision), accepted=bool(appeal.accepted))


def tell_of_newcomer(fact: registration.NewcomerArrived) -> None:
    """Somebody registered here, and may wait to be let in."""
    newcomer = accounts.get(fact.account_id)
    for moderator in moderators():
        if moderator.id != newcomer.id:
            notifications.notify(moderator, "admin.sign_up", newcomer)


def tell_of_claim(fact: claims.ClaimWaits) -> None:
    """Administrators hear that somebody asks to stand for a territory."""
    claim = claims.get(fact.claim_id)
    for account in accounts.administrators():
        if (user := accounts.user_of(account)) is not None:
            link = site.address("/administration/representations")
            letters.claimed(user, claim.account.full_handle, claim.territory.name, link)


def tell_claimer(fact: claims.ClaimAnswered) -> None:
    """Whoever asked to stand for a territory reads what became of it."""
    claim = claims.get(fact.claim_id)
    if (user := accounts.user_of(claim.account)) is not None:
        link = site.address(f"/territoires/{claim.territory.code}/representer")
        letters.claim_answered(user, claim.territory.name, claim.reason, link, accepted=bool(claim.accepted))


def tell_managers(fact: authorities.VerificationLost) -> None:
    """Those who manage an authority hear that its website points to it no longer."""
    account = accounts.get(fact.account_id)
    for user in speakers.managers_of(account):
        link = site.address(f"/@{account.name}/autorite")
        letters.unverified(user, account.shown_name, fact.link, link)


def tell_warned(fact: people.AccountWarned) -> None:
    """Somebody of here is warned; by whom stays untold."""
    decision = people.decision(fact.decision_id)
    if decision.target_id is not None:
        warned = accounts.get(decision.target_id)
        notifications.notify(warned, "moderation_warning", warned, subject=str(decision.id))


def moderators() -> list[Account]:
    """Those of here who look after reports."""
    staff = sa.select(Account).join(User, User.account_id == Account.id).where(User.role.in_(STAFF))
    return list(session.scalars(staff.order_by(Account.id)))
