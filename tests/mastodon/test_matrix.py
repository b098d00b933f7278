"""Every route of the client API asks for what the table says, of everybody who comes with less."""

from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from fediterr.accounts import applications, scopes, tokens
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Role
from fediterr.mastodon import routes
from tests.fediverse import Fediverse, Server
from tests.mastodon import matrix
from tests.mastodon.matrix import Line

RENEW = "if the change is meant: python -m tests.mastodon.matrix > tests/mastodon/matrix.txt"
GUARD = {
    (401, "The access token is invalid"),
    (403, "This action is outside the authorized scopes"),
    (422, "This method requires an authenticated user"),
    (403, "This action is not allowed"),
}
EVERYTHING = " ".join(scopes.ALL)


@pytest.fixture
def server(fediverse: Fediverse) -> Server:
    return fediverse.add("brest.test", rate_limits=False, registrations="open")


def test_the_table_is_what_the_server_asks(server: Server) -> None:
    written = matrix.TABLE.read_text(encoding="utf-8").splitlines()
    asked = matrix.text(server.app).splitlines()
    assert sorted(set(asked) - set(written)) == [], f"not in the table; {RENEW}"
    assert sorted(set(written) - set(asked)) == [], f"only in the table; {RENEW}"


def test_every_scope_exists_and_every_admin_route_asks_for_a_role(server: Server) -> None:
    for line in matrix.lines(server.app):
        assert set(line.scope.split()) <= {*scopes.ALL, scopes.ANY, routes.PUBLIC}, line
        admin = line.scope.startswith("admin:")
        assert admin == (line.who in (Role.MODERATOR, Role.ADMIN)), line
        assert line.method == "GET" or line.who != "anyone" or line.scope == routes.PUBLIC, line


class Keys:
    """Tokens of somebody of each role, and of an application."""

    def __init__(self, server: Server) -> None:
        self.server = server
        for role in Role:
            server.register(f"the_{role}", role=str(role))
        with server.inside():
            made = applications.register("Marée", [applications.OUT_OF_BAND], EVERYTHING)
            self.application = tokens.create(None, EVERYTHING, application=made.application)
        self.by_role = {str(role): self.make(role) for role in Role}

    def make(self, role: str, held: str = EVERYTHING) -> str:
        with self.server.inside():
            return tokens.create(accounts.user_of(accounts.local(f"the_{role}")), held)

    def ask(self, line: Line, token: str | None) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = Client(self.server.app, use_cookies=False)
        return client.open(line.path, method=line.method, base_url="https://brest.test", headers=headers)

    def told(self, line: Line, token: str | None) -> tuple[int, Any]:
        answer = self.ask(line, token)
        found = answer.get_json(silent=True)
        return answer.status_code, found.get("error") if isinstance(found, dict) else None


def test_without_a_token_there_is_no_way_in(server: Server) -> None:
    keys = Keys(server)
    for line in matrix.lines(server.app):
        if line.who != "anyone":
            assert keys.told(line, None) == (401, "The access token is invalid"), line
        if line.scope != routes.PUBLIC:
            assert keys.told(line, "guessed") == (401, "The access token is invalid"), line


def test_every_other_scope_together_opens_nothing(server: Server) -> None:
    keys = Keys(server)
    made: dict[str, str] = {}
    for line in matrix.lines(server.app):
        if line.scope in (routes.PUBLIC, scopes.ANY):
            continue
        if line.scope not in made:
            others = [scope for scope in scopes.ALL if not scopes.allow(scope, line.scope)]
            made[line.scope] = keys.make(Role.ADMIN, " ".join(others))
        assert keys.told(line, made[line.scope]) == (403, "This action is outside the authorized scopes"), line


def test_an_application_without_anybody_is_not_somebody(server: Server) -> None:
    keys = Keys(server)
    for line in matrix.lines(server.app):
        if line.who in set(Role):
            assert keys.told(line, keys.application) == (422, "This method requires an authenticated user"), line


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MODERATOR])
def test_a_role_opens_no_door_of_those_above_it(server: Server, role: Role) -> None:
    keys, order = Keys(server), [str(each) for each in Role]
    for line in matrix.lines(server.app):
        if line.who in order and order.index(line.who) > order.index(role):
            assert keys.told(line, keys.by_role[role]) == (403, "This action is not allowed"), line


def test_with_the_right_key_every_door_opens(server: Server) -> None:
    """What is behind it may be nothing; that is told by other words."""
    keys = Keys(server)
    for line in matrix.lines(server.app):
        if line.scope in (routes.PUBLIC, scopes.ANY):
            continue
        role = line.who if line.who in set(Role) else Role.MEMBER
        for scope in line.scope.split():
            told = keys.told(line, keys.make(role, scope))
            assert told not in GUARD, (line, told)
            assert told[0] < 500, line
