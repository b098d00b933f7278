"""Applications register themselves, get tokens, and give them back; OAuth 2 as programs speak it."""

import base64
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from fediterr.accounts import oauth, scopes
from tests.fediverse import Server
from tests.mastodon.client import Application

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


def send(server: Server, path: str, *, method: str = "POST", **more: Any) -> TestResponse:
    return Client(server.app, use_cookies=False).open(path, base_url="https://brest.test", method=method, **more)


def register(server: Server, **more: Any) -> dict[str, Any]:
    asked = {"client_name": "Marée", "redirect_uris": OUT_OF_BAND, "scopes": "read write follow push"} | more
    answer = send(server, "/api/v1/apps", json=asked)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json or {}
    return made


def client_token(server: Server, app: dict[str, Any], scope: str = "read write") -> str:
    asked = {"grant_type": "client_credentials", "scope": scope}
    answer = send(server, "/oauth/token", json=asked | {name: app[name] for name in ("client_id", "client_secret")})
    assert answer.status_code == 200, answer.text
    return str((answer.json or {})["access_token"])


def test_an_application_registers_itself(brest: Server) -> None:
    made = register(brest, website="https://maree.test/", redirect_uris="https://maree.test/back\nmaree://back")
    assert set(made) == {
        "id", "name", "website", "scopes", "redirect_uri", "redirect_uris", "vapid_key", "client_id", "client_secret",
        "client_secret_expires_at",
    }  # fmt: skip
    assert made["name"] == "Marée"
    assert made["redirect_uris"] == ["https://maree.test/back", "maree://back"]
    assert made["redirect_uri"] == "https://maree.test/back\nmaree://back"
    assert made["scopes"] == ["read", "write", "follow", "push"]
    assert made["client_secret_expires_at"] == 0
    assert len(made["client_id"]) > 30 < len(made["client_secret"])


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"client_name": "A", "redirect_uris": ["https://a.test/1", "https://a.test/2"]}},
        {"data": {"client_name": "A", "redirect_uris": "https://a.test/1 https://a.test/2"}},
        {"data": {"client_name": "A", "redirect_uris[]": ["https://a.test/1", "https://a.test/2"]}},
        {
            "data": {"client_name": "A", "redirect_uris": "https://a.test/1\nhttps://a.test/2"},
            "content_type": "multipart/form-data",
        },
    ],
)
def test_addresses_to_come_back_to_are_read_however_they_are_written(brest: Server, sent: dict[str, Any]) -> None:
    answer = send(brest, "/api/v1/apps/", **sent)
    assert answer.json is not None
    assert answer.json["redirect_uris"] == ["https://a.test/1", "https://a.test/2"]
    assert answer.json["scopes"] == ["read"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_name": " "}, "Application name can't be blank"),
        ({"client_name": "a" * 61}, "Application name is too long (maximum is 60 characters)"),
        ({"website": "javascript:alert(1)"}, "Application website must be a valid URL"),
        ({"redirect_uris": ""}, "Redirect URI can't be blank"),
        ({"redirect_uris": "maree.test/back"}, "Redirect URI must be an absolute URI."),
        ({"redirect_uris": "https:///back"}, "Redirect URI must be an absolute URI."),
        ({"redirect_uris": "javascript:alert(1)"}, "Redirect URI is forbidden by the server."),
        ({"redirect_uris": "https://a.test/#here"}, "Redirect URI cannot contain a fragment."),
        ({"redirect_uris": "https://a.test;script-src/"}, "Redirect URI must be a valid URI."),
        ({"redirect_uris": "https://alice@a.test/"}, "Redirect URI must be a valid URI."),
        ({"redirect_uris": "https://a.test:port/"}, "Redirect URI must be a valid URI."),
        ({"redirect_uris": "https://[a.test/"}, "Redirect URI must be a valid URI."),
        ({"redirect_uris": "é://back"}, "Redirect URI must be a valid URI."),
        ({"redirect_uris": "https://a.test/é"}, "Redirect URI must be a valid URI."),
        ({"scopes": "read everything"}, "Scopes doesn't match configured on the server."),
        ({"scopes": "admin"}, "Scopes doesn't match configured on the server."),
    ],
)
def test_what_is_wrong_with_an_application_is_said(brest: Server, changes: dict[str, str], words: str) -> None:
    asked = {"client_name": "Marée", "redirect_uris": OUT_OF_BAND} | changes
    answer = send(brest, "/api/v1/apps", json=asked)
    assert (answer.status_code, answer.json) == (422, {"error": f"Validation failed: {words}"})


def test_an_application_speaks_for_itself_alone(brest: Server) -> None:
    app = register(brest)
    headers = {"Authorization": f"Bearer {client_token(brest, app)}"}
    shown = send(brest, "/api/v1/apps/verify_credentials", method="GET", headers=headers)
    assert shown.json == {name: value for name, value in app.items() if not name.startswith("client_")}
    assert send(brest, "/api/v1/timelines/public", method="GET", headers=headers).status_code == 200
    for method, path in (("GET", "/api/v1/accounts/verify_credentials"), ("POST", "/api/v1/statuses")):
        answer = send(brest, path, method=method, headers=headers)
        assert (answer.status_code, answer.json) == (422, {"error": "This method requires an authenticated user"})


@pytest.mark.parametrize("way", ["json", "data", "basic", "multipart"])
def test_an_application_proves_itself_in_every_usual_way(brest: Server, way: str) -> None:
    app = register(brest)
    values = {"grant_type": "client_credentials", "scope": "read"}
    known = {name: app[name] for name in ("client_id", "client_secret")}
    if way == "basic":
        word = base64.b64encode(":".join(known.values()).encode()).decode()
        answer = send(brest, "/oauth/token", data=values, headers={"Authorization": f"Basic {word}"})
    elif way == "multipart":
        answer = send(brest, "/oauth/token", data=values | known, content_type="multipart/form-data")
    else:
        answer = send(brest, "/oauth/token", **{way: values | known})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert set(answer.json) == {"access_token", "token_type", "scope", "created_at"}
    assert (answer.json["token_type"], answer.json["scope"]) == ("Bearer", "read")
    assert type(answer.json["created_at"]) is int
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password", "username": "alice", "password": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"grant_type": 'é"\n'}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": 'é"'}, 401, "invalid_client"),
        ({"scope": "admin:read"}, 400, "invalid_scope"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": OUT_OF_BAND}, 400, "invalid_grant"),
    ],
)
def test_a_token_that_cannot_be_given_is_refused_in_the_words_of_oauth(
    brest: Server, changes: dict[str, str], status: int, error: str
) -> None:
    app = register(brest)
    asked = {"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"]}
    answer = send(brest, "/oauth/token", data=asked | changes)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert "access_token" not in answer.json


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic ????", "Basic /////w==", "Bearer x", "é", "Basic YQ=="])
def test_a_strange_header_is_refused_not_stumbled_over(brest: Server, header: str) -> None:
    answer = send(brest, "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_is_given_back_by_its_application_alone(brest: Server) -> None:
    app, other = register(brest), register(brest, client_name="Autre")
    token = client_token(brest, app)
    headers = {"Authorization": f"Bearer {token}"}

    def give_back(who: dict[str, Any], what: str) -> TestResponse:
        return send(brest, "/oauth/revoke", data={**{n: who[n] for n in ("client_id", "client_secret")}, "token": what})

    for refused in (give_back(other, token), give_back(app | {"client_secret": "wrong"}, token)):
        assert refused.status_code == 403
        assert (refused.json or {})["error"] == "unauthorized_client"
    assert send(brest, "/api/v1/timelines/public", method="GET", headers=headers).status_code == 200
    assert give_back(app, "never was one").status_code == 200
    given = give_back(app, token)
    assert (given.status_code, given.json) == (200, {})
    assert give_back(app, token).status_code == 200
    assert send(brest, "/api/v1/timelines/public", method="GET", headers=headers).status_code == 401


def test_an_application_may_hold_a_part_of_what_it_registered(brest: Server) -> None:
    app = register(brest, scopes="read write:statuses")
    assert client_token(brest, app, "read:accounts write:statuses")
    asked = {"grant_type": "client_credentials", "scope": "write:media"}
    refused = send(brest, "/oauth/token", json=asked | {n: app[n] for n in ("client_id", "client_secret")})
    assert (refused.json or {})["error"] == "invalid_scope"


def test_what_can_be_asked_here_is_written_down(brest: Server) -> None:
    answer = send(brest, "/.well-known/oauth-authorization-server/", method="GET")
    told = answer.json or {}
    assert told["issuer"] == "https://brest.test/"
    assert told["token_endpoint"] == "https://brest.test/oauth/token"
    assert told["app_registration_endpoint"] == "https://brest.test/api/v1/apps"
    assert told["scopes_supported"] == list(scopes.ALL)
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == list(oauth.GRANTS) == ["authorization_code", "client_credentials"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_who_gave_a_token_is_told_to_whoever_may_know(brest: Server) -> None:
    alice = brest.register("alice", display_name="Alice Le Goff")
    known = Application(alice, "profile")
    told = known.get("/oauth/userinfo")
    assert told == {
        "iss": "https://brest.test/",
        "sub": "https://brest.test/actors/alice",
        "name": "Alice Le Goff",
        "preferred_username": "alice",
        "profile": "https://brest.test/@alice",
        "picture": told["picture"],
    }
    assert known.get("/api/v1/accounts/verify_credentials")["username"] == "alice"
    assert known.ask("GET", "/api/v1/timelines/home").status_code == 403
    assert Application(alice, "push").ask("GET", "/oauth/userinfo").status_code == 403
