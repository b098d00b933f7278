"""Signing in by a service that knows people already: going there, coming back, the first time, leaving."""

import dataclasses
import math
from datetime import datetime, timedelta
from typing import Any, cast

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import identities, openid
from fediterr.accounts import service as accounts
from fediterr.core import clock, db, errors, limits, site
from fediterr.moderation import entrance as admission
from fediterr.web import forms, rendering, session

blueprint = Blueprint("openid", __name__)

OFTEN = {"most": 50, "seconds": 900}  # sign-ins begun or ended from one place
PATIENCE = timedelta(minutes=30)  # for somebody who chooses a name
# What the session remembers: of somebody who is away, of a newcomer, of somebody who came in by the service.
TRIAL, NEWCOMER, HERE = "openid_trial", "openid_newcomer", "openid"
STATUS: dict[type[errors.Problem], int] = {errors.Unreachable: 503, errors.TooMany: 429}


def _provider() -> openid.Provider:
    found = flask.current_app.extensions.get(openid.EXTENSION)
    if found is None:
        raise errors.NotFound("There is no such page.")
    return cast(openid.Provider, found)


# --- there and back ------------------------------------------------------------------------------------------------


@blueprint.get("/connexion/service")
def depart() -> Response:
    """On to the service; whoever is signed in already goes there to link their account."""
    provider = _provider()
    _require_patience()
    db.end()
    try:
        address, trial = provider.depart()
    except errors.Problem as problem:
        return _refuse(problem)
    flask.session[TRIAL] = {
        **dataclasses.asdict(trial),
        "begun_at": trial.begun_at.isoformat(),
        "next": session.local_path(request.args.get("next")),
    }
    return rendering.lead(address)


@blueprint.get(openid.RETURN)
def come_back() -> Response:
    """Back from the service: in, or on to the page of newcomers."""
    provider = _provider()
    _require_patience()
    begun = flask.session.pop(TRIAL, None)  # once, whatever comes of it
    db.end()  # nothing is held while the service is asked
    try:
        person, token = provider.arrive(_trial(begun), request.args.to_dict())
        out = {"token": token, "origin": provider.way_out()}
        onward = session.local_path(begun["next"]) if begun else "/"
        return _let_in(person, out, onward)
    except errors.Problem as problem:
        return _refuse(problem)


def _let_in(person: openid.Person, out: dict[str, str], onward: str) -> Response:
    with db.transaction():
        identity = identities.find(person)
        if identity is not None:
            session.start(identities.sign_in(identity, person))
    if identity is not None:
        flask.session[HERE] = out
        return rendering.lead(onward)
    until = clock.now() + PATIENCE
    known = {"person": dataclasses.asdict(person), "out": out, "next": onward, "until": until.isoformat()}
    flask.session[NEWCOMER] = known
    return rendering.lead(flask.url_for("web.openid.welcome"))


def _trial(begun: dict[str, Any] | None) -> openid.Trial | None:
    if begun is None:
        return None
    moment = datetime.fromisoformat(begun["begun_at"])
    return openid.Trial(begun["state"], begun["nonce"], begun["verifier"], moment)


def _refuse(problem: errors.Problem) -> Response:
    db.end()
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 403)
    form = forms.Form({"next": session.local_path(request.args.get("next"))}).refuse(problem)
    return rendering.show("sign_in.html", status=status, form=form, waiting=False)


def _require_patience() -> None:
    if site.settings().rate_limits and (
        wait := limits.wait_for("sign-in by service", limits.network_of(request.remote_addr), **OFTEN)
    ):
        raise errors.TooMany("Too many sign-ins were tried: wait a few minutes.", retry_after=math.ceil(wait))


# --- the first time ------------------------------------------------------------------------------------------------


@blueprint.get("/connexion/bienvenue")
def welcome() -> Response:
    """Who comes for the first time chooses a name; who is signed in already links the service to their account."""
    person = _newcomer()
    full_name = f"{person.given_name} {person.family_name}".strip()
    return _welcome(person, forms.Form({"name": identities.propose_name(person), "display_name": full_name}))


def _welcome(person: openid.Person, form: forms.Form, status: int = 200) -> Response:
    user = session.user()
    taken = user is None and accounts.by_email(person.email) is not None
    return rendering.show(
        "openid_welcome.html",
        status=status,
        form=form,
        person=person,
        user=user,
        taken=taken,
        standing=identities.standing(person),
    )


@blueprint.post("/connexion/bienvenue")
def arrive() -> Response:
    person = _newcomer()
    form = forms.sent()
    try:
        to_approve = admission.admit(person.email, request.remote_addr)
        user = identities.arrive(
            person,
            identities.Wish(
                name=form.value("name").strip(),
                display_name=form.value("display_name").strip()[: site.settings().limits_name],
                agreement=form.is_on("agreement"),
                language=rendering.language(),
                reason=form.value("reason"),
                ip=request.remote_addr,
                to_approve=to_approve,
            ),
        )
    except (errors.Invalid, errors.Conflict, errors.Forbidden) as problem:
        db.end()
        return _welcome(person, form.refuse(problem), 403 if isinstance(problem, errors.Forbidden) else 400)
    known = flask.session.pop(NEWCOMER)
    if not user.may_sign_in:
        return rendering.show("registered.html", email=user.email, confirm=user.confirmed_at is None)
    session.start(user)
    flask.session[HERE] = known["out"]
    flask.flash(_("Bienvenue. Présentez-vous, puis suivez quelques collègues."))
    return rendering.lead(known["next"])


@blueprint.post("/connexion/relier")
def link() -> Response:
    """Let the service lead to the account that one is signed in to."""
    user = session.require_user()
    identities.link(user, _newcomer())
    known = flask.session.pop(NEWCOMER)
    flask.session[HERE] = known["out"]
    flask.flash(_("Vous pouvez maintenant vous connecter avec %(label)s.", label=site.settings().oidc_label))
    return rendering.lead(flask.url_for("web.openid.show"))


def _newcomer() -> openid.Person:
    known = flask.session.get(NEWCOMER)
    if not known or clock.now() > datetime.fromisoformat(known["until"]):
        raise openid.too_late()
    return openid.Person(**known["person"])


# --- leaving -------------------------------------------------------------------------------------------------------


def leave() -> str:
    """Where somebody who came in by the service ends their session there, too; empty for everybody else."""
    known = flask.session.get(HERE)
    if not known or openid.EXTENSION not in flask.current_app.extensions:
        return ""
    return _provider().leave(known["token"], "bye")


def way_out() -> str:
    """The origin that the form of signing out leads to, for the policy of pages."""
    known = flask.session.get(HERE)
    return str(known["origin"]) if known else ""


@blueprint.get(openid.LEFT)
def left() -> Response:
    if session.user() is None:
        flask.flash(_("Vous êtes déconnecté, ici et de %(label)s.", label=site.settings().oidc_label))
    return rendering.lead("/")


# --- settings ------------------------------------------------------------------------------------------------------


@blueprint.get("/reglages/service-de-connexion")
def show() -> Response:
    """By which identities one may come in."""
    _provider()
    user = session.require_user()
    return rendering.show("settings/openid.html", listed=identities.of(user))


@blueprint.post("/reglages/service-de-connexion/<int:identifier>/retirer")
def unlink(identifier: int) -> Response:
    user = session.require_user()
    identities.unlink(user, identifier)
    flask.flash(_("Cette identité ne mène plus à votre compte."))
    return rendering.lead(flask.url_for("web.openid.show"))
