"""Servers that administrators keep out, limit or let in."""

from typing import Any

from flask import Response

from fediterr.accounts.models import Role
from fediterr.mastodon import admin_entities, pages, routes
from fediterr.moderation import service as domains
from fediterr.moderation.models import Severity

USUAL = 100
READ_BLOCKS, WRITE_BLOCKS = "admin:read:domain_blocks", "admin:write:domain_blocks"
READ_ALLOWS, WRITE_ALLOWS = "admin:read:domain_allows", "admin:write:domain_allows"


@routes.get("/api/v1/admin/domain_blocks", READ_BLOCKS, role=Role.ADMIN)
def blocks() -> Response:
    page = pages.wanted(USUAL)
    listed = domains.listed("block", page)
    return pages.answer([admin_entities.domain_block(each) for each in listed], listed, page)


@routes.get("/api/v1/admin/domain_blocks/:id", READ_BLOCKS, role=Role.ADMIN)
def block(identifier: int) -> Any:
    return admin_entities.domain_block(domains.rule_of("block", identifier))


@routes.post("/api/v1/admin/domain_blocks", WRITE_BLOCKS, role=Role.ADMIN)
def add_block() -> Any:
    """A new block; the one that is there already comes with the refusal."""
    try:
        rule = domains.add_block(
            routes.sent().text("domain") or "", _sent(domains.Block(Severity.SILENCE)), routes.me()
        )
    except domains.AlreadyBlocked as problem:
        answer = routes.as_json(
            {"error": problem.message, "existing_domain_block": admin_entities.domain_block(problem.rule)}
        )
        answer.status_code = 422
        return answer
    return admin_entities.domain_block(rule)


@routes.put("/api/v1/admin/domain_blocks/:id", WRITE_BLOCKS, role=Role.ADMIN)
def change_block(identifier: int) -> Any:
    """What is not sent stays as it is."""
    rule = domains.rule_of("block", identifier)
    domains.change_block(rule, _sent(domains.as_block(rule)), routes.me())
    return admin_entities.domain_block(rule)


@routes.delete("/api/v1/admin/domain_blocks/:id", WRITE_BLOCKS, role=Role.ADMIN)
def remove_block(identifier: int) -> Any:
    domains.forget_domain(domains.rule_of("block", identifier).domain, actor=routes.me())
    return {}


def _sent(usual: domains.Block) -> domains.Block:
    """How a domain is to be blocked: as sent, else as usual."""
    sent = routes.sent()

    def flag(name: str, otherwise: bool) -> bool:
        given = sent.flag(name)
        return otherwise if given is None else given

    def words(name: str, otherwise: str) -> str:
        given = sent.text(name)
        return otherwise if given is None else given

    return domains.Block(
        severity=sent.text("severity") or usual.severity,
        reject_media=flag("reject_media", usual.reject_media),
        reject_reports=flag("reject_reports", usual.reject_reports),
        obfuscate=flag("obfuscate", usual.obfuscate),
        public_comment=words("public_comment", usual.public_comment),
        reason=words("private_comment", usual.reason),
    )


# --- where only those on a list are let in --------------------------------------------------------------------------


@routes.get("/api/v1/admin/domain_allows", READ_ALLOWS, role=Role.ADMIN)
def allows() -> Response:
    page = pages.wanted(USUAL)
    listed = domains.listed("allow", page)
    return pages.answer([admin_entities.domain_allow(each) for each in listed], listed, page)


@routes.get("/api/v1/admin/domain_allows/:id", READ_ALLOWS, role=Role.ADMIN)
def allow(identifier: int) -> Any:
    return admin_entities.domain_allow(domains.rule_of("allow", identifier))


@routes.post("/api/v1/admin/domain_allows", WRITE_ALLOWS, role=Role.ADMIN)
def add_allow() -> Any:
    return admin_entities.domain_allow(domains.allow_domain(routes.sent().text("domain") or "", actor=routes.me()))


@routes.delete("/api/v1/admin/domain_allows/:id", WRITE_ALLOWS, role=Role.ADMIN)
def remove_allow(identifier: int) -> Any:
    domains.forget_domain(domains.rule_of("allow", identifier).domain, actor=routes.me())
    return {}
