"""Answers across servers: told, counted, put in their place, fetched when they are missing."""

import itertools

import pytest

from fediterr.activitypub.models import Received
from fediterr.core import text
from fediterr.social import posts, timelines
from fediterr.social.models import Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Json, Somebody, Stranger


def thread(person: Person, uri: str) -> tuple[list[str], list[str]]:
    """What stands above and below a post, as this person reads it."""
    with person.server.app.app_context():
        post = posts.by_uri(uri)
        assert post is not None, f"{uri} is not known"
        above, below = timelines.thread(post, None)
        return [text.plain(each.content) for each in above], [text.plain(each.content) for each in below]


def test_an_answer_from_elsewhere_is_told_counted_and_shown(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    question = maria.says("Qui a un composteur ?")
    fediverse.settle()
    paul.says("@maria@brest.test Nous, à Nantes", answers=question)
    fediverse.settle()
    assert ("mention", "paul@nantes.test") in maria.notifications()
    assert len(thread(maria, question)[1]) == 1
    asked = maria.post(question)
    assert asked is not None
    assert asked.replies_count == 1


def test_those_who_follow_whom_is_answered_hear_the_answer(fediverse: Fediverse) -> None:
    """Luc of Rennes follows only Maria: Brest passes Paul's answer on, with Paul's own proof."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    luc = fediverse["rennes.test"].register("luc")
    for person in (paul, luc):
        person.follow("maria@brest.test")
    fediverse.settle()
    question = maria.says("Qui a un composteur ?")
    fediverse.settle()
    answer = paul.says("@maria@brest.test Nous", answers=question)
    fediverse.settle()
    assert ("POST", "https://rennes.test/inbox") in fediverse.requests
    assert len(thread(luc, question)[1]) == 1
    paul.edits(answer, "@maria@brest.test Nous deux")
    fediverse.settle()
    assert thread(luc, question)[1] == ["@maria Nous deux"]
    paul.deletes(answer)
    fediverse.settle()
    assert thread(luc, question)[1] == []


def test_an_answer_that_is_not_for_all_is_not_passed_on(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    luc = fediverse["rennes.test"].register("luc")
    for person in (paul, luc):
        person.follow("maria@brest.test")
    fediverse.settle()
    question = maria.says("Qui a un composteur ?")
    fediverse.settle()
    answer = paul.says("@maria@brest.test en privé", answers=question, visibility="direct")
    fediverse.settle()
    assert maria.post(answer) is not None
    assert luc.post(answer) is None
    alice = Stranger(fediverse, "far.test").person("alice")
    note = alice.note("<p>en privé aussi</p>", inReplyTo=question, to=[maria.uri], cc=[])
    alice.tells(maria.server, alice.proven(alice.create(note)))  # with a proof that others could check
    assert maria.post(note["id"]) is not None
    assert luc.server.count(Post, Post.uri == note["id"]) == 0
    assert luc.server.count(Received, Received.actor_uri == alice.uri) == 0


# --- what is missing -------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def chain(alice: Somebody, length: int) -> list[Json]:
    notes = [alice.note("<p>0</p>")]
    for number in range(1, length):
        notes.append(alice.note(f"<p>{number}</p>", inReplyTo=notes[-1]["id"]))
    return notes


def test_what_an_answer_answers_is_fetched_up_to_the_first(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    notes = chain(alice, 6)
    alice.tells(brest, alice.create(notes[-1]))
    assert thread(bob, notes[-1]["id"])[0] == ["0", "1", "2", "3", "4"]
    assert sorted(bob.home()) == ["0", "1", "2", "3", "4", "5"]
    assert bob.notifications() == []  # what was found later is told to nobody


def test_ancestors_may_live_anywhere(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    carol = Stranger(alice.stranger.fediverse, "third.test").person("carol")
    first = carol.note("<p>Carol demande</p>")
    answer = alice.note("<p>Alice répond</p>", inReplyTo=first["id"])
    alice.tells(brest, alice.create(answer))
    assert thread(bob, answer["id"])[0] == ["Carol demande"]


def test_a_chain_that_is_too_long_ends_with_the_budget(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    notes = chain(alice, 80)
    before = len(alice.stranger.asked)
    alice.tells(brest, alice.create(notes[-1]))
    assert len(alice.stranger.asked) - before <= brest.settings.limits_fetches_per_activity
    assert len(thread(bob, notes[-1]["id"])[0]) >= 40
    assert brest.is_idle()


def test_a_circle_of_answers_is_left(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    first, second = alice.note("<p>un</p>"), alice.note("<p>deux</p>")
    first["inReplyTo"], second["inReplyTo"] = second["id"], first["id"]
    myself = alice.note("<p>moi</p>")
    myself["inReplyTo"] = myself["id"]
    for note in (first, second, myself):
        alice.tells(brest, alice.create(note))
    assert brest.is_idle()
    assert thread(bob, myself["id"])[0] in ([], ["moi"])


@pytest.mark.parametrize("paged", ["embedded", "by id", "flat", "foreign"])
def test_the_answers_that_the_first_post_lists_are_fetched(
    meeting: tuple[Server, Person, Somebody], paged: str
) -> None:
    brest, bob, alice = meeting
    stranger = alice.stranger
    carol = Stranger(stranger.fediverse, "third.test").person("carol")
    first = alice.note("<p>début</p>")
    own, other = alice.note("<p>suite</p>", inReplyTo=first["id"]), carol.note("<p>Carol</p>", inReplyTo=first["id"])
    last = alice.note("<p>fin</p>", inReplyTo=first["id"])
    address = f"{first['id']}/replies"
    second = {"id": f"{address}?page=2", "type": "CollectionPage", "partOf": address, "items": [other["id"]]}
    page = {"id": f"{address}?page=1", "type": "CollectionPage", "items": [own["id"]], "next": second["id"]}
    collection = {"id": address, "type": "Collection", "first": page}
    if paged == "embedded":
        first["replies"] = collection
        stranger.serve(second)
    elif paged == "by id":
        first["replies"] = address
        stranger.serve(collection | {"first": page["id"]})
        stranger.serve(page)
        stranger.serve(second)
    elif paged == "flat":
        first["replies"] = collection | {"first": None, "items": [own, other["id"]]}
    else:
        evil = Stranger(stranger.fediverse, "evil.test")
        evil.serve(second | {"id": "https://evil.test/replies"})
        first["replies"] = collection | {"first": page | {"next": "https://evil.test/replies"}}
    alice.tells(brest, alice.create(last))
    expected = {"suite", "fin"} if paged == "foreign" else {"suite", "Carol", "fin"}
    assert set(thread(bob, first["id"])[1]) == expected


def test_answers_find_their_place_in_whatever_order_they_come(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    stranger = alice.stranger
    for order in itertools.permutations(range(3)):
        notes = chain(alice, 3)
        for note in notes:
            del stranger.documents[note["id"].removeprefix("https://far.test")]  # not to be fetched
        for number in order:
            alice.tells(brest, alice.create(notes[number]))
        assert thread(bob, notes[1]["id"]) == (["0"], ["2"])
        first = bob.post(notes[0]["id"])
        assert first is not None
        assert first.replies_count == 1


def test_what_is_deleted_leaves_a_gap_but_no_error(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    notes = chain(alice, 3)
    stranger = alice.stranger
    stranger.answers[notes[1]["id"].removeprefix("https://far.test")] = (410, {}, b"")
    alice.tells(brest, alice.create(notes[2]))
    assert thread(bob, notes[2]["id"]) == ([], [])
    assert brest.is_idle()


def test_looking_up_an_address_brings_the_whole_thread(fediverse: Fediverse) -> None:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    notes = chain(alice, 3)
    found = bob.look_up(notes[2]["id"])
    assert isinstance(found, Post)
    assert thread(bob, notes[2]["id"])[0] == ["0", "1"]


def test_an_answer_to_somebody_followed_is_kept_whoever_gives_it(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    carol = Stranger(alice.stranger.fediverse, "third.test").person("carol")
    first = alice.note("<p>Question</p>")
    alice.tells(brest, alice.create(first))
    carol.tells(brest, carol.create(carol.note("<p>Réponse</p>", inReplyTo=first["id"], to=[PUBLIC])))
    assert thread(bob, first["id"])[1] == ["Réponse"]
