"""A new server: its one-time link leads, step by step, to a server with its administrator, once."""

import dataclasses
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Office
from fediterr.core import site
from fediterr.core.db import session
from fediterr.moderation import first_run
from fediterr.moderation import service as domains
from fediterr.moderation.models import Decision
from fediterr.territories import authorities, faces
from tests import territories as cast
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser, Page, signed_in

NETWORK = {
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
    page = browser.send(page, "/territoire", do="none")
    page = browser.send(page, "/reseau", **NETWORK)
    page = browser.send(page, "/administration", **PERSON)
    page = browser.send(page, "/federation", **LIST)
    return browser.send(page, "/verifications")


def test_step_by_step_to_a_server_with_its_administrator(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    assert "pas encore d’administrateur" in browser.open("/").words
    page = browser.open(path)
    assert "Étape 1 sur 7" in page.words
    assert "Attention au nom choisi : brest.test" in page.words  # .test is no name that conforms
    page = walk(browser, path)
    assert "Étape 7 sur 7" in page.words
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
            NETWORK["name"], NETWORK["place"], "allowlist",
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
    page = browser.send(browser.open(path + "/reseau"), "/reseau", **NETWORK | {"name": " "})
    assert (page.status, "Il faut une réponse ici." in page.words) == (400, True)
    assert page.form("/reseau").values["place"] == NETWORK["place"]
    page = browser.send(page, "/reseau", **NETWORK | {"contact_email": "nulle part"})
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
    page = browser.send(page, "/territoire", do="none")
    page = browser.send(page, "/reseau", **NETWORK, to="back")  # what was typed is kept on the way back too
    assert "Étape 2 sur 7" in page.words
    newer = link_of(server)  # the server was started again
    assert browser.open(path).status == 404
    page = Browser(server).open(newer + "/reseau")
    assert page.form("/reseau").values["name"] == NETWORK["name"]


def test_the_first_run_speaks_the_language_that_was_chosen(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    page = walk(browser, path, language="en")
    assert page.language == "en"
    assert "Creation Step 7 of 7" in page.words
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
    page = browser.send(page, "/territoire", do="none")
    assert "Réseau de Brest Fixé par le fichier de réglages" in page.words
    assert "name" not in page.form("/reseau").values
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


# --- by its name ---------------------------------------------------------------------------------------------------


def to_the_territory(fediverse: Fediverse, **settings: str) -> tuple[Server, str, Browser, Page]:
    """A server that knows the cast, and the page that asks which of them it is."""
    server = fediverse.add("alvane.test", **settings)
    cast.plant(server)
    path, browser = link_of(server), Browser(server)
    return server, path, browser, browser.send(browser.open(path), path, language="fr")


def test_a_territory_is_found_by_its_name_and_the_rest_follows(fediverse: Fediverse) -> None:
    server, _, browser, page = to_the_territory(fediverse)
    assert "Quel est votre territoire ?" in page.words
    page = browser.send(page, "/territoire", territory="alvane")
    assert "Lequel est-ce ?" in page.words
    assert "CC des Trois-Rivières-d’Alvane" in page.words
    page = browser.send(page, "/territoire", territory_code=cast.ALVANE, do="choose")
    said = page.form("/reseau").values
    assert said["name"] == "Réseau de la CC des Trois-Rivières-d’Alvane"
    assert said["place"] == "CC des Trois-Rivières-d’Alvane (Alvane-et-Sorel)"
    assert said["authority_name"].startswith("cc-")
    page = browser.send(page, "/reseau", authority_name="cc-alvane", website="www.alvane.example")
    page = browser.send(page, "/administration", **PERSON)
    page = browser.send(browser.send(page, "/federation", federation_mode="open"), "/verifications")
    assert "@cc-alvane@alvane.test" in page.words
    assert "Votre serveur est prêt" in browser.send(page, "/creation", **END).words
    with server.inside():
        alice, authority = accounts.local("alice"), accounts.local("cc-alvane")
        row = authorities.of(authority)
        assert row is not None
        assert (site.settings().territory_code, row.siren, row.verified_by) == (cast.ALVANE, cast.ALVANE, "operator")
        assert {each["name"] for each in authority.fields} == {"SIREN", "Population", "Site"}
        user = accounts.user_of(alice)
        assert speakers.office_of(user, authority) == Office.MANAGE
        assert faces.is_face(authority.icon_url or "")
        acts = set(session.scalars(sa.select(Decision.action)))
        assert {"set_up", "open_authority", "let_speak", "choose_setting"} <= acts
    page = Browser(server).open(f"/territoires/{cast.ALVANE}")
    assert "Sur le réseau" in page.words


def test_a_number_is_enough_and_nothing_else_is_taken(fediverse: Fediverse) -> None:
    _, path, browser, page = to_the_territory(fediverse)
    assert "Tapez le nom de votre territoire" in browser.send(page, "/territoire").words
    page = browser.send(page, "/territoire", territory="xyzzyx")
    assert (page.status, "Aucun territoire ne s’appelle ainsi" in page.words) == (400, True)
    page = browser.send(page, "/territoire", territory="296 200 009")
    assert "Est-ce celui-ci ? CC du Val-Brumeux" in page.words
    page = browser.send(page, "/territoire", territory_code="made up", territory="", do="choose")
    assert page.status == 400
    page = browser.send(page, "/territoire", territory="", territory_code=cast.CITY, do="choose")
    assert page.form("/reseau").values["name"] == "Réseau de Portelande"
    browser.send(page, "/reseau", name="À nous")
    page = browser.send(browser.open(path + "/territoire"), "/territoire", territory_code=cast.BRUMEUX, do="choose")
    assert page.form("/reseau").values["name"] == "Réseau de la CC du Val-Brumeux"  # what was said of another goes
    page = browser.send(page, "/reseau", authority_name="pas bon")
    assert 'id="authority_name-error"' in page.html


def test_a_server_that_runs_already_chooses_its_territory(fediverse: Fediverse) -> None:
    server = fediverse["alvane.test"]
    cast.plant(server)
    browser = signed_in(server.register("alice", role="admin"))
    page = browser.open("/administration/territoire")
    assert "Ce réseau n’est celui d’aucun territoire." in page.words
    page = browser.send(page, "/administration/territoire", territory=cast.BRUMEUX)
    page = browser.send(page, "/administration/territoire", territory="", territory_code=cast.BRUMEUX, do="choose")
    assert "CC du Val-Brumeux" in page.words
    assert "@cc-val-brumeux@alvane.test" in page.words
    page = browser.send(page, "/administration/territoire", do="none")
    assert "Ce réseau n’est celui d’aucun territoire." in page.words
    with server.inside():
        assert speakers.authorities()  # its account stays
