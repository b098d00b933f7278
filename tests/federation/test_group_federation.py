"""What communities pass on, among servers of ours and with those of other makes (FEP-1b12, FEP-d36d)."""

from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.core.db import session
from fediterr.core.paging import Page
from fediterr.social import communities
from fediterr.social import posts as said
from fediterr.social.models import CommunityPost, Rank
from tests.federation.test_communities import Community
from tests.fediverse import Fediverse, Person
from tests.strangers import PUBLIC, Json, Somebody, Stranger


@pytest.fixture
def maria(fediverse: Fediverse) -> Person:
    return fediverse["brest.test"].register("maria")


@pytest.fixture
def members(fediverse: Fediverse, maria: Person) -> tuple[Community, Person, Person]:
    """A community of Brest, with Paul of Nantes and Lise of Rennes in it."""
    eau = Community.founded(maria, "eau")
    paul, lise = fediverse["nantes.test"].register("paul"), fediverse["rennes.test"].register("lise")
    eau.joined_by(paul, lise)
    return eau, paul, lise


def place(person: Person, eau: Community, uri: str) -> CommunityPost | None:
    """How a post stands in a community, as somebody's server knows it."""
    with eau.seen_by(person) as (_, group):
        post = said.by_uri(uri)
        found = communities.place_of(group, post) if post else None
        if found is not None:
            session.expunge(found)
        return found


def test_three_servers_read_the_same_thread(
    fediverse: Fediverse, maria: Person, members: tuple[Community, Person, Person]
) -> None:
    eau, paul, lise = members
    asked = eau.hears(paul, "Qui relève à distance ?", title="Télérelève")
    fediverse.settle()
    assert lise.home() == ["Qui relève à distance ?"]
    answer = lise.says("Nous, depuis mars", answers=asked)
    fediverse.settle()
    for person in (maria, paul, lise):
        assert eau.read_by(person) == ["Nous, depuis mars", "Qui relève à distance ?"]
    lise.edits(answer, "Nous, depuis avril")
    fediverse.settle()
    assert [eau.read_by(person)[0] for person in (maria, paul)] == ["Nous, depuis avril"] * 2
    lise.likes(asked)
    paul.likes(answer)
    fediverse.settle()
    for person in (maria, paul, lise):
        assert [person.post(uri).likes_count for uri in (asked, answer)] == [1, 1]  # type: ignore[union-attr]
    paul.unlikes(answer)
    lise.deletes(answer)
    fediverse.settle()
    assert [eau.read_by(person) for person in (maria, paul)] == [["Qui relève à distance ?"]] * 2
    assert paul.post(asked).kind == "Page"  # type: ignore[union-attr]


def test_nobody_fetches_what_a_proof_makes_sure(
    fediverse: Fediverse, members: tuple[Community, Person, Person]
) -> None:
    eau, paul, lise = members
    eau.hears(paul, "Bonjour")
    fediverse.settle()
    fediverse.requests.clear()
    eau.hears(paul, "Encore moi")
    fediverse.settle()
    assert "GET" not in [method for method, _ in fediverse.requests]
    assert lise.home() == ["Encore moi", "Bonjour"]


def test_what_moderators_do_is_known_everywhere(
    fediverse: Fediverse, maria: Person, members: tuple[Community, Person, Person]
) -> None:
    eau, paul, lise = members
    uri = eau.hears(lise, "Bonjour")
    fediverse.settle()
    with eau.seen_by(maria) as (me, group):
        communities.set_rank(me, group, accounts.by_handle(paul.handle), Rank.MODERATOR)  # type: ignore[arg-type]
    fediverse.settle()
    with eau.seen_by(lise) as (_, group):
        assert [each.account.handle for each in communities.moderators(group)] == [maria.handle, paul.handle]
    with eau.seen_by(paul) as (me, group):
        post = communities.timeline(group, me, Page())[0]
        communities.pin(me, group, post)
        communities.lock(me, group, post)
    fediverse.settle()
    for person in (maria, lise):
        stands = place(person, eau, uri)
        assert stands is not None
        assert stands.pinned_at is not None
        assert stands.locked_at is not None
    with eau.seen_by(paul) as (me, group):
        communities.unlock(me, group, communities.timeline(group, me, Page())[0])
        communities.remove_post(me, group, communities.timeline(group, me, Page())[0])
    fediverse.settle()
    assert [eau.read_by(person) for person in (maria, paul, lise)] == [[], [], []]
    assert lise.post(uri) is not None
    with eau.seen_by(paul) as (me, group):
        communities.send_away(me, group, accounts.by_handle(lise.handle))  # type: ignore[arg-type]
    fediverse.settle()
    assert lise.follows(eau.handle) is None


# --- who may not (A50) -----------------------------------------------------------------------------------------------


def group_act(person: Somebody, kind: str, about: str, group: Person, **more: Any) -> Json:
    return person.does(kind, about, to=[PUBLIC], cc=[group.uri], audience=group.uri, **more)


def test_who_is_no_moderator_moderates_nothing(fediverse: Fediverse, maria: Person) -> None:
    brest = fediverse["brest.test"]
    eau, velo = Community.founded(maria, "eau"), Community.founded(maria, "velo")
    far = Stranger(fediverse, "far.test")
    alice, mallory = far.person("alice"), far.person("mallory")
    group, other = Person(brest, "eau"), Person(brest, "velo")
    for somebody in (alice, mallory):
        somebody.tells(brest, somebody.does("Follow", group.uri))
        somebody.tells(brest, somebody.does("Follow", other.uri))
    with velo.seen_by(maria) as (me, account):  # mallory moderates another one
        communities.set_rank(me, account, accounts.by_handle(mallory.handle), Rank.MODERATOR)  # type: ignore[arg-type]
    note = alice.note("<p>Bonjour</p>", to=[PUBLIC, group.uri], audience=group.uri)
    alice.tells(brest, alice.create(note, audience=group.uri))
    announced = len(far.received_of("Announce"))
    for activity in (
        group_act(mallory, "Lock", note["id"], group),
        group_act(mallory, "Delete", note["id"], group),
        group_act(mallory, "Add", note["id"], group, target=f"{group.uri}/featured"),
        group_act(mallory, "Add", mallory.uri, group, target=f"{group.uri}/moderators"),
        group_act(mallory, "Remove", maria.uri, group, target=f"{group.uri}/moderators"),
        group_act(mallory, "Block", alice.uri, group, target=group.uri),
        group_act(mallory, "Lock", note["id"], other),
        group_act(mallory, "Remove", maria.uri, other, target=f"{other.uri}/moderators"),
        group_act(mallory, "Block", maria.uri, other, target=other.uri),
        group_act(mallory, "Add", note["id"], group, target=f"{maria.uri}/featured"),
    ):
        mallory.sends(brest, activity)
        fediverse.settle()
    stands = place(maria, eau, note["id"])
    assert stands is not None
    assert (stands.locked_at, stands.removed_at, stands.pinned_at) == (None, None, None)
    with eau.seen_by(maria) as (me, account):
        assert communities.is_moderator(me, account)
        assert not communities.is_moderator(accounts.by_handle(mallory.handle), account)
        assert communities.is_member(accounts.by_handle(alice.handle), account)
    with velo.seen_by(maria) as (me, account):
        assert communities.is_moderator(me, account)
    assert len(far.received_of("Announce")) == announced


def test_a_moderator_of_another_make_does_it_and_it_is_passed_on(fediverse: Fediverse, maria: Person) -> None:
    brest = fediverse["brest.test"]
    eau, group = Community.founded(maria, "eau"), Person(brest, "eau")
    far = Stranger(fediverse, "far.test")
    alice, bob = far.person("alice"), far.person("bob")
    for somebody in (alice, bob):
        somebody.tells(brest, somebody.does("Follow", group.uri))
    with eau.seen_by(maria) as (me, account):
        communities.set_rank(me, account, accounts.by_handle(alice.handle), Rank.MODERATOR)  # type: ignore[arg-type]
    fediverse.settle()
    added = far.received_of("Announce")[-1]["object"]
    assert (added["type"], added["object"], added["target"]) == ("Add", alice.uri, f"{group.uri}/moderators")
    uri = eau.hears(maria, "Bonjour")
    fediverse.settle()
    lock = group_act(alice, "Lock", uri, group)
    alice.tells(brest, lock)
    assert far.received_of("Announce")[-1]["object"] == lock
    assert place(maria, eau, uri).locked_at is not None  # type: ignore[union-attr]
    alice.tells(brest, alice.undo(lock) | {"cc": [group.uri], "audience": group.uri})
    assert place(maria, eau, uri).locked_at is None  # type: ignore[union-attr]
    alice.tells(brest, group_act(alice, "Block", bob.uri, group, target=group.uri))
    assert bob.uri in [reject["object"]["actor"] for reject in far.received_of("Reject")]


# --- the same community on several servers ----------------------------------------------------------------------------


def test_a_community_that_follows_another_carries_what_it_says(fediverse: Fediverse, maria: Person) -> None:
    eau = Community.founded(maria, "eau")
    rene = fediverse["rennes.test"].register("rene")
    eaux = Community.founded(rene, "eaux")
    paul, lise = fediverse["nantes.test"].register("paul"), fediverse["rennes.test"].register("lise")
    eau.joined_by(paul)
    eaux.joined_by(lise)
    for one, other, by in ((eau, eaux, maria), (eaux, eau, rene)):
        by.look_up(other.handle)
        with one.seen_by(by) as (me, group):
            communities.link(me, group, accounts.by_handle(other.handle))  # type: ignore[arg-type]
    fediverse.settle()
    asked = eau.hears(paul, "Qui relève à distance ?")
    fediverse.settle()
    assert lise.home() == ["Qui relève à distance ?"]
    assert eaux.read_by(lise) == eau.read_by(paul) == ["Qui relève à distance ?"]
    lise.says("Nous", answers=asked)
    fediverse.settle()
    assert eau.read_by(paul) == eaux.read_by(lise) == ["Nous", "Qui relève à distance ?"]
    with fediverse["brest.test"].inside():
        post = said.by_uri(asked)
        assert post is not None
        assert post.boosts_count == 2
        assert len(communities.that_hold(post)) == 2
