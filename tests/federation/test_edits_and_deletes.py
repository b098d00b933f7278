"""Edits with their history, deletions that stay deleted, on every server that has the post."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.core import text
from fediterr.social.models import Post, Revision, Tombstone
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


@pytest.fixture
def pair(fediverse: Fediverse) -> tuple[Person, Person]:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    return maria, paul


def words(person: Person, uri: str) -> str | None:
    post = person.post(uri)
    return text.plain(post.content) if post else None


def test_an_edit_travels_and_keeps_how_it_read_before(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    uri = maria.says("Réunion mardi")
    fediverse.settle()
    paul.boosts(uri)
    fediverse.settle()
    fediverse.wait(minutes=1)
    maria.edits(uri, "Réunion jeudi")
    fediverse.settle()
    assert words(paul, uri) == "Réunion jeudi"
    post = paul.post(uri)
    assert post is not None
    assert post.edited_at is not None
    with paul.server.inside():
        revisions = paul.server.app.extensions["sqlalchemy"].session.query(Revision).all()
        assert [text.plain(each.content) for each in revisions] == ["Réunion mardi"]
    assert ("update", "maria@brest.test") in paul.notifications()


def test_a_deleted_post_is_gone_everywhere(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    lise = fediverse["rennes.test"].register("lise")
    lise.follow("paul@nantes.test")
    uri = maria.says("À oublier")
    fediverse.settle()
    paul.boosts(uri)
    fediverse.settle()
    assert lise.home() == ["À oublier"]
    maria.deletes(uri)
    fediverse.settle()
    for person in (maria, paul, lise):
        assert person.post(uri) is None
        assert person.home() == []
    assert maria.account().posts_count == 0


@pytest.mark.parametrize("visibility", ["public", "unlisted", "followers", "direct"])
def test_a_deletion_reaches_whoever_got_the_post(
    fediverse: Fediverse, pair: tuple[Person, Person], visibility: str
) -> None:
    maria, paul = pair
    uri = maria.says("@paul@nantes.test pour peu de temps", visibility=visibility)
    fediverse.settle()
    assert paul.post(uri) is not None
    maria.deletes(uri)
    fediverse.settle()
    assert paul.post(uri) is None
    path = uri.removeprefix("https://brest.test")
    answer = maria.server.get(path)
    if visibility in ("public", "unlisted"):
        assert answer.status_code == 410
        assert (answer.get_json()["type"], answer.get_json()["id"]) == ("Tombstone", uri)
    else:
        assert answer.status_code == 404


# --- other software --------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def test_nobody_changes_or_deletes_what_is_anothers(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>À Alice</p>")
    alice.tells(brest, alice.create(note))
    local = bob.says("À Bob")
    ann, mallory = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    for somebody in (ann, mallory):
        for uri in (note["id"], local):
            mine = {"id": uri, "type": "Note", "content": "<p>À moi</p>", "to": [PUBLIC]}
            for author in (somebody.uri, alice.uri, bob.uri):
                somebody.tells(brest, somebody.does("Update", mine | {"attributedTo": author}))
                assert (words(bob, note["id"]), words(bob, local)) == ("À Alice", "À Bob")
            somebody.tells(brest, somebody.does("Update", uri))
            somebody.tells(brest, somebody.does("Delete", uri))
            somebody.tells(brest, somebody.does("Delete", {"id": uri, "type": "Tombstone"}))
        somebody.tells(brest, somebody.does("Delete", alice.uri))
        somebody.tells(brest, somebody.does("Update", alice.document | {"name": "Autre"}))
    assert words(bob, note["id"]) == "À Alice"
    assert words(bob, local) == "À Bob"
    known = bob.sees("alice@far.test")
    assert known is not None
    assert known.shown_name == "alice"


@pytest.mark.parametrize("shape", ["bare", "tombstone"])
def test_a_delete_is_understood_bare_or_as_a_tombstone(meeting: tuple[Server, Person, Somebody], shape: str) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Bientôt parti</p>")
    alice.tells(brest, alice.create(note))
    alice.tells(brest, alice.does("Delete", note["id"] if shape == "bare" else {"id": note["id"], "type": "Tombstone"}))
    assert bob.home() == []
    alice.tells(brest, alice.create(note))
    assert bob.home() == []  # what was deleted does not come back
    assert bob.look_up(note["id"]) is None


def test_what_its_server_says_is_gone_is_gone(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note, other = alice.note("<p>Parti sans rien dire</p>"), alice.note("<p>Un autre</p>")
    for each in (note, other):
        alice.tells(brest, alice.create(each))
    alice.stranger.answers[note["id"].removeprefix("https://far.test")] = (410, {}, b"")
    alice.stranger.serve({"id": other["id"], "type": "Tombstone"})
    for each in (note, other):
        alice.tells(brest, alice.does("Update", each["id"]))
    assert bob.home() == []


def test_an_edit_by_id_alone_is_read_where_it_is(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Avant</p>")
    alice.tells(brest, alice.create(note))
    alice.stranger.serve(note | {"content": "<p>Après</p>"})
    alice.tells(brest, alice.does("Update", note["id"]))
    assert words(bob, note["id"]) == "Après"


def test_who_may_see_a_post_does_not_change_with_an_edit(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Privé</p>", to=[alice.followers], cc=[])
    alice.tells(brest, alice.create(note))
    alice.tells(brest, alice.does("Update", note | {"to": [PUBLIC], "content": "<p>Public ?</p>"}))
    post = bob.post(note["id"])
    assert post is not None
    assert post.visibility == "followers"


def test_an_account_that_is_deleted_takes_all_it_did_with_it(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    uri = bob.says("Bonjour")
    alice.tells(brest, alice.does("Follow", bob.uri))
    alice.tells(brest, alice.does("Like", uri))
    alice.tells(brest, alice.does("Announce", uri, to=[PUBLIC]))
    alice.tells(brest, alice.create(alice.note("<p>Réponse</p>", inReplyTo=uri)))
    before = bob.post(uri)
    assert before is not None
    assert (before.likes_count, before.boosts_count, before.replies_count) == (1, 1, 1)
    alice.tells(brest, alice.does("Delete", alice.uri, to=[PUBLIC]))
    after = bob.post(uri)
    assert after is not None
    assert (after.likes_count, after.boosts_count, after.replies_count) == (0, 0, 0)
    assert bob.sees("alice@far.test") is None
    assert bob.home() == ["Bonjour"]
    account = bob.account()
    assert (account.followers_count, account.following_count) == (0, 0)
    assert brest.count(Post) == 1
    assert brest.count(Tombstone) >= 1
    assert brest.is_idle()


def test_a_local_account_that_is_closed_is_gone_for_others_and_may_come_back(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    maria.says("Bonjour")
    fediverse.settle()
    with maria.acting() as me:
        accounts.suspend(me)
    fediverse.settle()
    assert paul.sees("maria@brest.test") is None
    assert paul.home() == []
    for path in ("/actors/maria", "/.well-known/webfinger?resource=acct:maria@brest.test", "/actors/maria/outbox"):
        assert maria.server.get(path).status_code == 410
    with maria.acting() as me:
        accounts.unsuspend(me)
    fediverse.settle()
    fediverse.wait(hours=7)
    assert maria.server.get("/actors/maria").status_code == 200
    paul.follow("maria@brest.test")
    fediverse.settle()
    maria.says("Me revoilà")
    fediverse.settle()
    assert paul.home() == ["Me revoilà"]
