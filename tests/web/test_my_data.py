"""Taking one's data along: lists as files, an archive of everything, for their owner alone."""

import errno
import io
import json
import os
import tarfile
import zipfile
from typing import Any

import pytest

from fediterr.core import storage
from fediterr.social import exports, lists, media
from fediterr.social.models import Export
from tests import files
from tests.fediverse import Fediverse, Person
from tests.web.browser import Browser, signed_in

PAGE = "/reglages/donnees"


def fetched(browser: Browser, path: str) -> Any:
    return browser.client.get(path, base_url=browser.server.settings.base_url, buffered=True)


def with_a_past(fediverse: Fediverse) -> Person:
    """Somebody who wrote, followed, blocked, kept and listed."""
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    brest.register("bob"), nantes.register("mallory")
    alice.follow("paul@nantes.test", boosts=False, languages=["fr", "br"])
    alice.follow("bob")
    alice.blocks("mallory@nantes.test")
    fediverse.settle()
    said = paul.says("Les halles rouvrent")
    fediverse.settle()
    alice.likes(said)
    alice.boosts(said)
    alice.says("Avec une image")
    alice.says("@paul@nantes.test un mot entre nous", visibility="direct")
    paul_here = alice.look_up("paul@nantes.test")
    with alice.acting() as me:
        kept = media.keep(files.picture(), "plan.png")
        media.attach(me, kept, "Le plan des halles")
        made = lists.make(me, "Voisins, et amis")
        lists.add(made, [paul_here.id])
    fediverse.settle()
    return alice


def test_lists_are_fetched_in_the_words_of_mastodon(fediverse: Fediverse) -> None:
    browser = signed_in(with_a_past(fediverse))
    page = browser.open(PAGE)
    assert "Les comptes que je suis 2" in page.words
    got = fetched(browser, f"{PAGE}/following_accounts.csv")
    assert got.get_data(as_text=True) == (
        "Account address,Show boosts,Notify on new posts,Languages\n"
        "bob@brest.test,true,false,\n"
        'paul@nantes.test,false,false,"fr, br"\n'
    )
    assert got.headers["Content-Disposition"] == 'attachment; filename="following_accounts.csv"'
    assert got.headers["Cache-Control"] == "private, no-store"
    assert fetched(browser, f"{PAGE}/blocked_accounts.csv").get_data(as_text=True) == "mallory@nantes.test\n"
    assert fetched(browser, f"{PAGE}/lists.csv").get_data(as_text=True) == '"Voisins, et amis",paul@nantes.test\n'
    assert fetched(browser, f"{PAGE}/users.csv").status_code == 404
    assert Browser(browser.server).open(f"{PAGE}/lists.csv", follow=False).status == 302


def test_an_archive_is_made_and_fetched_by_its_owner_alone(fediverse: Fediverse) -> None:
    alice = with_a_past(fediverse)
    browser = signed_in(alice)
    asked = browser.send(browser.open(PAGE), "/archive")
    assert "en préparation" in asked.words
    again = browser.post(f"{PAGE}/archive", {"csrf": asked.form("/archive/effacer").values["csrf"]})
    assert (again.status, "déjà en préparation" in again.words) == (409, True)
    fediverse.settle()
    ready = browser.open(PAGE)
    assert "Votre archive est prête" in ready.words
    assert "au plus une archive par jour" in ready.words
    got = fetched(browser, f"{PAGE}/archive")
    assert got.headers["Cache-Control"] == "private, no-store"
    archive = zipfile.ZipFile(io.BytesIO(got.get_data()))
    assert archive.testzip() is None

    def read(name: str) -> Any:
        return json.loads(archive.read(name))

    actor, outbox = read("actor.json"), read("outbox.json")
    assert (actor["preferredUsername"], actor["outbox"]) == ("alice", "outbox.json")
    assert [each["type"] for each in outbox["orderedItems"]] == ["Announce", "Create", "Create"]
    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 3)
    assert len(read("likes.json")["orderedItems"]) == 1
    assert b"paul@nantes.test" in archive.read("following_accounts.csv")
    account = read("donnees/compte.json")[0]
    assert account["email"] == "alice@brest.test.example"
    assert not any("hash" in name for name in account)
    talk = read("donnees/conversations.json")[0]
    assert (talk["with"], "un mot entre nous" in talk["posts"][0]["content"]) == (["paul@nantes.test"], True)
    assert "Avec une image" in archive.read("messages.html").decode()
    assert "Les données de alice" in archive.read("lisez-moi.html").decode()
    assert b"ubc-version: 0.1" in archive.read("manifest.yml")
    picture = next(name for name in archive.namelist() if name.startswith("media_attachments/"))
    assert archive.read(picture).startswith(b"\x89PNG")

    bob = signed_in(Person(alice.server, "bob"))
    assert fetched(bob, f"{PAGE}/archive").status_code == 404
    with alice.server.app.app_context():
        name = exports.ready(alice.account()).path
    assert alice.server.get(f"/media/{name}").status_code == 404

    fediverse.wait(days=8)
    alice.server.run("clear")
    browser = signed_in(alice)
    assert "Préparer une archive" in browser.open(PAGE).words
    assert fetched(browser, f"{PAGE}/archive").status_code == 404
    with alice.server.app.app_context(), pytest.raises(Exception, match="no such file"):
        storage.find(name or "", storage.EXPORTS)


def test_a_tar_for_other_software_and_a_picture_of_oneself(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    alice.says("Bonjour")
    browser = signed_in(alice)
    browser.send(browser.open(PAGE), "/archive", format="tar")
    fediverse.settle()
    with tarfile.open(fileobj=io.BytesIO(fetched(browser, f"{PAGE}/archive").get_data())) as archive:
        assert {"manifest.yml", "actor.json", "outbox.json"} <= set(archive.getnames())
    assert "Cette archive est effacée." in browser.send(browser.open(PAGE), "/archive/effacer").words
    assert fetched(browser, f"{PAGE}/archive").status_code == 404


def test_a_worker_that_dies_leaves_the_archive_to_the_next(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    browser.send(browser.open(PAGE), "/archive")
    server.queue.take()
    with server.app.app_context():
        assert exports.take() is not None  # and nothing more: it was killed
        assert exports.take() is None
    fediverse.settle()
    assert "en préparation" in browser.open(PAGE).words
    fediverse.wait(minutes=4)
    assert "Votre archive est prête" in browser.open(PAGE).words
    assert server.count(Export, Export.tries == 2) == 1


def test_one_that_is_not_wanted_any_more_is_not_made_and_may_be_asked_for_again(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    asked = browser.send(browser.open(PAGE), "/archive")
    assert "Préparer une archive" in browser.send(asked, "/archive/effacer").words
    fediverse.settle()
    assert server.count(Export) == 0
    browser.send(browser.open(PAGE), "/archive")
    fediverse.settle()
    assert "Votre archive est prête" in browser.open(PAGE).words


def test_a_full_disk_is_said_and_the_archive_can_be_asked_for_again(
    fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    browser.send(browser.open(PAGE), "/archive")

    def full(*_: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage.tempfile, "mkstemp", full)
    fediverse.settle()
    assert "en préparation" in browser.open(PAGE).words
    for _ in range(2):
        fediverse.wait(minutes=16)
    assert "plus de place" in browser.open(PAGE).words
    monkeypatch.undo()
    browser.send(browser.open(PAGE), "/archive")
    fediverse.settle()
    assert "Votre archive est prête" in browser.open(PAGE).words
