"""Letting an application in on a page of ours: what is shown, what it gets, what is refused, how it is taken back."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from fediterr.accounts import applications, scopes
from fediterr.accounts import service as accounts
from fediterr.core import clock
from fediterr.core.paging import Page as Part
from fediterr.moderation import acts, offices
from fediterr.web import permissions
from tests.fediverse import Fediverse, Person
from tests.web.browser import PASSWORD, Browser, Page, signed_in

BACK = "https://maree.test/back?from=brest"
VERIFIER = "a-word-that-only-the-application-knows-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


class Program:
    """An application of somebody else, registered on the server of a person."""

    def __init__(self, person: Person, wanted: str = "read write follow push", address: str = BACK) -> None:
        self.person, self.server, self.address, self.wanted = person, person.server, address, wanted
        with self.server.inside():
            made = applications.register("Marée", [address], wanted, "https://maree.test/")
            self.client_id, self.secret = made.application.client_id, made.secret

    def link(self, **changes: str) -> str:
        asked = {"response_type": "code", "client_id": self.client_id, "redirect_uri": self.address}
        return "/oauth/authorize?" + urlencode(asked | {"scope": self.wanted, "state": "salt & water"} | changes)

    def allowed(self, browser: Browser, **changes: str) -> dict[str, str]:
        """What comes back to the application when somebody says yes."""
        return answered(decide(browser, browser.open(self.link(**changes)), "allow"))

    def redeem(self, code: str, **changes: str) -> TestResponse:
        values = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.address}
        values |= {"client_id": self.client_id, "client_secret": self.secret} | changes
        return self.ask("POST", "/oauth/token", data=values)

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = Client(self.server.app, use_cookies=False)
        return client.open(path, method=method, base_url="https://brest.test", headers=headers, **more)


def decide(browser: Browser, page: Page, decision: str) -> Page:
    form = page.form("/oauth/authorize")
    return browser.post(form.action, form.values | {"decision": decision}, follow=False)


def answered(page: Page) -> dict[str, str]:
    assert page.status == 303, page.words
    address = page.headers["Location"]
    assert address.startswith(BACK), address
    return dict(parse_qsl(urlsplit(address).query))


@pytest.fixture
def alice(fediverse: Fediverse) -> Person:
    return fediverse["brest.test"].register("alice", display_name="Alice Le Goff")


def test_somebody_lets_an_application_in_and_it_acts_for_them(alice: Person) -> None:
    program, browser = Program(alice), Browser(alice.server)
    page = browser.open(program.link())
    page = browser.send(page, "/connexion", email="alice", password=PASSWORD)
    assert "Autoriser Marée ?" in page.words
    assert "Alice Le Goff" in page.words
    assert "@alice@brest.test" in page.words
    assert "maree.test" in page.words
    assert "Agir à votre place" in page.words
    back = answered(decide(browser, page, "allow"))
    assert back == {"from": "brest", "code": back["code"], "state": "salt & water"}
    given = program.redeem(back["code"])
    assert given.json is not None
    assert (given.status_code, given.json["scope"]) == (200, "read write follow push")
    mine = program.ask("GET", "/api/v1/accounts/verify_credentials", given.json["access_token"])
    assert (mine.json or {})["username"] == "alice"


def test_the_page_is_in_the_language_of_the_reader_or_of_the_link(alice: Person) -> None:
    program = Program(alice)
    assert "Authorize Marée?" in signed_in(alice, "en").open(program.link()).words
    assert "Authorize Marée?" in signed_in(alice).open(program.link(lang="en")).words
    assert "Autoriser Marée ?" in signed_in(alice).open(program.link(lang="None")).words


def test_the_page_lets_its_form_lead_to_the_application_and_nobody_frame_it(alice: Person) -> None:
    browser = signed_in(alice)
    for address, place in ((BACK, "https://maree.test"), ("maree://back", "maree:"), (applications.OUT_OF_BAND, "")):
        page = browser.open(Program(alice, address=address).link())
        policy = page.headers["Content-Security-Policy"]
        assert f"form-action 'self' {place}".strip() in policy.split("; ")
        assert "frame-ancestors 'none'" in policy
        assert page.headers["X-Frame-Options"] == "DENY"


def test_a_refusal_is_told_to_the_application(alice: Person) -> None:
    browser = signed_in(alice)
    back = answered(decide(browser, browser.open(Program(alice).link()), "refuse"))
    assert back["error"] == "access_denied"
    assert back["state"] == "salt & water"
    assert "code" not in back


def test_a_code_is_shown_to_be_carried_over_by_hand(alice: Person) -> None:
    program, browser = Program(alice, address=applications.OUT_OF_BAND), signed_in(alice)
    form = browser.open("/oauth/authorize/" + program.link().removeprefix("/oauth/authorize")).form("/oauth/authorize")
    answer = browser.post(form.action, form.values | {"decision": "allow"}, follow=False)
    address = answer.headers["Location"]
    assert address.startswith("/oauth/authorize/native?code=")
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert f'value="{code}"' in browser.open(address).html
    assert program.redeem(code).status_code == 200
    assert browser.open("/oauth/authorize/native?code=<script>").status == 404
    refused = browser.post(form.action, form.values | {"decision": "refuse"})
    assert "n’a reçu aucun accès" in refused.words


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"client_id": "wrong"}, "pas inscrite ici"),
        ({"client_id": ""}, "pas inscrite ici"),
        ({"redirect_uri": "https://evil.test/"}, "ne correspond pas"),
        ({"redirect_uri": BACK + "&more=1"}, "ne correspond pas"),
        ({"redirect_uri": "https://maree.test/back"}, "ne correspond pas"),
        ({"redirect_uri": 'https://maree.test/"é'}, "ne correspond pas"),
        ({"scope": "read admin:write"}, "plus que ce pour quoi"),
        ({"scope": "everything"}, "plus que ce pour quoi"),
        ({"response_type": "token"}, "sorte de réponse"),
        ({"response_type": ""}, "sorte de réponse"),
        ({"response_type": 'é"\\'}, "sorte de réponse"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "ne correspond pas"),
        ({"code_challenge": CHALLENGE}, "ne correspond pas"),
        ({"code_challenge_method": "S256"}, "ne correspond pas"),
    ],
)
def test_what_makes_no_sense_is_told_here_and_leads_nowhere(alice: Person, changes: dict[str, str], told: str) -> None:
    program, browser = Program(alice), signed_in(alice)
    for reader in (Browser(alice.server), browser):
        page = reader.open(program.link(**changes), follow=False)
        assert page.status in (400, 401)
        assert told in page.words
    form = browser.open(program.link()).form("/oauth/authorize")
    answer = browser.post(form.action, form.values | changes | {"decision": "allow"}, follow=False)
    assert answer.status in (400, 401)
    assert "Location" not in answer.headers


def test_a_code_serves_once_and_one_that_comes_twice_takes_back_what_it_gave(alice: Person) -> None:
    program = Program(alice)
    code = program.allowed(signed_in(alice))["code"]
    token = (program.redeem(code).json or {})["access_token"]
    assert program.ask("GET", "/api/v1/timelines/home", token).status_code == 200
    again = program.redeem(code)
    assert (again.status_code, (again.json or {})["error"]) == (400, "invalid_grant")
    assert program.ask("GET", "/api/v1/timelines/home", token).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"redirect_uri": "https://maree.test/back"}, 400),
        ({"redirect_uri": ""}, 400),
        ({"client_secret": "wrong"}, 401),
        ({"code_verifier": VERIFIER}, 400),
    ],
)
def test_a_code_is_worth_nothing_to_anybody_else(alice: Person, changes: dict[str, str], status: int) -> None:
    program, other = Program(alice), Program(alice)
    code = program.allowed(signed_in(alice))["code"]
    assert program.redeem(code, **changes).status_code == status
    assert other.redeem(code).status_code == 400
    assert program.redeem(code).status_code == 200


def test_a_code_lasts_ten_minutes(alice: Person) -> None:
    program, browser = Program(alice), signed_in(alice)
    code = program.allowed(browser)["code"]
    clock.shift(timedelta(minutes=11))
    assert program.redeem(code).status_code == 400


def test_who_was_closed_meanwhile_gives_nothing_any_more(alice: Person) -> None:
    program = Program(alice)
    code = program.allowed(signed_in(alice))["code"]
    with alice.acting() as account:
        accounts.suspend(account)
    assert (program.redeem(code).json or {})["error"] == "invalid_grant"


def test_a_code_that_was_tied_to_a_word_is_given_to_whoever_knows_it(alice: Person) -> None:
    program, browser = Program(alice), signed_in(alice)
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = program.allowed(browser, **proof)["code"]
    assert program.redeem(code).status_code == 400
    assert program.redeem(code, code_verifier=VERIFIER[::-1]).status_code == 400
    assert program.redeem(code, code_verifier=VERIFIER).status_code == 200


def test_an_application_may_ask_that_somebody_else_signs_in(alice: Person) -> None:
    bob = alice.server.register("bob")
    program, browser = Program(alice), signed_in(alice)
    page = browser.open(program.link(force_login="true"))
    page = browser.send(page, "/connexion", email="bob", password=PASSWORD)
    assert bob.handle in page.words
    assert "Alice" not in page.words
    assert alice.handle in signed_in(alice).open(program.link(force_login="False")).words


def test_every_scope_is_said_in_plain_words_once(alice: Person) -> None:
    with alice.server.app.test_request_context():
        for scope in scopes.ALL:
            assert len(permissions.told(scope)) == 1
        assert len(permissions.told("read read:accounts write:statuses follow read:blocks")) == 3
        assert len(permissions.told(" ".join(scopes.ALL))) == 7


def test_an_application_is_listed_and_taken_back_in_the_settings(alice: Person) -> None:
    program, browser = Program(alice), signed_in(alice)
    assert "Aucune application" in browser.open("/reglages/applications").words
    token = (program.redeem(program.allowed(browser)["code"]).json or {})["access_token"]
    page = browser.open("/reglages/applications")
    assert "Marée" in page.words
    assert "Pas encore utilisée" in page.words
    assert program.ask("GET", "/api/v1/timelines/home", token).status_code == 200
    page = browser.open("/reglages/applications")
    assert "Utilisée à l’instant" in page.words
    page = browser.send(page, "/retirer")
    assert "n’a plus accès" in page.words
    assert "Aucune application" in page.words
    assert program.ask("GET", "/api/v1/timelines/home", token).status_code == 401


def test_nobody_takes_back_what_others_allowed(alice: Person) -> None:
    program = Program(alice)
    token = (program.redeem(program.allowed(signed_in(alice))["code"]).json or {})["access_token"]
    action = signed_in(alice).open("/reglages/applications").form("/retirer").action
    browser = signed_in(alice.server.register("bob"))
    word = browser.open("/").form("/publier").values["csrf"]
    assert browser.post(action, {"csrf": word}).status == 404
    assert program.ask("GET", "/api/v1/timelines/home", token).status_code == 200


def test_an_application_acts_for_an_authority_as_long_as_its_user_writes_for_it(alice: Person) -> None:
    server, program = alice.server, Program(alice)
    with server.inside():
        town, user = offices.open_authority(None, "ville", "Ville"), accounts.user_of(accounts.local("alice"))
        assert user is not None
        offices.let_speak(None, user, town)
        identifier = town.id
    browser = signed_in(alice)
    page = browser.open(program.link())
    form = page.form("/oauth/authorize")
    assert browser.post(form.action, form.values | {"account": "1", "decision": "allow"}).status == 403
    given = answered(
        browser.post(form.action, form.values | {"account": str(identifier), "decision": "allow"}, follow=False)
    )
    token = program.redeem(given["code"]).get_json()["access_token"]
    mine = program.ask("GET", "/api/v1/accounts/verify_credentials", token).get_json()
    assert (mine["username"], mine["role"]["name"]) == ("ville", "")
    said = program.ask("POST", "/api/v1/statuses", token, data={"status": "Par une application."}).get_json()
    assert said["account"]["acct"] == "ville"
    changed = program.ask("PATCH", "/api/v1/accounts/update_credentials", token, data={"note": "Nous"})
    assert changed.status_code == 403
    with server.inside():
        lines = acts.listed(accounts.local("ville"), Part(limit=1))
        assert [(each.agent, each.action, each.subject) for each in lines] == [
            ("alice@brest.test", "application.statuses-publish", said["url"])
        ]
        user = accounts.user_of(accounts.local("alice"))
        assert user is not None
        offices.let_speak(None, user, accounts.local("ville"), "read")
    assert program.ask("GET", "/api/v1/accounts/verify_credentials", token).status_code == 401
