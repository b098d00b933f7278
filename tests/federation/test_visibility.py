"""Who sees what: public, unlisted, followers only, direct; what is for some never leaks to others."""

from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub.models import Activity
from fediterr.core import errors, text
from fediterr.core.paging import Page
from fediterr.social import posts, timelines
from fediterr.social.models import Post
from tests.fediverse import Fediverse, Person
from tests.strangers import PUBLIC, Stranger


@pytest.fixture
def cast(fediverse: Fediverse) -> tuple[Person, Person, Person]:
    """Maria of Brest; Paul of Nantes follows her; Lise of Nantes does not."""
    maria = fediverse["brest.test"].register("maria")
    paul, lise = fediverse["nantes.test"].register("paul"), fediverse["nantes.test"].register("lise")
    paul.follow("maria@brest.test")
    lise.look_up("maria@brest.test")
    fediverse.settle()
    return maria, paul, lise


def sees(person: Person, uri: str) -> bool:
    return person.post(uri) is not None


def listed_for_all(person: Person) -> list[str]:
    with person.server.app.app_context():
        return [text.plain(post.content) for post in timelines.public(None, Page())]


@pytest.mark.parametrize(
    ("visibility", "by_all", "listed"),
    [("public", True, True), ("unlisted", True, False), ("followers", False, False)],
)
def test_followers_see_what_is_for_them_and_all_what_is_for_all(
    fediverse: Fediverse, cast: tuple[Person, Person, Person], visibility: str, by_all: bool, listed: bool
) -> None:
    maria, paul, lise = cast
    uri = maria.says("Pour qui ?", visibility=visibility)
    fediverse.settle()
    assert paul.home() == ["Pour qui ?"]
    stored = paul.post(uri)
    assert stored is not None
    assert stored.visibility == visibility
    assert sees(lise, uri) is by_all
    for person in (maria, paul):
        assert listed_for_all(person) == (["Pour qui ?"] if listed else [])


def test_a_direct_post_is_seen_by_whom_it_names(fediverse: Fediverse, cast: tuple[Person, Person, Person]) -> None:
    maria, paul, lise = cast
    uri = maria.says("@lise@nantes.test en privé", visibility="direct")
    fediverse.settle()
    assert sees(lise, uri)
    assert not sees(paul, uri)
    assert paul.home() == []
    assert lise.notifications() == [("mention", "maria@brest.test")]


def test_what_is_not_for_all_carries_no_proof_that_others_could_show(
    fediverse: Fediverse, cast: tuple[Person, Person, Person]
) -> None:
    maria, _, _ = cast
    fediverse["nantes.test"].down = True
    maria.says("Pour peu", visibility="followers")
    fediverse.servers["brest.test"].work()
    with maria.server.inside():
        for activity in maria.server.app.extensions["sqlalchemy"].session.query(Activity):
            assert '"proof"' not in activity.body


def test_followers_only_is_boosted_by_nobody_else(fediverse: Fediverse, cast: tuple[Person, Person, Person]) -> None:
    maria, paul, lise = cast
    uri = maria.says("Entre nous", visibility="followers")
    fediverse.settle()
    with pytest.raises(errors.Forbidden):
        paul.boosts(uri)
    with pytest.raises(errors.NotFound):
        lise.boosts(uri)
    with pytest.raises(errors.NotFound):
        lise.likes(uri)
    maria.boosts(uri)  # oneself may, for the same readers
    fediverse.settle()
    assert paul.home() == ["Entre nous", "Entre nous"]
    assert not sees(lise, uri)


@pytest.mark.parametrize("visibility", ["followers", "direct"])
def test_a_boost_by_a_stranger_shows_nothing_of_it(fediverse: Fediverse, visibility: str) -> None:
    brest = fediverse["brest.test"]
    maria, anne = brest.register("maria"), brest.register("anne")
    mallory = Stranger(fediverse, "evil.test").person("mallory")
    uri = maria.says("Entre nous", visibility=visibility)
    anne.follow("mallory@evil.test")
    fediverse.settle()
    mallory.tells(brest, mallory.does("Accept", mallory.stranger.received_of("Follow")[0]["id"]))
    mallory.tells(brest, mallory.does("Announce", uri, to=[PUBLIC]))
    assert anne.home() == []
    assert brest.count(Post) == 1


def fetched(fediverse: Fediverse, path: str) -> int:
    code: int = fediverse["brest.test"].get(path).status_code
    return code


@pytest.mark.parametrize("visibility", ["followers", "direct"])
def test_a_hidden_post_answers_like_a_missing_one(fediverse: Fediverse, visibility: str) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    hidden = maria.says("Caché", visibility=visibility).removeprefix("https://brest.test")
    fediverse.settle()
    number = hidden.rpartition("/")[2]
    missing = "/posts/123456789"
    for part in ("", "/activity", "/replies", "/likes", "/shares"):
        assert brest.get(hidden + part).status_code == 404
        assert brest.get(hidden + part).get_data() == brest.get(missing + part).get_data()
    assert fetched(fediverse, f"/contexts/{number}") == 404
    assert fetched(fediverse, f"/@maria/{number}") == 404
    for accept in ("text/html", "*/*", "application/json"):
        for path in (hidden, f"/@maria/{number}", "/actors/maria/outbox?page=true", "/@maria"):
            assert "Caché" not in brest.get(path, accept=accept).get_data(as_text=True)


def test_collections_hold_only_what_is_for_all(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    first = maria.says("Ouvert")
    maria.says("Caché sous l'ouvert", visibility="followers", answers=first)
    shown = maria.says("Réponse ouverte", answers=first)
    hidden = maria.says("Épinglé et caché", visibility="followers")
    with maria.acting() as me:
        for uri in (first, hidden):
            post = posts.by_uri(uri)
            assert post is not None
            posts.pin(me, post)
    fediverse.settle()
    outbox = brest.get("/actors/maria/outbox?page=true").get_json()
    assert [item["object"]["id"] for item in outbox["orderedItems"]] == [shown, first]
    path = first.removeprefix("https://brest.test")
    assert brest.get(f"{path}/replies?page=true").get_json()["items"] == [shown]
    context = brest.get(f"/contexts/{first.rpartition('/')[2]}").get_json()
    assert context["orderedItems"] == [first, shown]
    assert [item["id"] for item in brest.get("/actors/maria/featured").get_json()["orderedItems"]] == [first]


def test_a_signed_fetch_sees_what_its_signer_may_see(fediverse: Fediverse) -> None:
    brest, far = fediverse["brest.test"], Stranger(fediverse, "far.test")
    maria, alice, ann = brest.register("maria"), far.person("alice"), far.person("ann")
    alice.tells(brest, alice.does("Follow", maria.uri))
    for_followers = maria.says("Pour qui me suit", visibility="followers").removeprefix("https://brest.test")
    ann.tells(brest, ann.does("Listen", "https://far.test/song"))  # so that she is known
    direct = maria.says("@ann@far.test pour toi", visibility="direct").removeprefix("https://brest.test")
    for path, may, may_not in ((for_followers, alice, ann), (direct, ann, alice)):
        answer = may.asks(brest, path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert may_not.asks(brest, path).status_code == 404
        assert brest.get(path).status_code == 404
    assert len(alice.asks(brest, "/actors/maria/outbox?page=true").get_json()["orderedItems"]) == 1


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        ([PUBLIC], ["followers"], "public"),
        (["followers"], [PUBLIC], "unlisted"),
        (["followers"], ["bob"], "followers"),
        (["bob"], [], "direct"),
        ([], ["bob"], "direct"),
        (["https://third.test/users/carol/followers"], ["bob"], "direct"),
    ],
)
def test_whom_others_address_is_who_sees_it(
    fediverse: Fediverse, to: list[str], cc: list[str], visibility: str
) -> None:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob, erin = brest.register("bob"), brest.register("erin")
    names = {"followers": alice.followers, "bob": bob.uri}
    note: Any = alice.note(
        "<p>À qui ?</p>", to=[names.get(each, each) for each in to], cc=[names.get(each, each) for each in cc]
    )
    if bob.uri not in note["to"] + note["cc"]:
        note["tag"] = [{"type": "Mention", "href": bob.uri}]
    alice.tells(brest, alice.create(note))
    post = bob.post(note["id"])
    assert post is not None
    assert post.visibility == visibility
    assert sees(erin, note["id"]) is (visibility in ("public", "unlisted"))
    with brest.inside():
        assert accounts.by_uri(alice.uri) is not None
