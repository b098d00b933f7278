"""Reports as moderators work on them."""

from collections.abc import Callable
from typing import Any

from flask import Response

from fediterr.accounts.models import Account, Role
from fediterr.mastodon import admin_entities, pages, routes
from fediterr.moderation import reports
from fediterr.moderation.models import Report

READ, WRITE = "admin:read:reports", "admin:write:reports"
USUAL = 100


@routes.get("/api/v1/admin/reports", READ, role=Role.MODERATOR)
def list_() -> Response:
    sent, page = routes.sent(), pages.wanted(USUAL)
    resolved = bool(sent.flag("resolved"))
    listed = reports.listed(
        page,
        resolved=None if resolved and sent.flag("unresolved") else resolved,
        reporter_id=sent.number("account_id"),
        target_id=sent.number("target_account_id"),
        target_domain=sent.text("by_target_domain"),
    )
    return pages.answer(admin_entities.several_reports(listed, routes.me()), listed, page)


@routes.get("/api/v1/admin/reports/:id", READ, role=Role.MODERATOR)
def one(identifier: int) -> Any:
    return _shown(reports.get(identifier))


@routes.put("/api/v1/admin/reports/:id", WRITE, role=Role.MODERATOR)
def update(identifier: int) -> Any:
    sent, made = routes.sent(), reports.get(identifier)
    rules = sent.numbers("rule_ids") if "rule_ids" in sent else None
    reports.update(made, routes.me(), category=sent.text("category"), rule_ids=rules)
    return _shown(made)


@routes.post("/api/v1/admin/reports/:id/assign_to_self", WRITE, role=Role.MODERATOR)
def assign_to_self(identifier: int) -> Any:
    return _after(reports.assign, identifier)


@routes.post("/api/v1/admin/reports/:id/unassign", WRITE, role=Role.MODERATOR)
def unassign(identifier: int) -> Any:
    return _after(reports.unassign, identifier)


@routes.post("/api/v1/admin/reports/:id/resolve", WRITE, role=Role.MODERATOR)
def resolve(identifier: int) -> Any:
    return _after(reports.resolve, identifier)


@routes.post("/api/v1/admin/reports/:id/reopen", WRITE, role=Role.MODERATOR)
def reopen(identifier: int) -> Any:
    return _after(reports.reopen, identifier)


def _after(verb: Callable[[Report, Account], None], identifier: int) -> Any:
    made = reports.get(identifier)
    verb(made, routes.me())
    return _shown(made)


def _shown(made: Report) -> Any:
    return admin_entities.several_reports([made], routes.me())[0]
