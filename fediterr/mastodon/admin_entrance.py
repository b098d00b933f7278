"""Blocks of e-mail domains, e-mail addresses and network addresses."""

from collections.abc import Callable
from typing import Any

from flask import Response

from fediterr.accounts.models import Role
from fediterr.mastodon import admin_entities, pages, routes
from fediterr.moderation import complaints, entrance
from fediterr.moderation.models import CanonicalEmailBlock, EmailDomainBlock, IpBlock

USUAL = 100
READ, WRITE = "admin:read:", "admin:write:"


def _list(kind: type[Any], show: Callable[[list[Any]], list[Any]]) -> Response:
    page = pages.wanted(USUAL)
    listed = entrance.listed(kind, page)
    return pages.answer(show(listed), listed, page)


# --- e-mail domains ------------------------------------------------------------------------------------------------


@routes.get("/api/v1/admin/email_domain_blocks", READ + "email_domain_blocks", role=Role.ADMIN)
def email_domains() -> Response:
    return _list(EmailDomainBlock, admin_entities.email_domain_blocks)


@routes.get("/api/v1/admin/email_domain_blocks/:id", READ + "email_domain_blocks", role=Role.ADMIN)
def email_domain(identifier: int) -> Any:
    return admin_entities.email_domain_blocks([entrance.get(EmailDomainBlock, identifier)])[0]


@routes.post("/api/v1/admin/email_domain_blocks", WRITE + "email_domain_blocks", role=Role.ADMIN)
def add_email_domain() -> Any:
    sent = routes.sent()
    approval = bool(sent.flag("allow_with_approval"))
    made = entrance.block_email_domain(sent.text("domain") or "", routes.me(), allow_with_approval=approval)
    return admin_entities.email_domain_blocks([made])[0]


@routes.delete("/api/v1/admin/email_domain_blocks/:id", WRITE + "email_domain_blocks", role=Role.ADMIN)
def remove_email_domain(identifier: int) -> Any:
    entrance.unblock_email_domain(entrance.get(EmailDomainBlock, identifier), routes.me())
    return {}


# --- e-mail addresses ----------------------------------------------------------------------------------------------


def _canonical(listed: list[CanonicalEmailBlock]) -> list[Any]:
    return [admin_entities.canonical_email_block(each) for each in listed]


@routes.get("/api/v1/admin/canonical_email_blocks", READ + "canonical_email_blocks", role=Role.ADMIN)
def emails() -> Response:
    return _list(CanonicalEmailBlock, _canonical)


@routes.get("/api/v1/admin/canonical_email_blocks/:id", READ + "canonical_email_blocks", role=Role.ADMIN)
def email(identifier: int) -> Any:
    return admin_entities.canonical_email_block(entrance.get(CanonicalEmailBlock, identifier))


@routes.post("/api/v1/admin/canonical_email_blocks/test", READ + "canonical_email_blocks", role=Role.ADMIN)
def test_email() -> Any:
    """The blocks that an address falls under."""
    address = routes.sent().text("email") or ""
    if not address.strip():
        raise complaints.blank("Email")
    return _canonical(entrance.blocks_of(address))


@routes.post("/api/v1/admin/canonical_email_blocks", WRITE + "canonical_email_blocks", role=Role.ADMIN)
def add_email() -> Any:
    sent = routes.sent()
    made = entrance.block_canonical(sent.text("email"), sent.text("canonical_email_hash"), routes.me())
    return admin_entities.canonical_email_block(made)


@routes.delete("/api/v1/admin/canonical_email_blocks/:id", WRITE + "canonical_email_blocks", role=Role.ADMIN)
def remove_email(identifier: int) -> Any:
    entrance.unblock_canonical(entrance.get(CanonicalEmailBlock, identifier), routes.me())
    return {}


# --- network addresses ---------------------------------------------------------------------------------------------


@routes.get("/api/v1/admin/ip_blocks", READ + "ip_blocks", role=Role.ADMIN)
def ips() -> Response:
    return _list(IpBlock, lambda listed: [admin_entities.ip_block(each) for each in listed])


@routes.get("/api/v1/admin/ip_blocks/:id", READ + "ip_blocks", role=Role.ADMIN)
def ip(identifier: int) -> Any:
    return admin_entities.ip_block(entrance.get(IpBlock, identifier))


@routes.post("/api/v1/admin/ip_blocks", WRITE + "ip_blocks", role=Role.ADMIN)
def add_ip() -> Any:
    sent = routes.sent()
    made = entrance.block_ip(
        sent.text("ip") or "",
        sent.text("severity") or "",
        routes.me(),
        comment=sent.text("comment") or "",
        expires_in=sent.number("expires_in"),
    )
    return admin_entities.ip_block(made)


@routes.put("/api/v1/admin/ip_blocks/:id", WRITE + "ip_blocks", role=Role.ADMIN)
def change_ip(identifier: int) -> Any:
    sent, block = routes.sent(), entrance.get(IpBlock, identifier)
    entrance.change_ip_block(
        block,
        routes.me(),
        ip=sent.text("ip"),
        severity=sent.text("severity"),
        comment=sent.text("comment"),
        expires_in=sent.number("expires_in"),
    )
    return admin_entities.ip_block(block)


@routes.delete("/api/v1/admin/ip_blocks/:id", WRITE + "ip_blocks", role=Role.ADMIN)
def remove_ip(identifier: int) -> Any:
    entrance.unblock_ip(entrance.get(IpBlock, identifier), routes.me())
    return {}
