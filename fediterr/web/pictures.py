"""Pictures of people and posts of elsewhere, as small copies of ours: for whoever is signed in here."""

import flask
from flask import Blueprint, Response
from markupsafe import escape

from fediterr.accounts import service as accounts
from fediterr.activitypub import pictures
from fediterr.core import errors
from fediterr.social import media, visibility
from fediterr.web import portraits, session

blueprint = Blueprint("pictures", __name__, url_prefix="/images")

DAY, MINUTE = 86400, 60  # seconds
# In place of a portrait that cannot be had; the grey reads on light and dark.
INITIALS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88"><text x="44" y="55" text-anchor="middle" '
    'font-family="sans-serif" font-size="32" font-weight="600" fill="#6c7a85">{}</text></svg>'
)


@blueprint.get("/comptes/<int:identifier>/<any(portrait, banniere):part>")
def of_account(identifier: int, part: str) -> Response:
    """The picture of somebody (their initials while it cannot be had), or the wide one above their profile."""
    session.require()
    account = accounts.get(identifier)
    source = portraits.source(account, part)
    if account.local or not account.active or not source:
        raise errors.NotFound("There is no such picture.")
    initials = escape(portraits.initials(account.shown_name))
    try:
        return _show(source)
    except errors.Problem:
        if part != "portrait":
            raise
        return _private(Response(INITIALS.format(initials), mimetype="image/svg+xml"), MINUTE)


@blueprint.get("/fichiers/<int:identifier>")
def of_post(identifier: int) -> Response:
    """A picture of a post that its reader may see."""
    me = session.require()
    medium = media.elsewhere(identifier)
    visibility.seen(me, medium.post_id or 0)
    return _show(medium.remote_url or "")


def _show(source: str) -> Response:
    copy = pictures.copy_of(source)
    return _private(flask.send_file(copy.path, mimetype=copy.media_type, conditional=True), DAY)


def _private(answer: Response, seconds: int) -> Response:
    answer.headers["Cache-Control"] = f"private, max-age={seconds}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
