"""Who is signed in, and whether a form really comes from one of our pages.

The session is a signed cookie; it holds the user's number and `session_stamp`, so that a new password or a suspension
ends every session at the next request.
"""

import hmac
import secrets
from urllib.parse import urlsplit

import flask
from flask import request

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, User
from fediterr.core import errors

SAFE = ("GET", "HEAD", "OPTIONS")


def user() -> User | None:
    """The user who is signed in and still may be."""
    if "user" not in flask.g:
        flask.g.user = _remembered()
    found: User | None = flask.g.user
    return found


def _remembered() -> User | None:
    identifier, stamp = flask.session.get("user"), flask.session.get("stamp")
    if not isinstance(identifier, int):
        return None
    found = accounts.user(identifier)
    return found if found and found.session_stamp == stamp and found.may_sign_in else None


def be_a_visitor() -> None:
    """Know nobody on this page, whatever the cookie says."""
    flask.g.user = None


def viewer() -> Account | None:
    """The account that looks at the page; None for a visitor."""
    found = user()
    return found.account if found else None


def require() -> Account:
    """The account that is signed in; Unauthorized for a visitor."""
    found = viewer()
    if found is None:
        raise errors.Unauthorized("Sign in first.")
    return found


def start(found: User, *, lasting: bool = False) -> None:
    """Begin a session: nothing of the one before stays. A lasting one outlives the browser's window."""
    flask.session.clear()
    flask.session.permanent = lasting
    flask.session["user"], flask.session["stamp"] = found.id, found.session_stamp
    flask.g.user = found


def end() -> None:
    flask.session.clear()
    flask.g.user = None


def forget() -> None:
    """Look at nobody: what is shown next asks nothing of the database."""
    flask.g.user = None


# --- forms ---------------------------------------------------------------------------------------------------------


def csrf_token() -> str:
    """The word that our forms carry and that no other site can know."""
    if "csrf" not in flask.session:
        flask.session["csrf"] = secrets.token_urlsafe(24)
    return str(flask.session["csrf"])


def check_form() -> None:
    """Refuse a form that does not come from a page of this session."""
    if request.method in SAFE:
        return
    expected = str(flask.session.get("csrf", ""))
    given = request.form.get("csrf", "")
    if not expected or not hmac.compare_digest(expected.encode(), given.encode()):
        raise errors.Forbidden("This page had become too old: go back, reload it and try again.")


def local_path(value: str | None, otherwise: str = "/") -> str:
    """The value when it is a path of this site, and nothing that a browser could take for another site."""
    if not value or len(value) > 2000 or not value.isprintable() or "\\" in value or " " in value:
        return otherwise
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or not value.startswith("/") or value.startswith("//"):
        return otherwise
    return value
