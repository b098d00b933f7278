"""Moving house, in pages."""

import pytest

from fediterr.accounts import service as accounts
from tests.fediverse import Fediverse
from tests.mastodon.client import Application
from tests.web.browser import PASSWORD, signed_in

PAGE = "/reglages/demenagement"


def test_one_moves_to_another_server_with_one_s_followers(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    old, new, bob = brest.register("alice"), nantes.register("alice"), brest.register("bob")
    bob.follow("alice")
    there, here = signed_in(new), signed_in(old)
    nowhere = there.send(there.open(PAGE), "/alias", alias="@nobody@brest.test")
    assert (nowhere.status, "n’existe pas" in nowhere.words) == (400, True)
    added = there.send(there.open(PAGE), "/alias", alias="@alice@brest.test")
    assert "@alice@brest.test" in added.words

    wrong = here.send(here.open(PAGE), PAGE, target="@alice@nantes.test", password="wrong horse")
    assert (wrong.status, "Ce n’est pas votre mot de passe." in wrong.words) == (403, True)
    assert old.account().moved_to_id is None
    moved = here.send(here.open(PAGE), PAGE, target="@alice@nantes.test", password=PASSWORD)
    assert "@alice@nantes.test" in moved.words
    fediverse.settle()
    assert bob.follows("alice@nantes.test") is True
    assert Application(bob).get("/api/v1/accounts/lookup", acct="alice")["moved"]["acct"] == "alice@nantes.test"


def test_one_comes_back_and_waits_before_the_next_move(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    old, new, paul = brest.register("alice"), nantes.register("alice"), nantes.register("paul")
    there, here = signed_in(new), signed_in(old)
    there.send(there.open(PAGE), "/alias", alias="@alice@brest.test")
    moved = here.send(here.open(PAGE), PAGE, target="@alice@nantes.test", password=PASSWORD)
    assert "Prochain déménagement possible" in moved.words
    fediverse.settle()
    assert "ne renvoie plus" in here.send(moved, "/annuler").words
    fediverse.settle()
    paul.follow("alice@brest.test")
    fediverse.settle()
    assert paul.follows("alice@brest.test") is True


def test_an_alias_is_needed_and_can_be_taken_back(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, _ = brest.register("alice"), brest.register("bob")
    browser = signed_in(alice)
    page = browser.send(browser.open(PAGE), PAGE, target="@bob", password=PASSWORD)
    assert (page.status, "ne désigne pas" in page.words) == (400, True)
    browser.send(browser.open(PAGE), "/alias", alias="@bob")
    with alice.acting() as me:
        assert me.also_known_as == [accounts.local("bob").uri]
    browser.send(browser.open(PAGE), "/alias/retirer")
    with alice.acting() as me:
        assert me.also_known_as == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_for_who_is_signed_in(fediverse: Fediverse, language: str) -> None:
    brest = fediverse["brest.test"]
    page = signed_in(brest.register("alice"), language).open(PAGE)
    assert page.language == language
    assert ("Move to another account" in page.words) is (language == "en")
    assert brest.get(PAGE, accept="text/html").status_code in (302, 303)
