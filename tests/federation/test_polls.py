"""Polls across servers: asked, answered, counted by whoever holds them, closed."""

from datetime import timedelta
from typing import Any

import pytest

from fediterr.core import clock, errors
from fediterr.social.models import Vote
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Json, Somebody, Stranger
from workers import upkeep


def counts(person: Person, uri: str) -> tuple[list[int], int]:
    post = person.post(uri)
    assert post is not None
    assert post.poll is not None
    return post.poll.counts, post.poll.voters_count


@pytest.fixture
def trio(fediverse: Fediverse) -> tuple[Person, Person, Person, str]:
    """Maria asks; Paul and Lise of elsewhere follow her."""
    maria = fediverse["brest.test"].register("maria")
    paul, lise = fediverse["nantes.test"].register("paul"), fediverse["rennes.test"].register("lise")
    for person in (paul, lise):
        person.follow("maria@brest.test")
    fediverse.settle()
    uri = maria.asks("Quel jour ?", "mardi", "jeudi")
    fediverse.settle()
    return maria, paul, lise, uri


def test_a_vote_is_counted_where_the_poll_is_and_told_to_all(
    fediverse: Fediverse, trio: tuple[Person, Person, Person, str]
) -> None:
    maria, paul, lise, uri = trio
    paul.votes(uri, 1)
    fediverse.settle()
    assert counts(maria, uri) == ([0, 1], 1)
    fediverse.wait(seconds=10)
    assert counts(paul, uri) == counts(lise, uri) == ([0, 1], 1)
    with pytest.raises(errors.Invalid):
        paul.votes(uri, 0)
    with pytest.raises(errors.Invalid):
        maria.votes(uri, 0)


def test_votes_that_come_together_are_told_together(
    fediverse: Fediverse, trio: tuple[Person, Person, Person, str]
) -> None:
    _, paul, lise, uri = trio
    fediverse.settle()
    before = len(fediverse.requests)
    for person in (paul, lise):
        person.votes(uri, 0)
    fediverse.settle()
    fediverse.wait(seconds=10)
    told = [url for method, url in fediverse.requests[before:] if method == "POST" and "brest" not in url]
    assert sorted(told) == ["https://nantes.test/inbox", "https://rennes.test/inbox"]
    assert counts(lise, uri) == ([2, 0], 2)


def test_several_answers_count_one_voter(fediverse: Fediverse, trio: tuple[Person, Person, Person, str]) -> None:
    maria, paul, *_ = trio
    uri = maria.asks("Quels jours ?", "mardi", "jeudi", "samedi", multiple=True)
    fediverse.settle()
    paul.votes(uri, 0, 2)
    fediverse.settle()
    assert counts(maria, uri) == ([1, 0, 1], 1)


def test_a_poll_that_ends_is_told_to_whoever_voted(
    fediverse: Fediverse, trio: tuple[Person, Person, Person, str]
) -> None:
    _, paul, lise, uri = trio
    paul.votes(uri, 0)
    fediverse.settle()
    fediverse.wait(hours=25)
    for server in fediverse.servers.values():
        with server.app.app_context():
            upkeep.close_polls()
    fediverse.settle()
    post = lise.post(uri)
    assert post is not None
    assert post.poll is not None
    assert post.poll.closed_at is not None
    assert ("poll", "maria@brest.test") in paul.notifications()
    with pytest.raises(errors.Invalid):
        lise.votes(uri, 0)


# --- other software --------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def vote(somebody: Somebody, poll: str, name: str, author: str, **more: Any) -> Json:
    note = {
        "id": f"{somebody.uri}/votes/{next(somebody.ids)}",
        "type": "Note",
        "name": name,
        "attributedTo": somebody.uri,
        "inReplyTo": poll,
        "to": author,
    }
    return somebody.does("Create", note | more, to=[author])


def test_a_vote_of_other_software_is_counted_once(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    uri = bob.asks("Quel jour ?", "mardi", "jeudi")
    ballot = vote(alice, uri, "jeudi", bob.uri)
    for activity in (ballot, ballot, ballot | {"id": f"{alice.uri}/other"}, vote(alice, uri, "mardi", bob.uri)):
        alice.tells(brest, activity)
    assert counts(bob, uri) == ([0, 1], 1)
    assert brest.count(Vote) == 1


def test_what_is_no_vote_is_not_counted(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    ann = alice.stranger.person("ann")
    uri = bob.asks("Quel jour ?", "mardi", "jeudi")
    hidden = bob.asks("Entre nous ?", "oui", "non", visibility="direct")
    alice.tells(brest, vote(alice, uri, "dimanche", bob.uri))
    alice.tells(brest, vote(alice, uri, "mardi", bob.uri, attributedTo=ann.uri))
    alice.tells(brest, vote(alice, hidden, "oui", bob.uri))
    alice.tells(brest, vote(alice, "https://brest.test/posts/1", "oui", bob.uri))
    alice.stranger.fediverse.wait(hours=25)
    alice.tells(brest, vote(alice, uri, "mardi", bob.uri))
    assert counts(bob, uri) == ([0, 0], 0)
    assert counts(bob, hidden) == ([0, 0], 0)
    assert bob.notifications() == []


def question(alice: Somebody, *totals: int, **more: Any) -> Json:
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": total}}
        for name, total in zip(("mardi", "jeudi"), totals, strict=True)
    ]
    ends = (clock.now() + timedelta(days=1)).isoformat()
    return alice.note(
        "<p>Quel jour ?</p>", kind="Question", oneOf=options, endTime=ends, votersCount=sum(totals), **more
    )


def test_bob_votes_in_a_poll_of_elsewhere(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    poll = question(alice, 3, 4)
    alice.tells(brest, alice.create(poll))
    assert counts(bob, poll["id"]) == ([3, 4], 7)
    bob.votes(poll["id"], 1)
    alice.stranger.fediverse.settle()
    [create] = alice.stranger.received_of("Create")
    ballot = create["object"]
    assert (ballot["type"], ballot["name"], ballot["inReplyTo"]) == ("Note", "jeudi", poll["id"])
    assert (ballot["attributedTo"], ballot["to"]) == (bob.uri, [alice.uri])
    assert "content" not in ballot


def test_new_counts_are_no_edit(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    poll = question(alice, 0, 0)
    alice.tells(brest, alice.create(poll))
    alice.tells(brest, alice.does("Update", question(alice, 5, 6) | {"id": poll["id"]}))
    assert counts(bob, poll["id"]) == ([5, 6], 11)
    post = bob.post(poll["id"])
    assert post is not None
    assert post.edited_at is None


def test_a_closed_poll_stays_closed(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    poll = question(alice, 1, 2, closed=clock.now().isoformat())
    alice.tells(brest, alice.create(poll))
    with pytest.raises(errors.Invalid):
        bob.votes(poll["id"], 0)
