"""Moving house: followers follow, when the new house says that it is the same person."""

from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.core import errors
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger


def says_it_was(person: Person, handle: str) -> None:
    """The person names another account as an alias."""
    person.look_up(handle)
    with person.acting() as me:
        other = accounts.by_handle(handle)
        assert other is not None
        accounts.add_alias(me, other)


def moves_to(person: Person, handle: str) -> None:
    person.look_up(handle)
    with person.acting() as me:
        target = accounts.by_handle(handle)
        assert target is not None
        accounts.move(me, target)


def test_followers_follow_to_the_new_place(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria")
    paul, anne = fediverse["nantes.test"].register("paul"), fediverse["brest.test"].register("anne")
    there = fediverse["rennes.test"].register("maria")
    for person in (paul, anne):
        person.follow("maria@brest.test")
    fediverse.settle()
    says_it_was(there, "maria@brest.test")
    fediverse.settle()
    moves_to(maria, "maria@rennes.test")
    fediverse.settle()
    for person in (paul, anne):
        assert person.follows("maria@brest.test") is None
        assert person.follows("maria@rennes.test") is True
    assert there.account().followers_count == 2
    assert maria.account().followers_count == 0
    there.says("Bien arrivée")
    fediverse.settle()
    assert paul.home() == anne.home() == ["Bien arrivée"]
    document = fediverse["brest.test"].get("/actors/maria").get_json()
    assert document["movedTo"] == there.uri
    with pytest.raises(errors.Forbidden):
        paul.follow("maria@brest.test")


def test_without_an_alias_nobody_moves(fediverse: Fediverse) -> None:
    maria, there = fediverse["brest.test"].register("maria"), fediverse["rennes.test"].register("maria")
    paul = fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    with pytest.raises(errors.Invalid):
        moves_to(maria, "maria@rennes.test")
    assert there.account().followers_count == 0


# --- other software --------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody, Somebody]:
    """bob of here follows alice of elsewhere, who has a new place at third.test."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    new = Stranger(fediverse, "third.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice, new


def move(alice: Somebody, target: str) -> dict[str, Any]:
    return alice.does("Move", alice.uri, target=target)


def test_a_move_of_other_software_is_followed(meeting: tuple[Server, Person, Somebody, Somebody]) -> None:
    brest, bob, alice, new = meeting
    new.document["alsoKnownAs"] = [alice.uri]
    alice.tells(brest, move(alice, new.uri))
    assert bob.follows("alice@far.test") is None
    assert bob.follows("alice@third.test") is False  # asked
    assert new.stranger.received_of("Follow")[0]["object"] == new.uri
    assert alice.stranger.received_of("Undo") != []


def test_an_alias_that_was_named_only_now_is_seen(meeting: tuple[Server, Person, Somebody, Somebody]) -> None:
    brest, bob, alice, new = meeting
    bob.look_up("alice@third.test")  # known, and without an alias then
    new.document["alsoKnownAs"] = alice.uri
    alice.tells(brest, move(alice, new.uri))
    assert bob.follows("alice@third.test") is False


def test_a_move_to_somebody_who_knows_nothing_of_it_is_refused(
    meeting: tuple[Server, Person, Somebody, Somebody],
) -> None:
    brest, bob, alice, new = meeting
    alice.tells(brest, move(alice, new.uri))
    new.document["alsoKnownAs"] = ["https://elsewhere.test/users/x"]
    alice.tells(brest, move(alice, new.uri))
    alice.tells(brest, move(alice, bob.uri))
    assert bob.follows("alice@far.test") is True
    assert new.stranger.received == []
    assert brest.is_idle()


def test_nobody_moves_another(meeting: tuple[Server, Person, Somebody, Somebody]) -> None:
    brest, bob, alice, new = meeting
    new.document["alsoKnownAs"] = [alice.uri]
    for somebody in (new, alice.stranger.person("ann")):
        somebody.tells(brest, somebody.does("Move", alice.uri, target=new.uri))
    assert bob.follows("alice@far.test") is True


def test_who_moves_in_circles_or_too_often_stays(meeting: tuple[Server, Person, Somebody, Somebody]) -> None:
    brest, bob, alice, new = meeting
    new.document["alsoKnownAs"], alice.document["alsoKnownAs"] = [alice.uri], [new.uri]
    alice.tells(brest, move(alice, new.uri))
    new.tells(brest, new.does("Accept", new.stranger.received_of("Follow")[0]["id"]))
    new.tells(brest, move(new, alice.uri))
    assert bob.follows("alice@third.test") is True
    other = Stranger(alice.stranger.fediverse, "fourth.test").person("alice", alsoKnownAs=[alice.uri])
    alice.tells(brest, move(alice, other.uri))
    assert other.stranger.received == []
