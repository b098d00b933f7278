"""Who somebody is, as other servers see it: their document, changes to it, pinned posts, links proven, keys."""

from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.core import text
from fediterr.social import posts, profiles, tags
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


def pins(person: Person, handle: str) -> list[str]:
    with person.server.app.app_context():
        account = accounts.by_handle(handle)
        assert account is not None
        return [text.plain(post.content) for post in posts.pinned(account)]


def pin(person: Person, uri: str, *, off: bool = False) -> None:
    with person.acting() as me:
        post = posts.by_uri(uri)
        assert post is not None
        (posts.unpin if off else posts.pin)(me, post)


def test_a_change_of_profile_is_seen_elsewhere(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    profile = profiles.Profile(
        display_name="Maria Le Gall", note="Cantines & circuits courts", fields=(("Ville", "Brest"),), locked=True
    )
    with maria.acting() as me:
        profiles.change(me, profile)
    fediverse.settle()
    seen = paul.sees("maria@brest.test")
    assert seen is not None
    assert seen.shown_name == "Maria Le Gall"
    assert text.plain(seen.summary) == "Cantines & circuits courts"
    assert [(field["name"], text.plain(field["value"])) for field in seen.fields] == [("Ville", "Brest")]
    assert seen.locked is True


def test_every_kind_of_actor_says_what_it_is(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    paul = fediverse["nantes.test"].register("paul")
    for kind in ("Person", "Organization", "Group", "Service"):
        brest.register(kind.lower(), kind=kind)
        document = brest.get(f"/actors/{kind.lower()}").get_json()
        assert document["type"] == kind
        assert {"inbox", "outbox", "followers", "following", "featured", "featuredTags"} <= document.keys()
        assert document["endpoints"]["sharedInbox"] == "https://brest.test/inbox"
        assert document["publicKey"]["owner"] == document["id"]
        assert document["assertionMethod"][0]["type"] == "Multikey"
        paul.look_up(f"{kind.lower()}@brest.test")
        seen = paul.sees(f"{kind.lower()}@brest.test")
        assert seen is not None
        assert seen.kind == kind


def test_pinned_posts_are_known_elsewhere(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    first = maria.says("Qui suis-je ?")
    pin(maria, first)
    fediverse.settle()
    paul.follow("maria@brest.test")
    fediverse.settle()
    assert pins(paul, "maria@brest.test") == ["Qui suis-je ?"]
    second = maria.says("Mes documents")
    pin(maria, second)
    pin(maria, first, off=True)
    fediverse.settle()
    assert pins(paul, "maria@brest.test") == ["Mes documents"]


def test_a_pinned_post_that_is_not_there_hides_no_other(fediverse: Fediverse) -> None:
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    note = alice.note("<p>Là</p>")
    items = ["https://far.test/notes/gone", "https://third.test/notes/1", note]
    featured = {"id": "https://far.test/featured?x=1", "type": "OrderedCollection", "orderedItems": items}
    alice.stranger.documents["/users/alice/featured"] = featured
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    assert pins(bob, "alice@far.test") == ["Là"]


def test_featured_hashtags_are_listed(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    with maria.acting() as me:
        tags.feature(me, "#Éclairage")
    listed = brest.get("/actors/maria/featured-tags").get_json()
    assert listed["items" if "items" in listed else "orderedItems"] == [
        {"type": "Hashtag", "name": "#Éclairage", "href": "https://brest.test/tags/eclairage"}
    ]


def test_collections_come_in_pages(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    maria = brest.register("maria")
    said = [maria.says(f"Message {number}") for number in range(25)]
    collection = brest.get("/actors/maria/outbox").get_json()
    assert (collection["type"], collection["totalItems"]) == ("OrderedCollection", 25)
    seen, page = [], collection["first"]
    while page:
        document = brest.get(page.removeprefix("https://brest.test")).get_json()
        assert (document["id"], document["partOf"]) == (page, collection["id"])
        seen += [item["object"]["id"] for item in document["orderedItems"]]
        page = document.get("next")
    assert seen == said[::-1]


def test_links_that_point_back_are_proven(fediverse: Fediverse) -> None:
    """The page of a town links to Maria's profile with rel=me; the page of another does not."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    town, other = Stranger(fediverse, "ville.test"), Stranger(fediverse, "autre.test")
    html = {"Content-Type": "text/html"}
    link = b'<html><body><a rel="nofollow me" href="https://brest.test/@maria">Maria</a></body></html>'
    town.answers["/"] = (200, html, link)
    other.answers["/"] = (200, html, link.replace(b"me", b"friend"))
    profile = profiles.Profile(fields=(("Site", "https://ville.test/"), ("Autre", "https://autre.test/")))
    with maria.acting() as me:
        profiles.change(me, profile)
    fediverse.settle()
    assert [bool(field["verified_at"]) for field in maria.account().fields] == [True, False]
    paul.follow("maria@brest.test")
    fediverse.settle()
    seen = paul.sees("maria@brest.test")
    assert seen is not None
    assert [bool(field["verified_at"]) for field in seen.fields] == [True, False]


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


def known(bob: Person) -> Any:
    found = bob.sees("alice@far.test")
    assert found is not None
    return found


def test_an_update_of_an_actor_is_understood_whole_bare_or_in_part(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, alice = meeting
    alice.tells(brest, alice.does("Update", alice.document | {"name": "Alice I"}))
    assert known(bob).shown_name == "Alice I"
    alice.document["name"] = "Alice II"
    alice.tells(brest, alice.does("Update", alice.uri))
    assert known(bob).shown_name == "Alice II"
    alice.document["name"] = "Alice III"
    alice.tells(brest, alice.does("Update", {"id": alice.uri, "type": "Person", "name": "Alice III"}))
    assert known(bob).shown_name == "Alice III"


def test_what_an_actor_says_is_cleaned_and_cut(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    fields = [{"type": "PropertyValue", "name": f"n{n}", "value": "<script>x</script><b>v</b>"} for n in range(500)]
    hostile = {
        "name": "Ali<b>ce</b>" + "x" * 5000,
        "summary": "<script>alert(1)</script><p onclick='x'>Bonjour</p>",
        "attachment": fields,
        "alsoKnownAs": [f"https://a{n}.test/" for n in range(1000)],
        "url": "javascript:alert(1)",
        "icon": {"type": "Image", "url": "javascript:alert(1)"},
    }
    alice.tells(brest, alice.does("Update", alice.document | hostile))
    account = known(bob)
    assert "script" not in account.summary
    assert "onclick" not in account.summary
    assert len(account.display_name) <= 2048
    assert len(account.fields) <= 50
    assert len(account.also_known_as) <= 256
    assert account.url.startswith("https://far.test/")
    assert account.icon_url is None


def test_pinned_posts_of_other_software_are_read_added_and_removed(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, alice = meeting
    first, second = alice.note("<p>un</p>"), alice.note("<p>deux</p>")
    alice.tells(brest, alice.does("Add", first["id"], target=alice.document["featured"]))
    alice.tells(brest, alice.does("Add", second, target={"id": alice.document["featured"], "type": "Collection"}))
    assert set(pins(bob, "alice@far.test")) == {"un", "deux"}
    alice.tells(brest, alice.does("Remove", first["id"], target=alice.document["featured"]))
    assert pins(bob, "alice@far.test") == ["deux"]
    hashtag = {"type": "Hashtag", "name": "#x", "href": "https://far.test/tags/x"}
    alice.tells(brest, alice.does("Add", hashtag, target=alice.document["featured"]))
    assert pins(bob, "alice@far.test") == ["deux"]


def test_nobody_pins_in_the_profile_of_another(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    ann, mallory = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    note = alice.note("<p>à Alice</p>")
    alice.tells(brest, alice.create(note))
    for somebody in (ann, mallory):
        mine = somebody.note("<p>à moi</p>")
        for kind in ("Remove", "Add"):
            somebody.tells(brest, somebody.does(kind, mine["id"], target=alice.document["featured"]))
            somebody.tells(brest, somebody.does(kind, note["id"], target=somebody.document["featured"]))
    for handle in ("alice@far.test", "ann@far.test", "mallory@evil.test"):
        assert pins(bob, handle) == []


def test_many_pins_of_elsewhere_are_bounded(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    for number in range(25):
        note = alice.note(f"<p>{number}</p>")
        alice.tells(brest, alice.create(note))
        alice.tells(brest, alice.does("Add", note["id"], target=alice.document["featured"]))
    assert len(pins(bob, "alice@far.test")) <= 20


def test_who_speaks_after_a_long_time_is_looked_at_again(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    alice.document["name"] = "Alice aujourd'hui"
    alice.stranger.fediverse.wait(days=4)
    alice.tells(brest, alice.create(alice.note("<p>Me revoilà</p>")))
    assert known(bob).shown_name == "Alice aujourd'hui"


def test_who_is_gone_when_looked_at_again_is_gone_here(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    alice.stranger.fediverse.wait(days=4)
    alice.stranger.answers["/users/alice"] = (410, {}, b"")
    alice.tells(brest, alice.does("Listen", "https://far.test/song", to=[PUBLIC]))
    assert bob.sees("alice@far.test") is None


def test_a_handle_that_changes_hands_is_not_inherited(meeting: tuple[Server, Person, Somebody]) -> None:
    """The domain was given to somebody else, who uses the same name."""
    brest, bob, alice = meeting
    alice.tells(brest, alice.create(alice.note("<p>De l'ancienne</p>")))
    new = alice.stranger.person("alice", id="https://far.test/new/alice")
    new.document |= {"inbox": f"{new.uri}/inbox", "id": new.uri}
    new.tells(brest, new.create(new.note("<p>De la nouvelle</p>", tag=[{"type": "Mention", "href": bob.uri}])))
    assert known(bob).uri == new.uri
    assert bob.home() == ["De l'ancienne"]
    with brest.inside():
        old = accounts.by_uri(alice.uri)
        assert old is not None
        assert old.full_handle != "alice@far.test"
