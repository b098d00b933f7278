"""Trends: what several people speak of now, and what moderators let be shown of it."""

from typing import Any

import pytest

from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import EVERYTHING, Application


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    return fediverse.add("brest.test", trends_people=2)


@pytest.fixture
def carol(brest: Server) -> Application:
    return Application(brest.register("carol", role="moderator"), EVERYTHING)


def trending(app: Application, kind: str, **query: Any) -> Any:
    app.server.fediverse.settle()
    app.server.run("trends")
    return app.get(f"/api/v1/trends/{kind}", **query)


def names(tags: Any) -> list[str]:
    return [tag["name"] for tag in tags]


def test_hashtags_of_several_people_trend_and_fade(fediverse: Fediverse, alice: Application, bob: Application) -> None:
    for app in (alice, bob):
        app.says("#Éclairage et #port")
    for _ in range(3):
        alice.says("#seule")
    nobody = Application(alice.person, scopes=None)
    [first, second] = trending(nobody, "tags")
    assert [first["name"], second["name"]] == ["eclairage", "port"]
    shapes.check(first, shapes.USED_TAG)
    assert (first["history"][0]["uses"], first["history"][0]["accounts"], len(first["history"])) == ("2", "2", 7)
    assert nobody.get("/api/v1/trends") == [first, second]
    assert "following" in alice.get("/api/v1/trends/tags")[0]
    fediverse.wait(days=2)
    for app in (alice, bob):
        app.says("#fete")
    assert names(trending(alice, "tags")) == ["fete", "eclairage", "port"]
    fediverse.wait(days=2)
    assert names(trending(alice, "tags")) == ["fete"]


def test_a_ranking_is_walked_through_by_offset(alice: Application, bob: Application) -> None:
    for app in (alice, bob):
        app.says("#a1 #b2 #c3")
    assert names(trending(alice, "tags", limit=2)) == ["a1", "b2"]
    answer = alice.ask("GET", "/api/v1/trends/tags?limit=2&offset=2")
    assert names(answer.json) == ["c3"]
    assert answer.headers["Link"] == '<https://brest.test/api/v1/trends/tags?limit=2&offset=0>; rel="prev"'
    following = alice.ask("GET", "/api/v1/trends/tags?limit=2").headers["Link"]
    assert following == '<https://brest.test/api/v1/trends/tags?limit=2&offset=2>; rel="next"'
    for odd in ("offset=-3", "offset=x", f"offset={10**20}", "limit=0"):
        assert alice.ask("GET", f"/api/v1/trends/tags?{odd}").status_code == 200


def test_posts_that_several_people_like_or_boost_trend(brest: Server, alice: Application, bob: Application) -> None:
    erin = Application(brest.register("erin"))
    liked, hidden, warned = (
        alice.says("Le port"),
        alice.says("Caché", visibility="unlisted"),
        alice.says("Averti", spoiler_text="!"),
    )
    for said in (liked, hidden, warned):
        bob.post(f"/api/v1/statuses/{said['id']}/favourite")
        bob.post(f"/api/v1/statuses/{said['id']}/reblog")
        alice.post(f"/api/v1/statuses/{said['id']}/favourite")
    assert trending(erin, "statuses") == []
    for said in (liked, hidden, warned):
        erin.post(f"/api/v1/statuses/{said['id']}/reblog")
    [found] = trending(erin, "statuses")
    shapes.check(found, shapes.SEEN_STATUS)
    assert found["id"] == liked["id"]
    erin.post(f"/api/v1/accounts/{liked['account']['id']}/mute")
    assert erin.get("/api/v1/trends/statuses") == []
    assert len(Application(bob.person, scopes=None).get("/api/v1/trends/statuses")) == 1


def test_strangers_make_no_trend(fediverse: Fediverse, brest: Server, alice: Application, bob: Application) -> None:
    nantes = fediverse["nantes.test"]
    watcher = brest.register("watcher")
    crowd = [nantes.register(f"n{number}") for number in range(3)]
    said = alice.says("Bonjour @n0@nantes.test @n1@nantes.test @n2@nantes.test")
    fediverse.settle()
    for person in crowd:
        person.says("@alice@brest.test #spam")
        person.likes(said["uri"])
    assert (trending(alice, "tags"), trending(alice, "statuses")) == ([], [])
    for person in crowd[:2]:
        watcher.follow(f"{person.name}@nantes.test")
    assert names(trending(alice, "tags")) == ["spam"]
    assert len(trending(alice, "statuses")) == 1


def test_who_does_not_want_to_be_found_makes_no_trend(alice: Application, bob: Application) -> None:
    alice.put("/api/v1/accounts/update_credentials", discoverable=False)
    for app in (alice, bob):
        app.says("#port")
    assert trending(alice, "tags") == []


def test_pages_that_several_people_link_to_trend(
    fediverse: Fediverse, alice: Application, bob: Application, carol: Application
) -> None:
    page = b'<html><head><title>La fete</title><meta property="og:title" content="La fete du port"></head></html>'
    fediverse.strangers["journal.test"] = lambda _request: (200, {"Content-Type": "text/html"}, page)
    for app in (alice, bob):
        app.says("Lisez https://journal.test/fete")
    [found] = trending(alice, "links")
    shapes.check(found, shapes.TRENDING_CARD)
    assert (found["title"], found["history"][0]["accounts"]) == ("La fete du port", "2")
    [reviewed] = carol.get("/api/v1/admin/trends/links")
    assert reviewed == {"id": reviewed["id"], **found, "requires_review": True}
    assert carol.get("/api/v1/admin/trends/links/publishers") == [
        {"id": "journal.test", "domain": "journal.test", "trendable": True, "requires_review": True}
    ]
    publisher = "/api/v1/admin/trends/links/publishers/journal.test"
    assert carol.post(f"{publisher}/reject")["trendable"] is False
    assert alice.get("/api/v1/trends/links") == []
    assert carol.post(f"/api/v1/admin/trends/links/{reviewed['id']}/approve")["requires_review"] is False
    assert alice.get("/api/v1/trends/links") == [found]
    carol.post(f"/api/v1/admin/trends/links/{reviewed['id']}/reject")
    carol.post(f"{publisher}/approve")
    assert alice.get("/api/v1/trends/links") == []


def test_what_a_moderator_refuses_is_not_shown(alice: Application, bob: Application, carol: Application) -> None:
    for app in (alice, bob):
        app.says("#port #spam")
    said = alice.says("Le port")
    for app in (bob, carol):
        app.post(f"/api/v1/statuses/{said['id']}/favourite")
    assert len(trending(alice, "tags")) == 2
    assert len(alice.get("/api/v1/trends/statuses")) == 1
    refused = carol.post("/api/v1/admin/trends/tags/Spam/reject")
    shapes.check(refused, {**shapes.USED_TAG, **shapes.REVIEWED_TAG})
    assert (refused["trendable"], refused["requires_review"]) == (False, False)
    status = carol.post(f"/api/v1/admin/trends/statuses/{said['id']}/reject")
    shapes.check(status, {**shapes.SEEN_STATUS, "requires_review": bool})
    assert names(trending(alice, "tags")) == ["port"]
    assert alice.get("/api/v1/trends/statuses") == []
    assert sorted(names(carol.get("/api/v1/admin/trends/tags"))) == ["port", "spam"]
    assert len(carol.get("/api/v1/admin/trends/statuses")) == 1
    for path in ("tags/nothing", "statuses/12", "links/12", "links/publishers/nowhere.test"):
        assert carol.ask("POST", f"/api/v1/admin/trends/{path}/approve").status_code == 404
    for path in ("tags", "statuses", "links", "links/publishers"):
        assert alice.ask("GET", f"/api/v1/admin/trends/{path}").status_code == 403


def test_where_review_is_asked_for_nothing_is_shown_before(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", trends_people=2, trends_review=True)
    alice = Application(brest.register("alice"), EVERYTHING)
    carol = Application(brest.register("carol", role="moderator"), EVERYTHING)
    for app in (alice, carol):
        app.says("#port #pont")
    assert trending(alice, "tags") == []
    carol.post("/api/v1/admin/trends/tags/pont/approve")
    assert names(alice.get("/api/v1/trends/tags")) == ["pont"]
    found = alice.get("/api/v2/search", q="po", type="hashtags", exclude_unreviewed="true")["hashtags"]
    assert names(found) == ["pont"]
    found = alice.get("/api/v2/search", q="#port", type="hashtags", exclude_unreviewed="true")["hashtags"]
    assert names(found) == ["port"]
    assert len(alice.get("/api/v2/search", q="po", type="hashtags")["hashtags"]) == 2
