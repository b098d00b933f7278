"""A new server: its one-time link leads, step by step, to a server with its administrator, once."""

import dataclasses
from urllib.parse import urlsplit

from fediterr.accounts import service as accounts
from fediterr.core import site
from fediterr.moderation import first_run
from fediterr.moderation import service as domains
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser, Page, signed_in

TERRITORY = {
    "name": "Réseau du Val d’Exemple",
    "place": "Val d’Exemple, Finistère",
    "description": "Entre voisins.",
    "contact_email": "contact@val.example",
}
PERSON = {"display_name": "Alice", "name": "alice", "email": "alice@brest.example"}
LIST = {"federation_mode": "allowlist", "allowed": "reseau.ville-voisine.fr\nrouen.example"}
END = {"understood": "1", "password": "une phrase assez longue", "password__again": "une phrase assez longue"}


def link_of(server: Server) -> str:
    with server.inside():
        found = first_run.link()
    assert found
    return urlsplit(found).path


def walk(browser: Browser, path: str, *, language: str = "fr") -> Page:
    """All steps but the last."""
    page = browser.send(browser.open(path), path, language=language)
    page = browser.send(page, "/territoire", **TERRITORY)
    page = browser.send(page, "/administration", **PERSON)
    page = browser.send(page, "/federation", **LIST)
    return browser.send(page, "/verifications")


def test_step_by_step_to_a_server_with_its_administrator(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    assert "pas encore d’administrateur" in browser.open("/").words
    page = browser.open(path)
    assert "Étape 1 sur 6" in page.words
    assert "Attention au nom choisi : brest.test" in page.words  # .test is no name that conforms
    page = walk(browser, path)
    assert "Étape 6 sur 6" in page.words
    assert "rien n’est encore créé" in page.words
    for said in ("Réseau du Val d’Exemple", "@alice@brest.test", "alice@brest.example", "admis un par un"):
        assert said in page.words
    refused = browser.send(page, "/creation", **END | {"understood": ""})
    assert (refused.status, "Confirmez que cette adresse est la bonne." in refused.words) == (400, True)
    page = browser.send(page, "/creation", **END)
    assert "Votre serveur est prêt" in page.words
    assert "/deconnexion" in page.html  # already signed in
    assert page.link(href="/publier")
    with server.inside():
        assert [account.name for account in accounts.administrators()] == ["alice"]
        settings = site.settings()
        assert (settings.name, settings.place, settings.federation_mode) == (
            TERRITORY["name"], TERRITORY["place"], "allowlist",
        )  # fmt: skip
        assert [rule.domain for rule in domains.rules()] == ["reseau.ville-voisine.fr", "rouen.example"]
    assert "Val d’Exemple, Finistère" in Browser(server).open("/").words


def test_the_link_works_once_and_nobody_guesses_it(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, alice, bob = link_of(server), Browser(server), Browser(server)
    his, hers = walk(bob, path), walk(alice, path)  # two at once: both see the same answers
    assert alice.send(hers, "/creation", **END).status == 200
    again = bob.send(his, "/creation", **END)
    assert again.status in (403, 404)
    assert "déjà servi" in bob.open(path).words
    assert bob.open("/setup/made-up").status == 404
    with server.inside():
        assert first_run.link() is None
        assert len(accounts.administrators()) == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    browser.open(path)
    page = browser.send(browser.open(path + "/territoire"), "/territoire", **TERRITORY | {"name": " "})
    assert (page.status, "Il faut une réponse ici." in page.words) == (400, True)
    assert page.form("/territoire").values["place"] == TERRITORY["place"]
    page = browser.send(page, "/territoire", **TERRITORY | {"contact_email": "nulle part"})
    assert 'aria-describedby="contact_email-help contact_email-error"' in page.html
    page = browser.send(browser.open(path + "/administration"), "/administration", **PERSON | {"email": "nowhere"})
    assert "Ce n’est pas une adresse électronique." in page.words
    assert page.form("/administration").values["name"] == "alice"
    assert "Un identifiant compte" in browser.send(page, "/administration", **PERSON | {"name": "a b"}).words
    page = browser.send(browser.open(path + "/federation"), "/federation", **LIST | {"allowed": "pas bon !"})
    assert "Ce n’est pas le domaine d’un serveur : bon" not in page.words
    assert "Ce n’est pas le domaine d’un serveur : !." in page.words
    late = browser.open(path + "/creation")  # not before all is well: led to the first step that is not
    assert "Il manque encore quelque chose à cette étape." in late.words
    page = walk(browser, path)
    page = browser.send(page, "/creation", **END | {"password__again": "autre chose"})
    assert "Les deux mots de passe ne sont pas les mêmes." in page.words
    page = browser.send(page, "/creation", **END | {"password": "court", "password__again": "court"})
    assert "au moins 8 caractères" in page.words
    assert browser.send(page, "/creation", **END).status == 200
    assert browser.open(path + "/nulle-part").status == 404


def test_one_goes_back_or_closes_the_window_and_finds_all_again(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    page = browser.send(browser.open(path), path, language="fr")
    page = browser.send(page, "/territoire", **TERRITORY, to="back")  # what was typed is kept on the way back too
    assert "Étape 1 sur 6" in page.words
    newer = link_of(server)  # the server was started again
    assert browser.open(path).status == 404
    page = Browser(server).open(newer + "/territoire")
    assert page.form("/territoire").values["name"] == TERRITORY["name"]


def test_the_first_run_speaks_the_language_that_was_chosen(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    page = walk(browser, path, language="en")
    assert page.language == "en"
    assert "Creation Step 6 of 6" in page.words
    assert "Read it again: nothing is created yet." in page.words
    page = browser.send(page, "/creation", **END | {"password": "short", "password__again": "short"})
    assert "A password has at least 8 characters" in page.words
    browser.send(page, "/creation", **END)
    with server.inside():
        assert site.settings().language == "en"


def test_what_the_operator_fixed_is_shown_and_stays(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", name="Réseau de Brest", fixed=frozenset({"name", "federation_mode"}))
    path, browser = link_of(server), Browser(server)
    page = browser.send(browser.open(path), path, language="fr")
    assert "Réseau de Brest Fixé par le fichier de réglages" in page.words
    assert "name" not in page.form("/territoire").values
    page = walk(browser, path)
    assert "Réseau de Brest" in page.words
    assert browser.send(page, "/creation", **END).status == 200
    with server.inside():
        assert (site.settings().name, site.settings().federation_mode) == ("Réseau de Brest", "open")


def test_a_trial_on_one_machine_and_a_name_that_conforms_are_told(fediverse: Fediverse) -> None:
    trial, town = fediverse.add("trial.test"), fediverse.add("reseau.ville.fr")
    trial.app.extensions[site.EXTENSION] = dataclasses.replace(
        trial.settings, base_url="http://localhost:8000", media_url=""
    )
    assert "Ce serveur est à l’essai" in Browser(trial).open(link_of(trial)).words
    page = Browser(town).open(link_of(town))
    assert "Attention au nom choisi" not in page.words
    assert "fait partie de l’identité de chaque compte" in page.words


def test_the_next_steps_are_for_administrators(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    admin, tom = server.register("maria", role="admin"), server.register("tom", role="moderator")
    assert signed_in(admin).open("/administration/premiers-pas").status == 200
    assert signed_in(tom).open("/administration/premiers-pas").status == 403
    assert "Se connecter" in Browser(server).open("/administration/premiers-pas").words
