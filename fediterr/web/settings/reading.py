"""How somebody reads here, and how their posts begin."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import User
from fediterr.core import db, errors
from fediterr.social import profiles
from fediterr.web import composing, forms, rendering, session

blueprint = Blueprint("reading", __name__, url_prefix="/reglages/lecture")

BOXES = ("sensitive", "expand_spoilers")


@blueprint.get("")
def show() -> Response:
    session.require()
    user = _user()
    wanted = preferences.of(user)
    values = {
        "language": user.language or "", "post_language": user.account.language or "", "visibility": wanted.visibility,
        "quote_policy": wanted.quote_policy, "expand_media": wanted.expand_media,
        **{name: "1" for name in BOXES if getattr(wanted, name)},
    }  # fmt: skip
    return _page(forms.Form(values), wanted.languages)


def _page(form: forms.Form, read: tuple[str, ...], status: int = 200) -> Response:
    named = composing.languages(form.value("post_language"), *read)
    return rendering.show("settings/reading.html", status=status, form=form, named=named, read=read)


@blueprint.post("")
def save() -> Response:
    session.require()
    form, user = forms.sent(), _user()
    spoken = tuple(tag for tag in request.form.getlist("languages") if _is_language(tag))
    try:
        preferences.change(
            user, visibility=form.value("visibility"), sensitive=form.is_on("sensitive"),
            quote_policy=form.value("quote_policy"), expand_media=form.value("expand_media"),
            expand_spoilers=form.is_on("expand_spoilers"), languages=spoken,
        )  # fmt: skip
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), spoken, 400)
    profiles.change(user.account, profiles.Profile(language=form.value("post_language")))
    accounts.set_language(user, form.value("language"))
    flask.flash(_("Vos préférences sont enregistrées."))
    return rendering.lead(flask.url_for("web.reading.show"))


def _user() -> User:
    user = session.user()
    assert user is not None  # who is required to be signed in is a user
    return user


def _is_language(tag: str) -> bool:
    return 2 <= len(tag) <= 35 and tag.replace("-", "").isalnum()
