"""The play of the demo: its cast signs up, meets across servers, and says its lines; where it stopped is kept."""

import http.client
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.cli import context
from fediterr.cli.demo_cast import PASSWORD, Cast, Line, Person
from fediterr.core import clock, db, errors, site
from fediterr.social import follows, likes, polls, posts, profiles
from fediterr.social.drafts import Draft, PollDraft
from fediterr.social.models import Post

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds for what other processes do
GLANCE = 0.1
POLL_DAYS = 7


class Journal:
    """What has been played already, in a file: the first port, and the address of what came of each line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.port: int | None = known.get("port")
        self.met: bool = known.get("met", False)
        self.played: dict[str, str] = known.get("played", {})

    def write(self) -> None:
        """Keep it; whoever reads it meanwhile finds it whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"port": self.port, "met": self.met, "played": self.played}
        unfinished = self.path.with_suffix(".tmp")
        unfinished.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        unfinished.replace(self.path)


@dataclass(frozen=True)
class Stage:
    """The servers as the play sees them: for each, by its name, its application and its `host:port`."""

    cast: Cast
    apps: dict[str, Flask]
    hosts: dict[str, str]
    journal: Journal

    @property
    def handles(self) -> dict[str, str]:
        return {name: f"@{name}@{self.hosts[person.server]}" for name, person in self.cast.people.items()}

    @contextmanager
    def at(self, server: str) -> Iterator[None]:
        """Inside one of the servers, as one of its own commands is."""
        app = self.apps[server]
        with app.app_context():
            yield
            context.flush(app)


def _until(ask: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Ask again and again what other processes change; False when it did not come true in time."""
    deadline = time.monotonic() + seconds
    while not ask():
        if time.monotonic() > deadline:
            return False
        time.sleep(GLANCE)
    return True


# --- before the visitor comes ---------------------------------------------------------------------------------------


def sign_up(stage: Stage) -> None:
    """Give each of the cast an account on their own server, unless they have it."""
    for server in stage.apps:
        with stage.at(server):
            for person in stage.cast.living_at(server):
                with db.transaction():
                    _register(person)


def _register(person: Person) -> None:
    if accounts.by_handle(person.name) is not None:
        return
    user = accounts.register(
        person.name, person.email, PASSWORD,
        role=person.role, kind=person.kind, confirmed=True, display_name=person.title,
    )  # fmt: skip
    profiles.change(user.account, profiles.Profile(note=person.about, language="fr"))


def wait_for_servers(stage: Stage) -> None:
    """Raise Unreachable if one of the servers does not answer in time."""
    for server, host in stage.hosts.items():
        if not _until(lambda host=host: _is_ready(host)):  # type: ignore[misc]
            raise errors.Unreachable(f"The server {server} does not answer at {host}.")


def _is_ready(host: str) -> bool:
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def meet(stage: Stage) -> None:
    """Everyone follows whom they follow, through the network; it is done once, so that a visitor may change it."""
    if stage.journal.met:
        return
    for server in stage.apps:
        people = stage.cast.living_at(server)
        with stage.at(server):
            for name in {name for person in people for name in person.follows}:
                _found(stage.handles[name])
            with db.transaction():
                for person in people:
                    for name in person.follows:
                        follows.ask(accounts.local(person.name), _known(stage.handles[name]))
    for server in stage.apps:
        with stage.at(server):
            if not _until(lambda server=server: _are_let_in(stage, server)):  # type: ignore[misc]
                raise errors.Unreachable(f"Not everyone answers those of {server}.")
    stage.journal.met = True
    stage.journal.write()


def _found(handle: str) -> Account:
    """Somebody of the cast, asked for at their own server the first time."""
    found = resolver.look_up(handle)
    if not isinstance(found, Account):
        raise errors.NotFound(f"Nobody is found at {handle}.")
    return found


def _known(handle: str) -> Account:
    found = accounts.by_handle(handle)
    assert found is not None
    return found


def _are_let_in(stage: Stage, server: str) -> bool:
    """Whether whoever was asked by somebody of a server has said yes."""
    db.end()  # what the workers have changed meanwhile is seen
    people = stage.cast.living_at(server)
    wanted = [
        (accounts.local(person.name), _known(stage.handles[name])) for person in people for name in person.follows
    ]
    asked = [follows.find(follower, target) for follower, target in wanted]
    return all(follow is not None and follow.accepted for follow in asked)


# --- the lines --------------------------------------------------------------------------------------------------------


def play(stage: Stage, line: Line) -> bool:
    """Play a line once; False when it was played before, or a visitor has made it impossible."""
    played = stage.journal.played
    if line.name in played:
        return False
    try:
        played[line.name] = _play(stage, line)
        return True
    except errors.Problem as problem:
        log.warning("the line “%s” is left out: %s", line.name, problem.message)
        played[line.name] = ""
        return False
    finally:
        stage.journal.write()


def _play(stage: Stage, line: Line) -> str:
    """What came of a line: the address of the post, or nothing."""
    with stage.at(stage.cast.people[line.who].server):
        about = _arrived(stage.journal.played.get(line.about, "")) if line.about else None
        for name in stage.cast.named_in(line.says):
            _found(stage.handles[name])
        with db.transaction():
            author = accounts.local(line.who)
            subject = posts.get(about) if about else None
            if line.says:
                return _say(author, line, stage.cast.with_handles(line.says, stage.handles), subject)
            assert subject is not None
            _respond(author, line, subject)
            return subject.uri


def _arrived(uri: str) -> int:
    """The number, here, of a post that is on its way from another server. Raises NotFound when it does not come."""
    seconds = 0.0 if not uri or site.is_here(uri) else PATIENCE

    def has_come() -> bool:
        db.end()
        return posts.by_uri(uri) is not None

    _until(has_come, seconds)
    post = posts.by_uri(uri)
    if post is None:
        raise errors.NotFound("There is no such post.")
    return post.id


def _say(author: Account, line: Line, words: str, answered: Post | None) -> str:
    now = clock.now()
    poll = PollDraft(line.poll, ends_at=now + timedelta(days=POLL_DAYS)) if line.poll else None
    draft = Draft(
        warning=line.warning,
        visibility=line.visibility,
        in_reply_to=answered,
        poll=poll,
        published_at=now - timedelta(minutes=line.ago or 0),
    )
    return posts.publish(author, posts.compose(author, words, draft)).uri


def _respond(account: Account, line: Line, post: Post) -> None:
    if line.likes:
        likes.like(account, post)
    elif line.boosts:
        posts.boost(account, post, published_at=clock.now() - timedelta(minutes=line.ago or 0))
    else:
        polls.vote(account, post, [line.choice])
