"""The second step of a sign-in: a code of one's telephone, or one of the recovery codes."""

import math

import flask
from flask import Blueprint, Response, request

from fediterr.accounts import second_factors
from fediterr.accounts.credentials import Stage
from fediterr.accounts.models import User
from fediterr.core import db, errors, limits, site
from fediterr.web import forms, rendering, session

blueprint = Blueprint("second_step", __name__)

# Codes that may be tried for one account, well or not: (times, seconds). Only who knows the password tries any, and
# three of a million are right at a time; at this pace a guess takes decades.
TRIES = {"code": (10, 900), "code in a day": (30, 86_400)}


@blueprint.get("/connexion/code")
def ask() -> Response:
    onward = session.local_path(request.args.get("next"))
    if session.awaiting(Stage.CODE) is None:
        return rendering.lead(flask.url_for("web.entrance.sign_in", next=onward))
    return rendering.show("second_step.html", form=forms.Form({"next": onward}))


@blueprint.post("/connexion/code")
def prove() -> Response:
    form = forms.sent()
    onward = session.local_path(form.value("next"))
    user = session.awaiting(Stage.CODE)
    if user is None:
        return rendering.lead(flask.url_for("web.entrance.sign_in", next=onward))
    require_patience(user)
    try:
        second_factors.require_code(user, form.value("recovery") or form.value("code"))
    except errors.Invalid as problem:
        db.end()
        form.refuse(problem)
        if form.value("recovery"):
            form.wrong = {"recovery": form.wrong["code"]}
        return rendering.show("second_step.html", status=401, form=form)
    session.renew(user)
    return rendering.lead(onward)


def require_patience(user: User) -> None:
    """Codes are not guessed here."""
    if not site.settings().rate_limits:
        return
    for name, (most, seconds) in TRIES.items():
        wait = limits.wait_for(name, str(user.id), most=most, seconds=seconds)
        if wait:
            raise errors.TooMany("Too many sign-ins were tried: wait a few minutes.", retry_after=math.ceil(wait))
