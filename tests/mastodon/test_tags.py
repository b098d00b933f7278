"""Hashtags: followed, shown on a profile, counted."""

from datetime import timedelta

from fediterr.core import clock
from tests.fediverse import Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_public_posts_with_a_followed_hashtag_come_home(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    tag = alice.post("/api/v1/tags/Pont/follow")
    shapes.check(tag, shapes.WHOLE_TAG)
    assert (tag["name"], tag["following"], tag["featuring"]) == ("Pont", True, False)
    said = [bob.says("Un #pont"), bob.says("Deux #PONTS #pont")]
    bob.says("Discret #pont", visibility="unlisted")
    bob.says("Sans rien")
    mine = alice.says("Le mien #pont")
    expected = [mine["id"], said[1]["id"], said[0]["id"]]
    assert [each["id"] for each in alice.get("/api/v1/timelines/home")] == expected
    assert [each["id"] for each in alice.get("/api/v1/timelines/home", limit="2")] == expected[:2]
    assert [each["id"] for each in alice.get("/api/v1/timelines/home", max_id=expected[0])] == expected[1:]
    assert [each["id"] for each in alice.get("/api/v1/timelines/home", min_id=expected[2], limit="1")] == [expected[1]]
    assert [each["name"] for each in alice.get("/api/v1/followed_tags")] == ["Pont"]
    alice.post(f"/api/v1/accounts/{said[0]['account']['id']}/mute")
    assert [each["id"] for each in alice.get("/api/v1/timelines/home")] == expected[:1]
    assert alice.post("/api/v1/tags/pont/unfollow")["following"] is False
    assert alice.get("/api/v1/followed_tags") == []


def test_home_is_one_walk_through_people_and_hashtags(brest: Server) -> None:
    """Pages of both together: nothing is missing, nothing comes twice, newest first."""
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    alice.post(f"/api/v1/accounts/{bob.get('/api/v1/accounts/verify_credentials')['id']}/follow")
    alice.post("/api/v1/tags/pont/follow")
    said = [(bob if number % 3 else carol).says(f"{number} #pont")["id"] for number in range(17)]
    for walk, bound in (("max_id", -1), ("min_id", 0)):
        seen: list[str] = []
        at: dict[str, str] = {"min_id": "1"} if walk == "min_id" else {}
        while page := alice.get("/api/v1/timelines/home", limit="4", **at):
            ids = [each["id"] for each in page]
            assert ids == sorted(ids, key=int, reverse=True)
            seen = seen + ids if walk == "max_id" else ids + seen
            at = {walk: ids[bound]}
        assert seen == said[::-1]


def test_a_hashtag_tells_how_it_was_used(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    for app in (alice, alice, bob):
        app.says("Le #pont")
    alice.says("Entre nous #pont", visibility="private")
    clock.shift(timedelta(days=1))
    bob.says("Encore le #pont")
    tag = bob.get("/api/v1/tags/pont")
    shapes.check(tag, shapes.WHOLE_TAG)
    used = [(int(day["uses"]), int(day["accounts"])) for day in tag["history"]]
    assert used == [(1, 1), (3, 2), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    assert [int(a["day"]) - int(b["day"]) for a, b in zip(tag["history"], tag["history"][1:], strict=False)] == [
        86400
    ] * 6
    nobody = Application(brest.register("carol"), scopes=None)
    assert set(nobody.get("/api/v1/tags/pont")) == set(tag) - {"following", "featuring"}
    assert nobody.ask("GET", "/api/v1/tags/12").status_code == 404


def test_hashtags_are_shown_on_a_profile(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    me = alice.says("Le #pont et le #port")["account"]["id"]
    alice.says("Encore le #pont")
    assert [each["name"] for each in alice.get("/api/v1/featured_tags/suggestions")] == ["pont", "port"]
    made = alice.post("/api/v1/featured_tags", name="#Pont")
    shapes.check(made, shapes.FEATURED_TAG)
    assert (made["name"], made["statuses_count"]) == ("Pont", "2")
    assert alice.post("/api/v1/tags/port/feature")["featuring"] is True
    assert [each["name"] for each in bob.get(f"/api/v1/accounts/{me}/featured_tags")] == ["Pont", "port"]
    assert alice.get("/api/v1/featured_tags/suggestions") == []
    assert bob.ask("DELETE", f"/api/v1/featured_tags/{made['id']}").status_code == 404
    assert alice.delete(f"/api/v1/featured_tags/{made['id']}") == {}
    assert alice.post("/api/v1/tags/port/unfeature")["featuring"] is False
    assert alice.get("/api/v1/featured_tags") == []
    for name in ("", "#", "12", "a b"):
        assert alice.ask("POST", "/api/v1/featured_tags", json={"name": name}).status_code == 422
    for number in range(10):
        alice.post("/api/v1/featured_tags", name=f"pont{number}")
    assert alice.ask("POST", "/api/v1/featured_tags", json={"name": "encore"}).status_code == 422
