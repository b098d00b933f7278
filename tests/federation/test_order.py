"""Whatever the order in which things arrive, and however often, they end as they were meant (R10 to R12)."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fediterr.activitypub import inbox, posts
from fediterr.activitypub.models import Received
from fediterr.core import facts, text
from fediterr.social import likes
from fediterr.social.models import Like, Notification, Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Json, Somebody, Stranger


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def story(alice: Somebody) -> dict[str, Json]:
    note = alice.note("<p>Avant</p>", published="2026-01-01T00:00:00Z")
    like = alice.does("Like", note["id"])
    changed = note | {"content": "<p>Après</p>", "updated": "2026-01-02T00:00:00Z"}
    return {
        "create": alice.create(note),
        "update": alice.does("Update", changed, to=note["to"]),
        "like": like,
        "unlike": alice.undo(like),
        "delete": alice.does("Delete", {"id": note["id"], "type": "Tombstone"}),
    }


def state(bob: Person, uri: str) -> Any:
    post = bob.post(uri)
    return (text.plain(post.content), post.likes_count) if post else None


@pytest.mark.parametrize("order", list(itertools.permutations(["create", "update", "delete"])))
def test_what_was_deleted_stays_deleted_in_every_order(
    meeting: tuple[Server, Person, Somebody], order: tuple[str, ...]
) -> None:
    brest, bob, alice = meeting
    said = story(alice)
    for name in order:
        alice.tells(brest, said[name])
    assert state(bob, said["create"]["object"]["id"]) is None
    assert brest.count(Post) == 0


def test_all_orders_of_a_whole_life_end_in_death(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    for order in itertools.permutations(["create", "update", "like", "unlike", "delete"]):
        said = story(alice)
        for name in order:
            assert alice.sends(brest, said[name]).status_code == 202
        alice.stranger.fediverse.settle()
    assert brest.count(Post) == 0
    assert brest.count(Like) == 0
    assert bob.home() == []
    assert brest.is_idle()


@pytest.mark.parametrize("order", list(itertools.permutations(["create", "update", "like", "unlike"])))
def test_all_orders_of_a_life_so_far_end_edited_and_not_liked(
    meeting: tuple[Server, Person, Somebody], order: tuple[str, ...]
) -> None:
    brest, bob, alice = meeting
    said = story(alice)
    for name in order:
        assert alice.sends(brest, said[name]).status_code == 202
    alice.stranger.fediverse.settle()
    assert state(bob, said["create"]["object"]["id"]) == ("Après", 0)


def test_an_older_edit_does_not_undo_a_newer(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>0</p>", published="2026-01-01T00:00:00Z")
    edits = [
        alice.does("Update", note | {"content": f"<p>{day}</p>", "updated": f"2026-01-0{day}T00:00:00Z"})
        for day in (2, 3, 4)
    ]
    alice.tells(brest, alice.create(note))
    for edit, reads in ((edits[1], "3"), (edits[0], "3"), (edits[2], "4")):
        alice.tells(brest, edit)
        assert state(bob, note["id"]) == (reads, 0)
    alice.tells(brest, edits[1] | {"id": f"{edits[1]['id']}-again"})
    assert state(bob, note["id"]) == ("4", 0)


def test_edits_without_a_date_count_in_the_order_they_come(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>0</p>", published="2026-01-01T00:00:00Z")
    alice.tells(brest, alice.create(note))
    for number in (1, 2, 3):
        alice.tells(brest, alice.does("Update", note | {"content": f"<p>{number}</p>"}))
    assert state(bob, note["id"]) == ("3", 0)


def test_a_like_of_what_is_still_on_its_way_counts_when_it_is_fetched(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Bientôt</p>")
    alice.tells(brest, alice.does("Announce", note["id"], to=note["to"]))
    alice.tells(brest, alice.does("Like", note["id"]))
    alice.tells(brest, alice.create(note))
    post = bob.post(note["id"])
    assert post is not None
    assert (post.likes_count, post.boosts_count) == (1, 1)


# --- once, however often ---------------------------------------------------------------------------------------------


def test_a_hundred_copies_have_one_effect(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    uri = bob.says("Bonjour")
    like, create = alice.does("Like", uri), alice.create(alice.note("<p>Une fois</p>"))
    assert alice.sends(brest, like).status_code == 202  # the key is known from now on

    def send(number: int) -> int:
        where = "/inbox" if number % 2 else "/actors/bob/inbox"
        return alice.sends(brest, like if number % 4 < 2 else create, inbox=where).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(100)))
    assert set(statuses) == {202}
    alice.stranger.fediverse.settle()
    assert brest.count(Received, Received.activity_uri.in_([like["id"], create["id"]])) == 2
    assert sorted(bob.home()) == ["Bonjour", "Une fois"]
    post = bob.post(uri)
    assert post is not None
    assert post.likes_count == 1
    assert brest.count(Notification) == 1


def test_what_was_handled_is_remembered_for_ninety_days(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    uri = bob.says("Bonjour")
    like = alice.tells(brest, alice.does("Like", uri))
    alice.stranger.fediverse.wait(days=89)
    with brest.inside():
        found = likes.by_uri(like["id"])
        assert found is not None
        brest.app.extensions["sqlalchemy"].session.delete(found)
    alice.tells(brest, like)
    assert brest.count(Like) == 0


# --- a worker that dies ----------------------------------------------------------------------------------------------


def test_a_crash_while_handling_loses_and_doubles_nothing(
    meeting: tuple[Server, Person, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    brest, bob, alice = meeting
    crashes = iter([True, False, True, True, False, False, True] + [False] * 100)
    real = posts.receive_create

    class Killed(BaseException):
        """As when a process is killed: nothing of the code runs on."""

    def dying(activity: Any, sender: Any) -> None:
        real(activity, sender)
        if next(crashes):
            raise Killed

    monkeypatch.setitem(inbox.UNDERSTOOD, ("Create", "*"), dying)
    for number in range(10):
        assert alice.sends(brest, alice.create(alice.note(f"<p>{number}</p>"))).status_code == 202
    for _ in range(20):
        try:
            alice.stranger.fediverse.settle()
        except Killed:
            brest.sweep()
    assert sorted(bob.home()) == [str(number) for number in range(10)]
    assert brest.is_idle()


def test_who_leaves_at_once_leaves_nothing_to_react_to(
    meeting: tuple[Server, Person, Somebody], caplog: pytest.LogCaptureFixture
) -> None:
    brest, bob, alice = meeting
    uri = bob.says("Bonjour")
    mention = [{"type": "Mention", "href": bob.uri}]
    said = [
        alice.does("Follow", bob.uri),
        alice.does("Like", uri),
        alice.create(alice.note("<p>@bob</p>", tag=mention)),
    ]
    for activity in (*said, alice.does("Delete", alice.uri)):
        assert alice.sends(brest, activity).status_code == 202
    alice.stranger.fediverse.settle()
    assert brest.count(facts.Told) == 0
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert bob.notifications() == []


def test_one_that_breaks_its_handler_is_set_aside_and_holds_nobody_up(
    meeting: tuple[Server, Person, Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    brest, bob, alice = meeting

    def broken(activity: Any, sender: Any) -> None:
        raise ValueError("never works")

    monkeypatch.setitem(inbox.UNDERSTOOD, ("Listen", "*"), broken)
    assert alice.sends(brest, alice.does("Listen", "https://far.test/song")).status_code == 202
    alice.tells(brest, alice.create(alice.note("<p>Après</p>")))
    assert bob.home() == ["Après"]
    assert brest.count(Received, Received.set_aside_at.is_not(None)) == 1
