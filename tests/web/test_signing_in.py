"""Sessions and forms: who comes in, where they are led, what ends it, and what another site cannot do."""

import re
from datetime import timedelta
from typing import Any

import argon2
import pytest
from werkzeug.security import generate_password_hash

from fediterr.accounts import passwords
from fediterr.accounts import service as accounts
from fediterr.accounts.credentials import WebSession
from fediterr.core import clock, facts
from fediterr.social.models import Follow, Like, Post
from fediterr.web.door import BY_WORD
from tests.counting import counted
from tests.fediverse import Fediverse, Person
from tests.web.browser import PASSWORD, Browser, signed_in


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    browser = Browser(server)
    start = browser.open("/connexion")
    wrong = browser.send(start, "/connexion", email="alice", password="something else")
    unknown = browser.send(start, "/connexion", email="nobody", password="something else")
    assert wrong.status == unknown.status == 401
    assert "inexact" in wrong.words
    masked = re.compile(r'name="csrf" value="[^"]*"')
    assert masked.sub("", wrong.html).replace("alice", "nobody") == masked.sub("", unknown.html)
    assert wrong.form("/connexion").values["email"] == "alice"


class Counting(argon2.PasswordHasher):
    """Does the same work, and counts how often."""

    work = 0

    def verify(self, *given: Any) -> Any:
        self.work += 1
        return super().verify(*given)


def test_as_much_work_is_done_for_a_name_that_nobody_has(fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    browser = Browser(server)
    start = browser.open("/connexion")
    for name, work in (("alice", 1), ("nobody", 2), ("", 3), ("alice@brest.test.example", 4), ("x" * 5000, 5)):
        assert browser.send(start, "/connexion", email=name, password="something else").status == 401
        assert hasher.work == work, name


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "evil.test",
        "/ /evil.test",
        "%2F%2Fevil.test",
        "http:evil.test",
    ],
)
def test_nobody_is_led_away_after_signing_in(fediverse: Fediverse, elsewhere: str) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    browser = Browser(server)
    form = browser.open("/connexion").form("/connexion")
    filled = form.values | {"email": "alice", "password": PASSWORD, "next": elsewhere}
    answer = browser.post("/connexion", filled, follow=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_signing_in_leads_to_the_page_that_was_asked_for(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    browser = Browser(server)
    page = browser.open("/notifications")
    assert page.form("/connexion").values["next"] == "/notifications"
    assert "Rien de nouveau" in browser.send(page, "/connexion", email="alice", password=PASSWORD).words


def test_passwords_cannot_be_guessed_one_after_the_other(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    server.register("bob")
    browser = Browser(server)
    start = browser.open("/connexion")
    for number in range(10):
        assert browser.send(start, "/connexion", email="Alice ", password=f"guess {number}").status == 401
    late = browser.send(start, "/connexion", email="alice", password=PASSWORD)
    assert late.status == 429
    assert 0 < int(late.headers["Retry-After"]) <= 900
    assert "attendez quelques minutes" in late.words
    assert browser.send(start, "/connexion", email="bob", password=PASSWORD).status == 200
    fediverse.wait(minutes=16)
    assert signed_in(Person(server, "alice"))


def test_the_cookie_is_for_this_server_alone(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    cookie = Browser(server).open("/connexion").headers["Set-Cookie"]
    assert cookie.startswith("__Host-fediterr=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_session_begins_anew_at_sign_in(fediverse: Fediverse) -> None:
    """The word of the forms, known before, is worth nothing after."""
    server = fediverse["brest.test"]
    server.register("alice")
    browser = Browser(server)
    before = browser.open("/connexion").form("/connexion").values["csrf"]
    page = browser.send(browser.open("/connexion"), "/connexion", email="alice", password=PASSWORD)
    assert page.form("/publier").values["csrf"] != before
    assert browser.post("/publier", {"csrf": before, "words": "Bonjour"}).status == 403


@pytest.mark.parametrize("change", ["password", "suspension"])
def test_a_new_password_or_a_suspension_ends_sessions_at_once(fediverse: Fediverse, change: str) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    form = browser.open("/").form("/publier").values | {"words": "Still me"}
    with server.inside():
        account = accounts.local("alice")
        user = accounts.user_of(account)
        assert user
        if change == "password":
            accounts.set_password(user, "another long password")
        else:
            accounts.suspend(account)
    assert "/deconnexion" not in browser.open("/").html
    assert browser.post("/publier", form).status == 401
    assert server.count(Post) == 0


def test_signing_out_ends_the_session(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    browser = signed_in(alice)
    page = browser.send(browser.open("/"), "/deconnexion")
    assert "Se connecter" in page.words
    assert browser.open("/notifications").form("/connexion")


def test_a_cookie_that_was_copied_dies_with_the_session(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    browser, thief = signed_in(alice), Browser(alice.server)
    cookie = browser.client.get_cookie("__Host-fediterr", domain="brest.test")
    assert cookie
    thief.client.set_cookie(cookie.key, cookie.value, domain="brest.test", secure=True)
    assert "/deconnexion" in thief.open("/").html
    browser.send(browser.open("/"), "/deconnexion")
    thief.client.set_cookie(cookie.key, cookie.value, domain="brest.test", secure=True)
    assert "/deconnexion" not in thief.open("/").html


def test_a_session_that_nobody_uses_ends_by_itself(fediverse: Fediverse) -> None:
    """On a shared device after half a day, on one's own after a month; each use begins the count anew."""
    alice = fediverse["brest.test"].register("alice")
    shared, own = signed_in(alice), Browser(alice.server)
    own.send(own.open("/connexion"), "/connexion", email="alice", password=PASSWORD, lasting="1")
    for _ in range(3):
        fediverse.wait(hours=8)
        assert "/deconnexion" in shared.open("/").html
    fediverse.wait(hours=14)
    assert "/deconnexion" not in shared.open("/").html
    fediverse.wait(days=20)
    assert "/deconnexion" in own.open("/").html
    fediverse.wait(days=20)
    assert "/deconnexion" in own.open("/").html
    fediverse.wait(days=31)
    assert "/deconnexion" not in own.open("/").html
    alice.server.run("clear")
    assert alice.server.count(WebSession) == 0


def test_a_page_asks_once_who_reads_it_and_writes_it_down_once_an_hour(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    browser = signed_in(alice)
    browser.open("/connexion?next=/about", follow=False)
    with counted(alice.server) as asked:
        browser.open("/connexion?next=/about", follow=False)
    assert [one.split()[0] for one in asked] == ["SELECT"]
    clock.shift(timedelta(hours=2))
    with counted(alice.server) as asked:
        browser.open("/connexion?next=/about", follow=False)
        browser.open("/connexion?next=/about", follow=False)
    assert [one.split()[0] for one in asked].count("UPDATE") == 1


def test_a_password_that_was_kept_the_old_way_is_kept_anew(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user
        user.password_hash = generate_password_hash(PASSWORD)
    browser = Browser(alice.server)
    assert browser.send(browser.open("/connexion"), "/connexion", email="alice", password="another").status == 401
    signed_in(alice)
    with alice.acting() as account:
        user = accounts.user_of(account)
        assert user
        assert user.password_hash.startswith("$argon2id$")
    signed_in(alice)


def test_no_form_is_taken_from_another_site(fediverse: Fediverse) -> None:
    """Every address that takes a form, with the session of a signed-in person but without the word of our pages."""
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    uri = bob.says("Bonjour")
    own = alice.says("Bonjour aussi")
    fediverse.settle()
    browser = signed_in(alice)
    tried = 0
    for rule in server.app.url_map.iter_rules():
        if not rule.endpoint.startswith("web.") or "POST" not in (rule.methods or ()):
            continue
        if rule.endpoint in BY_WORD:  # proved by a word in the address: without it there is no such page
            assert browser.post(rule.rule, {"on": "1"}, follow=False).status == 404
            continue
        identifier = int((own if "modifier" in rule.rule or "supprimer" in rule.rule else uri).rpartition("/")[2])
        handle = "alice" if identifier == int(own.rpartition("/")[2]) else "bob"
        path = rule.rule.replace("<handle>", handle).replace("<int:identifier>", str(identifier))
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        path = re.sub(r"<(int:)?(?!token)\w+>", "1", path)
        for word in ({}, {"csrf": ""}, {"csrf": "guessed"}):
            answer = browser.post(path.replace("<token>", "x"), {**word, "on": "1", "words": "x"}, follow=False)
            assert answer.status == 403, path
        tried += 1
    assert tried >= 12
    assert server.count(Post) == 2
    assert server.count(Like) + server.count(Follow) + server.count(facts.Told) == 0


def test_what_was_written_when_the_session_ended_is_shown_to_be_copied(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    browser = signed_in(alice)
    page = browser.post("/publier", {"csrf": "old", "words": "Un long texte <b>précieux</b>"})
    assert page.status == 403
    assert "Un long texte &lt;b&gt;précieux&lt;/b&gt;" in page.html
