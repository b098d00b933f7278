"""The door of the client API: who is let in, how a thing may be asked, what is said when it cannot be done."""

from typing import Any

import pytest

from fediterr.accounts import scopes
from fediterr.accounts import service as accounts
from fediterr.core import clock, settings
from fediterr.mastodon import routes
from tests.fediverse import Server
from tests.mastodon.client import Application


def test_every_route_states_its_scope(brest: Server) -> None:
    rules = [rule for rule in brest.app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(rules) > 50
    for rule in rules:
        access = routes.ACCESS[rule.endpoint]
        admin, first = access.scope.startswith("admin:"), access.scope.removeprefix("admin:").split(":")[0]
        assert first in {"public", "read", "write", "push", scopes.ANY}, rule.rule
        assert admin == ("/admin/" in rule.rule) == (access.role is not None), rule.rule
        if rule.methods and rule.methods & {"POST", "PUT", "PATCH", "DELETE"} and first != "public":
            # Some questions are posted.
            assert first in {"write", "push"} or admin or "translate" in rule.rule, rule.rule
            assert not access.anyone, rule.rule


def test_a_route_that_states_none_lets_nobody_in(brest: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = Application(brest.register("alice"))
    monkeypatch.delitem(routes.ACCESS, "mastodon.timelines-home")
    assert alice.ask("GET", "/api/v1/timelines/home").status_code == 403


@pytest.mark.parametrize(
    ("granted", "needed", "holds"),
    [
        ("read", "read:statuses", True),
        ("read:statuses", "read:statuses", True),
        ("read:accounts", "read:statuses", False),
        ("write", "read:statuses", False),
        ("follow", "write:follows", True),
        ("follow", "read:blocks", True),
        ("follow", "write:mutes", True),
        ("follow", "write:statuses", False),
        ("write:follows", "read:follows", False),
        ("admin:read", "admin:read:accounts", True),
        ("admin:read", "admin:read:reports", True),
        ("admin:read:reports", "admin:read:accounts", False),
        ("admin:write", "admin:read:accounts", False),
        ("admin:read", "read:accounts", False),
        ("read", "admin:read:accounts", False),
        ("read", "admin:read", False),
        ("follow", "admin:write:blocks", False),
        ("readable", "read:statuses", False),
        ("", "read:statuses", False),
        ("profile", "read:accounts profile", True),
        ("profile", "read:accounts", False),
        ("push", scopes.ANY, True),
    ],
)
def test_a_scope_holds_what_begins_with_it(granted: str, needed: str, holds: bool) -> None:
    assert scopes.allow(granted, needed) is holds


def test_without_a_token_only_what_is_open_to_all(brest: Server) -> None:
    alice = brest.register("alice")
    nobody = Application(alice, scopes=None)
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/timelines/home", "/api/v1/notifications"):
        answer = nobody.ask("GET", path)
        assert (answer.status_code, answer.json) == (401, {"error": "The access token is invalid"})
        assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert nobody.ask("POST", "/api/v1/statuses", json={"status": "Bonjour"}).status_code == 401
    assert nobody.get("/api/v1/timelines/public") == []


def test_a_wrong_or_revoked_token_is_refused_even_where_none_is_needed(brest: Server) -> None:
    alice = brest.register("alice")
    app = Application(alice)
    for value in ("Bearer nonsense", "Bearer ", "Basic YTpi", app.headers["Authorization"].replace("Bearer", "Token")):
        headers = {"Authorization": value}
        assert app.ask("GET", "/api/v1/timelines/public", headers=headers).status_code == 401
    assert app.get("/api/v1/timelines/public") == []
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user is not None
        accounts.set_password(user, "another horse battery")
    assert app.ask("GET", "/api/v1/timelines/public").status_code == 401


def test_a_token_may_come_in_the_address_or_in_the_form_but_not_in_a_cookie(brest: Server) -> None:
    """As browsers ask for live updates, and as older programs do; a cookie would let other sites act."""
    app = Application(brest.register("alice"))
    token = app.headers.pop("Authorization").removeprefix("Bearer ")
    assert app.get("/api/v1/timelines/home", access_token=token) == []
    for sent in ({"data": {"access_token": token, "status": "a"}}, {"json": {"access_token": token, "status": "b"}}):
        assert app.ask("POST", "/api/v1/statuses", **sent).status_code == 200
    assert app.ask("GET", "/api/v1/timelines/home", query_string={"access_token": "nonsense"}).status_code == 401
    assert app.ask("GET", "/api/v1/timelines/home", headers={"Cookie": f"access_token={token}"}).status_code == 401


def test_a_token_without_the_scope_is_refused(brest: Server) -> None:
    reader = Application(brest.register("alice"), scopes="read:accounts")
    assert reader.get("/api/v1/accounts/verify_credentials")["username"] == "alice"
    refused = reader.ask("POST", "/api/v1/statuses", json={"status": "Bonjour"})
    assert (refused.status_code, refused.json) == (403, {"error": "This action is outside the authorized scopes"})
    assert reader.ask("GET", "/api/v1/timelines/public").status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("suspended", "Your login is currently disabled"),
        ("disabled_at", "Your login is currently disabled"),
        ("confirmed_at", "Your login is missing a confirmed e-mail address"),
        ("approved_at", "Your login is currently pending approval"),
    ],
)
def test_who_is_not_let_in_is_told_why(brest: Server, change: str, words: str) -> None:
    alice = brest.register("alice")
    app = Application(alice)
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user is not None
        if change == "suspended":
            accounts.suspend(account)
        else:
            setattr(user, change, clock.now() if change == "disabled_at" else None)
    answer = app.ask("GET", "/api/v1/timelines/home")
    assert (answer.status_code, answer.json) == (403, {"error": words})


def test_a_post_can_be_written_in_every_way_clients_write(brest: Server) -> None:
    app = Application(brest.register("alice"))
    poll = {"options": ["Oui", "Non"], "expires_in": 3600, "multiple": True}
    form = {"status": "Un pont ?", "poll[options][]": ["Oui", "Non"], "poll[expires_in]": "3600"}
    form |= {"poll[multiple]": "true"}
    shown = [
        app.ask("POST", "/api/v1/statuses", json={"status": "Un pont ?", "poll": poll}),
        app.ask("POST", "/api/v1/statuses", data=form),
        app.ask("POST", "/api/v1/statuses", data=form, content_type="multipart/form-data"),
        app.ask("POST", "/api/v1/statuses/", query_string=form),
    ]
    for answer in shown:
        assert answer.status_code == 200, answer.text
        asked = answer.json["poll"]
        assert [option["title"] for option in asked["options"]] == ["Oui", "Non"]
        assert asked["multiple"] is True


def test_a_trailing_slash_is_accepted_without_a_detour(brest: Server) -> None:
    app = Application(brest.register("alice"))
    assert app.get("/api/v1/timelines/home/") == []
    assert app.get("/api/v1/accounts/verify_credentials/")["username"] == "alice"


@pytest.mark.parametrize(
    "accept", ["", "*", "text/html", "image/png;q=x", "application/*;;q=9,é", ",,,", "\x01", "a" * 5000]
)
def test_whatever_a_client_accepts_it_is_answered(brest: Server, accept: str) -> None:
    app = Application(brest.register("alice"))
    for path in (
        "/api/v1/timelines/home", "/api/v1/nothing", "/oauth/token", "/oauth/authorize/", "/.well-known/nodeinfo/",
        "/.well-known/host-meta/", "/nodeinfo/2.0/", "/.well-known/oauth-authorization-server/", "/health/",
    ):  # fmt: skip
        answer = app.ask("GET", path, headers={"Accept": accept})
        assert answer.status_code < 500, path
        assert answer.status_code != 308, path
    assert app.ask("GET", "/api/v1/instance", headers={"Accept": accept}).mimetype == "application/json"


def test_what_is_wrong_is_said_in_the_language_asked_for(brest: Server) -> None:
    app = Application(brest.register("alice"))

    def told(language: str = "", **more: Any) -> str:
        headers = {"Accept-Language": language} if language else {}
        return str((app.ask("POST", "/api/v1/statuses", headers=headers, **more).json or {})["error"])

    english, french = "Validation failed: Text can't be blank", "Il n’y a rien à publier : écrivez d’abord."
    assert told() == told("*") == told("en-GB,fr;q=0.5") == told(query_string={"lang": "en"}) == english
    assert told("fr-FR,en;q=0.5") == told("en", data={"lang": "fr"}) == french
    assert told("br-FR") == told("en", data={"lang": "de"}) == french, "the language of the server"


def test_an_update_may_be_put_or_patched(brest: Server) -> None:
    app = Application(brest.register("alice"))
    for method in ("PUT", "PATCH"):
        answer = app.ask(method, "/api/v1/accounts/update_credentials", json={"display_name": f"Alice {method}"})
        assert answer.json["display_name"] == f"Alice {method}"


def test_any_web_page_may_ask_and_read_the_links(brest: Server) -> None:
    nobody = Application(brest.register("alice"), scopes=None)
    wants = {
        "Origin": "https://client.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,idempotency-key",
    }
    asked = nobody.ask("OPTIONS", "/api/v1/statuses", headers=wants)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "DELETE" in asked.headers["Access-Control-Allow-Methods"]
    assert asked.headers["Access-Control-Allow-Headers"] == "authorization,idempotency-key"
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/home", "/api/v1/nothing"):
        answer = nobody.ask("GET", path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Link" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/nothing"),
        ("POST", "/api/v1/instance"),
        ("GET", "/api/v1/statuses/1"),
        ("GET", "/api/v1/statuses/abc"),
        ("GET", "/api/v1/accounts/99999999999999999999999"),
        ("DELETE", "/api/v1/statuses/9223372036854775807"),
        ("POST", "/api/v1/follow_requests/5/authorize"),
    ],
)
def test_what_is_not_there_is_not_found(brest: Server, method: str, path: str) -> None:
    app = Application(brest.register("alice"))
    answer = app.ask(method, path)
    assert (answer.status_code, answer.json) == (404, {"error": "Record not found"})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'"status"', "application/json"),
        (b'{"status": {"a": 1}}', "application/json"),
        (b'{"status": "a", "visibility": "secret"}', "application/json"),
        (b'{"status": "a", "poll": {"options": ["one"]}}', "application/json"),
        (b'{"status": "a", "poll": {"options": ["one", "two"], "expires_in": 1}}', "application/json"),
        (b'{"status": "a", "scheduled_at": "tomorrow"}', "application/json"),
        (b'{"status": "a", "media_ids": ["12"]}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"status[]=a&status[b]=c", "application/x-www-form-urlencoded"),
        (b"status=a", "text/plain"),
        (b"--x", "multipart/form-data"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_published(brest: Server, body: bytes, kind: str) -> None:
    app = Application(brest.register("alice"))
    answer = app.ask("POST", "/api/v1/statuses", data=body, content_type=kind)
    assert answer.status_code == 422
    assert answer.json["error"]
    assert app.get("/api/v1/timelines/home") == []


def test_what_no_database_can_hold_is_left_out(brest: Server) -> None:
    app = Application(brest.register("alice"))
    answer = app.ask(
        "POST", "/api/v1/statuses", data=b'{"status": "a\\u0000b\\ud800c"}', content_type="application/json"
    )
    assert answer.json["content"] == "<p>abc</p>"


def test_too_large_a_body_is_refused(brest: Server, base_settings: settings.Settings) -> None:
    app = Application(brest.register("alice"))
    answer = app.ask("POST", "/api/v1/statuses", data={"status": "a" * (base_settings.limits_body + 5000)})
    assert answer.status_code == 413
    assert "error" in answer.json
