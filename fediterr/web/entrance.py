"""Coming in and going out: signing in, signing out."""

import math

import flask
from flask import Blueprint, Response, request

from fediterr.accounts import second_factors
from fediterr.accounts import service as accounts
from fediterr.accounts.credentials import Stage
from fediterr.accounts.models import User
from fediterr.core import db, errors, limits, site
from fediterr.moderation import recourse
from fediterr.web import forms, openid, rendering, session

blueprint = Blueprint("entrance", __name__)

TRIES = {"name": 10, "network": 50}  # sign-ins that may be tried in PATIENCE seconds, well or not
PATIENCE = 900


@blueprint.get("/connexion")
def sign_in() -> Response:
    onward = session.local_path(request.args.get("next"))
    if session.user() is not None and "again" not in request.args:
        return rendering.lead(onward)
    return show_sign_in(forms.Form({"next": onward}))


def show_sign_in(form: forms.Form, status: int = 200, why: str = "") -> Response:
    """The form; `why` is where somebody reads why their account was closed."""
    waiting = status == 200 and not accounts.has_administrator()
    return rendering.show("sign_in.html", status=status, form=form, waiting=waiting, why=why)


@blueprint.post("/connexion")
def begin_session() -> Response:
    form = forms.sent()
    require_patience(form.value("email"))
    db.end()  # proving a password takes a while, and nothing is written: no lock is held for it
    try:
        user = accounts.sign_in(form.value("email"), form.value("password"))
    except (errors.Unauthorized, errors.Forbidden) as problem:
        status = 401 if isinstance(problem, errors.Unauthorized) else 403
        closing = recourse.closing(problem.user.account) if isinstance(problem, accounts.NotOpen) else None
        return show_sign_in(form.refuse(problem), status, recourse.address(closing) if closing else "")
    db.begin_writing()
    accounts.renew_hash(user, form.value("password"))
    return let_in(user, session.local_path(form.value("next")), lasting=form.is_on("lasting"))


def let_in(user: User, onward: str, *, lasting: bool = False) -> Response:
    """On to the page that was asked for, by way of the second factor if there is one or must be."""
    stage = second_factors.next_step(user)
    session.start(user, lasting=lasting, stage=stage)
    if stage == Stage.CODE:
        return rendering.lead(flask.url_for("web.second_step.ask", next=onward))
    if stage == Stage.ENROLMENT:
        second_factors.begin(user)
        return rendering.lead(flask.url_for("web.second_factor.show", next=onward))
    return rendering.lead(onward)


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
    onward = openid.leave()
    session.end()
    return rendering.lead(onward or flask.url_for("web.feed.home"))
