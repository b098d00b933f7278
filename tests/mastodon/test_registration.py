"""People come to a server by an application or by its pages: what they give, what is refused, what they wait for."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fediterr.accounts import invitations, registration
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, User
from fediterr.core.mail import Letter
from fediterr.moderation import entrance
from tests import mailbox
from tests.fediverse import Fediverse, Server
from tests.mailbox import Mailbox
from tests.mastodon.client import Application
from tests.mastodon.test_applications import client_token, register, send
from tests.web.browser import Browser

GOOD = {"username": "carol", "email": "carol@mail.example", "password": "password", "agreement": True, "locale": "en"}


def open_server(fediverse: Fediverse, **more: Any) -> Server:
    return fediverse.add("brest.test", **{"registrations": "open", "email_confirmation": False, **more})


@pytest.fixture
def post_office() -> Iterator[Mailbox]:
    with mailbox.opened() as made:
        yield made


class Newcomer:
    """Somebody who registers by an application."""

    def __init__(self, server: Server) -> None:
        self.server, self.app = server, register(server)
        self.token = client_token(server, self.app)

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        place = {"REMOTE_ADDR": "192.0.2.7"}
        return send(self.server, path, method=method, headers=headers, environ_base=place, **more)

    def registers(self, **changes: Any) -> TestResponse:
        return self.ask("POST", "/api/v1/accounts", json=GOOD | changes)

    def comes(self, **changes: Any) -> str:
        answer = self.registers(**changes)
        assert answer.status_code == 200, answer.text
        return str((answer.json or {})["access_token"])


def words_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["error"]


def test_where_all_may_come_an_account_is_usable_at_once(fediverse: Fediverse) -> None:
    newcomer = Newcomer(open_server(fediverse))
    answer = newcomer.registers(locale="fr-FR")
    assert answer.json is not None
    assert set(answer.json) == {"access_token", "token_type", "scope", "created_at"}
    assert answer.json["scope"] == "read write follow push"
    token = answer.json["access_token"]
    me = newcomer.ask("GET", "/api/v1/accounts/verify_credentials", token).json or {}
    assert (me["username"], me["locked"], me["source"]["privacy"]) == ("carol", False, "public")
    said = newcomer.ask("POST", "/api/v1/statuses", token, json={"status": "Bonjour"}).json or {}
    assert said["visibility"] == "public"
    shown = newcomer.ask("GET", "/api/v2/instance").json or {}
    assert shown["registrations"]["enabled"] is True
    assert shown["registrations"]["approval_required"] is False


def test_all_that_is_wrong_is_said_at_once_by_field(fediverse: Fediverse) -> None:
    newcomer = Newcomer(open_server(fediverse))
    nothing = {"username": "", "email": "", "password": "", "agreement": False, "locale": "hello"}
    answer = newcomer.registers(**nothing)
    assert answer.status_code == 422
    blank = [{"error": "ERR_BLANK", "description": "can't be blank"}]
    assert answer.json == {
        "error": "Validation failed: Username can't be blank, Email can't be blank, Password can't be blank, "
        "Agreement must be accepted, Locale is not included in the list",
        "details": {
            "username": blank,
            "email": blank,
            "password": blank,
            "agreement": [{"error": "ERR_ACCEPTED", "description": "must be accepted"}],
            "locale": [{"error": "ERR_INCLUSION", "description": "is not included in the list"}],
        },
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "a b", "ERR_INVALID"),
        ("username", "é", "ERR_INVALID"),
        ("username", "a" * 31, "ERR_TOO_LONG"),
        ("username", "Admin", "ERR_RESERVED"),
        ("username", "ALICE", "ERR_TAKEN"),
        ("email", "carol", "ERR_INVALID"),
        ("email", "carol@a b", "ERR_INVALID"),
        ("email", "carol@mail.example\nBcc: all@mail.example", "ERR_INVALID"),
        ("email", "ALICE@brest.test.example", "ERR_TAKEN"),
        ("password", "short", "ERR_TOO_SHORT"),
        ("password", "a" * 257, "ERR_TOO_LONG"),
        ("reason", "a" * 421, "ERR_TOO_LONG"),
    ],
)
def test_what_is_wrong_with_a_field_has_its_code(fediverse: Fediverse, field: str, value: str, code: str) -> None:
    server = open_server(fediverse)
    server.register("alice")
    answer = Newcomer(server).registers(**{field: value})
    assert answer.status_code == 422
    assert [(name, told[0]["error"]) for name, told in (answer.json or {})["details"].items()] == [(field, code)]


def test_a_closed_server_lets_nobody_in(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    assert words_of(Newcomer(server).registers()) == (403, "This action is not allowed")
    assert Browser(server).open("/inscription").status == 403
    assert server.count(User) == 0
    shown = Newcomer(server).ask("GET", "/api/v1/instance").json or {}
    assert shown["registrations"] is False


def test_an_invitation_lets_in_as_many_as_it_says(fediverse: Fediverse) -> None:
    server = open_server(fediverse, registrations="invite")
    with server.inside():
        code = invitations.create(most=1, lasts=timedelta(days=1)).code
        late = invitations.create(lasts=timedelta(days=1)).code
    newcomer = Newcomer(server)
    assert newcomer.registers().status_code == 403
    assert newcomer.registers(invite_code="guessed").status_code == 403
    assert newcomer.comes(invite_code=code)
    second = {"username": "dave", "email": "dave@mail.example"}
    assert newcomer.registers(invite_code=code, **second).status_code == 403
    fediverse.wait(days=2)
    assert newcomer.registers(invite_code=late, **second).status_code == 403


def test_who_must_be_let_in_says_why_and_waits(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = open_server(
        fediverse, registrations="approval", mail_host="127.0.0.1", mail_port=post_office.port, mail_tls="none"
    )
    newcomer = Newcomer(server)
    missing = newcomer.registers()
    assert (missing.json or {})["details"]["reason"][0]["error"] == "ERR_BLANK"
    token = newcomer.comes(reason="Je travaille à la mairie.", locale="fr")
    home = ("GET", "/api/v1/timelines/home", token)
    assert words_of(newcomer.ask(*home)) == (403, "Your login is currently pending approval")
    with server.inside():
        assert [user.account.name for user in registration.waiting()] == ["carol"]
        registration.approve(registration.waiting()[0])
    fediverse.settle()
    assert newcomer.ask(*home).status_code == 200
    (letter,) = post_office.letters
    assert letter["To"] == "carol@mail.example"
    assert "Votre compte est ouvert" in letter["Subject"]
    assert "https://brest.test/connexion" in letter.get_content()


def test_others_see_nothing_of_who_is_not_here_yet(fediverse: Fediverse) -> None:
    server = open_server(fediverse, registrations="approval")
    alice = Application(server.register("alice"))
    Newcomer(server).comes(reason="Bonjour")
    with server.inside():
        identifier = accounts.local("carol").id
    api = (
        "/api/v1/accounts/lookup?acct=carol",
        f"/api/v1/accounts/{identifier}",
        f"/api/v1/accounts/{identifier}/statuses",
    )
    pages = ("/@carol", "/actors/carol", "/.well-known/webfinger?resource=acct:carol@brest.test")

    def seen() -> set[int]:
        told = {alice.ask("GET", path).status_code for path in api} | {server.get(path).status_code for path in pages}
        return told | {200 if alice.get("/api/v1/accounts/search", q="carol") else 404}

    assert seen() == {404}
    with server.inside():
        registration.approve(registration.waiting()[0])
    assert seen() - {302} == {200}


def test_moderators_are_told_who_comes_and_let_them_in_by_the_api(fediverse: Fediverse) -> None:
    server = open_server(fediverse, registrations="approval")
    moderator = Application(server.register("alice", role="moderator"), "read admin:write")
    newcomer = Newcomer(server)
    token = newcomer.comes(reason="Bonjour")
    fediverse.settle()
    (told,) = moderator.get("/api/v1/notifications")
    assert (told["type"], told["account"]["acct"]) == ("admin.sign_up", "carol")
    moderator.post(f"/api/v1/admin/accounts/{told['account']['id']}/approve")
    assert newcomer.ask("GET", "/api/v1/timelines/home", token).status_code == 200


def test_blocks_of_moderators_hold_at_the_entrance(fediverse: Fediverse) -> None:
    server = open_server(fediverse)
    alice = server.register("alice", role="moderator")
    newcomer = Newcomer(server)
    with alice.acting() as actor:
        entrance.block_email_domain("mail.example", actor)
    refused = newcomer.registers()
    assert (refused.json or {})["details"]["email"][0]["error"] == "ERR_BLOCKED"
    elsewhere = {"email": "carol@other.example"}
    with alice.acting() as actor:
        entrance.block_ip("192.0.2.0/24", "sign_up_requires_approval", actor)
    token = newcomer.comes(reason="Bonjour", **elsewhere)
    assert newcomer.ask("GET", "/api/v1/timelines/home", token).status_code == 403
    with alice.acting() as actor:
        entrance.block_ip("192.0.2.7", "sign_up_block", actor)
    assert newcomer.registers(username="dave", email="dave@other.example").status_code == 403
    assert Browser(server).open("/inscription").status == 200


def test_who_is_sent_away_leaves_nothing_behind(fediverse: Fediverse) -> None:
    server = open_server(fediverse, registrations="approval")
    newcomer = Newcomer(server)
    token = newcomer.comes(reason="Bonjour")
    with server.inside():
        registration.reject(registration.waiting()[0])
    assert server.count(User) == server.count(Account, Account.name == "carol") == 0
    assert newcomer.ask("GET", "/api/v1/timelines/home", token).status_code == 401
    assert newcomer.comes(reason="Encore bonjour")


def proving(fediverse: Fediverse, post_office: Mailbox) -> Server:
    return open_server(
        fediverse, email_confirmation=True, mail_host="127.0.0.1", mail_port=post_office.port, mail_tls="none"
    )


def link_in(post_office: Mailbox) -> str:
    found = re.search(r"https://brest\.test(/confirmation\?token=\S+)", post_office.letters[-1].get_content())
    assert found
    return found[1]


def test_an_address_is_proved_by_the_link_that_is_sent_to_it(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = proving(fediverse, post_office)
    newcomer = Newcomer(server)
    token = newcomer.comes()
    fediverse.settle()
    home = ("GET", "/api/v1/timelines/home", token)
    assert words_of(newcomer.ask(*home)) == (403, "Your login is missing a confirmed e-mail address")
    assert newcomer.ask("GET", "/api/v1/emails/check_confirmation", token).json is False
    assert "Confirm your address" in post_office.letters[0]["Subject"]
    browser = Browser(server, "en")
    page = browser.open(link_in(post_office))
    assert "carol@mail.example" in page.words
    assert newcomer.ask(*home).status_code == 403, "a program that only looked at the link confirmed it"
    assert "you can sign in" in browser.send(page, "/confirmation").words
    assert newcomer.ask(*home).status_code == 200
    assert newcomer.ask("GET", "/api/v1/emails/check_confirmation", token).json is True
    assert browser.open(link_in(post_office)).status == 404


def test_a_link_is_sent_again_and_to_another_address(fediverse: Fediverse, post_office: Mailbox) -> None:
    newcomer = Newcomer(proving(fediverse, post_office))
    token = newcomer.comes()
    fediverse.settle()
    first = link_in(post_office)
    again = ("POST", "/api/v1/emails/confirmations", token)
    assert (newcomer.ask(*again).status_code, newcomer.ask(*again).json) == (200, {})
    assert newcomer.ask(*again, json={"email": "not one"}).status_code == 422
    assert newcomer.ask(*again, json={"email": "carol@other.example"}).status_code == 200
    fediverse.settle()
    assert [letter["To"] for letter in post_office.letters].count("carol@other.example") == 1
    browser = Browser(newcomer.server)
    assert browser.open(first).status == 404
    browser.send(browser.open(link_in(post_office)), "/confirmation")
    told = words_of(newcomer.ask(*again))
    assert told == (403, "This method is only available while the e-mail is awaiting confirmation")


def test_only_the_application_one_came_by_may_send_the_link_again(fediverse: Fediverse) -> None:
    server = open_server(fediverse)
    newcomer, other = Newcomer(server), Newcomer(server)
    token = newcomer.comes()
    refused = newcomer.ask("POST", "/api/v1/emails/confirmations")
    assert words_of(refused) == (401, "This method requires an authenticated user")
    assert newcomer.ask("POST", "/api/v1/emails/confirmations", token, json={"email": "c@b.example"}).json == {}
    with server.inside():
        user = accounts.user_of(accounts.local("carol"))
        assert user is not None
        assert user.email == "c@b.example"
        user.application_id = None
    assert other.app
    assert newcomer.ask("POST", "/api/v1/emails/confirmations", token).status_code == 403


def test_a_link_lasts_two_days_and_an_unproved_account_a_week(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = proving(fediverse, post_office)
    server.register("alice")
    Newcomer(server).comes()
    fediverse.settle()
    fediverse.wait(days=3)
    assert Browser(server).open(link_in(post_office)).status == 404
    assert server.count(User) == 2
    fediverse.wait(days=5)
    server.run("clear")
    assert server.count(User) == 1
    assert server.count(Account, Account.name == "carol") == 0


def test_a_letter_waits_for_a_mail_server_that_is_away_and_is_dropped_where_nobody_lives(
    fediverse: Fediverse, post_office: Mailbox
) -> None:
    server = proving(fediverse, post_office)
    post_office.answer = lambda _: "451 later"
    newcomer = Newcomer(server)
    newcomer.comes()
    fediverse.settle()
    assert server.count(Letter) == 1
    fediverse.wait(seconds=30)
    assert post_office.letters == []
    post_office.answer = lambda line: "550 nobody" if "dave" in line else "250 yes"
    fediverse.wait(minutes=2)
    assert [letter["To"] for letter in post_office.letters] == ["carol@mail.example"]
    assert server.count(Letter) == 0
    newcomer.comes(username="dave", email="dave@mail.example")
    fediverse.settle()
    assert server.count(Letter) == 0
    assert len(post_office.letters) == 1


def test_somebody_comes_by_the_pages(fediverse: Fediverse, post_office: Mailbox) -> None:
    server = proving(fediverse, post_office)
    browser = Browser(server)
    page = browser.open("/inscription")
    typed = {"name": "carol", "email": "carol@mail.example", "password": "un long mot de passe"}
    page = browser.send(page, "/inscription", **typed, password__again="autre chose")
    assert "ne sont pas les mêmes" in page.words
    page = browser.send(page, "/inscription", **typed | {"name": "admin"}, password__again=typed["password"])
    assert "Cet identifiant est réservé." in page.words
    assert "Il faut accepter les règles" in page.words
    page = browser.send(page, "/inscription", **typed, password__again=typed["password"], agreement="1")
    assert "Un lien est parti à carol@mail.example" in page.words
    fediverse.settle()
    early = browser.send(browser.open("/connexion"), "/connexion", email="carol", password=typed["password"])
    assert "Confirmez d’abord votre adresse" in early.words
    page = browser.send(browser.open(link_in(post_office)), "/confirmation")
    page = browser.send(page, "/connexion", email="carol", password=typed["password"])
    assert "/deconnexion" in page.html


def test_an_invitation_opens_the_page(fediverse: Fediverse) -> None:
    server = open_server(fediverse, registrations="invite")
    with server.inside():
        path = invitations.address(invitations.create(most=2)).removeprefix("https://brest.test")
    browser = Browser(server)
    assert browser.open("/inscription").status == 403
    word = "un long mot de passe"
    page = browser.send(
        browser.open(path), "/inscription", name="carol", email="c@mail.example", password=word, password__again=word,
        agreement="1",
    )  # fmt: skip
    assert "/deconnexion" in page.html
