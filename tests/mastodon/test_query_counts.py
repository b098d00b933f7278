"""Every list of the client API is loaded in a number of questions that does not grow with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Role
from fediterr.core import clock, ids
from fediterr.core.db import session
from fediterr.social.models import Block, Follow, Medium, Mute
from tests.counting import counted
from tests.fediverse import Fediverse, Server
from tests.mastodon.client import EVERYTHING, Application

SIZES = (1, 20, 40)
PAGE = b"<title>Un pont</title><meta property='og:image' content='/a.png'>"
GROWING = {  # lists that this story fills for certain
    "/api/v1/accounts", "/api/v1/accounts/:id/followers", "/api/v1/accounts/:id/following",
    "/api/v1/accounts/:id/statuses", "/api/v1/accounts/relationships", "/api/v1/accounts/search", "/api/v1/blocks",
    "/api/v1/bookmarks", "/api/v1/conversations", "/api/v1/endorsements", "/api/v1/favourites", "/api/v1/filters",
    "/api/v1/follow_requests", "/api/v1/followed_tags", "/api/v1/lists", "/api/v1/lists/:id/accounts",
    "/api/v1/mutes", "/api/v1/notifications", "/api/v1/scheduled_statuses", "/api/v1/statuses",
    "/api/v1/statuses/:id/context", "/api/v1/statuses/:id/favourited_by", "/api/v1/statuses/:id/reblogged_by",
    "/api/v1/timelines/home", "/api/v1/timelines/link", "/api/v1/timelines/list/:id", "/api/v1/timelines/public",
    "/api/v1/timelines/tag/:name", "/api/v2/filters", "/api/v2/notifications", "/api/v2/search",
}  # fmt: skip


class World:
    """Somebody who has a little of everything, then more, then a lot."""

    def __init__(self, fediverse: Fediverse) -> None:
        self.fediverse = fediverse
        self.brest: Server = fediverse.add("brest.test", rate_limits=False)
        fediverse.strangers["journal.test"] = lambda request: (200, {"Content-Type": "text/html"}, PAGE)
        self.alice = Application(self.brest.register("alice"))
        watcher = self.brest.register("watcher", role=Role.ADMIN)
        self.watcher = Application(watcher, EVERYTHING)
        watcher.follow("alice")
        self.size = 0
        self.people: list[str] = []
        self.posts: list[str] = []
        self.list_id = self.watcher.post("/api/v1/lists", title="Tous")["id"]
        self.root = self.alice.says("Un pont ? https://journal.test/pont")

    def grow(self, size: int) -> None:
        while self.size < size:
            self._add(self.size)
            self.size += 1
        self.fediverse.settle()

    def _add(self, number: int) -> None:
        person = self.brest.register(f"p{number}")
        app = Application(person)
        identifier = app.get("/api/v1/accounts/verify_credentials")["id"]
        self.people.append(identifier)
        person.follow("watcher")
        person.follow("alice")
        for each in (self.watcher, self.alice):
            each.post(f"/api/v1/accounts/{identifier}/follow")
        self.watcher.post(f"/api/v1/lists/{self.list_id}/accounts", account_ids=[identifier])
        self.watcher.post("/api/v1/lists", title=f"Liste {number}")
        self.watcher.post(f"/api/v1/accounts/{identifier}/pin")
        self.watcher.post(f"/api/v1/tags/mot{number}/follow")
        filter_ = {"title": f"f{number}", "context": ["thread"], "keywords_attributes": [{"keyword": f"non{number}"}]}
        self.watcher.post("/api/v2/filters", **filter_)
        later = clock.now() + timedelta(days=2 + number)
        self.watcher.says(f"Plus tard {number}", scheduled_at=later.isoformat(), media_ids=[self._file("watcher")])
        self._strangers(number)

        poll = {"options": ["a", "b"], "expires_in": 600}
        words = f"@watcher @p{number} numéro {number} #pont #mot{number} https://journal.test/pont"
        said = self.alice.says(words, poll=poll, media_ids=[self._file("alice")])
        self.posts.append(said["id"])
        path = f"/api/v1/statuses/{said['id']}"
        for each in (app, self.watcher):
            each.post(f"{path}/favourite")
            each.post(f"{path}/reblog")
            each.post(f"/api/v1/polls/{said['poll']['id']}/votes", choices=[0])
        self.watcher.post(f"{path}/bookmark")
        root = f"/api/v1/statuses/{self.root['id']}"
        app.post(f"{root}/favourite")
        app.post(f"{root}/reblog")
        app.says(f"@alice réponse {number}", in_reply_to_id=self.root["id"], media_ids=[self._file(person.name)])
        app.says(f"@watcher entre nous {number}", visibility="direct")

    def _file(self, name: str) -> str:
        with self.brest.inside():
            owner = accounts.local(name)
            medium = Medium(account_id=owner.id, kind="image", media_type="image/png", path=f"{ids.new()}.png")
            session.add(medium)
            session.flush()
            return str(medium.id)

    def _strangers(self, number: int) -> None:
        """People of elsewhere: one is blocked, one muted, one asks to follow."""
        with self.brest.inside():
            me = accounts.local("watcher")
            rows: dict[str, Any] = {"blocked": Block, "muted": Mute, "asking": Follow}
            for word, kind in rows.items():
                uri = f"https://nantes.test/{word}{number}"
                other = Account(name=f"{word}{number}", domain="nantes.test", uri=uri, url=uri, inbox=f"{uri}/inbox")
                session.add(other)
                session.flush()
                pair = {"account_id": me.id, "target_id": other.id}
                if kind is Follow:
                    pair = {"follower_id": other.id, "target_id": me.id}
                session.add(kind(**pair, **({} if kind is Mute else {"uri": f"{uri}#1"})))

    def routes(self) -> Iterator[tuple[str, str]]:
        """The lists of the client API as documented, and with what is in this story in their places."""
        for rule in sorted(
            {rule.rule for rule in self.brest.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        ):
            if rule.startswith("/api/v") and "/streaming" not in rule and "<path:" not in rule:
                documented = rule.replace("<id:identifier>", ":id").replace("<name>", ":name")
                if (address := self._filled(documented)) is not None:
                    yield documented, address

    def _filled(self, documented: str) -> str | None:
        before, place, after = documented.partition("/:id")
        if place:
            known = {"accounts": self.root["account"]["id"], "statuses": self.root["id"], "list": self.list_id}
            known |= {"lists": self.list_id}
            identifier = known.get(before.rpartition("/")[2]) or self._first(before)
            if identifier is None:
                return None
            documented = f"{before}/{identifier}{after}"
        documented = documented.replace("/:name", "/pont")
        return None if ":" in documented else documented

    def _first(self, path: str) -> str | None:
        listed = self.watcher.ask("GET", path).json
        found = listed[0].get("id") if isinstance(listed, list) and listed and isinstance(listed[0], dict) else None
        return str(found) if found else None

    def query(self, documented: str) -> dict[str, Any]:
        special: dict[str, dict[str, Any]] = {
            "/api/v1/timelines/link": {"url": "https://journal.test/pont"},
            "/api/v2/search": {"q": "numéro"},
            "/api/v1/accounts/search": {"q": "p"},
            "/api/v1/statuses": {"id[]": self.posts},
            "/api/v1/accounts/lookup": {"acct": "alice"},
        }
        several = {"/api/v1/accounts", "/api/v1/accounts/relationships", "/api/v1/accounts/familiar_followers"}
        if documented in several:
            return {"id[]": self.people}
        return {"limit": 80, **special.get(documented, {})}

    def measure(self) -> dict[str, tuple[int, list[str]]]:
        """How much each list holds, and what its database is asked for it."""
        found = {}
        for documented, address in self.routes():
            query = self.query(documented)
            if self.watcher.ask("GET", address, query_string=query).status_code != 200:
                continue
            with counted(self.brest) as given:
                answer = self.watcher.ask("GET", address, query_string=query)
            found[documented] = (_held(answer.json), given)
        return found


def _held(answer: Any) -> int:
    if isinstance(answer, dict):
        return max((_held(each) for each in answer.values() if isinstance(each, list)), default=0)
    return len(answer) if isinstance(answer, list) else 0


@pytest.fixture
def world(fediverse: Fediverse) -> World:
    clock.shift(datetime(2030, 1, 1, tzinfo=UTC) - clock.now())
    return World(fediverse)


def test_no_list_asks_more_of_the_database_when_it_is_longer(world: World) -> None:
    measured = []
    for size in SIZES:
        world.grow(size)
        measured.append(world.measure())
    few, some, many = measured
    filled = {route for route in few if few[route][0] < some[route][0]}
    assert GROWING - filled == set(), "these lists are empty, or did not grow"
    grown = {
        route: (len(few[route][1]), len(some[route][1]), len(many[route][1]), _news(few[route][1], many[route][1]))
        for route in few
        if not len(few[route][1]) == len(some[route][1]) == len(many[route][1])
    }
    assert grown == {}
    for route in filled:
        assert len(many[route][1]) <= 20, (route, many[route][1])


def _news(few: list[str], many: list[str]) -> list[str]:
    """What was asked more often."""
    return sorted({statement[:300] for statement in many if many.count(statement) > few.count(statement)})
