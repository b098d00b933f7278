"""Several servers in one process: real applications, real signatures, real databases; only the wire is a function call.

    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria, paul = brest.register("maria"), nantes.register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()

Time and queues are stepped, never slept: `settle()` runs every hint until nothing is left.
"""

import dataclasses
import io
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import flask_migrate  # noqa: F401 (its templates are read once, before the clock is moved)
import requests
import sqlalchemy as sa
import urllib3
from sqlalchemy.orm import close_all_sessions
from werkzeug.test import Client as WsgiClient

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import delivery, resolver
from fediterr.activitypub.client import Client
from fediterr.activitypub.models import Delivery, Errand, Host, Received
from fediterr.app import create_app
from fediterr.core import clock, db, facts, jobs, text
from fediterr.core.paging import Page
from fediterr.core.settings import Settings
from fediterr.social import blocks, follows, likes, notifications, polls, posts, timelines
from fediterr.social.drafts import Draft, PollDraft
from fediterr.social.models import Post
from tests.databases import Databases, share_compiled
from workers import upkeep
from workers.jobs import JOBS


class Inline(Executor):
    """Does at once what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Wire(requests.adapters.BaseAdapter):
    """Carries requests to the other servers of the story; who is down refuses the connection."""

    def __init__(self, fediverse: "Fediverse") -> None:
        super().__init__()
        self.fediverse = fediverse

    def send(self, request: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url)
        self.fediverse.requests.append((request.method, request.url))
        if (special := self.fediverse.strangers.get(parts.netloc)) is not None:
            status, headers, body = special(request)
        else:
            server = self.fediverse.servers.get(parts.netloc)
            if server is None or server.down:
                raise requests.ReadTimeout("nobody answers")
            status, headers, body = server.answer(request)
        made = requests.Response()
        made.status_code, made.url, made.request = status, request.url, request
        made.headers = requests.structures.CaseInsensitiveDict(headers)
        made.raw = urllib3.HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return made

    def close(self) -> None:
        pass


class Server:
    """One fediterr server."""

    def __init__(self, fediverse: "Fediverse", host: str, database: str, settings: Settings) -> None:
        self.fediverse, self.host, self.database = fediverse, host, database
        self.settings = dataclasses.replace(
            settings,
            base_url=f"https://{host}",
            media_url=settings.media_url if settings.media_host else "",
            data_dir=settings.data_dir / host,
            database_url=database,
        )
        self.queue = jobs.MemoryQueue()
        self.client = Client(self.settings, mount=Wire(fediverse))
        self.app = create_app(self.settings, queue=self.queue, client=self.client)
        self.app.testing = True
        with self.app.app_context():
            share_compiled(db.db.engine)
        self.down = False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A unit of work on this server."""
        with self.app.app_context(), db.transaction():
            yield

    def answer(self, request: Any) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(request.url)
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        reply = WsgiClient(self.app).open(
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            base_url=f"https://{self.host}",
            method=request.method,
            headers=[(name, value) for name, value in request.headers.items() if name.lower() != "content-length"],
            data=body,
        )
        with reply:
            return reply.status_code, dict(reply.headers), reply.get_data()

    def get(self, path: str, accept: str = "application/activity+json") -> Any:
        """Ask this server as anybody may; its answer."""
        return WsgiClient(self.app).get(path, base_url=f"https://{self.host}", headers={"Accept": accept})

    def register(self, name: str, **more: Any) -> "Person":
        with self.inside():
            accounts.register(name, f"{name}@{self.host}.example", "correct horse battery", confirmed=True, **more)
        return Person(self, name)

    def work(self) -> bool:
        """Run the jobs that were hinted at; whether there were any."""
        busy = False
        while (name := self.queue.take()) is not None:
            busy = True
            self.run(name)
        return busy

    def run(self, name: str) -> None:
        """Run one job, as a worker would."""
        with self.app.app_context():
            if name == "deliver":
                delivery.drain(Inline())
            else:
                JOBS[name]()

    def sweep(self) -> None:
        """What upkeep does every few seconds."""
        with self.app.app_context():
            upkeep.sweep()

    def count(self, model: Any, *conditions: Any) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0

    def is_idle(self) -> bool:
        pending = self.count(Received, Received.document.is_not(None)) + self.count(facts.Told)
        return pending + self.count(Delivery) + self.count(Errand) == 0

    def host_state(self, host: str) -> Host | None:
        with self.app.app_context():
            return db.session.get(Host, host)

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.db.engine.dispose()
        self.client.close()


class Fediverse:
    """All servers of one story."""

    def __init__(self, databases: Databases, settings: Settings) -> None:
        self.databases, self.settings = databases, settings
        self.servers: dict[str, Server] = {}
        self.strangers: dict[str, Callable[[Any], tuple[int, dict[str, str], bytes]]] = {}
        self.requests: list[tuple[str, str]] = []

    def __getitem__(self, host: str) -> Server:
        if host not in self.servers:
            self.add(host)
        return self.servers[host]

    def add(self, host: str, **changes: Any) -> Server:
        """A server with settings of its own."""
        settings = dataclasses.replace(self.settings, **{"handle_domain": host, **changes})
        self.servers[host] = Server(self, host, self.databases.take(), settings)
        return self.servers[host]

    def settle(self) -> None:
        """Let everything run its course."""
        for _ in range(200):
            busy = [server.work() for server in self.servers.values() if not server.down]
            if not any(busy):
                return
        raise AssertionError("the story never comes to rest")

    def wait(self, **time: float) -> None:
        """Let time pass, and upkeep do its work."""
        clock.shift(timedelta(**time))
        for server in self.servers.values():
            if not server.down:
                server.sweep()
        self.settle()

    def close(self) -> None:
        close_all_sessions()
        for server in self.servers.values():
            server.close()
            self.databases.give_back(server.database)


class Person:
    """Somebody with an account, who acts through the same verbs as every door."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        with server.app.app_context():
            self.uri = accounts.local(name).uri

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.server.host}"

    @contextmanager
    def acting(self) -> Iterator[Account]:
        with self.server.inside():
            yield accounts.local(self.name)

    def look_up(self, what: str) -> Any:
        """An account or post by handle or address, fetched when unknown."""
        with self.server.app.app_context():
            return resolver.look_up(what)

    def follow(self, handle: str, **more: Any) -> None:
        found = self.look_up(handle)
        with self.acting() as me:
            follows.ask(me, accounts.get(found.id), **more)

    def unfollow(self, handle: str) -> None:
        with self.acting() as me:
            follow = follows.find(me, accounts.by_handle(handle))
            assert follow is not None
            follows.leave(follow)

    def says(self, words: str, **draft: Any) -> str:
        """Publish; the id of the post."""
        for handle in text.find_mentions(words):
            self.look_up(handle)
        answered, quoted = draft.pop("answers", None), draft.pop("quotes", None)
        with self.acting() as me:
            about = {"in_reply_to": answered and posts.by_uri(answered), "quoted": quoted and posts.by_uri(quoted)}
            return posts.publish(me, posts.compose(me, words, Draft(**about, **draft))).uri

    def asks(self, words: str, *options: str, hours: int = 24, multiple: bool = False, **draft: Any) -> str:
        ends = clock.now() + timedelta(hours=hours)
        return self.says(words, poll=PollDraft(options=options, multiple=multiple, ends_at=ends), **draft)

    def votes(self, uri: str, *choices: int) -> None:
        with self.acting() as me:
            polls.vote(me, self._post(uri), list(choices))

    def edits(self, uri: str, words: str, **draft: Any) -> None:
        with self.acting() as me:
            post = self._post(uri)
            changed = Draft(in_reply_to=post.in_reply_to, visibility=post.visibility, **draft)
            posts.edit(post, posts.compose(me, words, changed))

    def deletes(self, uri: str) -> None:
        with self.acting():
            posts.delete(self._post(uri))

    def likes(self, uri: str) -> None:
        with self.acting() as me:
            likes.like(me, self._post(uri))

    def unlikes(self, uri: str) -> None:
        with self.acting() as me:
            likes.unlike(me, self._post(uri))

    def boosts(self, uri: str) -> str:
        with self.acting() as me:
            return posts.boost(me, self._post(uri)).uri

    def unboosts(self, uri: str) -> None:
        with self.acting() as me:
            boost = posts.find_boost(me, self._post(uri))
            assert boost is not None
            posts.unboost(boost)

    def blocks(self, handle: str) -> None:
        found = self.look_up(handle)
        with self.acting() as me:
            blocks.block(me, accounts.get(found.id))

    def unblocks(self, handle: str) -> None:
        with self.acting() as me:
            blocks.unblock(me, accounts.by_handle(handle))

    def _post(self, uri: str) -> Post:
        post = posts.by_uri(uri)
        assert post is not None, f"{self.handle} does not know {uri}"
        return post

    def post(self, uri: str) -> Post | None:
        """A post as this person's server has it, with all that shows it."""
        with self.server.app.app_context():
            known = posts.by_uri(uri)
            found = timelines.whole([known.id], accounts.local(self.name)) if known else []
            return found[0] if found else None

    def home(self) -> list[str]:
        """The home timeline, as read: plain texts, newest first."""
        with self.server.app.app_context():
            listed = timelines.home(accounts.local(self.name), Page(limit=400))
            return [text.plain((post.boost_of or post).content) for post in listed]

    def notifications(self) -> list[tuple[str, str]]:
        """What this person was told, newest first: (kind, by whom)."""
        with self.server.app.app_context():
            listed = notifications.listed(accounts.local(self.name), Page(limit=100))
            return [(each.kind, each.sender.full_handle) for each in listed]

    def account(self) -> Account:
        with self.server.app.app_context():
            return accounts.local(self.name)

    def follows(self, handle: str) -> bool | None:
        """True: lets me in; False: asked; None: not at all."""
        with self.server.app.app_context():
            target = accounts.by_handle(handle)
            follow = follows.find(accounts.local(self.name), target) if target else None
            return follow.accepted if follow else None

    def sees(self, handle: str) -> Account | None:
        """An account as this person's server knows it."""
        with self.server.app.app_context():
            return accounts.by_handle(handle)
