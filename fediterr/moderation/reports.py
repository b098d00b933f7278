"""Bring an account before the moderators; take a report on, resolve it, open it again."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import clock, errors, facts, ids, paging, site
from fediterr.core.db import insert_once, session
from fediterr.moderation import complaints, evidence, journal
from fediterr.moderation.models import Decision, Report, Rule
from fediterr.social.models import Post

CATEGORIES = ("spam", "legal", "violation", "other")
COMMENT = 1000  # characters typed here
COMMENT_OF_ELSEWHERE = 5000
NOTE = 2000
NAME = 200


@dataclass(frozen=True)
class AccountReported(facts.Fact):
    report_id: int


@dataclass(frozen=True)
class ReportResolved(facts.Fact):
    """Moderators have looked at a report: whoever made it hears of it."""

    report_id: int


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account who gives notice of something, and where to answer them."""

    name: str
    email: str


def report(
    reporter: Account,
    target: Account,
    *,
    comment: str = "",
    post_uris: list[str] | None = None,
    category: str = "other",
    rule_ids: list[int] | None = None,
    uri: str = "",
    forward: bool = False,
    forward_to: list[str] | None = None,
    visitor: Visitor | None = None,
) -> Report | None:
    """Bring an account (and some of its posts) before the moderators; None when that report is known already.

    Passed on when asked: to the server of the account, or of those domains to whom its posts speak.
    """
    if reporter.local and reporter.kind != Kind.APPLICATION and len(comment) > COMMENT:
        raise complaints.too_long("Comment", COMMENT)
    broken = _rules(rule_ids or [])
    identifier = ids.new()
    about = _posts_of(target, (post_uris or [])[:50])
    row = {
        "id": identifier,
        "uri": uri or site.activity_uri(identifier),
        "reporter_id": reporter.id,
        "target_id": target.id,
        "category": _category("violation" if broken else category),
        "comment": comment[:COMMENT_OF_ELSEWHERE],
        "post_uris": list(about),
        "copies": evidence.copies(about.values()),
        "rule_ids": broken,
        "forward": forward,
        "forward_to": (forward_to or [])[:50],
        "visitor_name": visitor.name if visitor else "",
        "visitor_email": visitor.email if visitor else "",
        "created_at": clock.now(),
    }
    if not insert_once(Report, row):
        return None
    facts.tell(AccountReported(identifier))
    return session.get(Report, identifier)


def give_notice(
    target: Account, visitor: Visitor | None, *, comment: str, post_uris: list[str], category: str
) -> Report:
    """Somebody who is not signed in tells of something unlawful or against the rules; the server reports for them.

    Nobody as the visitor is somebody whom the law lets stay unnamed.
    """
    if visitor and not 0 < len(visitor.name.strip()) <= NAME:
        raise errors.Invalid("Say your name.")
    if visitor and not accounts.is_email(visitor.email):
        raise errors.Invalid("This is not an e-mail address.")
    words = complaints.words("Comment", comment, COMMENT_OF_ELSEWHERE)
    speaker = accounts.instance_actor()
    made = report(speaker, target, comment=words, post_uris=post_uris, category=category, visitor=visitor)
    assert made is not None  # only a report with an id of elsewhere can be known already
    return made


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise complaints.unlisted("Category")
    return value


def _rules(identifiers: list[int]) -> list[int]:
    """These rules, if all of them are rules of here."""
    known = set(session.scalars(sa.select(Rule.id).where(Rule.id.in_(identifiers))))
    if set(identifiers) - known:
        raise complaints.malformed("Rules")
    return sorted(known)


def _posts_of(target: Account, uris: list[str]) -> dict[str, int]:
    """Of these posts, those of the reported account, with their numbers: nothing else may ride along."""
    wanted = sa.select(Post.uri, Post.id).where(Post.uri.in_(uris), Post.author_id == target.id)
    return dict(session.execute(wanted.order_by(Post.id)).all())


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int) -> Report:
    found = session.get(Report, identifier)
    if found is None:
        raise errors.NotFound("There is no such report.")
    return found


def listed(
    page: paging.Page,
    *,
    resolved: bool | None = False,
    reporter_id: int | None = None,
    target_id: int | None = None,
    target_domain: str | None = None,
    assigned_to_id: int | None = None,
    received: bool | None = None,
    passed_on: bool | None = None,
) -> list[Report]:
    """Reports, last first: those that wait, unless said otherwise (None: all of them).

    Received: from another server. Passed on: to another one.
    """
    statement = sa.select(Report)
    if assigned_to_id is not None:
        statement = statement.where(Report.assigned_to_id == assigned_to_id)
    if received is not None:
        elsewhere = sa.select(Account.id).where(Account.local.is_(False))
        statement = statement.where(
            Report.reporter_id.in_(elsewhere) if received else Report.reporter_id.not_in(elsewhere)
        )
    if passed_on is not None:
        statement = statement.where(Report.forward.is_(passed_on))
    if resolved is not None:
        statement = statement.where(Report.resolved_at.is_not(None) if resolved else Report.resolved_at.is_(None))
    if reporter_id is not None:
        statement = statement.where(Report.reporter_id == reporter_id)
    if target_id is not None:
        statement = statement.where(Report.target_id == target_id)
    if target_domain is not None:
        there = sa.select(Account.id).where(Account.domain == target_domain)
        statement = statement.where(Report.target_id.in_(there))
    return paging.take(statement, Report.id, page)


def waiting(*, mine: Account | None = None) -> int:
    """How many reports nobody has resolved; of those that somebody took on."""
    wanted = sa.select(sa.func.count(Report.id)).where(Report.resolved_at.is_(None))
    return session.scalar(wanted.where(Report.assigned_to_id == mine.id) if mine else wanted) or 0


def post_ids(listed_: Sequence[Report]) -> dict[str, int]:
    """The posts that these reports name and that are still here, by their uri."""
    uris = {uri for each in listed_ for uri in each.post_uris}
    found = session.execute(sa.select(Post.uri, Post.id).where(Post.uri.in_(uris)))
    return dict(found.all())


# --- deciding ------------------------------------------------------------------------------------------------------


def update(made: Report, actor: Account, *, category: str | None, rule_ids: list[int] | None) -> None:
    """Say anew what a report is about."""
    if category is not None:
        made.category = _category(category)
        if category != "violation":
            made.rule_ids = []
    if rule_ids is not None:
        made.rule_ids = _rules(rule_ids)
    _changed(made, actor, "update_report")


def assign(made: Report, actor: Account) -> None:
    made.assigned_to_id = actor.id
    _changed(made, actor, "assign_report")


def unassign(made: Report, actor: Account) -> None:
    made.assigned_to_id = None
    _changed(made, actor, "unassign_report")


def resolve(made: Report, actor: Account) -> None:
    """Nothing more is to be done about it."""
    made.resolved_at, made.resolved_by_id = clock.now(), actor.id
    _changed(made, actor, "resolve_report")
    facts.tell(ReportResolved(made.id))


def reopen(made: Report, actor: Account) -> None:
    made.resolved_at = made.resolved_by_id = None
    _changed(made, actor, "reopen_report")


def note(made: Report, actor: Account, words: str) -> None:
    """Leave other moderators a word about a report."""
    _changed(made, actor, "note_report", complaints.words("Note", words, NOTE))


def led_to(made: Report, actions: Sequence[str]) -> bool:
    """Whether one of these measures was taken because of a report."""
    measures = sa.exists().where(Decision.report_id == made.id, Decision.action.in_(actions))
    return bool(session.scalar(sa.select(measures)))


def _changed(made: Report, actor: Account, action: str, words: str = "") -> None:
    made.updated_at = clock.now()
    journal.write_down(actor, action, str(made.id), words, report_id=made.id)
