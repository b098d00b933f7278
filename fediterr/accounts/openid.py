"""OpenID Connect, as a service that lets people sign in speaks it: who somebody is, in its word and checked.

Values come in, values go out: how the service is reached is the business of whoever gives `Transport`.
"""

import base64
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from fediterr.core import clock, errors
from fediterr.core.settings import Settings

log = logging.getLogger(__name__)

EXTENSION = "fediterr.openid"
RETURN, LEFT = "/connexion/retour", "/deconnexion/retour"
# Signatures with a key that is published: never one that both sides know, never none.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
KEPT = timedelta(hours=1)  # what the service says of itself, and its keys
AGAIN = timedelta(minutes=1)  # a key that nobody knows is not asked for more often
TRIAL_LASTS = timedelta(minutes=15)  # for somebody who is away at the service
LEEWAY = 60  # seconds that clocks may differ
LONGEST = 512  # characters of a value that is kept
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Answer(Protocol):
    """What the service answered."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...


class Transport(Protocol):
    """Asks the service something: no redirect is followed. Raises Unreachable and Refused."""

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer: ...


@dataclass(frozen=True)
class Trial:
    """Somebody who was sent to the service, and what only they and we know until they are back."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    begun_at: datetime


@dataclass(frozen=True)
class Person:
    """Who somebody is, in the word of the service."""

    issuer: str
    subject: str
    email: str
    email_is_proved: bool
    given_name: str
    family_name: str
    siret: str


class Provider:
    """The service that the operator named; one for the process, used by all its threads."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.issuer = settings.oidc_issuer
        self._settings, self._transport = settings, transport
        self._about: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    # --- going there ------------------------------------------------------------------------------------------------

    def depart(self) -> tuple[str, Trial]:
        """The address that somebody is sent to, and what is to be remembered of it."""
        trial = Trial(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), clock.now())
        wanted = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._settings.base_url + RETURN,
            "scope": " ".join(self._settings.oidc_scopes),
            "state": trial.state,
            "nonce": trial.nonce,
            "code_challenge": create_s256_code_challenge(trial.verifier),
            "code_challenge_method": "S256",
            "acr_values": " ".join(self._settings.oidc_acr_values),
            "prompt": self._settings.oidc_prompt,
        }
        return _with_query(self._described()["authorization_endpoint"], wanted), trial

    def leave(self, id_token: str, state: str) -> str:
        """The address where somebody ends their session at the service, too; empty when it has none."""
        try:
            place = self._described().get("end_session_endpoint")
        except errors.Problem:
            return ""
        wanted = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self._settings.base_url + LEFT,
            "client_id": self._settings.oidc_client_id,
            "state": state,
        }
        return _with_query(place, wanted) if isinstance(place, str) else ""

    def way_out(self) -> str:
        """The origin where sessions end, as a policy of content names it; empty when there is none."""
        parts = urlsplit(str(self._described().get("end_session_endpoint", "")))
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    # --- coming back --------------------------------------------------------------------------------------------------

    def arrive(self, trial: Trial | None, said: Mapping[str, str]) -> tuple[Person, str]:
        """Who came back, and the token that says so, for when they leave.

        Raises Forbidden when this is not the return of who was sent, or the service said no; Refused for an answer
        that cannot be trusted; Unreachable.
        """
        if trial is None or clock.now() - trial.begun_at > TRIAL_LASTS or said.get("state") != trial.state:
            raise too_late()
        if said.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise _distrusted("the answer names another issuer")
        if "error" in said or not said.get("code"):
            log.warning("the sign-in service said no", extra={"error": said.get("error", "")[:100]})
            raise _refusal(said.get("error", ""))
        tokens = self._redeem(said["code"], trial)
        claims = self._read_id_token(str(tokens["id_token"]), trial.nonce, str(tokens["access_token"]))
        told = {**claims, **self._ask_about(str(tokens["access_token"]), claims["sub"])}
        return self._person(told), str(tokens["id_token"])

    def _redeem(self, code: str, trial: Trial) -> dict[str, Any]:
        """The tokens that a code stands for."""
        about = self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.base_url + RETURN,
            "code_verifier": trial.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        name, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        # RFC 8414 §2: where nothing is said, basic is understood.
        if "client_secret_post" in about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            form |= {"client_id": name, "client_secret": secret}
        else:
            headers["Authorization"] = _basic(name, secret)
        answer = self._transport.ask("POST", about["token_endpoint"], headers=headers, body=urlencode(form).encode())
        if 400 <= answer.status < 500:
            told = answer.body[:300].decode(errors="replace")
            log.warning("the sign-in service refused a code", extra={"answer": told})
            raise too_late()
        tokens = _read(answer)
        if not all(isinstance(tokens.get(name), str) for name in ("id_token", "access_token")):
            raise _distrusted("a token is missing")
        return tokens

    def _read_id_token(self, token: str, nonce: str, access_token: str) -> dict[str, Any]:
        """OpenID Connect Core §3.1.3.7."""
        decoded = self._decode(token)
        options: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": self._settings.oidc_client_id, "access_token": access_token}
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        try:
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except JoseError as error:
            raise _distrusted(f"ID token: {error}") from error
        wanted = self._settings.oidc_acr_values
        if wanted and claims.get("acr") not in wanted:
            raise errors.Forbidden("The sign-in service has not proved surely enough who you are.")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST:
            raise _distrusted("ID token: sub")
        return dict(claims)

    def _ask_about(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the service tells of somebody, as a signed token (ProConnect) or as JSON; of that somebody only."""
        place = self._described().get("userinfo_endpoint")
        if not place:
            return {}
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt, application/json"}
        answer = self._transport.ask("GET", place, headers=headers)
        if answer.content_type == "application/jwt" and answer.status == 200:
            told = dict(self._decode(answer.body.decode("ascii", errors="replace").strip()).claims)
            audience = told.get("aud", self._settings.oidc_client_id)
            ours = self._settings.oidc_client_id in (audience if isinstance(audience, list) else [audience])
            if told.get("iss", self.issuer) != self.issuer or not ours:
                raise _distrusted("userinfo: it is for somebody else")
        elif self._settings.oidc_signed_userinfo and answer.status == 200:
            raise _distrusted("userinfo: it is not signed")
        else:
            told = _read(answer)
        if told.get("sub") != subject:
            raise _distrusted("userinfo: it is about somebody else")
        return told

    def _person(self, told: Mapping[str, Any]) -> Person:
        return Person(
            issuer=self.issuer,
            subject=told["sub"],
            email=_line(told, "email"),
            # ProConnect proves addresses and does not say so; who says that one is not proved is believed.
            email_is_proved=told.get("email_verified", True) is True,
            given_name=_line(told, "given_name"),
            family_name=_line(told, "usual_name") or _line(told, "family_name"),
            siret=_line(told, "siret").replace(" ", ""),
        )

    # --- what the service says of itself ------------------------------------------------------------------------------

    def _described(self) -> dict[str, Any]:
        if self._about is None or not timedelta() <= clock.now() - self._about[0] < KEPT:
            address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            found = _read(self._transport.ask("GET", address, headers={"Accept": "application/json"}))
            if found.get("issuer") != self.issuer or not all(isinstance(found.get(name), str) for name in NEEDED):
                raise _distrusted(f"it calls itself {found.get('issuer')!r}, or lacks an address")
            self._about = (clock.now(), found)
        return self._about[1]

    def _decode(self, token: str) -> jwt.Token:
        """A token that the service signed; its keys are asked for anew when it names one that nobody knows."""
        try:
            try:
                return jwt.decode(token, self._key_set(KEPT), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                return jwt.decode(token, self._key_set(AGAIN), algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise _distrusted(f"token: {error}") from error

    def _key_set(self, within: timedelta) -> KeySet:
        if self._keys is None or not timedelta() <= clock.now() - self._keys[0] < within:
            place = self._described()["jwks_uri"]
            found = _read(self._transport.ask("GET", place, headers={"Accept": "application/json"}))
            try:
                self._keys = (clock.now(), KeySet.import_key_set(found))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise _distrusted(f"keys: {error}") from error
        return self._keys[1]


def too_late() -> errors.Forbidden:
    return errors.Forbidden("This sign-in took too long, or was begun elsewhere: begin again.")


def _away() -> errors.Unreachable:
    return errors.Unreachable("The sign-in service does not answer: try again in a moment.")


def _refusal(error: str) -> errors.Problem:
    """What the service says (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6), in words of ours."""
    match error:
        case "access_denied":
            return errors.Forbidden("The sign-in service did not let you in, or you turned back.")
        case "login_required" | "interaction_required":
            return errors.Forbidden("The sign-in service asks you to sign in there again.")
        case "temporarily_unavailable" | "server_error":
            return _away()
    return errors.Forbidden("The sign-in service refused.")


def _distrusted(why: str) -> errors.Refused:
    """Why stands in the log: people are told what they can do about it, which is to tell whoever runs the server."""
    log.warning("the sign-in service is not trusted", extra={"why": why})
    return errors.Refused("What the sign-in service answered cannot be trusted: tell whoever runs this server.")


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status >= 500 or answer.status == 429:
        raise _away()
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise _distrusted("an answer is no JSON") from error
    if answer.status != 200 or not isinstance(found, dict):
        raise _distrusted(f"an answer of status {answer.status}")
    return found


def _line(told: Mapping[str, Any], name: str) -> str:
    """A value of one line."""
    value = told.get(name)
    return " ".join(value[:LONGEST].split()) if isinstance(value, str) else ""


def _with_query(address: str, wanted: Mapping[str, str]) -> str:
    said = urlencode({name: value for name, value in wanted.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{said}"


def _basic(name: str, secret: str) -> str:
    """RFC 6749 §2.3.1: both are encoded as in a form before."""
    both = f"{quote(name, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(both.encode()).decode()}"
