"""Real servers in real processes: `fediterr serve` on loopback, spoken to as applications speak, and killed at will."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import redis
import requests
import sqlalchemy as sa

FEDITERR = [sys.executable, "-m", "fediterr"]
PATIENCE = 60
DATABASE = os.environ.get("FEDITERR_TEST_DATABASE_URL", "")
REDIS = os.environ.get("FEDITERR_TEST_REDIS_URL", "")
Json = dict[str, Any]
T = TypeVar("T")


def until(ask: Callable[[], T], seconds: float = 20, pause: float = 0.1) -> T:
    """What `ask` answers once it is true; other processes work at their own pace, so this asks again and again."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not true after {seconds} s; last answer: {answer!r}"
        time.sleep(pause)
    return answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def url_of(database: str) -> str:
    return sa.make_url(DATABASE).set(database=database).render_as_string(hide_password=False)


def administer(statement: str) -> None:
    """Make or drop a database of our own."""
    engine = sa.create_engine(DATABASE, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


class Serve:
    """One `fediterr serve` with its own data directory; it may be killed and started again.

    On SQLite and the embedded queue, or on the PostgreSQL and the Redis that the tests are given.
    """

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        ours = {name: value for name, value in os.environ.items() if not name.startswith("FEDITERR_")}
        self.environment = ours | {
            "FEDITERR_BASE_URL": self.origin,
            "FEDITERR_DATA_DIR": str(directory),
            "FEDITERR_FEDERATION_ALLOW_HOSTS": "127.0.0.0/8",
            "FEDITERR_RATE_LIMITS": "off",
            "FEDITERR_DIRECTORY_LOAD": "off",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.database = ""
        if DATABASE:
            self.database = f"fediterr_serve_{secrets.token_hex(4)}"
            self.environment["FEDITERR_DATABASE_URL"] = url_of(self.database)
            administer(f"CREATE DATABASE {self.database}")
        if REDIS:
            self.prefix = f"fediterr-{secrets.token_hex(4)}:"
            self.environment |= {"FEDITERR_BROKER_URL": REDIS, "FEDITERR_REDIS_URL": REDIS}
            self.environment["FEDITERR_REDIS_PREFIX"] = self.prefix

    def start(self) -> None:
        self.process = subprocess.Popen([*FEDITERR, "serve", "--port", str(self.port)], env=self.environment)
        until(self.is_ready, PATIENCE)

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}: see its errors above"
        try:
            return requests.get(f"{self.origin}/readyz", timeout=5).ok
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """SIGTERM, and wait until everything is drained; the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            if self.database:
                administer(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def empty_queue(self) -> None:
        """Throw away whatever the broker holds: hints, and nothing but hints."""
        for message in (self.directory / "queue").rglob("*.msg"):
            message.unlink(missing_ok=True)
        if REDIS:
            with redis.Redis.from_url(REDIS) as client:
                for key in client.scan_iter(f"{self.prefix}*"):
                    client.delete(key)

    def part(self, name: str) -> int | None:
        """The process id of a part: web, worker or scheduler."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in children:
            try:
                if (
                    Path(f"/proc/{pid}/comm").read_text().strip() == f"fediterr:{name}"[:15]
                ):  # what the kernel keeps of it
                    return int(pid)
            except FileNotFoundError:
                continue
        return None

    def kill(self, name: str) -> None:
        """kill -9 one part, which its parent starts again."""
        pid = until(lambda: self.part(name))
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 the parent: its children die with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def run(self, *arguments: str) -> str:
        """Run a command of the operator against this server's data; what it printed."""
        done = subprocess.run(
            [*FEDITERR, *arguments], env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def member(self, name: str, **more: str) -> "Member":
        """A new account with an access token."""
        options = [part for key, value in more.items() for part in (f"--{key}", value)]
        self.run("accounts", "create", name, "--email", f"{name}@brest.example", "--password", "a long secret",
                 "--confirmed", *options)  # fmt: skip
        return Member(self, name, self.run("tokens", "create", name, "--scopes", "read write follow push"))


class Member:
    """Somebody who uses a server by its client API."""

    def __init__(self, server: Serve, name: str, token: str) -> None:
        self.server, self.name, self.token = server, name, token
        self.handle = f"@{name}@{server.host}"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    @property
    def id(self) -> str:
        identifier: str = self.api("GET", "v1/accounts/verify_credentials")["id"]
        return identifier

    def ask(self, method: str, path: str, **sent: Any) -> requests.Response:
        return self.session.request(method, f"{self.server.origin}/api/{path}", timeout=PATIENCE, **sent)

    def api(self, method: str, path: str, **sent: Any) -> Any:
        answer = self.ask(method, path, **sent)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json()

    def says(self, words: str, **more: object) -> Json:
        said: Json = self.api("POST", "v1/statuses", json={"status": words, **more})
        return said

    def find(self, what: str, kind: str = "accounts") -> Json | None:
        """Who or what an address or a handle names, asked from its server when it is not known here."""
        found = self.api("GET", "v2/search", params={"q": what, "resolve": "true"})[kind]
        return found[0] if found else None

    def follow(self, handle: str) -> str:
        """Follow and wait to be let in; the other's id here."""
        someone = until(lambda: self.find(handle))
        assert someone is not None
        identifier: str = someone["id"]
        self.api("POST", f"v1/accounts/{identifier}/follow")
        until(lambda: self.relationship(identifier)["following"])
        return identifier

    def relationship(self, identifier: str) -> Json:
        [relationship] = self.api("GET", "v1/accounts/relationships", params={"id[]": identifier})
        assert isinstance(relationship, dict)
        return relationship

    def home(self, most: int = 400) -> list[Json]:
        """The home timeline, newest first, page after page."""
        listed: list[Json] = []
        while len(listed) < most:
            params = {"limit": "40"} | ({"max_id": listed[-1]["id"]} if listed else {})
            page = self.api("GET", "v1/timelines/home", params=params)
            listed += page
            if len(page) < 40:
                break
        return listed

    def sees(self, uri: str) -> Json | None:
        """A post in the home timeline, by its ActivityPub id."""
        return next((each for each in self.home() if each["uri"] == uri), None)

    def told(self, kind: str) -> list[Json]:
        """Notifications of one kind."""
        entries = self.api("GET", "v1/notifications", params={"limit": "40"})
        return [entry for entry in entries if entry["type"] == kind]
