"""Measure what one signed activity costs on its way in, step by step, in one process and without a network.

    python -m bench.inbound [--n 400] [--times 3]
    python -m bench.inbound --profile receive            with a table of the functions that took the time of a step
    FEDITERR_TEST_DATABASE_URL=postgresql+psycopg://postgres@127.0.0.1:5432/postgres python -m bench.inbound

Start it from the root of the project. Nantes signs, as a server of another make would, and Brest takes in. A quarter of
the notes answer earlier ones. The processor time is that of this process: PostgreSQL's own is not in it.
"""

import argparse
import cProfile
import json
import pstats
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from fediterr.accounts import service as accounts
from fediterr.accounts import tokens
from fediterr.activitypub import signatures
from fediterr.activitypub.models import Received
from fediterr.core import settings
from fediterr.core.facts import Told
from fediterr.social.models import Post
from tests.databases import Databases
from tests.fediverse import Fediverse, Server

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
INBOX = "https://brest.test/inbox"
WORDS = [
    "town",
    "council",
    "met",
    "today",
    "to",
    "talk",
    "about",
    "the",
    "river",
    "old",
    "market",
    "hall",
    "and",
    "school",
]
Environ = dict[str, Any]


class Sender:
    """Bob of Nantes, who has much to say."""

    def __init__(self, uri: str, followers: str, private_pem: str, key_id: str, inbox: str = INBOX) -> None:
        self.uri, self.followers, self.private_pem, self.key_id, self.inbox = uri, followers, private_pem, key_id, inbox
        self.said: list[str] = []
        self.random = random.Random(1)

    @classmethod
    def of(cls, nantes: Server) -> "Sender":
        with nantes.app.app_context():
            bob = accounts.local("bob")
            key_id = accounts.public_key(bob).id
            return cls(bob.uri, bob.followers_uri or "", accounts.key_pair(bob).rsa, key_id)

    def note(self) -> bytes:
        """A Create with a note of thirty words."""
        uri = f"{self.uri}/notes/{len(self.said)}"
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        html = f"<p>{' '.join(self.random.choices(WORDS, k=30))} {len(self.said)}</p>"
        audience = {"to": [PUBLIC], "cc": [self.followers]}
        note: dict[str, Any] = {
            "id": uri,
            "type": "Note",
            "attributedTo": self.uri,
            "published": at,
            "inReplyTo": None,
            "content": html,
            "contentMap": {"en": html},
            "sensitive": False,
            "tag": [],
            "attachment": [],
            **audience,
        }
        if self.said and self.random.random() < 0.25:
            note["inReplyTo"] = self.random.choice(self.said)
            note["tag"] = [{"type": "Mention", "href": self.uri, "name": "@bob@nantes.test"}]
        self.said.append(uri)
        create = {"id": f"{uri}/activity", "type": "Create", "actor": self.uri, "published": at, "object": note}
        return json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **create, **audience}).encode()

    def sign(self, body: bytes) -> dict[str, str]:
        message = signatures.Message("POST", self.inbox, {"Content-Type": "application/activity+json"}, body)
        signed = signatures.sign(
            message, key_id=self.key_id, private_pem=self.private_pem, scheme="cavage", now=time.time()
        )
        return {**message.headers, **signed}


def as_environ(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Environ:
    """What a web server would call the application with."""
    base, path = url[:18], url[18:]
    return EnvironBuilder(path, base, method=method, headers=[*headers.items()], data=body).get_environ()


def answer_all(server: Server, environs: list[Environ], expected: int) -> None:
    for environ in environs:
        body, status, _ = run_wsgi_app(server.app, environ)
        assert status.startswith(str(expected)), (status, b"".join(body))


class Steps:
    """Processor and wall time of each step, per piece, in milliseconds; a profile of one of them."""

    def __init__(self, profiled: str | None) -> None:
        self.profiled, self.profile = profiled, cProfile.Profile()
        self.taken: dict[str, list[tuple[float, float]]] = {}

    def run(self, name: str, pieces: int, work: Callable[[], object]) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        if self.profiled == name:
            self.profile.runcall(work)
        else:
            work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.taken.setdefault(name, []).append((cpu * 1000 / pieces, wall * 1000 / pieces))

    def show(self) -> None:
        print("| step | CPU-ms each, median (least - most) | elapsed ms each |\n|---|---|---|")
        for name, taken in self.taken.items():
            cpu, wall = zip(*taken, strict=True)
            print(
                f"| {name} | {statistics.median(cpu):.2f} ({min(cpu):.2f} - {max(cpu):.2f})"
                f" | {statistics.median(wall):.2f} |"
            )
        if self.profiled:
            pstats.Stats(self.profile).strip_dirs().sort_stats("tottime").print_stats(30)


def take_in(server: Server, sender: Sender, steps: Steps, n: int) -> None:
    """Let `n` activities go all the way, and count what is left of them."""
    bodies = [sender.note() for _ in range(n)]
    before = server.count(Post)
    headers: list[dict[str, str]] = []
    steps.run("sign", n, lambda: headers.extend(map(sender.sign, bodies)))
    arriving = [as_environ("POST", INBOX, sent, body) for sent, body in zip(headers, bodies, strict=True)]
    steps.run("answer", n, lambda: answer_all(server, arriving, 202))
    steps.run("receive", n, lambda: server.run("receive"))
    steps.run("react", n, lambda: server.run("react"))
    server.work()
    assert server.count(Post) == before + n, "something was lost"
    assert server.count(Received, Received.document.is_not(None)) == server.count(Told) == 0


def read_home(server: Server, token: str, steps: Steps, n: int) -> None:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    asked = [as_environ("GET", "https://brest.test/api/v1/timelines/home?limit=20", headers) for _ in range(n)]
    steps.run("home", n, lambda: answer_all(server, asked, 200))


@contextmanager
def two_servers() -> Iterator[Fediverse]:
    with tempfile.TemporaryDirectory() as directory:
        environ = {"FEDITERR_BASE_URL": "https://brest.test", "FEDITERR_DATA_DIR": directory}
        made = settings.load({**environ, "FEDITERR_RATE_LIMITS": "off", "FEDITERR_LOG_LEVEL": "WARNING"})
        databases = Databases(Path(directory), made, "bench")
        fediverse = Fediverse(databases, made)
        try:
            yield fediverse
        finally:
            fediverse.close()
            databases.drop_all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=400, help="activities of one round")
    parser.add_argument("--times", type=int, default=3, help="rounds after one to warm up")
    parser.add_argument("--profile", choices=("sign", "answer", "receive", "react", "home"))
    options = parser.parse_args()
    with two_servers() as fediverse:
        brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
        alice = brest.register("alice")
        nantes.register("bob")
        alice.follow("bob@nantes.test")
        fediverse.settle()
        with alice.acting() as account:
            user = accounts.user_of(account)
            assert user is not None
            token = tokens.create(user, "read", label="bench")
        sender = Sender.of(nantes)
        take_in(brest, sender, Steps(None), 50)
        read_home(brest, token, Steps(None), 10)
        steps = Steps(options.profile)
        for _ in range(options.times):
            take_in(brest, sender, steps, options.n)
            read_home(brest, token, steps, options.n // 2)
    steps.show()


if __name__ == "__main__":
    main()
