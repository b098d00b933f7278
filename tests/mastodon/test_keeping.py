"""What one keeps: bookmarks, favourites; and threads of which one wants to hear nothing."""

import re

import pytest

from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


@pytest.mark.parametrize(
    ("verb", "undo", "path", "key"),
    [
        ("bookmark", "unbookmark", "/api/v1/bookmarks", "bookmarked"),
        ("favourite", "unfavourite", "/api/v1/favourites", "favourited"),
    ],
)
def test_what_was_kept_last_comes_first_and_is_paged_by_when_it_was_kept(
    brest: Server, verb: str, undo: str, path: str, key: str
) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    said = [alice.says(f"Numéro {number}")["id"] for number in range(4)]
    kept = [said[number] for number in (2, 0, 3, 1)]
    for identifier in kept:
        shown = bob.post(f"/api/v1/statuses/{identifier}/{verb}")
        shapes.check(shown, shapes.SEEN_STATUS)
        assert shown[key] is True
        assert bob.post(f"/api/v1/statuses/{identifier}/{verb}")[key] is True
    assert [each["id"] for each in bob.get(path)] == kept[::-1]
    assert alice.get(path) == []
    first = bob.ask("GET", f"{path}?limit=3")
    following = re.search(r'<https://brest\.test([^>]*)>; rel="next"', first.headers["Link"])
    assert following
    assert [each["id"] for each in bob.ask("GET", following[1]).json] == kept[:1]
    newer = re.search(r'<https://brest\.test([^>]*min_id[^>]*)>; rel="prev"', first.headers["Link"])
    assert newer
    assert bob.ask("GET", newer[1]).json == []
    assert bob.post(f"/api/v1/statuses/{kept[0]}/{undo}")[key] is False
    alice.delete(f"/api/v1/statuses/{kept[1]}")
    assert [each["id"] for each in bob.get(path)] == [kept[3], kept[2]]


def test_of_a_muted_thread_nothing_is_told(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    asked = alice.says("Un pont ?")
    answer = bob.says("@alice oui", in_reply_to_id=asked["id"])
    brest.fediverse.settle()
    assert len(alice.get("/api/v1/notifications")) == 1
    muted = alice.post(f"/api/v1/statuses/{answer['id']}/mute")
    assert muted["muted"] is True
    assert alice.get(f"/api/v1/statuses/{asked['id']}")["muted"] is True
    assert bob.get(f"/api/v1/statuses/{asked['id']}")["muted"] is False
    bob.says("@alice vraiment", in_reply_to_id=answer["id"])
    bob.post(f"/api/v1/statuses/{asked['id']}/favourite")
    bob.says("@alice autre chose")
    brest.fediverse.settle()
    told = alice.get("/api/v1/notifications")
    assert [each["status"]["content"].count("autre chose") for each in told] == [1, 0]
    assert alice.post(f"/api/v1/statuses/{asked['id']}/unmute")["muted"] is False
    bob.post(f"/api/v1/statuses/{asked['id']}/reblog")
    brest.fediverse.settle()
    assert alice.get("/api/v1/notifications")[0]["type"] == "reblog"


def test_a_part_of_a_thread_that_was_muted_mutes_the_whole(fediverse: Fediverse, brest: Server) -> None:
    """An answer arrives, its thread is muted, and only then what it answers."""
    bob, carol = fediverse["nantes.test"].register("bob"), fediverse["rennes.test"].register("carol")
    alice = Application(brest.register("alice"))
    alice.person.follow("bob@nantes.test")
    fediverse.settle()
    first = carol.says("Un pont ?")
    bob.look_up(first)
    fediverse["rennes.test"].down = True
    answer = bob.says("Oui @alice@brest.test", answers=first)
    fediverse.settle()
    [told] = alice.get("/api/v1/notifications")
    alice.post(f"/api/v1/statuses/{told['status']['id']}/mute")
    fediverse["rennes.test"].down = False
    fediverse.wait(hours=1)
    alice.person.look_up(first)
    found, known = alice.person.post(first), alice.person.post(answer)
    assert found is not None
    assert known is not None
    assert known.thread_id == found.thread_id
    assert alice.get(f"/api/v1/statuses/{found.id}")["muted"] is True
