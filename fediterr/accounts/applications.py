"""The programs that people let act for them: registering one, what it was allowed, its tokens, taking them back."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import scopes, tokens
from fediterr.accounts.models import Account, Application, Grant, Token, User
from fediterr.core import clock, db, errors
from fediterr.core.db import session

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"  # the code is shown, to be carried over by hand
CODE_LASTS = timedelta(minutes=10)
KEPT = timedelta(days=30)  # a code that was used

NAME, WEBSITE, ADDRESSES = 60, 2000, 2000  # characters
DANGEROUS = {"javascript", "data", "vbscript", "file", "blob", "about", "view-source"}
_HOST = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?", re.ASCII)
_ADDRESS = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # RFC 3986, less what no header can carry


@dataclass(frozen=True)
class Registered:
    """A new application, with its secret, told this once."""

    application: Application
    secret: str


def register(name: str, redirect_uris: list[str], wanted: str = "", website: str | None = None) -> Registered:
    """A new application; Invalid says all that is wrong with it."""
    wanted = wanted.strip() or scopes.DEFAULT
    website = website or None
    wrong = list(_wrong_with(name.strip(), redirect_uris, wanted, website))
    if wrong:
        raise errors.Invalid(", ".join(wrong))
    secret = secrets.token_urlsafe(32)
    application = Application(
        client_id=secrets.token_urlsafe(32),
        secret_hash=tokens.hash_of(secret),
        name=name.strip(),
        website=website,
        redirect_uris=redirect_uris,
        scopes=scopes.read(wanted),
    )
    session.add(application)
    session.flush()
    return Registered(application, secret)


def _wrong_with(name: str, redirect_uris: list[str], wanted: str, website: str | None) -> list[str]:
    wrong = []
    if not name:
        wrong.append("Application name can't be blank")
    if len(name) > NAME:
        wrong.append(f"Application name is too long (maximum is {NAME} characters)")
    if website and (_scheme(website) not in ("http", "https") or len(website) > WEBSITE):
        wrong.append("Application website must be a valid URL")
    if not redirect_uris:
        wrong.append("Redirect URI can't be blank")
    if sum(map(len, redirect_uris)) > ADDRESSES:
        wrong.append(f"Redirect URI is too long (maximum is {ADDRESSES} characters)")
    wrong += dict.fromkeys(filter(None, map(_wrong_with_address, redirect_uris)))
    if set(wanted.split()) - set(scopes.ALL):
        wrong.append("Scopes doesn't match configured on the server.")
    return wrong


def _wrong_with_address(address: str) -> str:
    if address == OUT_OF_BAND:
        return ""
    scheme = _scheme(address)
    if scheme is None or not _ADDRESS.fullmatch(address):
        return "Redirect URI must be a valid URI."
    if not scheme or (scheme in ("http", "https") and not urlsplit(address).netloc):
        return "Redirect URI must be an absolute URI."
    if scheme in ("http", "https") and not _HOST.fullmatch(urlsplit(address).netloc):
        return "Redirect URI must be a valid URI."  # it is named in a policy, where other signs have a meaning
    if scheme in DANGEROUS:
        return "Redirect URI is forbidden by the server."
    return "Redirect URI cannot contain a fragment." if "#" in address else ""


def _scheme(address: str) -> str | None:
    """The scheme of an address; None when it is no address at all."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return None


def by_client_id(client_id: str) -> Application | None:
    return session.scalar(sa.select(Application).where(Application.client_id == client_id))


def knows_secret(application: Application, secret: str) -> bool:
    return hmac.compare_digest(application.secret_hash, tokens.hash_of(secret))


# --- what somebody allowed -----------------------------------------------------------------------------------------


def allow(
    application: Application,
    user: User,
    redirect_uri: str,
    wanted: str,
    code_challenge: str | None = None,
    *,
    authority: Account | None = None,
) -> str:
    """Somebody lets an application act for them, or for an authority: the code for its token, once and soon."""
    code = secrets.token_urlsafe(32)
    session.add(
        Grant(
            hash=tokens.hash_of(code),
            application_id=application.id,
            user_id=user.id,
            account_id=authority.id if authority else None,
            redirect_uri=redirect_uri,
            scopes=scopes.read(wanted),
            code_challenge=code_challenge,
        )
    )
    session.flush()
    return code


def redeem(code: str, application: Application) -> Grant | None:
    """What a code stands for; None when it never was one of this application, or is too old.

    A code that comes twice was overheard: what it gave is taken back, whatever becomes of this request.
    """
    wanted = sa.select(Grant).where(Grant.hash == tokens.hash_of(code), Grant.application_id == application.id)
    grant = session.scalar(wanted.with_for_update(of=Grant).execution_options(populate_existing=True))
    if grant is None:
        return None
    if grant.used_at is not None:
        identifier = grant.id
        with db.aside(), db.transaction():
            _revoke(Token.grant_id == identifier)
        return None
    return grant if clock.now() - grant.created_at <= CODE_LASTS else None


def _revoke(*which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.update(Token).where(*which, Token.revoked_at.is_(None)).values(revoked_at=clock.now()))


@dataclass(frozen=True)
class Allowed:
    """An application that somebody lets act for them, and what its tokens hold together."""

    application: Application
    scopes: tuple[str, ...]
    since: datetime
    used_at: datetime | None


def allowed_by(user: User) -> list[Allowed]:
    """The applications that hold a token of this user, the last used first."""
    held = sa.select(Token).where(
        Token.user_id == user.id, Token.revoked_at.is_(None), Token.application_id.is_not(None)
    )
    found: dict[int, list[Token]] = {}
    for token in session.scalars(held.order_by(Token.id)):
        found.setdefault(token.application_id or 0, []).append(token)
    listed = [_together(each) for each in found.values()]
    return sorted(listed, key=lambda one: one.used_at or one.since, reverse=True)


def _together(held: list[Token]) -> Allowed:
    application = held[0].application
    assert application is not None
    named = {scope for token in held for scope in token.scopes.split()}
    used = [token.last_used_at for token in held if token.last_used_at]
    ordered = tuple(scope for scope in scopes.ALL if scope in named)
    return Allowed(application, ordered, held[0].created_at, max(used, default=None))


def withdraw(user: User, application_id: int) -> Application:
    """Take back all that this user allowed an application; NotFound when that was nothing."""
    application = session.get(Application, application_id)
    mine = (Token.user_id == user.id, Token.application_id == application_id)
    if application is None or not session.scalar(sa.select(sa.exists().where(*mine))):
        raise errors.NotFound("There is no such application.")
    _revoke(*mine)
    session.execute(sa.delete(Grant).where(Grant.user_id == user.id, Grant.application_id == application_id))
    return application


def forget_old_codes() -> None:
    """Clear codes that nobody can use any more."""
    session.execute(sa.delete(Grant).where(Grant.created_at < clock.now() - KEPT))
