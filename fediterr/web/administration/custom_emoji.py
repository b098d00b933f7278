"""The emojis of this server: added, given another picture, taken back."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.moderation import custom_emojis
from fediterr.social import emojis, media
from fediterr.web import forms, rendering, session

blueprint = Blueprint("custom_emoji", __name__)


@blueprint.get("/administration/emojis")
def listed() -> Response:
    session.require_administrator()
    return _page(forms.Form({"category": request.args.get("category", ""), "shortcode": request.args.get("code", "")}))


@blueprint.post("/administration/emojis")
def put() -> Response:
    """Add one, or give another picture to one that is there."""
    me, form = session.require_administrator(), forms.sent()
    shortcode = form.value("shortcode").strip().strip(":").lower()
    part = request.files.get("picture")
    data = part.stream.read(emojis.SIZE + 1) if part is not None else b""
    try:
        _check(form, shortcode, data)
        if form.wrong:
            return _page(form, 400)
        with db.aside():  # the picture is drawn anew, which takes its time
            kept = media.keep(data, part.filename or "" if part else "")
        custom_emojis.put(me, shortcode, kept, form.value("category"))
    except errors.Problem as problem:
        db.end()
        form.refuse(problem)
        form.wrong["picture"] = form.wrong.pop("files", "") or form.wrong.pop("", "")
        return _page(form, 400)
    flask.flash(_("L’émoji :%(code)s: est là.", code=shortcode))
    return rendering.lead(flask.url_for("web.custom_emoji.listed", category=form.value("category") or None))


@blueprint.get("/administration/emojis/<shortcode>/retirer")
def confirm(shortcode: str) -> Response:
    session.require_administrator()
    found = next((each for each in emojis.listed() if each.shortcode == shortcode), None)
    if found is None:
        raise errors.NotFound("There is no such emoji.")
    return rendering.show("administration/emoji_removal.html", emoji=found)


@blueprint.post("/administration/emojis/<shortcode>/retirer")
def remove(shortcode: str) -> Response:
    me = session.require_administrator()
    custom_emojis.remove(me, shortcode)
    flask.flash(_("L’émoji :%(code)s: est retiré.", code=shortcode))
    return rendering.lead(flask.url_for("web.custom_emoji.listed"))


def _check(form: forms.Form, shortcode: str, data: bytes) -> None:
    """Say what is wrong before the picture is looked at."""
    if not emojis.SHORTCODE.fullmatch(shortcode):
        form.wrong["shortcode"] = _("De 2 à 30 lettres minuscules sans accent, chiffres ou tirets bas.")
    if not data:
        form.wrong["picture"] = _("Choisissez une image.")
    elif len(data) > emojis.SIZE:
        form.wrong["picture"] = _("Cette image est trop lourde : %(size)s Kio au plus.", size=emojis.SIZE // 1024)


def _page(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("administration/custom_emoji.html", status=status, form=form, listed=emojis.listed())
