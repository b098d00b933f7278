"""The second factor, as somebody uses it: switched on, asked for, replaced by a recovery code, switched off."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest

from fediterr.accounts import second_factors
from fediterr.accounts import service as accounts
from fediterr.accounts.credentials import SecondFactor
from fediterr.core import clock, errors
from fediterr.moderation import people
from fediterr.moderation.models import Decision
from tests.fediverse import Fediverse, Person
from tests.mastodon.client import Application
from tests.web.browser import PASSWORD, Browser, Page, signed_in

PLACE = "/reglages/securite/double-authentification"


class Telephone:
    """An application that makes codes of a secret, by the clock of the story."""

    def __init__(self, page: Page) -> None:
        found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.html)
        assert found, page.words
        self.maker = pyotp.TOTP(found[1].replace(" ", ""))

    @property
    def code(self) -> str:
        return self.maker.at(clock.now())

    def wrong(self) -> str:
        near = {self.maker.at(clock.now(), counter_offset=by) for by in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def codes_on(page: Page) -> list[str]:
    return re.findall(r"<li><code>([a-z2-9-]+)</code>", page.html)


def enrolled(browser: Browser) -> tuple[Telephone, list[str]]:
    """Switch it on; the telephone, and the recovery codes."""
    page = browser.send(browser.open(PLACE), PLACE, password=PASSWORD)
    telephone = Telephone(page)
    return telephone, codes_on(browser.send(page, "/activer", code=telephone.code))


def password_given(person: Person, path: str = "/connexion") -> tuple[Browser, Page]:
    browser = Browser(person.server)
    return browser, browser.send(browser.open(path), "/connexion", email=person.name, password=PASSWORD)


@pytest.fixture
def alice(fediverse: Fediverse) -> Person:
    return fediverse["brest.test"].register("alice")


def test_somebody_switches_it_on_and_signs_in_with_codes_from_then_on(alice: Person) -> None:
    application, browser, elsewhere = Application(alice), signed_in(alice), signed_in(alice)
    assert "Activer la double authentification" in browser.open("/reglages/securite").words
    page = browser.open(PLACE)
    assert browser.send(page, PLACE, password="another password").status == 403
    page = browser.send(page, PLACE, password=PASSWORD)
    assert "<svg" in page.html
    telephone = Telephone(page)
    refused = browser.send(page, "/activer", code=telephone.wrong())
    assert refused.status == 400
    assert "inexact" in refused.words
    assert "/deconnexion" in elsewhere.open("/").html
    page = browser.send(refused, "/activer", code=f" {telephone.code[:3]} {telephone.code[3:]} ")
    codes = codes_on(page)
    assert len(set(codes)) == 10
    file = unquote(next(tag["href"] for name, tag in page.tags if name == "a" and "download" in tag))
    assert all(code in file for code in codes)
    assert "10 codes de secours" in browser.open("/reglages/securite").words
    assert not codes_on(browser.open(PLACE))
    assert "/deconnexion" not in elsewhere.open("/").html, "it was opened without"
    assert application.ask("GET", "/api/v1/accounts/verify_credentials").status_code == 401

    clock.shift(timedelta(seconds=60))
    fresh, page = password_given(alice, "/notifications")
    assert page.path.startswith("/connexion/code")
    assert "/deconnexion" not in fresh.open("/").html, "a password alone opens nothing"
    assert fresh.open("/reglages/securite").form("/connexion")
    refused = fresh.send(page, "/connexion/code", code=telephone.wrong())
    assert refused.status == 401
    page = fresh.send(refused, "/connexion/code", code=telephone.code)
    assert "Rien de nouveau" in page.words, "one comes to the page that was asked for"

    thief, page = password_given(alice)
    assert thief.send(page, "/connexion/code", code=telephone.code).status == 401, "the same code, seen by somebody"
    clock.shift(timedelta(seconds=30))
    assert thief.send(page, "/connexion/code", code=telephone.code).status == 200


def test_a_recovery_code_opens_once_and_new_ones_replace_the_others(alice: Person) -> None:
    browser = signed_in(alice)
    _, codes = enrolled(browser)
    other, page = password_given(alice)
    page = other.send(page, "/connexion/code", recovery=f" {codes[3].upper().replace('-', ' ')} ")
    assert "/deconnexion" in page.html
    assert "9 codes de secours" in other.open("/reglages/securite").words
    again, page = password_given(alice)
    refused = again.send(page, "/connexion/code", recovery=codes[3])
    assert refused.status == 401
    assert any(tag.get("id") == "recovery-error" for _, tag in refused.tags)
    assert again.send(page, "/connexion/code", code=codes[4]).status == 200, "in the other field, too"
    page = browser.send(browser.open(PLACE), "/codes", password="wrong password")
    assert page.status == 403
    fresh = codes_on(browser.send(page, "/codes", password=PASSWORD))
    assert len(fresh) == 10
    late, page = password_given(alice)
    assert late.send(page, "/connexion/code", recovery=codes[0]).status == 401
    assert late.send(page, "/connexion/code", recovery=fresh[0]).status == 200


def test_codes_are_not_guessed_one_after_the_other(fediverse: Fediverse, alice: Person) -> None:
    telephone, _ = enrolled(signed_in(alice))
    for _ in range(3):
        fediverse.wait(minutes=16)
        browser, page = password_given(alice)
        statuses = [browser.send(page, "/connexion/code", code=telephone.wrong()).status for _ in range(11)]
        assert statuses[:9] == [401] * 9
        assert statuses[-1] == 429
        late = browser.send(page, "/connexion/code", code=telephone.code)
        assert late.status == 429
        assert int(late.headers["Retry-After"]) > 0
    fediverse.wait(minutes=16)
    browser, page = password_given(alice)
    assert browser.send(page, "/connexion/code", code=telephone.code).status == 429, "nor slowly, all day long"
    fediverse.wait(days=1)
    browser, page = password_given(alice)
    assert browser.send(page, "/connexion/code", code=telephone.code).status == 200


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\x00", "é" * 500, "-" * 40])
def test_what_is_no_code_opens_nothing(alice: Person, typed: str) -> None:
    enrolled(signed_in(alice))
    browser, page = password_given(alice)
    for field in ("code", "recovery"):
        assert browser.send(page, "/connexion/code", **{field: typed}).status == 401


def test_the_page_of_the_code_is_for_whoever_just_gave_a_password(fediverse: Fediverse, alice: Person) -> None:
    telephone, _ = enrolled(signed_in(alice))
    stranger = Browser(alice.server)
    assert stranger.open("/connexion/code?next=//evil.test").form("/connexion").values["next"] == "/"
    word = stranger.open("/connexion").form("/connexion").values["csrf"]
    assert stranger.post("/connexion/code", {"csrf": word, "code": telephone.code}).form("/connexion")
    slow, page = password_given(alice)
    fediverse.wait(minutes=16)
    assert slow.send(page, "/connexion/code", code=telephone.code).form("/connexion"), "begin again"
    half, page = password_given(alice)
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user
        accounts.set_password(user, "another long password")
    assert half.send(page, "/connexion/code", code=telephone.code).form("/connexion"), "the password was changed"


def test_it_is_switched_off_with_the_password(alice: Person) -> None:
    browser = signed_in(alice)
    assert browser.open(f"{PLACE}/retirer").status == 409
    enrolled(browser)
    page = browser.open(f"{PLACE}/retirer")
    assert browser.send(page, "/retirer", password="wrong password").status == 403
    assert alice.server.count(SecondFactor) == 1
    page = browser.send(page, "/retirer", password=PASSWORD)
    assert "est retirée" in page.words
    assert alice.server.count(SecondFactor) == 0
    signed_in(alice)


def test_who_must_have_one_is_led_to_it_when_they_sign_in(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    chief, bob = server.register("chief", role="admin"), server.register("bob")
    office = signed_in(chief)
    page = office.open("/administration/identite")
    page = office.send(page, "/administration/identite", require_second_factor="administrators")
    assert "enregistré" in page.words
    signed_in(bob)
    browser, page = password_given(chief, "/notifications")
    assert "pour terminer votre connexion" in page.words
    assert "/deconnexion" not in browser.open("/").html
    assert browser.open("/reglages/profil").form("/connexion")
    telephone = Telephone(page)
    page = browser.send(page, "/activer", code=telephone.code)
    assert len(codes_on(page)) == 10
    assert (
        "Rien de nouveau"
        in browser.open(
            next(link["href"] for link in page.links if "continuer" in str(link) or link["href"] == "/notifications")
        ).words
    )
    fediverse.wait(minutes=1)
    _, page = password_given(chief)
    assert page.path.startswith("/connexion/code")


def test_a_secret_that_nobody_proved_asks_for_nothing_and_is_forgotten(fediverse: Fediverse, alice: Person) -> None:
    browser = signed_in(alice)
    page = browser.send(browser.open(PLACE), PLACE, password=PASSWORD)
    telephone = Telephone(page)
    signed_in(alice)
    fediverse.wait(minutes=16)
    page = browser.send(page, "/activer", code=telephone.code)
    assert "recommencez" in page.words
    assert not second_factor_of(alice)


def second_factor_of(person: Person) -> bool:
    with person.acting() as account:
        user = accounts.user_of(account)
        assert user
        return second_factors.is_on(user)


def test_the_secret_is_not_readable_in_the_database(alice: Person) -> None:
    telephone, codes = enrolled(signed_in(alice))
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user
        factor = accounts.session.get(SecondFactor, user.id)
        assert factor
        assert telephone.maker.secret not in factor.secret
    assert codes


def test_an_administrator_lets_somebody_in_who_lost_everything(alice: Person) -> None:
    chief = signed_in(alice.server.register("chief", role="admin"))
    helper = signed_in(alice.server.register("helper", role="moderator"))
    browser = signed_in(alice)
    enrolled(browser)
    with alice.acting() as account:
        path = f"/moderation/comptes/{account.id}"
    assert "double authentification" not in helper.open(path).words
    word = helper.open(path).forms[-1].values["csrf"]
    assert helper.post(f"{path}/double-authentification", {"csrf": word}).status == 403
    page = chief.send(chief.open(path), "/double-authentification")
    assert "le mot de passe suffit" in page.words
    assert "a retiré la double authentification de" in page.words, "the journal says so"
    assert "double-authentification" not in "".join(form.action for form in page.forms)
    with alice.server.inside(), pytest.raises(errors.Conflict):
        people.reset_second_factor(None, accounts.local("alice"))
    assert alice.server.count(Decision, Decision.action == "reset_second_factor") == 1
    assert "/deconnexion" not in browser.open("/").html
    signed_in(alice)
