"""Passkeys on the pages: signing in with one, and seeing to one's own. A script of ours speaks with the device."""

from collections.abc import Callable

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import passkeys
from fediterr.core import db, errors, limits, site
from fediterr.web import entrance, forms, problems, rendering, session

blueprint = Blueprint("passkeys", __name__)

PLACE = "/reglages/securite/cles"
OFTEN = {"most": 60, "seconds": 900}  # questions to one network


# --- signing in ----------------------------------------------------------------------------------------------------


@blueprint.post("/connexion/cle/question")
def ask() -> Response:
    return _question(_ask)


def _ask() -> str:
    here = limits.network_of(request.remote_addr)
    if site.settings().rate_limits and (wait := limits.wait_for("passkeys by network", here, **OFTEN)):
        raise errors.TooMany("Too many sign-ins were tried: wait a few minutes.", retry_after=int(wait) + 1)
    return passkeys.ask_for_one()


@blueprint.post("/connexion/cle")
def sign_in() -> Response:
    form = forms.sent()
    try:
        user = passkeys.sign_in(form.value("answer"))
    except errors.Problem as problem:
        db.end()
        return entrance.show_sign_in(form.refuse(problem), 401)
    session.start(user, lasting=form.is_on("lasting"))
    return rendering.lead(session.local_path(form.value("next")))


# --- one's own -----------------------------------------------------------------------------------------------------


@blueprint.get(PLACE)
def listed() -> Response:
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200) -> Response:
    mine = passkeys.of(session.require_user())
    return rendering.show("settings/passkeys.html", status=status, form=form, listed=mine)


@blueprint.post(f"{PLACE}/question")
def ask_for_new() -> Response:
    """The question is put to whoever gives the password; only who has it can add what answers it."""
    return _question(lambda: passkeys.ask_for_new(entrance.require_password(forms.sent().value("password"))))


@blueprint.post(PLACE)
def add() -> Response:
    user, form = session.require_user(), forms.sent()
    form.require("label", _("Donnez un nom à cette clé, pour la reconnaître."))
    if form.wrong:
        return _page(form, 400)
    try:
        passkeys.add(user, form.value("answer"), form.value("label"))
    except errors.Problem as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    flask.flash(_("Votre clé d’accès est enregistrée."))
    return rendering.lead(flask.url_for("web.passkeys.listed"))


@blueprint.get(f"{PLACE}/<int:identifier>/retirer")
def ask_to_remove(identifier: int) -> Response:
    passkey = passkeys.get(session.require_user(), identifier)
    return rendering.show("settings/passkey_off.html", passkey=passkey)


@blueprint.post(f"{PLACE}/<int:identifier>/retirer")
def remove(identifier: int) -> Response:
    passkeys.remove(passkeys.get(session.require_user(), identifier))
    flask.flash(_("Cette clé d’accès est retirée."))
    return rendering.lead(flask.url_for("web.passkeys.listed"))


def _question(put: Callable[[], str]) -> Response:
    """What the script gives to the device; or what is wrong, in words for who waits."""
    try:
        answer = flask.make_response(put())
    except errors.Problem as problem:
        db.end()
        answer = flask.make_response(flask.jsonify(words=problems.words_of(problem)), 403)
    answer.mimetype, answer.headers["Cache-Control"] = "application/json", "no-store"
    return answer
