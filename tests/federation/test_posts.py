"""What people on different servers publish, and how posts of every kind and shape are read."""

from typing import Any

import pytest

from fediterr.core import clock, text
from fediterr.social.models import Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


def test_a_post_of_one_town_is_read_in_another(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    maria.says("Bonjour Nantes")
    fediverse.settle()
    assert paul.home() == ["Bonjour Nantes"]


def test_a_post_keeps_all_that_it_says(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    words = "Bonjour @paul@nantes.test, voir https://brest.test/plan #Éclairage"
    uri = maria.says(words, warning="Budget", language="fr")
    fediverse.settle()
    post = paul.post(uri)
    assert post is not None
    assert text.plain(post.content).startswith("Bonjour @paul")
    assert (post.warning, post.sensitive, post.language) == ("Budget", True, "fr")
    assert post.tags == ["Éclairage"]
    assert [mention.account.full_handle for mention in post.mentions] == ["paul@nantes.test"]
    assert ("mention", "maria@brest.test") in paul.notifications()
    assert post.url == f"https://brest.test/@maria/{uri.rpartition('/')[2]}"


def test_one_delivery_reaches_all_who_share_an_inbox(fediverse: Fediverse) -> None:
    maria = fediverse["brest.test"].register("maria")
    readers = [fediverse["nantes.test"].register(name) for name in ("paul", "lise", "jean")]
    for reader in readers:
        reader.follow("maria@brest.test")
    fediverse.settle()
    before = len(fediverse.requests)
    maria.says("Une fois pour toutes")
    fediverse.settle()
    assert fediverse.requests[before:] == [("POST", "https://nantes.test/inbox")]
    assert all(reader.home() == ["Une fois pour toutes"] for reader in readers)


# --- what others publish ---------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def read(bob: Person, uri: str) -> Post:
    post = bob.post(uri)
    assert post is not None
    return post


@pytest.mark.parametrize("kind", ["Note", "Article", "Page", "Event", "Image", "Video", "Audio", "Document", "Place"])
def test_every_kind_shows_what_it_is_called_what_it_says_and_where_it_is(
    meeting: tuple[Server, Person, Somebody], kind: str
) -> None:
    brest, bob, alice = meeting
    said: dict[str, Any] = {
        "name": "Un titre",
        "summary": "En bref",
        "url": "https://far.test/pages/1",
        "attachment": [{"type": "Document", "mediaType": "application/pdf", "url": "https://far.test/1.pdf"}],
    }
    note = alice.note("<p>Le texte</p>", kind=kind, **said)
    alice.tells(brest, alice.create(note))
    post = read(bob, note["id"])
    assert post.kind == kind
    assert post.title == "Un titre"
    assert post.url == "https://far.test/pages/1"
    assert text.plain(post.content) == "Le texte"
    assert [medium.remote_url for medium in post.media] == ["https://far.test/1.pdf"]
    if kind == "Note":
        assert post.warning == "En bref"
    else:
        assert (post.warning, text.plain(post.summary or "")) == ("", "En bref")


def test_what_has_no_text_has_at_least_its_name_and_link(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    thing = alice.note("", kind="Recipe", name="Tarte aux pommes", url="https://far.test/tarte")
    alice.tells(brest, alice.create(thing))
    post = read(bob, thing["id"])
    assert (post.title, post.url) == ("Tarte aux pommes", "https://far.test/tarte")


def test_an_event_says_when_and_where(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    event = alice.note(
        "<p>Venez</p>",
        kind="Event",
        name="Atelier",
        startTime="2026-12-01T09:00:00Z",
        endTime="2026-12-01T11:00:00Z",
        location={"type": "Place", "name": "Mairie"},
    )
    alice.tells(brest, alice.create(event))
    details = read(bob, event["id"]).details
    assert details["startTime"] == "2026-12-01T09:00:00Z"
    assert details["endTime"] == "2026-12-01T11:00:00Z"
    assert details["location"]["name"] == "Mairie"


def test_files_keep_their_descriptions(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    files = [
        {"type": "Image", "mediaType": "image/png", "url": "https://far.test/a.png", "name": "Un <b>phare</b>"},
        {"type": "Document", "mediaType": "video/mp4", "url": "https://far.test/b.mp4"},
        {"type": "Audio", "mediaType": "audio/ogg", "url": [{"type": "Link", "href": "https://far.test/c.ogg"}]},
    ]
    note = alice.note("<p>Voir</p>", attachment=files)
    alice.tells(brest, alice.create(note))
    media = read(bob, note["id"]).media
    assert [medium.kind for medium in media] == ["image", "video", "audio"]
    assert media[0].description.startswith("Un")


@pytest.mark.parametrize(
    "shape",
    [
        {"content": None, "contentMap": {"fr": "<p>Bonjour</p>"}},
        {"to": PUBLIC, "cc": "https://far.test/users/alice/followers"},
        {"to": ["as:Public"], "cc": None},
        {"attributedTo": {"type": "Person", "id": "https://far.test/users/alice"}},
        {"attributedTo": ["https://far.test/users/alice"]},
        {"url": [{"type": "Link", "mediaType": "text/html", "href": "https://far.test/p/1"}]},
        {"tag": {"type": "Hashtag", "name": "seul"}, "attachment": None, "summary": None, "published": None},
        {"type": ["Note", "https://far.test/ns#Special"]},
        {"@context": "https://www.w3.org/ns/activitystreams"},
        {"@context": {"@vocab": "https://www.w3.org/ns/activitystreams#"}},
    ],
)
def test_one_thing_may_be_said_in_many_shapes(meeting: tuple[Server, Person, Somebody], shape: dict[str, Any]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Bonjour</p>") | shape
    alice.tells(brest, alice.create({name: value for name, value in note.items() if value is not None}))
    assert bob.home() == ["Bonjour"]


def test_a_create_by_id_alone_is_fetched_where_it_is(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>À chercher</p>")
    alice.tells(brest, alice.does("Create", note["id"], to=[PUBLIC]))
    assert bob.home() == ["À chercher"]


def test_only_its_author_publishes(meeting: tuple[Server, Person, Somebody]) -> None:
    """Embedded words of others are hints at most: what their own server says counts, or nothing."""
    brest, bob, alice = meeting
    carol = Stranger(alice.stranger.fediverse, "third.test").person("carol")
    ann = alice.stranger.person("ann")
    served = carol.note("<p>Ce que Carol a dit</p>")
    forged = served | {"content": "<p>Ce que Carol n'a pas dit</p>"}
    unknown = forged | {"id": "https://third.test/notes/never"}
    alice.tells(brest, alice.create(forged))
    alice.tells(brest, alice.create(unknown))
    alice.tells(brest, alice.create(alice.note("<p>Au nom d'Ann</p>", attributedTo=ann.uri)))
    alice.tells(brest, alice.create(alice.note("<p>De personne</p>", attributedTo="https://third.test/users/carol")))
    assert bob.home() == []
    known = read(bob, served["id"])
    assert known.author.uri == carol.uri
    assert text.plain(known.content) == "Ce que Carol a dit"
    assert bob.post(unknown["id"]) is None
    assert brest.count(Post) == 1


def test_what_concerns_nobody_here_is_not_kept(fediverse: Fediverse) -> None:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    alice.tells(brest, alice.create(alice.note("<p>À qui de droit</p>")))
    alice.tells(brest, alice.does("Create", alice.note("<p>Ailleurs</p>")["id"], to=[PUBLIC]))
    assert brest.count(Post) == 0
    assert not [path for path in alice.stranger.asked if path.startswith("/notes")]


def test_a_post_dated_tomorrow_is_of_today(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    note = alice.note("<p>Bientôt</p>", published="2099-01-01T00:00:00Z")
    alice.tells(brest, alice.create(note))
    assert read(bob, note["id"]).published_at <= clock.now()


def test_lists_without_end_are_cut(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    tags = [{"type": "Hashtag", "name": f"#mot{n}"} for n in range(3000)]
    tags += [{"type": "Mention", "href": f"https://m{n}.test/users/x"} for n in range(1000)]
    files = [{"type": "Image", "url": f"https://far.test/{n}.png"} for n in range(200)]
    note = alice.note(
        "<p>Trop</p>", tag=tags, attachment=files, to=[PUBLIC, *(f"https://n{n}.test/" for n in range(2000))]
    )
    requests = len(alice.stranger.fediverse.requests)
    alice.tells(brest, alice.create(note))
    post = read(bob, note["id"])
    assert len(post.media) == brest.settings.limits_attachments
    assert len(post.tags) <= brest.settings.limits_tags
    assert len(alice.stranger.fediverse.requests) - requests <= brest.settings.limits_fetches_per_activity


def test_what_is_not_understood_is_taken_politely(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    for kind in ("Listen", "View", "Dislike", "Join", "https://far.test/ns#Dance", "TentativeAccept"):
        alice.tells(brest, alice.does(kind, bob.uri, to=[PUBLIC]))
    assert brest.count(Post) == 0
    assert brest.is_idle()


# --- proofs ----------------------------------------------------------------------------------------------------------


def test_an_activity_with_its_authors_proof_may_be_passed_on_by_anybody(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, alice = meeting
    relay = Stranger(alice.stranger.fediverse, "relay.test").person("relay")
    create = alice.proven(alice.create(alice.note("<p>Signé Alice</p>")))
    relay.tells(brest, create)
    assert bob.home() == ["Signé Alice"]


def test_a_new_key_for_proofs_is_looked_up(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    relay = Stranger(alice.stranger.fediverse, "relay.test").person("relay")
    multikey = alice.document["assertionMethod"][0]
    alice.ed25519, multikey["id"] = relay.ed25519, f"{alice.uri}#proof-2"
    multikey["publicKeyMultibase"] = relay.document["assertionMethod"][0]["publicKeyMultibase"]
    create = alice.create(alice.note("<p>Autre clé</p>"))
    relay.tells(brest, alice.proven(create, method=multikey["id"]))
    assert bob.home() == ["Autre clé"]


def test_without_it_or_altered_it_is_refused(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    relay, ann = Stranger(alice.stranger.fediverse, "relay.test").person("relay"), alice.stranger.person("ann")
    create = alice.proven(alice.create(alice.note("<p>Signé Alice</p>")))
    neighbour = ann.proven(alice.create(alice.note("<p>Par la voisine</p>")))
    altered = create | {"object": create["object"] | {"content": "<p>Jamais</p>"}}
    other_key = relay.proven(alice.create(alice.note("<p>Par le relais</p>")))
    stolen = alice.create(alice.note("<p>Volé</p>")) | {"proof": create["proof"]}
    for activity in (alice.create(alice.note("<p>Sans</p>")), altered, other_key, neighbour, stolen):
        assert relay.sends(brest, activity).status_code == 401
    alice.stranger.fediverse.settle()
    assert bob.home() == []
