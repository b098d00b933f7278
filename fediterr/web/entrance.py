"""Coming in and going out: the first run, signing in, signing out."""

import math

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import User
from fediterr.core import db, errors, limits, site
from fediterr.web import forms, rendering, session

blueprint = Blueprint("entrance", __name__)

TRIES = {"name": 10, "network": 50}  # sign-ins that may be tried in PATIENCE seconds, well or not
PATIENCE = 900


@blueprint.get("/setup/<token>")
def set_up(token: str) -> Response:
    """The first page of a new server: who administers it?"""
    if not accounts.setup_is_open(token):
        raise errors.NotFound("This link has been used, or a newer one was made.")
    return rendering.show("setup.html", form=forms.Form({}))


@blueprint.post("/setup/<token>")
def create_administrator(token: str) -> Response:
    form = forms.sent()
    try:
        form.require_twice("password")
        user = accounts.set_up(
            token, form.value("name").strip(), form.value("email").strip(), form.value("password"),
            form.value("display_name").strip(),
        )  # fmt: skip
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return rendering.show("setup.html", status=400, form=form.refuse(problem))
    session.start(user)
    flask.flash(_("Votre serveur est prêt. Présentez-vous, puis publiez un premier message."))
    return rendering.lead(flask.url_for("web.feed.home"))


@blueprint.get("/connexion")
def sign_in() -> Response:
    onward = session.local_path(request.args.get("next"))
    if session.user() is not None and "again" not in request.args:
        return rendering.lead(onward)
    return rendering.show("sign_in.html", form=forms.Form({"next": onward}), waiting=not accounts.has_administrator())


@blueprint.post("/connexion")
def begin_session() -> Response:
    form = forms.sent()
    require_patience(form.value("email"))
    db.end()  # proving a password takes a while, and nothing is written: no lock is held for it
    try:
        user = accounts.sign_in(form.value("email"), form.value("password"))
    except (errors.Unauthorized, errors.Forbidden) as problem:
        status = 401 if isinstance(problem, errors.Unauthorized) else 403
        return rendering.show("sign_in.html", status=status, form=form.refuse(problem), waiting=False)
    db.begin_writing()
    accounts.renew_hash(user, form.value("password"))
    session.start(user, lasting=form.is_on("lasting"))
    return rendering.lead(session.local_path(form.value("next")))


def require_patience(name: str) -> None:
    """Passwords are not guessed here: neither those of one account, nor from one place."""
    if not site.settings().rate_limits:
        return
    for what, key in (("name", name.strip().lower()[:254]), ("network", limits.network_of(request.remote_addr))):
        wait = limits.wait_for(f"sign-in by {what}", key, most=TRIES[what], seconds=PATIENCE)
        if wait:
            words = "Too many sign-ins were tried: wait a few minutes."
            raise errors.TooMany(words, retry_after=math.ceil(wait))


def require_password(password: str) -> User:
    """The user of this session, who proves once more who they are; Forbidden with the wrong password."""
    user = session.require_user()
    require_patience(user.email)
    db.end()  # proving a password takes a while
    accounts.require_password(user, password)
    db.begin_writing()
    return user


@blueprint.post("/deconnexion")
def sign_out() -> Response:
    session.end()
    return rendering.lead(flask.url_for("web.feed.home"))
