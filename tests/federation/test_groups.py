"""Communities: what is addressed to one of here goes to all who follow it; those of elsewhere in their own ways."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Json, Somebody, Stranger

RECORDED = Path(__file__).parents[1] / "recorded"


@pytest.fixture
def energie(fediverse: Fediverse) -> Person:
    """A community of Brest that Paul of Nantes and Lise of Rennes follow."""
    group = fediverse["brest.test"].register("energie", kind="Group")
    for host, name in (("nantes.test", "paul"), ("rennes.test", "lise")):
        fediverse[host].register(name).follow("energie@brest.test")
    fediverse.settle()
    return group


def test_what_a_member_addresses_to_a_community_reaches_all_members(fediverse: Fediverse, energie: Person) -> None:
    paul, lise = Person(fediverse["nantes.test"], "paul"), Person(fediverse["rennes.test"], "lise")
    paul.says("@energie@brest.test Qui a rénové une école ?")
    fediverse.settle()
    assert lise.home() == ["@energie Qui a rénové une école ?"]
    assert energie.account().followers_count == 2


def test_it_is_announced_as_a_post_and_as_an_activity(fediverse: Fediverse, energie: Person) -> None:
    """Mastodon understands the first, Lemmy the second; who understands both shows it once."""
    alice = Stranger(fediverse, "far.test").person("alice")
    alice.tells(energie.server, alice.does("Follow", energie.uri))
    note = alice.note("<p>Une question</p>", tag=[{"type": "Mention", "href": energie.uri}])
    create = alice.tells(energie.server, alice.create(note, audience=energie.uri))
    announced = [activity["object"] for activity in alice.stranger.received_of("Announce")]
    assert sorted(announced, key=str) == sorted([note["id"], create], key=str)
    alice.tells(energie.server, create | {"id": f"{create['id']}-again"})
    assert len(alice.stranger.received_of("Announce")) == 2


def test_so_does_what_a_member_of_here_addresses_to_it(fediverse: Fediverse, energie: Person) -> None:
    lise, anne = Person(fediverse["rennes.test"], "lise"), fediverse["brest.test"].register("anne")
    anne.follow("energie")
    anne.says("@energie Bonjour")
    fediverse.settle()
    assert lise.home() == ["@energie Bonjour"]


def test_what_is_not_for_all_or_from_a_stranger_is_not_passed_on(fediverse: Fediverse, energie: Person) -> None:
    paul, lise = Person(fediverse["nantes.test"], "paul"), Person(fediverse["rennes.test"], "lise")
    paul.says("@energie@brest.test en privé", visibility="direct")
    paul.says("@energie@brest.test pour les miens", visibility="followers")
    fediverse["nantes.test"].register("jean").says("@energie@brest.test d'un inconnu")
    fediverse.settle()
    assert lise.home() == []


# --- communities of elsewhere ----------------------------------------------------------------------------------------


@pytest.fixture
def member(fediverse: Fediverse) -> tuple[Server, Person, Somebody, Somebody]:
    """bob of here follows a community of elsewhere, in which alice writes."""
    brest, far = fediverse["brest.test"], Stranger(fediverse, "far.test")
    compost, alice = far.person("compost", type="Group"), far.person("alice")
    bob = brest.register("bob")
    bob.follow("compost@far.test")
    fediverse.settle()
    compost.tells(brest, compost.does("Accept", far.received_of("Follow")[0]))
    assert bob.follows("compost@far.test") is True
    return brest, bob, compost, alice


def announce(group: Somebody, what: Any) -> Json:
    return group.does("Announce", what, to=[PUBLIC], cc=[group.followers])


def test_a_community_announces_posts_or_whole_activities(member: tuple[Server, Person, Somebody, Somebody]) -> None:
    brest, bob, compost, alice = member
    first, second = alice.note("<p>un</p>"), alice.note("<p>deux</p>", kind="Page", name="Deux")
    compost.tells(brest, announce(compost, first["id"]))
    compost.tells(brest, announce(compost, alice.create(second)))
    compost.tells(brest, announce(compost, second["id"]))
    assert sorted(bob.home()) == ["deux", "un"]


def test_announced_changes_are_looked_at_where_they_were_made(
    member: tuple[Server, Person, Somebody, Somebody],
) -> None:
    brest, bob, compost, alice = member
    note = alice.note("<p>avant</p>")
    compost.tells(brest, announce(compost, alice.create(note)))
    changed = note | {"content": "<p>après</p>"}
    compost.tells(brest, announce(compost, alice.does("Update", note | {"content": "<p>inventé</p>"})))
    assert bob.home() == ["avant"]
    alice.stranger.serve(changed)
    compost.tells(brest, announce(compost, alice.does("Update", changed)))
    assert bob.home() == ["après"]
    compost.tells(brest, announce(compost, alice.does("Delete", note["id"])))
    assert bob.home() == ["après"]
    alice.stranger.answers[note["id"].removeprefix("https://far.test")] = (410, {}, b"")
    compost.stranger.fediverse.wait(hours=2)
    compost.tells(brest, announce(compost, alice.does("Delete", note["id"])))
    assert bob.home() == []


def test_an_announced_like_or_undo_of_another_is_nobodys_word(
    member: tuple[Server, Person, Somebody, Somebody],
) -> None:
    brest, bob, compost, alice = member
    uri = bob.says("Bonjour")
    like = alice.tells(brest, alice.does("Like", uri))
    for activity in (alice.undo(like), alice.does("Like", uri), alice.does("Follow", bob.uri)):
        compost.tells(brest, announce(compost, activity))
    post = bob.post(uri)
    assert post is not None
    assert post.likes_count == 1
    assert bob.account().followers_count == 0


@pytest.mark.parametrize("name", ["lemmy/announce_create_page", "lemmy/announce_page", "peertube/announce_video"])
def test_the_ways_of_lemmy_and_peertube_are_understood(fediverse: Fediverse, name: str) -> None:
    brest = fediverse["brest.test"]
    bob = brest.register("bob")
    document = json.loads((RECORDED / f"{name}.json").read_text())
    host, actor = document["actor"].split("/")[2], document["actor"]
    far = Stranger(fediverse, host)
    group = far.person(actor.rpartition("/")[2], id=actor, type="Group")
    software = name.partition("/")[0]
    written = {"lemmy": "create_page", "peertube": "create_video"}[software]
    post = json.loads((RECORDED / software / f"{written}.json").read_text())["object"]
    far.person("alice", id=json.loads((RECORDED / software / f"{written}.json").read_text())["actor"])
    far.serve(post)
    bob.follow(group.handle)
    fediverse.settle()
    group.tells(brest, group.does("Accept", far.received_of("Follow")[0]["id"]))
    group.tells(brest, document)
    assert len(bob.home()) == 1
    boosted = bob.post(post["id"])
    assert boosted is not None
    assert boosted.title == post["name"]
    assert boosted.boosts_count == 1
