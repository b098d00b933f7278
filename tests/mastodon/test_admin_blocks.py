"""Administrators keep out servers, e-mail addresses and networks, and let some in."""

import pytest

from fediterr.core import errors
from fediterr.mastodon.streaming import channels
from fediterr.mastodon.streaming import entrance as listeners
from fediterr.moderation import entrance
from fediterr.moderation.models import Attempt
from tests.fediverse import Server
from tests.mastodon import shapes
from tests.mastodon.client import EVERYTHING, Application


def test_a_domain_is_blocked_changed_and_let_in_again(admin: Application) -> None:
    blocks = "/api/v1/admin/domain_blocks"
    made = admin.post(blocks, domain="Bad.TEST", public_comment="spam", reject_media=True)
    shapes.check(made, shapes.DOMAIN_BLOCK)
    assert (made["domain"], made["severity"], made["reject_media"]) == ("bad.test", "silence", True)
    changed = admin.put(f"{blocks}/{made['id']}", severity="suspend", private_comment="vu", reject_media=False)
    assert (changed["severity"], changed["reject_media"]) == ("suspend", False)
    assert (changed["public_comment"], changed["private_comment"]) == ("spam", "vu")
    assert admin.get(blocks) == [changed] == [admin.get(f"{blocks}/{made['id']}")]
    assert admin.delete(f"{blocks}/{made['id']}") == {}
    assert admin.get(blocks) == []
    assert admin.ask("GET", f"{blocks}/{made['id']}").status_code == 404


def test_a_rule_that_is_there_already_comes_with_the_refusal(admin: Application) -> None:
    blocks = "/api/v1/admin/domain_blocks"
    made = admin.post(blocks, domain="bad.test", severity="suspend")
    for domain in ("bad.test", "sub.bad.test"):
        answer = admin.ask("POST", blocks, json={"domain": domain, "severity": "silence"})
        assert answer.status_code == 422
        assert answer.json["error"] == "You have already imposed stricter limits on bad.test."
        assert answer.json["existing_domain_block"] == made
    milder = admin.post(blocks, domain="other.test", severity="silence")
    assert admin.post(blocks, domain="sub.other.test", severity="suspend")["id"] != milder["id"]
    for wrong in ({}, {"domain": " "}, {"domain": "https://x"}, {"domain": "a.test", "severity": "worst"}):
        assert admin.ask("POST", blocks, json=wrong).status_code == 422
    assert admin.ask("PUT", f"{blocks}/{made['id']}", json={"severity": "worst"}).status_code == 422


def test_a_domain_is_let_in_where_only_those_on_the_list_are(admin: Application) -> None:
    allows = "/api/v1/admin/domain_allows"
    made = admin.post(allows, domain="good.test")
    shapes.check(made, {"id": shapes.ID, "domain": str, "created_at": shapes.MOMENT})
    assert admin.post(allows, domain="GOOD.test") == made == admin.get(f"{allows}/{made['id']}")
    assert admin.get("/api/v1/admin/domain_blocks") == []
    assert admin.delete(f"{allows}/{made['id']}") == {}
    assert admin.get(allows) == []
    answer = admin.ask("POST", allows, json={})
    assert (answer.status_code, answer.json) == (422, {"error": "Validation failed: Domain can't be blank"})


def test_nobody_registers_with_an_address_of_a_blocked_domain(brest: Server, admin: Application) -> None:
    made = admin.post("/api/v1/admin/email_domain_blocks", domain="spam.test")
    with brest.app.app_context():
        for address in ("eve@spam.test", "eve@MAIL.spam.test"):
            with pytest.raises(errors.Invalid, match="disallowed"):
                entrance.admit(address, "192.0.2.1")
        assert entrance.admit("eve@notspam.test", "192.0.2.1") is False
    assert brest.count(Attempt) == 2
    shown = admin.get(f"/api/v1/admin/email_domain_blocks/{made['id']}")
    shapes.check(shown, shapes.EMAIL_DOMAIN_BLOCK)
    assert (len(shown["history"]), shown["history"][0]["uses"], shown["history"][0]["accounts"]) == (7, "2", "1")
    assert admin.ask("POST", "/api/v1/admin/email_domain_blocks", json={"domain": "spam.test"}).status_code == 422
    admin.delete(f"/api/v1/admin/email_domain_blocks/{made['id']}")
    careful = admin.post("/api/v1/admin/email_domain_blocks", domain="slow.test", allow_with_approval=True)
    with brest.app.app_context():
        assert entrance.admit("eve@spam.test", None) is False
        assert entrance.admit("eve@slow.test", None) is True
    assert admin.get("/api/v1/admin/email_domain_blocks")[0]["id"] == careful["id"]


def test_a_blocked_address_stays_so_however_it_is_spelled(brest: Server, admin: Application) -> None:
    blocks = "/api/v1/admin/canonical_email_blocks"
    made = admin.post(blocks, email="eve@x.test")
    for spelled in ("Eve@x.test", "e.v.e@x.test", "eve+news@X.TEST"):
        assert admin.post(f"{blocks}/test", email=spelled) == [made]
        with brest.app.app_context(), pytest.raises(errors.Invalid, match="blocked"):
            entrance.admit(spelled, None)
    assert admin.post(f"{blocks}/test", email="eva@x.test") == []
    assert admin.ask("POST", blocks, json={"canonical_email_hash": made["canonical_email_hash"]}).status_code == 422
    assert admin.ask("POST", blocks, json={}).status_code == 422
    admin.delete(f"{blocks}/{made['id']}")
    assert admin.get(blocks) == []


def test_a_network_is_kept_from_registering_then_from_everything(brest: Server, admin: Application) -> None:
    blocks, there = "/api/v1/admin/ip_blocks", {"environ_overrides": {"REMOTE_ADDR": "192.0.2.77"}}
    made = admin.post(blocks, ip="192.0.2.9/24", severity="sign_up_requires_approval", comment="Hôtel")
    shapes.check(made, shapes.IP_BLOCK)
    assert (made["ip"], made["expires_at"]) == ("192.0.2.0/24", None)
    with brest.app.app_context():
        assert entrance.admit("eve@x.test", "192.0.2.77") is True
        assert entrance.admit("eve@x.test", "::1") is False
    admin.put(f"{blocks}/{made['id']}", severity="sign_up_block")
    with brest.app.app_context(), pytest.raises(errors.Forbidden):
        entrance.admit("eve@x.test", "192.0.2.77")
    assert admin.ask("GET", "/api/v1/instance", **there).status_code == 200
    changed = admin.put(f"{blocks}/{made['id']}", severity="no_access", expires_in=3600)
    assert (changed["comment"], changed["expires_at"] is None) == ("Hôtel", False)
    for path in ("/api/v1/instance", "/", "/actors/alice"):
        assert admin.ask("GET", path, **there).status_code == 403
        assert admin.ask("GET", path).status_code == 200
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    with pytest.raises(channels.Refusal):
        listeners.admit(brest.app, token, "192.0.2.77")
    assert listeners.admit(brest.app, token, "192.0.3.77").scopes == EVERYTHING
    brest.fediverse.wait(hours=2)
    assert admin.ask("GET", "/api/v1/instance", **there).status_code == 200
    for wrong in ({}, {"ip": "nowhere", "severity": "no_access"}, {"ip": "::1"}, {"ip": "::1", "severity": "some"}):
        assert admin.ask("POST", blocks, json=wrong).status_code == 422
    admin.delete(f"{blocks}/{made['id']}")
    assert admin.get(blocks) == []
