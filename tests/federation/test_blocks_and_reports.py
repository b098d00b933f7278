"""Keeping people away, and telling moderators, here and elsewhere."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.core import errors
from fediterr.moderation import reports as records
from fediterr.moderation.models import Report
from fediterr.social.models import Block, Follow, Like, Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


@pytest.fixture
def friends(fediverse: Fediverse) -> tuple[Person, Person]:
    """Maria and Paul follow each other."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    maria.follow("paul@nantes.test")
    fediverse.settle()
    return maria, paul


def test_a_block_ends_all_between_two_people_on_both_servers(
    fediverse: Fediverse, friends: tuple[Person, Person]
) -> None:
    maria, paul = friends
    maria.blocks("paul@nantes.test")
    fediverse.settle()
    for person, handle in ((paul, "maria@brest.test"), (maria, "paul@nantes.test")):
        assert person.follows(handle) is None
        assert person.account().followers_count == 0
    maria.says("Sans Paul")
    fediverse.settle()
    assert paul.home() == []
    with pytest.raises(errors.Forbidden):
        paul.follow("maria@brest.test")
    maria.unblocks("paul@nantes.test")
    fediverse.settle()
    paul.follow("maria@brest.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is True


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    return brest, brest.register("bob"), alice


def test_who_was_sent_away_has_no_effect(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    uri = bob.says("Bonjour")
    alice.tells(brest, alice.does("Follow", bob.uri))
    bob.blocks("alice@far.test")
    alice.stranger.fediverse.settle()
    [block] = alice.stranger.received_of("Block")
    assert (block["actor"], block["object"]) == (bob.uri, alice.uri)
    told = bob.notifications()
    alice.tells(brest, alice.does("Like", uri))
    alice.tells(brest, alice.does("Announce", uri, to=[PUBLIC]))
    alice.tells(brest, alice.does("Follow", bob.uri))
    mention = [{"type": "Mention", "href": bob.uri}]
    alice.tells(brest, alice.create(alice.note("<p>@bob</p>", tag=mention, to=[bob.uri], cc=[])))
    assert brest.count(Like) == brest.count(Follow) == 0
    assert brest.count(Post) == 1
    assert bob.notifications() == told


def test_a_block_from_elsewhere_hides_who_blocks(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    bob.follow("alice@far.test")
    alice.stranger.fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    alice.tells(brest, alice.create(alice.note("<p>Avant</p>")))
    assert bob.home() == ["Avant"]
    block = alice.tells(brest, alice.does("Block", bob.uri))
    assert bob.follows("alice@far.test") is None
    with pytest.raises(errors.Forbidden):
        bob.follow("alice@far.test")
    alice.tells(brest, alice.undo(block["id"]))
    assert brest.count(Block) == 0


def test_an_undo_of_a_block_may_come_first(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    block = alice.does("Block", bob.uri)
    alice.tells(brest, alice.undo(block))
    alice.tells(brest, block)
    assert brest.count(Block) == 0


def test_nobody_blocks_for_another(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    block = alice.tells(brest, alice.does("Block", bob.uri))
    mallory = Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    for shape in (block, block["id"], block | {"actor": mallory.uri}):
        mallory.tells(brest, mallory.undo(shape))
    assert brest.count(Block) == 1
    assert mallory.sends(brest, block | {"id": f"{mallory.uri}/1"}).status_code in (400, 401)


# --- reports -------------------------------------------------------------------------------------------------------


def reports(server: Server) -> list[Report]:
    with server.inside():
        found: list[Report] = server.app.extensions["sqlalchemy"].session.query(Report).all()
        return found


def test_a_report_is_passed_on_without_its_author(fediverse: Fediverse, friends: tuple[Person, Person]) -> None:
    maria, paul = friends
    uri = paul.says("Publicité")
    fediverse.settle()
    with maria.acting() as me:
        target = accounts.by_handle("paul@nantes.test")
        assert target is not None
        records.report(me, target, comment="Encore", post_uris=[uri], forward=True)
    fediverse.settle()
    [report] = reports(paul.server)
    with paul.server.inside():
        assert accounts.get(report.reporter_id).uri == "https://brest.test/actor"
        assert accounts.get(report.target_id).uri == paul.uri
    assert (report.comment, report.post_uris) == ("Encore", [uri])


def test_a_report_is_kept_here_unless_it_is_to_be_passed_on(
    fediverse: Fediverse, friends: tuple[Person, Person]
) -> None:
    maria, paul = friends
    with maria.acting() as me:
        target = accounts.by_handle("paul@nantes.test")
        assert target is not None
        records.report(me, target, comment="Entre nous")
    fediverse.settle()
    assert len(reports(maria.server)) == 1
    assert reports(paul.server) == []


def test_a_report_of_other_software_is_understood_and_bounded(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    posts = [bob.says(f"Message {number}") for number in range(3)]
    others = brest.register("carol").says("Rien à voir")
    everything = [bob.uri, *posts, others, *(f"https://brest.test/posts/{number}" for number in range(1000))]
    flag = alice.does("Flag", everything, content="Pénible")
    alice.tells(brest, flag)
    alice.tells(brest, flag)
    [report] = reports(brest)
    assert sorted(report.post_uris) == sorted(posts)
    assert report.comment == "Pénible"
    alice.tells(brest, alice.does("Flag", posts[0]))
    alice.tells(brest, alice.does("Flag", "https://elsewhere.test/users/x"))
    assert len(reports(brest)) == 2
