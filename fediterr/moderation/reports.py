"""Bring an account before the moderators; take a report on, resolve it, open it again."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, paging, site
from fediterr.core.db import insert_once, session
from fediterr.moderation import complaints, journal
from fediterr.moderation.models import Report, Rule
from fediterr.social.models import Post

CATEGORIES = ("spam", "legal", "violation", "other")
COMMENT = 1000  # characters typed here
COMMENT_OF_ELSEWHERE = 5000


@dataclass(frozen=True)
class AccountReported(facts.Fact):
    report_id: int


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
) -> Report | None:
    """Bring an account (and some of its posts) before the moderators; None when that report is known already.

    Passed on when asked: to the server of the account, or of those domains to whom its posts speak.
    """
    if reporter.local and len(comment) > COMMENT:
        raise complaints.too_long("Comment", COMMENT)
    broken = _rules(rule_ids or [])
    identifier = ids.new()
    row = {
        "id": identifier,
        "uri": uri or site.activity_uri(identifier),
        "reporter_id": reporter.id,
        "target_id": target.id,
        "category": _category("violation" if broken else category),
        "comment": comment[:COMMENT_OF_ELSEWHERE],
        "post_uris": _posts_of(target, (post_uris or [])[:50]),
        "rule_ids": broken,
        "forward": forward,
        "forward_to": (forward_to or [])[:50],
        "created_at": clock.now(),
    }
    if not insert_once(Report, row):
        return None
    facts.tell(AccountReported(identifier))
    return session.get(Report, identifier)


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


def _posts_of(target: Account, uris: list[str]) -> list[str]:
    """Of these ids, those that are posts of the reported account: nothing else may ride along."""
    return list(session.scalars(sa.select(Post.uri).where(Post.uri.in_(uris), Post.author_id == target.id)))


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
) -> list[Report]:
    """Reports, last first: those that wait, unless said otherwise (None: all of them)."""
    statement = sa.select(Report)
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


def reopen(made: Report, actor: Account) -> None:
    made.resolved_at = made.resolved_by_id = None
    _changed(made, actor, "reopen_report")


def _changed(made: Report, actor: Account, action: str) -> None:
    made.updated_at = clock.now()
    journal.write_down(actor, action, str(made.id), report_id=made.id)
