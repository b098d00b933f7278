"""Bringing lists along: shown first, carried out line by line, with what came of each."""

import io

import pytest

from fediterr.core import errors
from fediterr.social import csv_files
from fediterr.social.models import Follow, ImportLine
from tests.fediverse import Fediverse
from tests.web.browser import Browser, Page, signed_in

PAGE = "/reglages/donnees/import"


def given(browser: Browser, text: str | bytes, filename: str = "liste.csv", **typed: str) -> Page:
    content = text.encode() if isinstance(text, str) else text
    csrf = browser.open(PAGE).form(PAGE).values["csrf"]
    return browser.post(PAGE, {"csrf": csrf, "mode": "merge", "file": (io.BytesIO(content), filename), **typed})


def test_what_was_taken_along_from_one_server_is_brought_to_another(fediverse: Fediverse) -> None:
    """The address in the file is that of the first server; everybody is found again from the second."""
    brest, nantes, rennes = fediverse["brest.test"], fediverse["nantes.test"], fediverse["rennes.test"]
    old, new = brest.register("alice"), rennes.register("alice")
    nantes.register("paul"), brest.register("bob"), nantes.register("mallory")
    old.follow("paul@nantes.test", boosts=False)
    old.follow("bob")
    fediverse.settle()
    here = signed_in(old)
    taken = here.client.get(
        "/reglages/donnees/following_accounts.csv", base_url=brest.settings.base_url, buffered=True
    ).get_data(as_text=True)

    there = signed_in(new)
    shown = given(there, taken + "nobody@nantes.test,true\nnot an address\n", "following_accounts.csv")
    assert "3 lignes comprises" in shown.words
    assert "1 ligne refusée" in shown.words
    assert "5 Ce n’est pas l’adresse d’un compte" in shown.words
    assert rennes.count(Follow) == 0
    there.send(shown, "/lancer")
    fediverse.settle()
    assert new.follows("paul@nantes.test") is True
    assert new.follows("bob@brest.test") is True
    assert rennes.count(Follow, ~Follow.boosts) == 1
    over = there.open(shown.path if "/import/" in shown.path else PAGE)
    assert "Import terminé" in over.words
    assert "nobody@nantes.test Introuvable" in over.words
    assert "Faites 2" in over.words

    again = given(there, taken, "following_accounts.csv")
    there.send(again, "/lancer")
    fediverse.settle()
    assert "L’étaient déjà 2" in there.open(again.path).words


def test_a_server_that_is_down_is_asked_again_and_what_failed_can_be_retried(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice = brest.register("alice")
    nantes.register("paul"), nantes.register("marie")
    browser = signed_in(alice)
    nantes.down = True
    shown = given(browser, "paul@nantes.test\nmarie@nantes.test\n", kind="following")
    browser.send(shown, "/lancer")
    fediverse.settle()
    waiting = browser.open(shown.path)
    assert "Import en cours" in waiting.words
    assert "En attente 2" in waiting.words
    asked = [url for _, url in fediverse.requests if "paul" in url or "marie" in url]
    assert not any("marie" in url for url in asked), "a server that is silent is not asked for each line"
    fediverse.wait(minutes=6)
    fediverse.wait(minutes=31)
    assert "L’autre serveur ne répond pas." in browser.open(shown.path).words
    nantes.down = False
    browser.send(browser.open(shown.path), "/reprendre")
    fediverse.settle()
    assert alice.follows("marie@nantes.test") is True
    assert "Import terminé" in browser.open(shown.path).words


def test_a_list_that_replaces_says_what_goes(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, _, _ = brest.register("alice"), brest.register("bob"), brest.register("carol")
    alice.follow("bob")
    browser = signed_in(alice)
    shown = given(browser, "Account address\ncarol@brest.test\n", "follows.csv", mode="overwrite")
    assert "1 élément que le fichier ne nomme pas sera retiré" in shown.words
    browser.send(shown, "/lancer")
    fediverse.settle()
    assert (alice.follows("bob"), alice.follows("carol")) == (None, True)


def test_every_kind_is_carried_out(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    said = paul.says("À garder")
    browser = signed_in(alice)
    for text, filename, done in (
        ("Voisins;@paul@nantes.test\r\n", "lists.csv", "lists.csv"),
        (f"{said}\n", "bookmarks.csv", "bookmarks.csv"),
        ("Account address,Hide notifications\npaul@nantes.test,false\n", "x.csv", "muted_accounts.csv"),
        ("spam.example\nhttps://x.example/y\n", "blocked_domains.csv", "blocked_domains.csv"),
        ("paul@nantes.test\n", "blocked_accounts.csv", "blocked_accounts.csv"),
    ):
        shown = given(browser, text, filename)
        assert "1 ligne comprise" in shown.words, shown.words
        browser.send(shown, "/lancer")
        fediverse.settle()
        assert "Faites 1" in browser.open(shown.path).words, browser.open(shown.path).words
        got = browser.client.get(f"/reglages/donnees/{done}", base_url=brest.settings.base_url, buffered=True)
        assert any(word in got.get_data(as_text=True) for word in ("paul@nantes.test", said, "spam.example")), done


def test_it_is_stopped_and_what_another_began_is_not_seen(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, bob = brest.register("alice"), brest.register("bob")
    browser = signed_in(alice)
    shown = given(browser, "bob@brest.test\n", kind="following")
    browser.send(shown, "/lancer")
    assert given(browser, "bob@brest.test\n", kind="following").status == 409
    browser.send(browser.open(shown.path), "/arreter")
    fediverse.settle()
    assert alice.follows("bob") is None
    assert brest.count(ImportLine, ImportLine.outcome == "waiting") == 1
    assert signed_in(bob).open(shown.path).status == 404
    assert "oublié" in browser.send(browser.open(shown.path), "/oublier").words
    assert given(browser, b"", kind="following").status == 400
    unsure = given(browser, "alice\nbob\n")
    assert "Dites ce que contient ce fichier" in unsure.words


@pytest.mark.parametrize(
    ("data", "name", "kind", "subjects"),
    [
        ("\ufeffAccount address,Show boosts\r\na@b.test,false\r\n".encode(), "", "following", ["a@b.test"]),
        ("Account address;Hide notifications\na@b.test;true\n".encode("utf-16"), "", "muting", ["a@b.test"]),
        (b"@a@B.test\n\n a@b.test \nc@d.test,x=true\n", "follows.csv", "following", ["a@b.test", "c@d.test"]),
        ("École,a@b.test\n".encode("cp1252"), "lists.csv", "lists", ["a@b.test"]),
        (b"#domain,#severity\nb.test,suspend\n*.c.test,silence\n", "", "domains", ["b.test", "c.test"]),
        (b"https://b.test/a,1;2\n", "", "bookmarks", ["https://b.test/a"]),
    ],
)  # fmt: skip
def test_files_are_read_as_they_come(
    fediverse: Fediverse, data: bytes, name: str, kind: str, subjects: list[str]
) -> None:
    with fediverse["brest.test"].inside():
        read = csv_files.read(data, name)
        assert (read.kind, [line.subject for line in read.lines]) == (kind, subjects)


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"a@b.test\n" * (csv_files.LINES + 1), b'"' + b"x" * 200_000])
def test_what_is_no_list_is_refused(fediverse: Fediverse, data: bytes) -> None:
    with fediverse["brest.test"].inside(), pytest.raises((errors.Invalid, errors.TooLarge)):
        csv_files.read(data, "follows.csv")


def test_what_each_kind_does_not_name_goes_when_it_replaces(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, bob = brest.register("alice"), brest.register("bob")
    brest.register("carol")
    kept, other = bob.says("À garder"), bob.says("À oublier")
    browser = signed_in(alice)
    for name, before, after, left in (
        ("lists.csv", "Près,bob@brest.test\nLoin,bob@brest.test\n", "Près,bob@brest.test\n", "Loin"),
        ("bookmarks.csv", f"{kept}\n{other}\n", f"{kept}\n", other),
        ("blocked_domains.csv", "a.example\nb.example\n", "a.example\n", "b.example"),
        ("muted_accounts.csv", "bob@brest.test\ncarol@brest.test\n", "bob@brest.test\n", "carol"),
        ("blocked_accounts.csv", "bob@brest.test\ncarol@brest.test\n", "bob@brest.test\n", "carol"),
    ):
        browser.send(given(browser, before, name), "/lancer")
        fediverse.settle()
        shown = given(browser, after, name, mode="overwrite")
        assert "1 élément que le fichier ne nomme pas sera retiré" in shown.words, name
        browser.send(shown, "/lancer")
        fediverse.settle()
        got = browser.client.get(f"/reglages/donnees/{name}", base_url=brest.settings.base_url, buffered=True)
        assert left not in got.get_data(as_text=True), name
        assert after.strip().split(",")[0] in got.get_data(as_text=True), name
