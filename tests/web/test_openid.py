"""A service that lets people sign in and is not what it should be: nobody gets in by a word that cannot be trusted."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account, Identity, User
from fediterr.core import clock, db, siret
from tests.fediverse import Fediverse, Server
from tests.web.browser import PASSWORD, Browser, Page, signed_in

ISSUER = "https://login.test"
SIREN = "219990009"
HERE, ELSEWHERE = f"{SIREN}00017", "21998000000018"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}) for kid in ("one", "two"))


class Provider:
    """The service, in the hands of the story: what is told of somebody may be changed before it is signed."""

    def __init__(self, fediverse: Fediverse) -> None:
        fediverse.strangers["login.test"] = self.answer
        self.keys = [KEY]
        self.signs_with = KEY
        self.person = {
            "given_name": "Élodie",
            "usual_name": "Le Bihan",
            "email": "elodie@estran.example",
            "siret": HERE,
        }
        self.change_id: Callable[[dict[str, Any]], object] = lambda claims: None
        self.change_userinfo: Callable[[dict[str, Any]], object] = lambda claims: None
        self.id_header: dict[str, Any] = {}
        self.userinfo_type = "application/jwt"
        self.status: dict[str, int] = {}
        self.issuer = ISSUER
        self.nonce = self.challenge = ""
        self.subject = "sub-1"
        self.asked: list[str] = []

    def answer(self, request: Any) -> tuple[int, dict[str, str], bytes]:
        path = urlsplit(request.url).path
        self.asked.append(path)
        if path in self.status:
            return self.status[path], {"Content-Type": "application/json"}, b'{"error": "invalid_grant"}'
        kind, body = {
            "/.well-known/openid-configuration": self._description,
            "/jwks": lambda _: ("application/json", {"keys": [key.as_dict(private=False) for key in self.keys]}),
            "/token": self._tokens,
            "/userinfo": self._userinfo,
        }[path](request)
        return 200, {"Content-Type": kind}, body.encode() if isinstance(body, str) else json.dumps(body).encode()

    def _description(self, _request: Any) -> tuple[str, Any]:
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "logout"}
        found = {f"{name}_endpoint": f"{ISSUER}/{path}" for name, path in places.items()}
        return "application/json", {"issuer": self.issuer, "jwks_uri": f"{ISSUER}/jwks", **found}

    def _tokens(self, request: Any) -> tuple[str, Any]:
        form = parse_qs(request.body.decode())
        assert request.headers["Authorization"] == "Basic ZmVkaXRlcnI6cyUyQ2U="
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge
        now = int(clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "fediterr",
            "sub": self.subject,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 60,
        }
        self.change_id(claims)
        return "application/json", {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(claims)}

    def _userinfo(self, request: Any) -> tuple[str, Any]:
        assert request.headers["Authorization"] == "Bearer at"
        claims = {"iss": ISSUER, "aud": "fediterr", "sub": self.subject, **self.person}
        self.change_userinfo(claims)
        return self.userinfo_type, self.sign(claims, {}) if self.userinfo_type == "application/jwt" else claims

    def sign(self, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        head = {"alg": "RS256", "kid": self.signs_with.kid, **(self.id_header if header is None else header)}
        if head["alg"] == "RS256":
            return jwt.encode(head, claims, self.signs_with)
        parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, claims))
        return ".".join((*parts, ""))

    def leads_back(self, browser: Browser, **change: str) -> Page:
        """Go there from the page of signing in, and come back at once."""
        away = browser.open("/connexion/service?next=/notifications", follow=False)
        assert away.status == 302, away.words
        query = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["Location"]).query).items()}
        self.nonce, self.challenge = query["nonce"], query["code_challenge"]
        said = {"code": "c", "state": query["state"], "iss": ISSUER, **change}
        return browser.open("/connexion/retour?" + "&".join(f"{name}={value}" for name, value in said.items()))


@pytest.fixture
def server(fediverse: Fediverse) -> Server:
    return fediverse.add(
        "brest.test",
        oidc_issuer=ISSUER,
        oidc_client_id="fediterr",
        oidc_client_secret="s,e",
        oidc_sirens=(SIREN,),
    )


@pytest.fixture
def provider(fediverse: Fediverse, server: Server) -> Provider:
    return Provider(fediverse)


def users(server: Server) -> dict[str, str]:
    """Everybody's role by their name."""
    with server.app.app_context():
        listed = db.session.query(User).options(joinedload(User.account)).all()
        return {user.account.name: user.role for user in listed}


def arrive(browser: Browser, page: Page, **typed: str) -> Page:
    return browser.send(page, "/connexion/bienvenue", **{"agreement": "1", **typed})


def test_an_agent_comes_for_the_first_time_and_again(server: Server, provider: Provider) -> None:
    browser = Browser(server)
    assert "Se connecter avec ProConnect" in browser.open("/connexion").words
    page = provider.leads_back(browser)
    assert "Bienvenue, Élodie Le Bihan" in page.words
    assert page.form("/bienvenue").values["name"] == "elodie_le_bihan"
    refused = browser.send(page, "/connexion/bienvenue", name="e b")
    assert refused.status == 400
    assert refused.form("/bienvenue").values["name"] == "e b"
    assert "accepter les règles" in refused.words
    assert "/notifications" in arrive(browser, page).path
    assert users(server) == {"elodie_le_bihan": "member"}
    # Out: here at once, there by its own page.
    away = browser.post("/deconnexion", browser.open("/").form("/deconnexion").values, follow=False)
    assert away.headers["Location"].startswith(f"{ISSUER}/logout?id_token_hint=")
    assert "form-action 'self' https://login.test" not in browser.open("/connexion").headers["Content-Security-Policy"]
    assert "déconnecté, ici et de ProConnect" in browser.open("/deconnexion/retour?state=bye").words
    assert provider.leads_back(browser).path == "/notifications"
    assert "form-action 'self' https://login.test" in browser.open("/").headers["Content-Security-Policy"]
    # Whoever was closed out is not let in by the service either.
    with server.inside():
        db.session.query(Account).filter_by(name="elodie_le_bihan").one().suspended_at = clock.now()
    closed = provider.leads_back(Browser(server))
    assert closed.status == 403
    assert "Ce compte n’est pas ouvert" in closed.words


def change(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda claims: claims.update({name: value})


HOSTILE: dict[str, Callable[[Provider], object]] = {
    "another nonce": lambda it: setattr(it, "change_id", change("nonce", "x")),
    "no nonce": lambda it: setattr(it, "change_id", lambda claims: claims.pop("nonce")),
    "another audience": lambda it: setattr(it, "change_id", change("aud", "someone")),
    "several audiences and nobody named": lambda it: setattr(it, "change_id", change("aud", ["fediterr", "someone"])),
    "another party": lambda it: setattr(it, "change_id", change("azp", "someone")),
    "another issuer": lambda it: setattr(it, "change_id", change("iss", "https://evil.test")),
    "it is over": lambda it: setattr(it, "change_id", change("exp", 1_000_000)),
    "no end": lambda it: setattr(it, "change_id", lambda claims: claims.pop("exp")),
    "of tomorrow": lambda it: setattr(it, "change_id", lambda claims: claims.update(iat=claims["iat"] + 86400)),
    "for another access token": lambda it: setattr(it, "change_id", change("at_hash", "xxxx")),
    "nobody": lambda it: setattr(it, "change_id", lambda claims: claims.pop("sub")),
    "not signed": lambda it: setattr(it, "id_header", {"alg": "none"}),
    "signed with a word": lambda it: setattr(it, "id_header", {"alg": "HS256"}),
    "a key that nobody published": lambda it: setattr(it, "signs_with", OTHER_KEY),
    "userinfo of somebody else": lambda it: setattr(it, "change_userinfo", change("sub", "other")),
    "userinfo for somebody else": lambda it: setattr(it, "change_userinfo", change("aud", "other")),
    "userinfo from elsewhere": lambda it: setattr(it, "change_userinfo", change("iss", "https://evil.test")),
    "no keys": lambda it: setattr(it, "keys", []),
    "another name of itself": lambda it: setattr(it, "issuer", "https://evil.test"),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_nobody_comes_in_by_a_word_that_cannot_be_trusted(server: Server, provider: Provider, fault: str) -> None:
    browser = Browser(server)
    if fault == "another name of itself":
        HOSTILE[fault](provider)
        page = browser.open("/connexion/service")
    else:
        HOSTILE[fault](provider)
        page = provider.leads_back(browser)
    assert page.status == 403
    assert "n’est pas fiable" in page.words
    assert page.form("/connexion")
    assert browser.open("/connexion/bienvenue").status == 403
    assert server.count(User) == server.count(Identity) == 0


def test_a_return_that_nobody_waits_for_is_none(fediverse: Fediverse, server: Server, provider: Provider) -> None:
    browser = Browser(server)
    assert browser.open("/connexion/retour?code=c&state=x").status == 403
    assert "recommencez" in provider.leads_back(browser, state="other").words
    # The same return a second time, in another browser, or too late.
    assert provider.leads_back(browser).status == 200
    again = browser.open(f"/connexion/retour?code=c&state={'x' * 32}")
    assert again.status == 403
    away = browser.open("/connexion/service", follow=False).headers["Location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    assert Browser(server).open(f"/connexion/retour?code=c&state={state}").status == 403
    fediverse.wait(minutes=20)
    assert "a trop duré" in browser.open(f"/connexion/retour?code=c&state={state}").words
    assert "prévenez" in provider.leads_back(browser, iss="https://evil.test").words
    provider.status["/token"] = 400  # a code that is old, or was used
    assert "recommencez" in provider.leads_back(browser).words
    assert server.count(User) == 0


def test_a_service_that_is_away_is_said_to_be(server: Server, provider: Provider) -> None:
    browser = Browser(server)
    provider.status["/userinfo"] = 503
    page = provider.leads_back(browser)
    assert page.status == 503
    assert "ne répond pas" in page.words
    denied = browser.open("/connexion/service", follow=False).headers["Location"]
    state = parse_qs(urlsplit(denied).query)["state"][0]
    page = browser.open(f"/connexion/retour?error=access_denied&error_description=%3Cb%3E&state={state}")
    assert "vous avez renoncé" in page.words
    assert page.form("/connexion")  # the accounts of here still have their way in


def test_keys_may_change_and_userinfo_may_be_plain(fediverse: Fediverse, server: Server, provider: Provider) -> None:
    browser = Browser(server)
    assert arrive(browser, provider.leads_back(browser)).status == 200
    provider.keys = [KEY, OTHER_KEY]
    provider.signs_with = OTHER_KEY
    fediverse.wait(minutes=2)
    asked = provider.asked.count("/jwks")
    assert provider.leads_back(Browser(server)).path == "/notifications"
    assert provider.asked.count("/jwks") == asked + 1
    provider.userinfo_type = "application/json"
    assert provider.leads_back(Browser(server)).path == "/notifications"
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    strict = fediverse.add("nantes.test", oidc_issuer=ISSUER, oidc_client_id="fediterr", oidc_client_secret="s,e",
                           oidc_signed_userinfo=True)  # fmt: skip
    assert "n’est pas fiable" in provider.leads_back(Browser(strict)).words


def test_a_guest_answers_and_writes_and_publishes_nothing_of_their_own(server: Server, provider: Provider) -> None:
    alice = server.register("alice")
    post = alice.says("Bonjour à tous")
    number = post.rpartition("/")[2]
    provider.person["siret"] = ELSEWHERE
    browser = Browser(server)
    page = provider.leads_back(browser)
    assert "vous venez ici en invité" in page.words
    arrive(browser, page)
    assert users(server)["elodie_le_bihan"] == "guest"
    with server.app.app_context():
        assert not db.session.query(Account).filter_by(name="elodie_le_bihan").one().discoverable
    refused = browser.send(browser.open("/publier"), "/publier", words="Pour mon territoire", visibility="public")
    assert refused.status == 403
    assert "En tant qu’invité" in refused.words
    assert "Pour mon territoire" in refused.html
    assert browser.send(browser.open("/publier"), "/publier", words="@alice Bonjour", visibility="direct").status == 200
    thread = browser.open(f"/@alice/{number}")
    answered = browser.send(thread, "/publier", words="Merci !", visibility="public")
    assert answered.status == 200, answered.words
    relayed = browser.post(f"/@alice/{number}/relayer", {"csrf": thread.form("/publier").values["csrf"], "on": "1"})
    assert relayed.status == 403
    # Once their employer is of the territory, so are they; and the other way round.
    provider.person["siret"] = HERE
    provider.leads_back(Browser(server))
    assert users(server)["elodie_le_bihan"] == "member"
    provider.person["siret"] = ELSEWHERE
    provider.leads_back(Browser(server))
    assert users(server)["elodie_le_bihan"] == "guest"


@pytest.mark.parametrize(
    ("strangers", "words"), [("refused", "réservé à son territoire"), ("approval", "lira d’abord")]
)
def test_strangers_are_refused_or_read_first(fediverse: Fediverse, strangers: str, words: str) -> None:
    server = fediverse.add("brest.test", oidc_issuer=ISSUER, oidc_client_id="fediterr", oidc_client_secret="s,e",
                           oidc_strangers=strangers)  # fmt: skip
    provider = Provider(fediverse)
    provider.person["siret"] = "219 990 009 00018"  # its last digit is wrong
    browser = Browser(server)
    page = provider.leads_back(browser)
    assert words in page.words
    if strangers == "approval":
        assert "va lire votre demande" in arrive(browser, page, reason="Je travaille avec vous.").words
        assert "lit d’abord votre demande" in provider.leads_back(browser).words
    else:
        csrf = browser.open("/connexion").form("/connexion").values["csrf"]
        assert browser.post("/connexion/bienvenue", {"csrf": csrf, "name": "elodie", "agreement": "1"}).status == 403
        assert server.count(User) == 0


def test_an_address_alone_opens_no_account(server: Server, provider: Provider) -> None:
    alice, eve = server.register("alice"), server.register("eve")
    provider.person["email"] = "Alice@brest.test.example"
    browser = Browser(server)
    page = provider.leads_back(browser)
    assert "Vous avez déjà un compte ici" in page.words
    assert page.link(**{"class": "button"}).startswith("/connexion?next=")
    csrf = browser.open("/connexion").form("/connexion").values["csrf"]
    refused = browser.post("/connexion/bienvenue", {"csrf": csrf, "name": "alice2", "agreement": "1"})
    assert refused.status == 400
    assert browser.post("/connexion/relier", {"csrf": csrf}).status == 401
    assert server.count(Identity) == 0
    # Signed in with her password, she says yes on a page of ours.
    mine = signed_in(alice)
    assert "Aucune identité reliée" in mine.open("/reglages/service-de-connexion").words
    page = provider.leads_back(mine)
    assert "Élodie Le Bihan" in page.words
    assert "Vous pouvez maintenant" in mine.send(page, "/connexion/relier").words
    assert provider.leads_back(Browser(server)).path == "/notifications"
    # What is hers is nobody else's; who is signed in as somebody else is signed in as her from now on.
    other = signed_in(eve)
    provider.leads_back(other)
    assert "@alice" in other.open("/").html
    shown = mine.open("/reglages/service-de-connexion")
    assert "Alice@brest.test.example" in shown.words
    assert "Aucune identité" in mine.send(shown, "/retirer").words
    assert "déjà un compte" in provider.leads_back(Browser(server)).words
    assert mine.open("/connexion?again").status == 200
    assert PASSWORD not in shown.html


def test_without_a_service_there_is_nothing_of_it(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = Browser(server)
    assert "ProConnect" not in browser.open("/connexion").words
    assert browser.open("/connexion/service").status == browser.open("/connexion/retour").status == 404
    assert signed_in(server.register("alice")).open("/reglages/service-de-connexion").status == 404


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("13002526500013", True),
        ("13002526500012", False),
        ("1300252650001", False),
        ("35600000000048", True),  # La Poste, by the usual rule
        ("35600000000005", False),
        ("35600000009075", True),  # La Poste, by its own
        ("00000000000000", False),
        ("１3002526500013", False),
        ("", False),
    ],
)
def test_a_siret_is_known_by_its_last_digit(number: str, is_one: bool) -> None:
    assert siret.is_siret(number) is is_one
