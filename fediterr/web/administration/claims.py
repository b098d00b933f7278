"""Who asks to stand for a territory, for administrators to decide where proof alone does not."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import db, errors
from fediterr.moderation import claims
from fediterr.territories import authorities
from fediterr.web import forms, rendering, session

blueprint = Blueprint("claims", __name__, url_prefix="/administration/representations")


@blueprint.get("")
def listed() -> Response:
    session.require_administrator()
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200, refused: int = 0) -> Response:
    waiting, decided = claims.waiting(), claims.answered(rendering.page())
    return rendering.show(
        "administration/claims.html", status=status, form=form, waiting=waiting, listed=decided, refused=refused,
        opened={each.id: authorities.of_here(each.territory) for each in waiting},
        deciders=accounts.many({each.answered_by_id for each in decided if each.answered_by_id}),
    )  # fmt: skip


@blueprint.post("/<int:identifier>")
def decide(identifier: int) -> Response:
    me, form = session.require_administrator(), forms.sent()
    claim = claims.get(identifier)
    try:
        if form.value("decision") == "accept":
            authority = claims.accept(claim, me, form.value("reason"))
            flask.flash(_("%(who)s gère maintenant le compte de %(name)s.", who=claim.account.shown_name,
                          name=authority.shown_name))  # fmt: skip
        else:
            claims.refuse(claim, me, form.value("reason"))
            flask.flash(_("La demande est refusée, et la personne le sait."))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        status = 409 if isinstance(problem, errors.Conflict) else 400
        return _page(form.refuse(problem), status, identifier)
    return rendering.lead(flask.url_for("web.claims.listed"))
