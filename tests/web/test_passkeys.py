"""Passkeys, of a device that is honest and of others that are not."""

import base64
import hashlib
import json
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from fediterr.accounts import service as accounts
from fediterr.accounts.credentials import OneTimeWord, Passkey
from tests.fediverse import Fediverse, Person, Server
from tests.web.browser import PASSWORD, Browser, Page, signed_in

PLACE = "/reglages/securite/cles"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    """What keeps a key and answers questions, as the standard says, or otherwise when told so."""

    def __init__(self, domain: str = "brest.test", origin: str = "https://brest.test") -> None:
        self.domain, self.origin = domain, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(self.key.private_numbers().private_value).encode()).digest()
        self.uses = 0

    def makes(self, question: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **more: Any) -> str:
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        about = self._about(flags | ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        said = self._said("webauthn.create", question)
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(made)}, **more)

    def answers(self, question: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **more: Any) -> str:
        self.uses += 1
        about, said = self._about(flags), self._said("webauthn.get", question)
        proof = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        given = {"clientDataJSON": text(said), "authenticatorData": text(about), "signature": text(proof)}
        return self._answer(given, **more)

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _said(self, kind: str, question: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": question["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, Any], **more: Any) -> str:
        kept = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        return json.dumps(kept | {"clientExtensionResults": {}} | more)


def question(browser: Browser, page: Page, action: str, **typed: str) -> dict[str, Any]:
    """What the script asks the server for, by the form that it stands beside."""
    form = page.form(action)
    answer = browser.post(f"{form.action}/question", {**form.values, **typed})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(answer.html)
    return found


def asked_to_add(browser: Browser) -> tuple[Page, dict[str, Any]]:
    page = browser.open(PLACE)
    return page, question(browser, page, PLACE, password=PASSWORD)


def added(browser: Browser, device: Device) -> None:
    page, asked = asked_to_add(browser)
    page = browser.send(page, PLACE, answer=device.makes(asked), label="Téléphone")
    assert "est enregistrée" in page.words


def sign_in_with(server: Server, device: Device, **more: Any) -> tuple[Browser, Page]:
    browser = Browser(server)
    page = browser.open("/connexion?next=/notifications")
    asked = question(browser, page, "/connexion/cle")
    return browser, browser.send(page, "/connexion/cle", answer=device.answers(asked, **more))


@pytest.fixture
def alice(fediverse: Fediverse) -> Person:
    return fediverse["brest.test"].register("alice")


def test_a_passkey_is_added_and_opens_the_account_without_another_code(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", require_second_factor="administrators")
    alice = server.register("alice")
    browser, device = signed_in(alice), Device()
    page, asked = asked_to_add(browser)
    assert asked["rp"]["id"] == "brest.test"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert browser.send(page, PLACE, answer=device.makes(asked), label=" ").status == 400
    added(browser, device)
    with server.inside():
        user = accounts.user_of(accounts.local("alice"))
        assert user
        accounts.set_role(user, "admin")
    opened, page = sign_in_with(server, device)
    assert "Rien de nouveau" in page.words
    again, page = sign_in_with(server, device)
    assert "/deconnexion" in again.open("/").html
    page = opened.open(PLACE)
    assert "Utilisée" in page.words
    with server.app.app_context():
        identifier = accounts.session.scalars(accounts.sa.select(Passkey.id)).one()
    stranger = signed_in(server.register("bob"))
    word = stranger.open(PLACE).forms[-1].values["csrf"]
    for path in (f"{PLACE}/{identifier}/retirer", f"{PLACE}/1/retirer"):
        assert stranger.open(path).status == 404
        assert stranger.post(path, {"csrf": word}).status == 404
    opened.send(opened.open(f"{PLACE}/{identifier}/retirer"), "/retirer")
    assert server.count(Passkey) == 0
    _, page = sign_in_with(server, device)
    assert page.status == 401
    assert "pas connue ici" in page.words


def test_a_question_to_add_one_is_put_to_whoever_gives_the_password(alice: Person) -> None:
    browser = signed_in(alice)
    page = browser.open(PLACE)
    told = question(browser, page, PLACE, password="not the password")
    assert told == {"words": "Ce n’est pas votre mot de passe."}
    assert alice.server.count(OneTimeWord) == 0
    stranger = Browser(alice.server)
    word = stranger.open("/connexion").forms[0].values["csrf"]
    assert stranger.post(f"{PLACE}/question", {"csrf": word, "password": PASSWORD}).status == 403
    assert stranger.post(PLACE, {"csrf": word, "answer": "{}", "label": "x"}).status == 401


@pytest.mark.parametrize(
    ("device", "more"),
    [
        (Device(origin="https://brest.test.evil.test"), {}),
        (Device(origin="http://brest.test"), {}),
        (Device(domain="evil.test"), {}),
        (Device(), {"flags": PRESENT}),
        (Device(), {"flags": VERIFIED}),
        (Device(), {"type": "password"}),
        (Device(), {"rawId": "AAAA"}),
    ],
)
def test_a_device_that_answers_for_another_place_or_without_its_owner_adds_nothing(
    alice: Person, device: Device, more: dict[str, Any]
) -> None:
    browser = signed_in(alice)
    page, asked = asked_to_add(browser)
    answer = browser.send(page, PLACE, answer=device.makes(asked, **more), label="Téléphone")
    assert answer.status == 400
    assert answer.form(PLACE).values["label"] == "Téléphone"
    assert alice.server.count(Passkey) == 0


def test_a_question_is_answered_once_and_by_whom_it_was_put_to(fediverse: Fediverse, alice: Person) -> None:
    browser, stranger, device = signed_in(alice), signed_in(alice.server.register("bob")), Device()
    page, asked = asked_to_add(browser)
    theirs, _ = asked_to_add(stranger)
    assert stranger.send(theirs, PLACE, answer=device.makes(asked), label="x").status == 400
    answer = device.makes(asked)
    assert browser.send(page, PLACE, answer=answer, label="Téléphone").status == 200
    assert browser.send(page, PLACE, answer=answer, label="Téléphone").status == 400
    visitor = Browser(alice.server)
    entrance = visitor.open("/connexion")
    for_signing_in = question(visitor, entrance, "/connexion/cle")
    assert browser.send(page, PLACE, answer=Device().makes(for_signing_in), label="x").status == 400
    _, again = asked_to_add(browser)
    assert again["excludeCredentials"][0]["id"] == text(device.id)
    assert browser.send(page, PLACE, answer=device.makes(again), label="Le même").status == 400

    answer = device.answers(for_signing_in)
    assert visitor.send(entrance, "/connexion/cle", answer=answer).status == 200
    replaying = Browser(alice.server)
    assert replaying.send(replaying.open("/connexion"), "/connexion/cle", answer=answer).status == 401
    late = Browser(alice.server)
    page = late.open("/connexion")
    asked = question(late, page, "/connexion/cle")
    fediverse.wait(minutes=11)
    assert late.send(page, "/connexion/cle", answer=device.answers(asked)).status == 401


def test_nobody_signs_in_by_a_false_answer(alice: Person) -> None:
    device = Device()
    added(signed_in(alice), device)
    thief = Device()
    thief.id = device.id
    assert sign_in_with(alice.server, thief)[1].status == 401, "another key"
    assert sign_in_with(alice.server, device, flags=PRESENT)[1].status == 401, "nobody touched it"
    assert sign_in_with(alice.server, device)[1].status == 200
    device.uses = 0
    assert sign_in_with(alice.server, device)[1].status == 401, "a copy of the key, which counts for itself"
    device.uses, device.origin = 10, "https://evil.test"
    assert sign_in_with(alice.server, device)[1].status == 401, "asked for by another site"
    device.origin = "https://brest.test"
    with alice.acting() as account:
        accounts.suspend(account)
    assert sign_in_with(alice.server, device)[1].status == 401


def test_nonsense_is_no_answer(alice: Person) -> None:
    device, browser = Device(), signed_in(alice)
    added(browser, device)
    page, asked = asked_to_add(browser)
    visitor = Browser(alice.server)
    entrance = visitor.open("/connexion")
    for_signing_in = question(visitor, entrance, "/connexion/cle")
    good, proof = json.loads(device.makes(asked)), json.loads(device.answers(for_signing_in))
    nonsense = [
        "",
        "null",
        "[]",
        "{}",
        "é",
        "[" * 5000,
        '{"id": 1}',
        '{"response": {"clientDataJSON": 5}}',
        "x" * 30_000,
    ]
    values = ("", "!", "AAAA", "e30", "gA", None, 7, [], {}, "A" * 4000, "\ud800", "\0")
    for whole in (good, proof):
        spoilt = [whole["response"] | {field: value} for field in whole["response"] for value in values]
        nonsense += [json.dumps(whole | {"response": response}) for response in spoilt]
        nonsense += [json.dumps(whole | {name: value}) for name in ("id", "rawId") for value in values]
    for answer in nonsense:
        assert browser.send(page, PLACE, answer=answer, label="x").status == 400, answer[:200]
        assert visitor.send(entrance, "/connexion/cle", answer=answer).status == 401, answer[:200]
    assert alice.server.count(Passkey) == 1
