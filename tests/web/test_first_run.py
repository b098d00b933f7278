"""A new server: its one-time link makes the administrator, once."""

from urllib.parse import urlsplit

from fediterr.accounts import service as accounts
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser

GOOD = {
    "display_name": "Alice",
    "name": "alice",
    "email": "alice@brest.example",
    "password": "une phrase assez longue",
    "password__again": "une phrase assez longue",
}


def link_of(server: Server) -> str:
    with server.inside():
        found = accounts.setup_link()
    assert found
    return urlsplit(found).path


def test_the_link_creates_the_administrator_and_signs_in(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    assert "pas encore d’administrateur" in browser.open("/").words
    page = browser.send(browser.open(path), path, **GOOD)
    assert page.status == 200
    assert "Votre serveur est prêt" in page.words
    assert "Votre fil est encore vide" in page.words
    with server.inside():
        assert [account.name for account in accounts.administrators()] == ["alice"]


def test_the_link_works_once(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    form = browser.open(path)
    browser.send(form, path, **GOOD)
    late = Browser(server)
    assert late.open(path).status == 404
    assert "déjà servi" in late.open(path).words
    again = browser.send(form, path, **GOOD | {"name": "mallory", "email": "m@x.example"})
    assert again.status in (403, 404)
    assert late.open("/setup/made-up").status == 404


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost_but_the_password(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server)
    page = browser.send(browser.open(path), path, **GOOD | {"email": "nowhere"})
    assert page.status == 400
    assert "Ce n’est pas une adresse électronique." in page.words
    assert 'aria-describedby="email-help email-error"' in page.html
    form = page.form(path)
    assert (form.values["name"], form.values["email"], form.values["password"]) == ("alice", "nowhere", "")
    assert GOOD["password"] not in page.html
    page = browser.send(page, path, **GOOD | {"password__again": "autre chose"})
    assert "Les deux mots de passe ne sont pas les mêmes." in page.words
    page = browser.send(page, path, **GOOD | {"password": "court", "password__again": "court"})
    assert "au moins 8 caractères" in page.words
    page = browser.send(page, path, **GOOD | {"name": "a b"})
    assert "Un identifiant compte de 1 à 30" in page.words
    assert browser.send(page, path, **GOOD).status == 200


def test_the_first_run_speaks_english_to_who_does(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    path, browser = link_of(server), Browser(server, "en-GB,en;q=0.9")
    page = browser.send(browser.open(path), path, **GOOD | {"email": "nowhere"})
    assert page.language == "en"
    assert "This is not an e-mail address." in page.words
