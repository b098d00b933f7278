"""Links that letters bring: to choose a new password, to prove a new e-mail address."""

import math

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import links
from fediterr.core import db, errors, limits, site
from fediterr.web import forms, rendering, session

blueprint = Blueprint("forgotten", __name__)

OFTEN = {"address": (5, 1800), "network": (20, 1800)}  # letters asked for: (times, seconds)


@blueprint.get("/mot-de-passe-oublie")
def ask() -> Response:
    return _ask(forms.Form({}))


def _ask(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("password_forgotten.html", status=status, form=form, by_mail=bool(site.settings().mail_host))


@blueprint.post("/mot-de-passe-oublie")
def send() -> Response:
    """The same answer whether or not somebody has that address."""
    form = forms.sent()
    email = form.value("email").strip()
    form.require("email", _("Indiquez votre adresse électronique."))
    if form.wrong:
        return _ask(form, 400)
    require_patience(email)
    links.ask_for_password(email)
    return rendering.show("password_link_sent.html", email=email)


def require_patience(email: str) -> None:
    """Nobody's mailbox is filled from here."""
    if not site.settings().rate_limits:
        return
    for what, key in (("address", email.lower()[:254]), ("network", limits.network_of(request.remote_addr))):
        most, seconds = OFTEN[what]
        wait = limits.wait_for(f"links by {what}", key, most=most, seconds=seconds)
        if wait:
            raise errors.TooMany("Too many letters were asked for: wait a while.", retry_after=math.ceil(wait))


# --- a new password ------------------------------------------------------------------------------------------------


@blueprint.get("/nouveau-mot-de-passe")
def choose() -> Response:
    word = request.args.get("token", "")
    return _choose(word, forms.Form({}))


def _choose(word: str, form: forms.Form, status: int = 200) -> Response:
    account = links.whose_password(word).account
    return rendering.show("password_new.html", status=status, form=form, word=word, account=account)


@blueprint.post("/nouveau-mot-de-passe")
def change() -> Response:
    form = forms.sent()
    word = form.value("token")
    try:
        form.require_twice("password")
        links.choose_password(word, form.value("password"))
    except errors.Invalid as problem:
        db.end()
        return _choose(word, form.refuse(problem), 400)
    session.end()
    flask.flash(_("Votre nouveau mot de passe est enregistré : vous pouvez vous connecter."))
    return rendering.lead(flask.url_for("web.entrance.sign_in"))


# --- a new address -------------------------------------------------------------------------------------------------


@blueprint.get("/nouvelle-adresse")
def prove() -> Response:
    """A button, since programs that look at mail open links too."""
    word = request.args.get("token", "")
    user, email = links.asked_address(word)
    return rendering.show("address_new.html", account=user.account, email=email, word=word)


@blueprint.post("/nouvelle-adresse")
def confirm() -> Response:
    """Whoever is signed in here as the same person stays so."""
    here = session.current()
    user = links.prove_address(request.form.get("token", ""), session_id=here.id if here else None)
    flask.flash(_("Votre adresse est maintenant %(email)s.", email=user.email))
    signed_in = session.user() is not None
    return rendering.lead(flask.url_for("web.security.show" if signed_in else "web.entrance.sign_in"))
