"""Claiming a territory: somebody who works there says how it can be checked, and follows what becomes of it."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import speakers
from fediterr.core import db, errors
from fediterr.moderation import claims
from fediterr.moderation.models import Claim, Way
from fediterr.territories import authorities, directory
from fediterr.territories.models import Territory
from fediterr.web import forms, rendering, session

blueprint = Blueprint("claiming", __name__, url_prefix="/territoires/<code>/representer")

STATUS: dict[type[errors.Problem], int] = {errors.Forbidden: 403, errors.Conflict: 409, errors.TooMany: 429}


@blueprint.get("")
def ask(code: str) -> Response:
    """The ways to prove it; or how far a claim is."""
    session.require()
    return _page(directory.get(code), forms.Form({"way": Way.DOMAIN}))


def _page(territory: Territory, form: forms.Form, status: int = 200) -> Response:
    user, opened = session.require_user(), authorities.of_here(territory)
    claim = claims.mine(user.account, territory)
    return rendering.show(
        "authorities/claim.html", status=status, territory=territory, form=form, claim=claim, opened=opened,
        office=speakers.office_of(user, opened) if opened else None,
        by_siret=claims.works_for(user, territory), page=claims.page_of(claim) if claim else "",
    )  # fmt: skip


@blueprint.post("")
def claim(code: str) -> Response:
    user, form = session.require_user(), forms.sent()
    try:
        made = claims.claim(
            user, directory.get(code), form.value("way"), website=form.value("website"), words=form.value("words")
        )
    except (errors.Invalid, errors.Forbidden, errors.Conflict, errors.TooMany) as problem:
        db.end()
        status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
        return _page(directory.get(code), form.refuse(problem), status)
    flask.flash(_said(made))
    return rendering.lead(flask.url_for("web.claiming.ask", code=code))


def _said(claim: Claim) -> str:
    if claim.accepted:
        return str(_("Le compte de la collectivité est ouvert, et vous le gérez."))
    if claim.way == Way.DOMAIN:
        return str(_("Il reste à mettre le lien sur le site : voici comment."))
    return str(_("Votre demande est envoyée à l’administration de ce serveur."))


@blueprint.post("/verifier")
def check(code: str) -> Response:
    """The link is there: have the website looked at."""
    claims.ask_again(_mine(code))
    flask.flash(_("Le site va être consulté : revenez voir cette page dans quelques instants."))
    return rendering.lead(flask.url_for("web.claiming.ask", code=code))


@blueprint.post("/retirer")
def withdraw(code: str) -> Response:
    claims.withdraw(_mine(code))
    flask.flash(_("Votre demande est retirée."))
    return rendering.lead(flask.url_for("web.claiming.ask", code=code))


def _mine(code: str) -> Claim:
    found = claims.mine(session.person(), directory.get(code))
    if found is None:
        raise errors.NotFound("There is no such claim.")
    return found
