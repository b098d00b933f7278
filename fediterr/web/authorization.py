"""The page on which people let an application act for them, and the settings in which they take that back."""

import re
from urllib.parse import urlencode, urlsplit

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import applications, oauth
from fediterr.accounts.models import Account, Office, User
from fediterr.core import errors
from fediterr.web import forms, permissions, protection, rendering, session

blueprint = Blueprint("authorization", __name__)

ASKED = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
)  # fmt: skip
YES = {"1", "t", "true", "on", "yes"}
CODE = re.compile(r"[\w-]{20,100}")


@blueprint.get("/oauth/authorize", strict_slashes=False)
def ask() -> Response:
    """What an application asks for, to be allowed or refused."""
    asked = {name: request.args.get(name, "") for name in ASKED}
    try:
        consent = oauth.server.get_consent_grant(oauth.Request(asked))
    except oauth.OAuth2Error as error:
        return _refuse(error)
    if request.args.get("force_login", "").lower() in YES:
        kept = {name: value for name, value in request.args.items() if name != "force_login"}
        onward = f"{flask.url_for('web.authorization.ask')}?{urlencode(kept)}"
        return rendering.lead(flask.url_for("web.entrance.sign_in", next=onward, again=1))
    me = session.require()
    page = rendering.show(
        "authorize.html",
        account=me,
        application=consent.client.application,
        asked={name: value for name, value in asked.items() if value},
        outward=_outward(consent.redirect_uri),
        wanted=permissions.told(consent.request.scope),
        voices=_voices(),
    )
    page.headers["Content-Security-Policy"] = protection.content_security(form_action=_outward(consent.redirect_uri))
    return page


@blueprint.post("/oauth/authorize", strict_slashes=False)
def decide() -> Response:
    """Allowed or refused: back to the application, with a code or with that word."""
    session.require()
    user = session.user() if request.form.get("decision") == "allow" else None
    asked = oauth.Request({name: request.form.get(name, "") for name in ASKED})
    asked.authority = _authority() if user else None
    try:
        consent = oauth.server.get_consent_grant(asked)
    except oauth.OAuth2Error as error:
        return _refuse(error)
    answer = oauth.server.create_authorization_response(asked, grant_user=user, grant=consent)
    address = dict(answer.headers)["Location"]
    if consent.redirect_uri == applications.OUT_OF_BAND:
        return _show_code(user, address)
    return Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def _voices() -> list[Account]:
    """The authorities for which an application may be let act."""
    return [each.account for each in session.offices() if each.office != Office.READ]


def _authority() -> Account | None:
    """In whose name the application is to act; None: in one's own."""
    wanted = forms.number("account")
    found = next((each for each in _voices() if each.id == wanted), None)
    if found is None and wanted not in (None, session.person().id):
        raise errors.Forbidden("You do not speak for this authority.")
    return found


def _show_code(user: User | None, address: str) -> Response:
    if user is None:
        flask.flash(_("L’application n’a reçu aucun accès."))
        return rendering.lead(flask.url_for("web.authorization.listed"))
    return rendering.lead(f"{flask.url_for('web.authorization.show_code')}?{urlsplit(address).query}")


@blueprint.get("/oauth/authorize/native", strict_slashes=False)
def show_code() -> Response:
    """The code, to be carried over by hand to an application that has no address to come back to."""
    session.require()
    code = request.args.get("code", "")
    if not CODE.fullmatch(code):
        raise errors.NotFound("There is no such page.")
    return rendering.show("authorize_code.html", given=code)


def _refuse(error: oauth.OAuth2Error) -> Response:
    """What makes no sense is told here, and never sent on: the address may be anybody's."""
    status = 401 if error.error == "invalid_client" else 400
    return rendering.show("authorize_refused.html", status=status, problem=error.error, told=error.description)


def _outward(redirect_uri: str) -> str:
    """Where the answer goes, as people and browsers name it: an origin, or the scheme of a program."""
    parts = urlsplit(redirect_uri)
    if redirect_uri == applications.OUT_OF_BAND:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


# --- settings ------------------------------------------------------------------------------------------------------


def _me() -> User:
    session.require()
    user = session.user()
    assert user is not None
    return user


@blueprint.get("/reglages/applications")
def listed() -> Response:
    """The applications that may act for one."""
    shown = [(allowed, permissions.told(" ".join(allowed.scopes))) for allowed in applications.allowed_by(_me())]
    return rendering.show("settings/applications.html", listed=shown)


@blueprint.post("/reglages/applications/<int:identifier>/retirer")
def withdraw(identifier: int) -> Response:
    gone = applications.withdraw(_me(), identifier)
    flask.flash(_("%(name)s n’a plus accès à votre compte.", name=gone.name))
    return rendering.lead(flask.url_for("web.authorization.listed"))
