"""Markers: how far one has read, the same in each application."""

from tests.fediverse import Fediverse
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_a_place_is_kept_for_each_list_and_its_version_grows(fediverse: Fediverse) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    assert alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]}) == {}
    [(name, marker)] = alice.post("/api/v1/markers", home={"last_read_id": "103"}).items()
    shapes.check(marker, shapes.MARKER)
    assert (name, marker["last_read_id"], marker["version"]) == ("home", "103", 0)
    alice.post("/api/v1/markers", home={"last_read_id": "104"}, notifications={"last_read_id": 7}, other={})
    both = alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]})
    assert {name: (each["last_read_id"], each["version"]) for name, each in both.items()} == {
        "home": ("104", 1),
        "notifications": ("7", 0),
    }
    assert set(alice.get("/api/v1/markers", timeline="home")) == {"home"}
    assert alice.get("/api/v1/markers") == {}
    for nonsense in ({"home": "here"}, {"home": {"last_read_id": "here"}}, {"home": [1]}):
        assert alice.post("/api/v1/markers", **nonsense) == {}
