"""Likes, emoji reactions and boosts: given, told, taken back."""

from typing import Any

import pytest

from fediterr.social.models import Like, Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


def counts(person: Person, uri: str) -> tuple[int, int]:
    post = person.post(uri)
    assert post is not None
    return post.likes_count, post.boosts_count


@pytest.fixture
def story(fediverse: Fediverse) -> tuple[Person, Person, str]:
    """Paul of Nantes follows Maria of Brest, who has published something."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    uri = maria.says("Le marché rouvre samedi")
    fediverse.settle()
    return maria, paul, uri


def test_a_like_travels_and_is_taken_back(fediverse: Fediverse, story: tuple[Person, Person, str]) -> None:
    maria, paul, uri = story
    paul.likes(uri)
    fediverse.settle()
    assert counts(maria, uri) == (1, 0)
    assert ("favourite", "paul@nantes.test") in maria.notifications()
    paul.unlikes(uri)
    fediverse.settle()
    assert counts(maria, uri) == (0, 0)
    assert ("favourite", "paul@nantes.test") not in maria.notifications()
    paul.likes(uri)
    fediverse.settle()
    assert counts(maria, uri) == (1, 0)


def test_a_boost_travels_to_followers_elsewhere(fediverse: Fediverse, story: tuple[Person, Person, str]) -> None:
    maria, paul, uri = story
    lise = fediverse["rennes.test"].register("lise")
    lise.follow("paul@nantes.test")
    fediverse.settle()
    paul.boosts(uri)
    fediverse.settle()
    assert lise.home() == ["Le marché rouvre samedi"]
    assert counts(maria, uri) == (0, 1)
    assert ("reblog", "paul@nantes.test") in maria.notifications()
    paul.unboosts(uri)
    fediverse.settle()
    assert lise.home() == []
    assert counts(maria, uri) == (0, 0)


def test_on_one_server_nothing_needs_the_network(fediverse: Fediverse) -> None:
    maria, anne = fediverse["brest.test"].register("maria"), fediverse["brest.test"].register("anne")
    anne.follow("maria")
    uri = maria.says("Ici même")
    anne.likes(uri)
    anne.boosts(uri)
    fediverse.settle()
    assert counts(maria, uri) == (1, 1)
    assert {kind for kind, _ in maria.notifications()} == {"follow", "favourite", "reblog"}
    assert fediverse.requests == []


# --- other software --------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody, str]:
    alice = Stranger(fediverse, "far.test").person("alice")
    bob = fediverse["brest.test"].register("bob")
    uri = bob.says("Bonjour")
    fediverse.settle()
    return fediverse["brest.test"], bob, alice, uri


def likes_of(server: Server) -> list[str | None]:
    with server.inside():
        return [like.emoji for like in server.app.extensions["sqlalchemy"].session.query(Like)]


@pytest.mark.parametrize(
    ("kind", "more", "emoji"),
    [
        ("Like", {}, None),
        ("EmojiReact", {"content": "🎉"}, "🎉"),
        ("Like", {"_misskey_reaction": "🍋", "content": "🍋"}, "🍋"),
        (
            "EmojiReact",
            {
                "content": ":bouquet:",
                "tag": [
                    {"type": "Emoji", "name": ":bouquet:", "icon": {"type": "Image", "url": "https://far.test/b.png"}}
                ],
            },
            "bouquet",
        ),
    ],
)
def test_reactions_are_read_as_likes(
    meeting: tuple[Server, Person, Somebody, str], kind: str, more: dict[str, Any], emoji: str | None
) -> None:
    brest, bob, alice, uri = meeting
    like = alice.tells(brest, alice.does(kind, uri, **more))
    assert counts(bob, uri) == (1, 0)
    assert likes_of(brest) == [emoji]
    alice.tells(brest, alice.undo(like))
    assert counts(bob, uri) == (0, 0)


def bare(activity: dict[str, Any]) -> Any:
    return activity["id"]


def whole(activity: dict[str, Any]) -> Any:
    return activity


def under_a_new_id(activity: dict[str, Any]) -> Any:
    return activity | {"id": activity["id"] + "-again"}


def without_id(activity: dict[str, Any]) -> Any:
    return {name: value for name, value in activity.items() if name != "id"}


@pytest.mark.parametrize("shape", [bare, whole, under_a_new_id, without_id])
@pytest.mark.parametrize("kind", ["Like", "Announce"])
def test_an_undo_is_understood_in_every_shape(
    meeting: tuple[Server, Person, Somebody, str], kind: str, shape: Any
) -> None:
    brest, bob, alice, uri = meeting
    activity = alice.tells(brest, alice.does(kind, uri, to=[PUBLIC]))
    assert sum(counts(bob, uri)) == 1
    alice.tells(brest, alice.undo(shape(activity)))
    assert counts(bob, uri) == (0, 0)


@pytest.mark.parametrize("shape", [bare, whole])
@pytest.mark.parametrize("kind", ["Like", "Announce", "EmojiReact"])
def test_an_undo_that_comes_first_wins(meeting: tuple[Server, Person, Somebody, str], kind: str, shape: Any) -> None:
    brest, bob, alice, uri = meeting
    activity = alice.does(kind, uri, to=[PUBLIC])
    alice.tells(brest, alice.undo(shape(activity)))
    alice.tells(brest, activity)
    assert counts(bob, uri) == (0, 0)


@pytest.mark.parametrize("kind", ["Like", "Announce"])
def test_nobody_undoes_what_another_did(meeting: tuple[Server, Person, Somebody, str], kind: str) -> None:
    brest, bob, alice, uri = meeting
    activity = alice.tells(brest, alice.does(kind, uri, to=[PUBLIC]))
    ann, mallory = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    for somebody in (ann, mallory):
        for shape in (bare, whole):
            somebody.tells(brest, somebody.undo(shape(activity)))
        somebody.tells(brest, somebody.undo(activity | {"actor": somebody.uri}))
        somebody.tells(brest, somebody.does("Delete", activity["id"]))
    assert sum(counts(bob, uri)) == 1


def test_twice_is_once(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, bob, alice, uri = meeting
    for _ in range(2):
        alice.tells(brest, alice.does("Like", uri))
        alice.tells(brest, alice.does("Announce", uri, to=[PUBLIC]))
    assert counts(bob, uri) == (1, 1)


def test_what_is_not_known_cannot_be_liked(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, _, alice, _ = meeting
    asked = len(alice.stranger.fediverse.requests)
    alice.tells(brest, alice.does("Like", "https://brest.test/posts/1"))
    alice.tells(brest, alice.does("Like", "https://elsewhere.test/posts/1"))
    assert likes_of(brest) == []
    assert len(alice.stranger.fediverse.requests) <= asked + 2  # alice's key and handle, nothing else


# --- boosts of what is elsewhere -------------------------------------------------------------------------------------


def test_what_is_boosted_is_taken_from_its_own_server(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, bob, alice, _ = meeting
    fediverse = alice.stranger.fediverse
    carol = Stranger(fediverse, "third.test").person("carol")
    note = carol.note("<p>Ce que Carol a dit</p>")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    forged = dict(note, content="<p>Ce que Carol n'a jamais dit</p>")
    alice.tells(brest, alice.does("Announce", forged, to=[PUBLIC]))
    assert sorted(bob.home()) == ["Bonjour", "Ce que Carol a dit"]


@pytest.mark.parametrize("status", [401, 404, 500])
def test_what_its_own_server_does_not_give_is_not_boosted(
    meeting: tuple[Server, Person, Somebody, str], status: int
) -> None:
    brest, bob, alice, _ = meeting
    fediverse = alice.stranger.fediverse
    third = Stranger(fediverse, "third.test")
    note = third.person("carol").note("<p>Jamais servi</p>")
    third.answers[note["id"].removeprefix("https://third.test")] = (status, {}, b"")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    alice.tells(brest, alice.does("Announce", note, to=[PUBLIC]))
    fediverse.wait(days=2)
    assert bob.home() == ["Bonjour"]
    assert brest.count(Post) == 1


def test_what_strangers_boost_is_not_even_fetched(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, _, alice, _ = meeting
    third = Stranger(alice.stranger.fediverse, "third.test")
    note = third.person("carol").note("<p>Que personne n'attend</p>")
    alice.tells(brest, alice.does("Announce", note["id"], to=[PUBLIC]))
    assert third.asked == []


def test_a_boost_that_is_addressed_to_nobody_is_for_everybody(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, bob, alice, uri = meeting
    alice.tells(brest, alice.does("Announce", uri))
    assert counts(bob, uri) == (0, 1)


def test_a_boost_of_the_create_is_one_of_the_post(meeting: tuple[Server, Person, Somebody, str]) -> None:
    brest, bob, alice, uri = meeting
    alice.tells(brest, alice.does("Announce", f"{uri}/activity", to=[PUBLIC]))
    assert counts(bob, uri) == (0, 1)
