"""Leaving for good: what it means, a week to change one's mind, what is erased, and who was told."""

import re

import pytest
import sqlalchemy as sa

from fediterr.accounts.models import Account, User
from fediterr.core import db, storage
from fediterr.social import leaving, media
from fediterr.social.models import Departure, Farewell, Follow, Medium, Notification, Post
from tests import files
from tests.fediverse import Fediverse, Person
from tests.web.browser import PASSWORD, Browser, signed_in

PAGE = "/reglages/donnees/suppression"


def known_around(fediverse: Fediverse) -> Person:
    """Somebody followed from one server, who spoke to a second and liked something on a third."""
    brest = fediverse["brest.test"]
    brest.register("root", role="admin")
    alice = brest.register("alice")
    paul, _, lea = (fediverse[f"{town}.test"].register(name) for town, name in
                      (("nantes", "paul"), ("rennes", "zoe"), ("lorient", "lea")))  # fmt: skip
    paul.follow("alice@brest.test")
    fediverse.settle()
    alice.says("@zoe@rennes.test voyez le pont", visibility="direct")
    said = lea.says("Les halles rouvrent")
    alice.look_up(said)
    alice.likes(said)
    alice.says("Bonjour")
    with alice.acting() as me:
        media.attach(me, media.keep(files.picture(), "plan.png"), "Le plan")
    fediverse.settle()
    return alice


def test_one_leaves_at_once_and_reads_who_was_told(fediverse: Fediverse) -> None:
    alice = known_around(fediverse)
    brest, nantes, rennes = alice.server, fediverse["nantes.test"], fediverse["rennes.test"]
    assert nantes.count(Account, Account.name == "alice") == 1
    with brest.app.app_context():
        path = db.session.scalar(sa.select(Medium.path).where(Medium.path.is_not(None))) or ""
        assert storage.find(path)
    rennes.down = True

    browser = signed_in(alice)
    page = browser.open(PAGE)
    assert "emportez vos données" in page.words
    wrong = browser.send(page, "/suppression", proof="wrong horse", when="now")
    assert (wrong.status, wrong.form("/suppression").values["when"]) == (403, "now")
    left = browser.send(page, "/suppression", proof=PASSWORD, when="now")
    assert "Ce compte est fermé. Son effacement est en cours." in left.words
    assert "/deconnexion" not in left.html
    fediverse.settle()

    visitor = Browser(brest)
    told = visitor.open(left.path)
    assert "Ce compte est effacé depuis" in told.words
    assert told.headers["Cache-Control"] == "private, no-store"
    assert "nantes.test ✓ Prévenu" in told.words
    assert "lorient.test ✓ Prévenu" in told.words
    assert "rennes.test ~ En attente" in told.words
    for host in ("nantes.test", "lorient.test"):
        assert fediverse[host].count(Account, Account.name == "alice") == 0
    assert visitor.open("/@alice").status == 410
    assert "alice" not in visitor.open("/public").words
    with brest.app.app_context(), pytest.raises(Exception, match="no such file"):
        storage.find(path)
    mine = brest.count(Post, Post.author_id.in_(sa.select(Account.id).where(Account.name == "alice", Account.local)))
    assert (mine, brest.count(User, User.email.startswith("alice@")), brest.count(Medium), brest.count(Follow)) == (
        0, 0, 0, 0,
    )  # fmt: skip
    assert Browser(brest).send(visitor.open("/connexion"), "/connexion", email="alice", password=PASSWORD).status != 200

    rennes.down = False
    fediverse.wait(hours=13)
    assert "rennes.test ✓ Prévenu" in visitor.open(left.path).words
    assert rennes.count(Account, Account.name == "alice") == 0
    fediverse.wait(days=31)
    brest.run("clear")
    assert visitor.open(left.path).status == 404
    assert (brest.count(Departure), brest.count(Farewell)) == (0, 0)


def test_a_server_that_never_answers_is_named(fediverse: Fediverse) -> None:
    alice = known_around(fediverse)
    fediverse["nantes.test"].down = True
    browser = signed_in(alice)
    left = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="now")
    fediverse.settle()
    for _ in range(9):
        fediverse.wait(days=1)
    assert "nantes.test ✗ Pas prévenu Ce serveur n’a pas répondu" in Browser(alice.server).open(left.path).words


def test_in_a_week_and_one_may_change_one_s_mind(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    brest.register("root", role="admin")
    alice = brest.register("alice")
    alice.says("Toujours là")
    browser = signed_in(alice)
    planned = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="later")
    assert "Ce compte sera effacé le" in planned.words
    assert "sera effacé" in browser.open("/reglages/donnees").words
    again = browser.post(PAGE, {"csrf": planned.form("/annuler").values["csrf"], "proof": PASSWORD})
    assert again.status == 409
    visitor = Browser(brest)
    stays = visitor.send(visitor.open(planned.path), "/annuler")
    assert "Votre compte reste." in stays.words
    fediverse.wait(days=8)
    assert "Toujours là" in visitor.open("/@alice").words

    browser = signed_in(alice)
    planned = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="later")
    assert "Votre compte reste." in browser.send(browser.open("/reglages/donnees"), "/suppression/annuler").words
    planned = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="later")
    fediverse.wait(days=6)
    assert visitor.open("/@alice").status == 200
    fediverse.wait(days=2)
    assert visitor.open("/@alice").status == 410
    assert "Aucun serveur à prévenir" in visitor.open(planned.path).words


def test_workers_that_die_in_the_middle_lose_nothing_and_do_nothing_twice(fediverse: Fediverse) -> None:
    alice = known_around(fediverse)
    lea = Person(fediverse["lorient.test"], "lea")
    bob = alice.server.register("bob")
    answered = bob.says("Une question")
    alice.says("Une réponse", answers=answered)
    fediverse.settle()
    browser = signed_in(alice)
    left = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="now")
    with alice.server.app.app_context():
        alice.server.queue.names.clear()
        identifier = leaving.take()  # and was killed
        assert (identifier is not None, leaving.take()) == (True, None)
    fediverse.wait(minutes=4)
    assert "Ce compte est effacé" in Browser(alice.server).open(left.path).words
    post = bob.post(answered)
    assert post is not None
    assert post.replies_count == 0
    assert lea.server.count(Account, Account.name == "alice") == 0
    with alice.server.app.app_context():
        assert leaving.erase_next(identifier or 0) is False
    assert alice.server.count(Notification) == 0


def test_the_last_administrator_stays(fediverse: Fediverse) -> None:
    root = fediverse["brest.test"].register("root", role="admin")
    browser = signed_in(root)
    page = browser.send(browser.open(PAGE), "/suppression", proof=PASSWORD, when="now")
    assert (page.status, "nommez-en d’abord une autre" in page.words) == (409, True)
    assert Browser(root.server).open("/depart/x").status == 404
    assert re.search("connexion", Browser(root.server).open(PAGE).path)
