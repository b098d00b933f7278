"""Finding people, following them, being asked, keeping away, saying who one is."""

import io
from typing import Any

from fediterr.accounts import service as accounts
from tests import files
from tests.fediverse import Fediverse
from tests.web.browser import Browser, Page, signed_in


def test_somebody_elsewhere_is_found_and_followed(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul", display_name="Paul de Nantes")
    browser = signed_in(alice)
    page = browser.open("/recherche?q=@paul@nantes.test")
    assert page.path == "/@paul@nantes.test"
    page = browser.send(page, "/suivre")
    assert "Votre demande est envoyée à Paul de Nantes." in page.words
    fediverse.settle()
    assert "Ne plus suivre" in browser.open("/@paul@nantes.test").words
    paul.says("De Nantes, bonjour")
    fediverse.settle()
    assert "De Nantes, bonjour" in browser.open("/").words
    page = browser.send(browser.open("/@paul@nantes.test"), "/suivre", on="0")
    fediverse.settle()
    assert "De Nantes, bonjour" not in browser.open("/").words
    assert alice.follows("paul@nantes.test") is None


def test_addresses_lead_to_their_pages(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    uri = paul.says("Un message public")
    browser = signed_in(alice)
    page = browser.open(f"/authorize_interaction?uri={uri}")
    assert "Un message public" in page.words
    assert browser.open("/authorize_interaction?uri=acct:paul@nantes.test").path == "/@paul@nantes.test"
    assert browser.open("/recherche?q=https://brest.test/@alice").path == "/@alice"
    assert browser.open("/recherche?q=%23Éclairage").path.startswith("/tags/")
    page = browser.open("/recherche?q=@nobody@nowhere.test")
    assert page.status == 404
    assert "Rien trouvé" in page.words


def test_visitors_do_not_make_this_server_ask_others(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    brest.register("alice")
    for path in ("/recherche?q=@paul@nantes.test", "/authorize_interaction?uri=https://nantes.test/x"):
        assert Browser(brest).open(path).form("/connexion")
    assert fediverse.requests == []


def test_who_is_locked_is_asked_and_answers(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul, marie = brest.register("alice"), nantes.register("paul"), nantes.register("marie")
    browser = signed_in(alice)
    settings = browser.open("/reglages/profil")
    browser.send(settings, "/reglages/profil", locked="1")
    fediverse.settle()
    paul.follow("alice@brest.test")
    marie.follow("alice@brest.test")
    fediverse.settle()
    assert "2 personnes attendent votre réponse" in browser.open("/").words
    page = browser.open("/notifications")
    ids = {name: alice.sees(f"{name}@nantes.test").id for name in ("paul", "marie")}  # type: ignore[union-attr]
    page = browser.send(page, f"/demandes/{ids['paul']}", answer="accept")
    page = browser.send(page, f"/demandes/{ids['marie']}", answer="refuse")
    fediverse.settle()
    assert paul.follows("alice@brest.test") is True
    assert marie.follows("alice@brest.test") is None
    word = page.form("/deconnexion").values["csrf"]
    assert browser.post(f"/demandes/{ids['marie']}", {"csrf": word, "answer": "accept"}).status == 404


def test_lists_of_followers_are_for_members(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob", display_name="Bob du service eau")
    bob.follow("alice")
    fediverse.settle()
    assert "Bob du service eau" in signed_in(alice).open("/@alice/abonnes").words
    assert "@alice@brest.test" in signed_in(alice).open("/@bob/abonnements").words
    assert Browser(server).open("/@alice/abonnes").form("/connexion")


def test_blocking_hides_and_can_be_undone(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    alice.follow("bob")
    fediverse.settle()
    bob.says("Encore moi")
    browser = signed_in(alice)
    page = browser.send(browser.open("/@bob/distance"), "/bloquer")
    assert "Vous bloquez bob" in page.words
    assert "Encore moi" not in browser.open("/").words
    alice.says("Sans Bob")
    assert "Sans Bob" not in signed_in(bob).open("/@alice").words
    page = browser.send(browser.open("/@bob"), "/bloquer")
    assert "Vous ne bloquez plus bob" in page.words


def test_a_profile_says_who_one_is(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    told = {
        "display_name": "Alice Martin", "note": "Secrétaire de mairie", "field-1-name": "Site",
        "field-1-value": "https://exemple.example/alice",
    }  # fmt: skip
    form = browser.open("/reglages/profil").form("/reglages/profil").values
    assert form["discoverable"] == "1"
    page = browser.post("/reglages/profil", form | told)
    assert "Votre profil est enregistré." in page.words
    assert page.form("/reglages/profil").values["field-1-value"] == "https://exemple.example/alice"
    profile = Browser(server).open("/@alice")
    assert "Alice Martin" in profile.words
    assert 'rel="me nofollow noopener noreferrer"' in profile.html
    without = {name: value for name, value in form.items() if name != "indexable"}
    browser.post("/reglages/profil", without)
    assert 'content="noindex"' in Browser(server).open("/@alice").html


def test_the_chosen_language_wins_over_the_browsers(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"), "en")
    assert browser.open("/").language == "en"
    page = browser.send(browser.open("/reglages/lecture"), "/reglages/lecture", language="fr")
    assert (page.language, browser.open("/").language) == ("fr", "fr")
    assert Browser(server, "de").open("/").language == "fr"
    assert Browser(server, "en-US,en;q=0.5").open("/").language == "en"


def test_a_closed_account_is_gone_and_a_name_has_one_address(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    bob = server.register("bob")
    assert Browser(server).open("/@ALICE", follow=False).headers["Location"] == "/@alice"
    assert Browser(server).open("/@alice@brest.test").path == "/@alice"
    bob.says("Encore là")
    with server.inside():
        accounts.suspend(accounts.local("bob"))
    assert Browser(server).open("/@bob").status == 410
    assert "Encore là" not in Browser(server).open("/public").words


def test_about_says_who_runs_this_server(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice", role="admin", display_name="Alice Martin")
    words = Browser(server).open("/about").words
    assert "Alice Martin" in words
    assert "alice@brest.test.example" not in words


def test_a_portrait_is_put_up_described_and_taken_down(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    browser = signed_in(alice)
    form = browser.open("/reglages/profil").form("/reglages/profil")

    def save(**typed: Any) -> Page:
        return browser.post(form.action, {**form.values, **typed})

    page = save(icon=(io.BytesIO(b"no picture"), "moi.png"), note="Je reste écrit")
    assert page.status == 400
    assert "Je reste écrit" in page.html
    assert any(tag == "input" and named.get("id") == "icon" and "aria-invalid" in named for tag, named in page.tags)
    assert alice.account().icon_url is None
    save(icon=(io.BytesIO(files.picture()), "moi.png"), icon_description="Alice devant la mairie")
    assert alice.account().icon_description == "Alice devant la mairie"
    seen = [named["src"] for tag, named in browser.open("/@alice").tags if tag == "img"]
    assert str(alice.account().icon_url) in seen
    save(remove_icon="1")
    assert alice.account().icon_url is None


def test_a_profile_that_is_too_long_is_not_lost(fediverse: Fediverse) -> None:
    browser = signed_in(fediverse["brest.test"].register("alice"))
    form = browser.open("/reglages/profil").form("/reglages/profil")
    page = browser.post(form.action, {**form.values, "display_name": "x" * 3000, "note": "Je reste écrit"})
    assert page.status == 400
    assert "Je reste écrit" in page.html
