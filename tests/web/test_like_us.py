"""The tab “Comme nous”: what those publish who are like the territory that one works for."""

from fediterr.accounts import service as accounts
from fediterr.core import clock
from fediterr.core.db import session
from fediterr.moderation import identity
from fediterr.social.models import Visibility
from fediterr.territories import directory
from fediterr.territories.models import Authority, Employment, Twin
from tests import territories as cast
from tests.fediverse import Fediverse, Person, Server
from tests.web.browser import signed_in

SAID = "Nos trois rivières débordent moins depuis les haies."


def town_of(fediverse: Fediverse, **settings: str) -> Server:
    """A server that knows the cast, and that Alvane and Brumeux are alike."""
    town = fediverse.add("alvane.test", **settings)
    cast.plant(town)
    with town.inside():
        pairs = ((cast.ALVANE, cast.BRUMEUX), (cast.BRUMEUX, cast.ALVANE))
        for here, there in pairs:
            one, other = directory.get(here), directory.get(there)
            session.add(Twin(territory_id=one.id, other_id=other.id, rank=1, score=0.9, reasons=[]))
    return town


def stand_for(town: Server, handle: str, code: str, *, verified: bool = True) -> None:
    """An account of here or of elsewhere stands for a territory."""
    with town.inside():
        account = accounts.by_handle(handle)
        assert account is not None
        proof = {"verified_by": "domain", "verified_at": clock.now()} if verified else {}
        session.add(Authority(account_id=account.id, territory_id=directory.get(code).id, **proof))


def authority(town: Server, name: str) -> Person:
    with town.inside():
        accounts.open_authority(name, name)
    return Person(town, name)


def test_what_territories_like_ours_publish_and_their_agents_comes_together(fediverse: Fediverse) -> None:
    town, there = town_of(fediverse, territory_code=cast.ALVANE), fediverse["brumeux.test"]
    alice, follower = town.register("alice"), town.register("bob")
    brumeux, erin, mallory = authority(there, "val_brumeux"), there.register("erin"), there.register("mallory")
    for each in (brumeux, erin, mallory):
        follower.follow(each.handle)
    fediverse.settle()
    stand_for(town, brumeux.handle, cast.BRUMEUX)
    with town.inside():
        employer = accounts.by_handle(brumeux.handle)
        assert employer is not None
        for person, confirmed in ((erin, True), (mallory, False)):
            found = accounts.by_handle(person.handle)
            assert found is not None
            session.add(
                Employment(account_id=found.id, employer_uri=employer.uri, employer_id=employer.id, confirmed=confirmed)
            )
    brumeux.says(SAID)
    brumeux.says("Pour nos abonnés.", visibility=Visibility.FOLLOWERS)
    erin.says("Je cherche une clause de réversibilité.")
    mallory.says("Je dis que j’y travaille.")
    alice.says("Et chez nous ?")
    fediverse.settle()
    page = signed_in(alice).open("/comme-nous")
    assert SAID in page.words
    assert "clause de réversibilité" in page.words
    for words in ("Pour nos abonnés", "que j’y travaille", "Et chez nous ?"):
        assert words not in page.words, words
    assert "comparables à CC des Trois-Rivières-d’Alvane" in page.words
    assert "Comme nous" in signed_in(alice).open("/").words


def test_whoever_works_elsewhere_sees_what_is_like_there(fediverse: Fediverse) -> None:
    town = town_of(fediverse, territory_code=cast.ALVANE)
    alice, alvane, brumeux = town.register("alice"), authority(town, "cc_alvane"), authority(town, "val_brumeux")
    stand_for(town, "cc_alvane", cast.ALVANE)
    stand_for(town, "val_brumeux", cast.BRUMEUX)
    alvane.says("Alvane parle.")
    brumeux.says("Brumeux parle.")
    with town.inside():
        me, employer = accounts.local("alice"), accounts.local("val_brumeux")
        session.add(Employment(account_id=me.id, employer_uri=employer.uri, employer_id=employer.id, confirmed=True))
    page = signed_in(alice).open("/comme-nous")
    assert "Alvane parle." in page.words
    assert "Brumeux parle." not in page.words


def test_who_only_says_to_be_a_territory_is_heard_by_its_followers(fediverse: Fediverse) -> None:
    town = town_of(fediverse, territory_code="96001")  # a commune of Alvane: its communauté is compared
    alice, bob, claimed = town.register("alice"), town.register("bob"), authority(town, "val_brumeux")
    stand_for(town, "val_brumeux", cast.BRUMEUX, verified=False)
    bob.follow("val_brumeux@alvane.test")
    claimed.says(SAID)
    assert SAID in signed_in(bob).open("/comme-nous").words
    page = signed_in(alice).open("/comme-nous")
    assert SAID not in page.words
    assert page.link(**{"class": "button", "href": f"/territoires/{cast.ALVANE}#alike"})


def test_when_there_is_nobody_alike_the_page_says_what_to_do(fediverse: Fediverse) -> None:
    town = town_of(fediverse)
    page = signed_in(town.register("alice")).open("/comme-nous")
    assert "Comme quel territoire ?" in page.words
    with town.inside():
        identity.choose(None, {"territory_code": cast.ALVANE})
    page = signed_in(Person(town, "alice")).open("/comme-nous")
    assert "Aucun territoire comparable n’est encore sur le réseau" in page.words
    assert page.link(**{"class": "button", "href": f"/territoires/{cast.ALVANE}#alike"})
