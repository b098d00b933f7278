"""Accounts as moderators look for them, and what they decide about them."""

from typing import Any

from flask import Response

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Role
from fediterr.mastodon import admin_entities, entities, pages, routes
from fediterr.moderation import complaints, people, registry

READ, WRITE = "admin:read:accounts", "admin:write:accounts"
USUAL = 100


@routes.get("/api/v1/admin/accounts", READ, role=Role.MODERATOR)
def first_list() -> Response:
    """The older form, with a flag for each thing that one may look for."""
    sent = routes.sent()
    status = next((each for each in registry.STATUSES if sent.flag(each)), "")
    origin = "local" if sent.flag("local") else "remote" if sent.flag("remote") else ""
    return _list(registry.Wanted(origin=origin, status=status, staff=bool(sent.flag("staff")), **_words()))


@routes.get("/api/v2/admin/accounts", READ, role=Role.MODERATOR)
def second_list() -> Response:
    sent = routes.sent()
    permissions = sent.text("permissions") or ""
    if permissions not in ("", "staff"):
        raise complaints.unlisted("Permissions")
    by_id = {identifier: role for role, (identifier, _) in entities.ROLES.items()}
    named = sent.texts("role_ids")
    return _list(
        registry.Wanted(
            origin=sent.text("origin") or "",
            status=sent.text("status") or "",
            staff=permissions == "staff",
            roles=tuple(by_id[each] for each in named if each in by_id) if named else None,
            invited_by=sent.number("invited_by"),
            **_words(),
        )
    )


def _words() -> dict[str, Any]:
    sent = routes.sent()
    return {name: sent.text(name) or "" for name in ("username", "display_name", "by_domain", "email", "ip")}


def _list(wanted: registry.Wanted) -> Response:
    page = pages.wanted(USUAL)
    listed = registry.listed(wanted, page)
    shown = admin_entities.people(listed, routes.me())
    return pages.answer([shown[each.id] for each in listed], listed, page)


@routes.get("/api/v1/admin/accounts/:id", READ, role=Role.MODERATOR)
def one(identifier: int) -> Any:
    return _shown(accounts.get(identifier))


@routes.delete("/api/v1/admin/accounts/:id", WRITE, role=Role.ADMIN)
def delete(identifier: int) -> Any:
    """For good; only what is suspended already."""
    account = accounts.get(identifier)
    before = _shown(account)
    people.delete(routes.me(), account)
    return before


@routes.post("/api/v1/admin/accounts/:id/action", WRITE, role=Role.MODERATOR)
def action(identifier: int) -> Any:
    sent = routes.sent()
    people.act(
        routes.me(),
        accounts.get(identifier),
        sent.text("type") or "",
        text=sent.text("text") or "",
        report_id=sent.number("report_id"),
        by_mail=sent.flag("send_email_notification") is not False,
    )
    return {}


@routes.post("/api/v1/admin/accounts/:id/approve", WRITE, role=Role.MODERATOR)
def approve(identifier: int) -> Any:
    return _after(people.approve, identifier)


@routes.post("/api/v1/admin/accounts/:id/reject", WRITE, role=Role.MODERATOR)
def reject(identifier: int) -> Any:
    """What is shown is how it was."""
    account = accounts.get(identifier)
    before = _shown(account)
    people.reject(routes.me(), account)
    return before


@routes.post("/api/v1/admin/accounts/:id/enable", WRITE, role=Role.MODERATOR)
def enable(identifier: int) -> Any:
    return _after(people.enable, identifier)


@routes.post("/api/v1/admin/accounts/:id/unsensitive", WRITE, role=Role.MODERATOR)
def unsensitive(identifier: int) -> Any:
    return _after(people.unveil, identifier)


@routes.post("/api/v1/admin/accounts/:id/unsilence", WRITE, role=Role.MODERATOR)
def unsilence(identifier: int) -> Any:
    return _after(people.unsilence, identifier)


@routes.post("/api/v1/admin/accounts/:id/unsuspend", WRITE, role=Role.MODERATOR)
def unsuspend(identifier: int) -> Any:
    return _after(people.unsuspend, identifier)


def _after(verb: Any, identifier: int) -> entities.Entity:
    account = accounts.get(identifier)
    verb(routes.me(), account)
    return _shown(account)


def _shown(account: Account) -> entities.Entity:
    return admin_entities.person(account, routes.me())
