"""Whatever is sent to the client API, the answer says what is wrong in JSON, and the server goes on.

Nothing here knows the routes: they are read from the map, and the names that each one reads are learnt by asking.
"""

import io
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from fediterr.accounts.models import Role
from fediterr.mastodon import door, params
from tests import files
from tests.fediverse import Fediverse, Server
from tests.mastodon.client import EVERYTHING, Application

SUBJECTS = sorted({endpoint.removeprefix("mastodon.").partition("-")[0] for endpoint in door.routes.ACCESS})
ODD: list[Any] = [
    [], {}, [[]], [{}], {"": {"": []}}, [None, 1, "a", {"id": "x"}], "", " ", "\0", "\ud800", "x" * 20_000, True, None,
    0, -1, 2**70, 1e308, "-9", "٣", "NaN", "2026-13-45", "2026-01-01T00:00:00", "9999-12-31T23:59:59.999Z", "a,b",
    "a@b", "@nobody@nowhere.test", "<script>", "%00%ff", "../../etc/passwd", "https://", "💥" * 500, ["a"] * 1000,
    {"0": "a"},
]  # fmt: skip
WORDS = ["", "pont", "é", "%00", "x" * 500, "0", "…"]
BODIES: list[tuple[bytes, str]] = [
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"[1]", "application/json"),
    (b"null", "application/json"),
    (b'{"a":' * 5000, "application/json"),
    (b"\xff\xfe", "application/json; charset=utf-16"),
    (b"\xff=%ff&a[=1&a]=2&[]=3&a[b][c][d][e][f][g][h]=1", "application/x-www-form-urlencoded"),
    (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
    (b"--x", "multipart/form-data"),
    (b"<a/>", "text/xml"),
]
FILES = [b"", b"\0", files.SVG, files.picture()[:40], files.bomb(), files.MP4]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Names(set[str]):
    """The names that views look for among what was sent."""


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    found = Names()

    def listen(method: str) -> None:
        read = getattr(params.Params, method)

        def listening(self: params.Params, name: str) -> Any:
            if name:
                found.add(name)
            return read(self, name)

        monkeypatch.setattr(params.Params, method, listening)

    for method in ("__contains__", "text", "flag", "number", "texts", "numbers", "part", "parts"):
        listen(method)
    return found


class World:
    """A server on which there is something of everybody, and an administrator who sends nonsense."""

    def __init__(self, server: Server) -> None:
        self.server, self.number = server, 0
        self.app = self.arrive()
        bob = Application(server.register("bob"))
        mine, theirs = self.app.says("Un #pont"), bob.says("Bonjour @alice0", visibility="direct")
        secret = bob.says("Entre nous", visibility="private")
        asked = bob.says("Quand ?", poll={"options": ["Lundi", "Mardi"], "expires_in": 3600})
        things = [mine, theirs, secret, mine["account"], theirs["account"], asked["poll"]]
        self.identifiers = [*(thing["id"] for thing in things), "0", "1", "999999999999999999"]

    def arrive(self) -> Application:
        person = self.server.register(f"alice{self.number}", role=Role.ADMIN)
        self.number += 1
        return Application(person, EVERYTHING)

    def recover(self) -> None:
        """Nonsense may end a token or an account; the next one comes."""
        if self.app.ask("GET", "/api/v1/accounts/verify_credentials").status_code != 200:
            self.app = self.arrive()


class Route(NamedTuple):
    method: str
    rule: str
    places: list[str]

    def somewhere(self, world: World, chance: random.Random) -> str:
        """The address with something in each of its places."""
        path = self.rule
        for place in self.places:
            begin = path.rindex("<", 0, path.index(f"{place}>"))
            word = chance.choice(world.identifiers if path[begin:].startswith("<id:") else WORDS) or "x"
            path = path[:begin] + word + path[path.index(">", begin) + 1 :]
        return path


def routes_of(subject: str, server: Server) -> Iterator[Route]:
    """What can be asked about a subject."""
    for rule in server.app.url_map.iter_rules():
        if rule.endpoint.startswith(f"mastodon.{subject}-") or rule.endpoint == f"mastodon.{subject}":
            for method in sorted((rule.methods or set()) & set(METHODS)):
                yield Route(method, rule.rule, sorted(rule.arguments))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_nonsense_is_answered_with_sense(subject: str, fediverse: Fediverse, names: Names) -> None:
    server = fediverse.add("brest.test", rate_limits=False)
    world, chance = World(server), random.Random(subject)
    for route in routes_of(subject, server):
        for body, kind in BODIES:
            path = route.somewhere(world, chance)
            refuse_politely(world.app.ask(route.method, path, data=body, content_type=kind))
        names.clear()
        tried: set[str] = set()
        refuse_politely(world.app.ask(route.method, route.somewhere(world, chance)))
        while names - tried:
            tried |= names
            nonsense(world, route, sorted(tried), chance)
            world.recover()
    assert world.arrive().says("Encore là")["visibility"] == "public"


def nonsense(world: World, route: Route, listed: list[str], chance: random.Random) -> None:
    """Everything odd under every name, together and one by one, in every form."""

    def ask(**sent: Any) -> None:
        refuse_politely(world.app.ask(route.method, route.somewhere(world, chance), **sent))

    for value in chance.sample(ODD, 8):  # other routes meet the others
        ask(json=dict.fromkeys(listed, value))
    for name in listed:
        ask(json={name: chance.choice([*ODD, *world.identifiers])})
        ask(json={each: chance.choice([*ODD, *world.identifiers]) for each in listed})
        text = str(chance.choice(ODD)).encode("utf-8", "replace").decode()
        ask(query_string={name: text, f"{name}[]": "1"})
        if route.method != "GET":
            ask(data={f"{name}[{text[:20]}][]": text, f"{name}[][a]": "1"})
    if route.method != "GET":
        for name in {*listed, "file"}:
            ask(data={name: (io.BytesIO(chance.choice(FILES)), "../photo.png")}, content_type="multipart/form-data")


def refuse_politely(answer: TestResponse) -> None:
    """It was understood, or it says in one sentence why not."""
    where = f"{answer.request.method} {answer.request.path}"
    assert answer.status_code < 500 or answer.status_code == 503, f"{where}: {answer.status_code} {answer.text}"
    if answer.status_code >= 400 and not answer.request.path.startswith("/oauth/authorize"):
        assert answer.is_json, f"{where}: {answer.status_code} {answer.content_type}"
        assert isinstance(answer.json["error"], str), where
        assert answer.json["error"], where
