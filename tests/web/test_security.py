"""The page of one's sign-in: where one is signed in, password, address; and the links that letters bring."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from fediterr.accounts import links
from fediterr.accounts import service as accounts
from fediterr.accounts.credentials import OneTimeWord
from fediterr.accounts.models import User
from fediterr.core.mail import Letter
from fediterr.moderation import entrance
from tests import mailbox
from tests.fediverse import Fediverse, Person, Server
from tests.mailbox import Mailbox
from tests.mastodon.client import Application
from tests.web.browser import PASSWORD, Browser, Page, signed_in

SECURITY = "/reglages/securite"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/1 Safari/604.1"
NEW = "another horse, another battery"


@pytest.fixture
def post_office() -> Iterator[Mailbox]:
    with mailbox.opened() as made:
        yield made


def with_mail(fediverse: Fediverse, post_office: Mailbox, **more: Any) -> Server:
    return fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=post_office.port, mail_tls="none", **more)


def last_link(fediverse: Fediverse, post_office: Mailbox, recipient: str) -> str:
    fediverse.settle()
    letter = post_office.letters[-1]
    assert letter["To"] == recipient
    found = re.search(r"https://brest\.test(/[\w/?=-]+)", letter.get_content())
    assert found
    return found[1]


def sign_in_as(person: Person, agent: str) -> Browser:
    browser = Browser(person.server)
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    browser.send(browser.open("/connexion"), "/connexion", email=person.name, password=PASSWORD)
    return browser


def is_in(browser: Browser) -> bool:
    return "/deconnexion" in browser.open("/").html


# --- sessions ------------------------------------------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in_and_ends_it_from_elsewhere(fediverse: Fediverse) -> None:
    alice, bob = (fediverse["brest.test"].register(name) for name in ("alice", "bob"))
    office, phone, odd = (sign_in_as(alice, agent) for agent in (WINDOWS, PHONE, "<script>curl/8"))
    page = office.open(SECURITY)
    assert re.search(r"Firefox, Windows ?127\.0\.0\.1 · cet appareil, maintenant", page.words)
    assert "Safari, iPhone" in page.words
    assert "Navigateur inconnu" in page.words
    assert "curl" not in page.html
    ends = [form.action for form in page.forms if re.search(r"sessions/\d+/terminer$", form.action)]
    assert len(ends) == 2, "not one's own: that is what signing out is for"

    stranger = signed_in(bob)
    word = stranger.open(SECURITY).forms[-1].values["csrf"]
    for action in ends:
        assert stranger.post(action, {"csrf": word}).status == 404
    assert is_in(phone)
    assert is_in(odd)
    page = office.send(page, ends[-1])
    assert "Cette session est terminée" in page.words
    assert [is_in(phone), is_in(odd)].count(True) == 1
    phone = sign_in_as(alice, PHONE)
    page = office.send(office.open(SECURITY), "/sessions/terminer")
    assert "Toutes vos autres sessions" in page.words
    assert [is_in(each) for each in (office, phone, odd)] == [True, False, False]
    assert is_in(stranger)
    assert office.post(ends[0], {"csrf": page.forms[-1].values["csrf"]}).status == 404, "it has ended"


def test_what_belongs_to_a_signed_in_person_leads_others_to_the_sign_in(fediverse: Fediverse) -> None:
    browser = Browser(fediverse["brest.test"])
    for path in ("", "/mot-de-passe", "/adresse", "/double-authentification", "/double-authentification/retirer"):
        assert browser.open(SECURITY + path).form("/connexion").values["next"] == SECURITY + path


# --- password ------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_everything_else(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    here, there, application = signed_in(alice), signed_in(alice), Application(alice)
    page = here.open(f"{SECURITY}/mot-de-passe")
    for typed, status, told in (
        ({"current": "wrong", "password": NEW, "password__again": NEW}, 403, "current-error"),
        ({"current": PASSWORD, "password": NEW, "password__again": "x"}, 400, "password-again-error"),
        ({"current": PASSWORD, "password": "short", "password__again": "short"}, 400, "password-error"),
        ({"current": PASSWORD, "password": "x" * 300, "password__again": "x" * 300}, 400, "password-error"),
        ({"current": "", "password": "", "password__again": ""}, 403, "current-error"),
    ):
        page = here.send(page, "/mot-de-passe", **typed)
        assert page.status == status
        assert any(tag.get("id") == told for _, tag in page.tags), page.words
        assert NEW not in page.html
    assert is_in(there)
    page = here.send(page, "/mot-de-passe", current=PASSWORD, password=NEW, password__again=NEW)
    assert "est changé" in page.words
    assert is_in(here)
    assert not is_in(there)
    assert application.ask("GET", "/api/v1/accounts/verify_credentials").status_code == 401
    browser = Browser(alice.server)
    assert browser.send(browser.open("/connexion"), "/connexion", email="alice", password=PASSWORD).status == 401
    assert browser.send(browser.open("/connexion"), "/connexion", email="alice", password=NEW).status == 200


def test_whoever_forgot_their_password_chooses_another_by_a_link(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = with_mail(fediverse, post_office)
    alice = server.register("alice")
    address = "alice@brest.test.example"
    old, browser = signed_in(alice), Browser(server)
    page = browser.open(browser.open("/connexion").link(href="/mot-de-passe-oublie"))
    assert browser.send(page, "/mot-de-passe-oublie", email=" ").status == 400
    page = browser.send(page, "/mot-de-passe-oublie", email="alice@BREST.test.example ")
    assert "Si un compte a l’adresse" in page.words
    link = last_link(fediverse, post_office, address)
    assert browser.open(link).headers["Referrer-Policy"] == "same-origin"
    page = browser.open(link)
    refused = browser.send(page, "/nouveau-mot-de-passe", password=NEW, password__again="other")
    assert refused.status == 400
    assert is_in(old)
    page = browser.send(refused, "/nouveau-mot-de-passe", password=NEW, password__again=NEW)
    assert "vous pouvez vous connecter" in page.words
    assert not is_in(old)
    fediverse.settle()
    assert "changé" in post_office.letters[-1]["Subject"]
    assert browser.send(page, "/connexion", email="alice", password=NEW).status == 200
    assert browser.open(link).status == 404, "once"
    assert browser.send(refused, "/nouveau-mot-de-passe", password=NEW, password__again=NEW).status in (403, 404)


def test_a_link_is_worth_nothing_after_an_hour_a_newer_one_or_a_change(
    fediverse: Fediverse, post_office: Mailbox
) -> None:
    server = with_mail(fediverse, post_office)
    alice = server.register("alice")
    address, browser = "alice@brest.test.example", Browser(server)

    def asked() -> str:
        browser.send(browser.open("/mot-de-passe-oublie"), "/mot-de-passe-oublie", email=address)
        return last_link(fediverse, post_office, address)

    first, second = asked(), asked()
    assert browser.open(first).status == 404
    assert browser.open(second).status == 200
    fediverse.wait(minutes=61)
    assert browser.open(second).status == 404
    third = asked()
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user
        accounts.set_password(user, NEW)
    assert browser.open(third).status == 404
    fourth = asked()
    with alice.acting() as account:
        accounts.suspend(account)
    assert browser.open(fourth).status == 404
    for word in ("", "x", "é", "x" * 5000, "%00"):
        assert browser.open(f"/nouveau-mot-de-passe?token={word}").status == 404
        assert browser.open(f"/nouvelle-adresse?token={word}").status == 404
    fediverse.wait(days=3)
    server.run("clear")
    assert server.count(OneTimeWord) == 0


def test_nobody_learns_who_has_an_account_nor_fills_a_mailbox(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = with_mail(fediverse, post_office)
    server.register("alice")
    browser = Browser(server)
    start = browser.open("/mot-de-passe-oublie")

    def told(email: str) -> Page:
        return browser.send(start, "/mot-de-passe-oublie", email=email)

    known, unknown = told("alice@brest.test.example"), told("nobody@brest.test.example")
    assert known.html.replace("alice", "nobody") == unknown.html
    assert [told("alice@brest.test.example").status for _ in range(6)] == [200] * 4 + [429] * 2
    assert [told("nobody@brest.test.example").status for _ in range(6)] == [200] * 4 + [429] * 2
    assert server.count(Letter) == 5
    statuses = [told(f"someone{number}@mail.example").status for number in range(12)]
    assert statuses[-1] == 429, "nor by many names from one place"


def test_without_mail_an_administrator_hands_over_a_link(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    page = Browser(alice.server).open("/mot-de-passe-oublie")
    assert "n’envoie pas de courriel" in page.words
    assert not [form for form in page.forms if "oublie" in form.action]
    with alice.server.inside():
        user = accounts.user_of(accounts.local("alice"))
        assert user
        link = links.password_link(user)
    browser = Browser(alice.server)
    page = browser.open(link.removeprefix("https://brest.test"))
    browser.send(page, "/nouveau-mot-de-passe", password=NEW, password__again=NEW)
    assert browser.send(browser.open("/connexion"), "/connexion", email="alice", password=NEW).status == 200
    assert "n’envoie pas de courriel" in browser.open(f"{SECURITY}/adresse").words


# --- address -------------------------------------------------------------------------------------------------------


def test_another_address_is_proved_before_it_counts(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = with_mail(fediverse, post_office)
    alice, bob = server.register("alice"), server.register("bob")
    here, there, application = signed_in(alice), signed_in(alice), Application(alice)
    page = here.open(f"{SECURITY}/adresse")
    with server.inside():
        entrance.block_email_domain("spam.example", accounts.local(bob.name))
    for email, password, status, field in (
        ("alice@new.example", "wrong password", 403, "password-error"),
        ("not an address", PASSWORD, 400, "email-error"),
        ("alice@brest.test.example", PASSWORD, 400, "email-error"),
        ("alice@spam.example", PASSWORD, 400, "email-error"),
        ("a@new.example,b@new.example", PASSWORD, 400, "email-error"),
        ("", PASSWORD, 400, "email-error"),
    ):
        page = here.send(page, "/adresse", email=email, password=password)
        assert page.status == status, email
        assert any(tag.get("id") == field for _, tag in page.tags), page.words
    fediverse.wait(minutes=20)
    taken = here.send(page, "/adresse", email="bob@brest.test.example", password=PASSWORD)
    assert "Un lien est parti à bob@brest.test.example" in taken.words, "who has which address is told to nobody"
    fediverse.settle()
    assert post_office.letters == []
    here.send(page, "/adresse", email="alice@new.example", password=PASSWORD)
    link = last_link(fediverse, post_office, "alice@new.example")
    assert emails(server) == {"alice@brest.test.example", "bob@brest.test.example"}
    proof = here.open(link)
    assert "alice@new.example devient l’adresse de @alice@brest.test" in proof.words
    page = here.send(proof, "/nouvelle-adresse")
    assert "Votre adresse est maintenant alice@new.example" in page.words
    assert is_in(here)
    assert not is_in(there)
    assert application.ask("GET", "/api/v1/accounts/verify_credentials").status_code == 401
    fediverse.settle()
    assert post_office.letters[-1]["To"] == "alice@brest.test.example"
    assert emails(server) == {"alice@new.example", "bob@brest.test.example"}
    assert here.open(link).status == 404


def emails(server: Server) -> set[str]:
    with server.app.app_context():
        return set(accounts.session.scalars(accounts.sa.select(User.email)))


def test_an_address_that_somebody_took_meanwhile_stays_theirs(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = with_mail(fediverse, post_office)
    here = signed_in(server.register("alice"))
    here.send(here.open(f"{SECURITY}/adresse"), "/adresse", email="shared@new.example", password=PASSWORD)
    proof = here.open(last_link(fediverse, post_office, "shared@new.example"))
    with server.inside():
        accounts.register("carol", "Shared@new.example", PASSWORD, confirmed=True)
    page = here.send(proof, "/nouvelle-adresse")
    assert page.status == 409
    assert emails(server) == {"alice@brest.test.example", "Shared@new.example"}
