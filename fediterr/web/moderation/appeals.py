"""Contested decisions as moderators answer them."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import db, errors
from fediterr.moderation import appeals
from fediterr.moderation.models import Appeal
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("appeals", __name__, url_prefix="/moderation/contestations")


@blueprint.get("")
def listed() -> Response:
    session.require_moderator()
    answered = request.args.get("etat") == "traitees"
    found = appeals.listed(rendering.page(), answered=answered)
    return rendering.show(
        "moderation/appeals.html", listed=found, answered=answered, act=words.act,
        people=accounts.many({each.account_id for each in found}),
    )  # fmt: skip


@blueprint.get("/<int:identifier>")
def appeal(identifier: int) -> Response:
    session.require_moderator()
    return _show(appeals.get(identifier), forms.Form({}))


def _show(found: Appeal, form: forms.Form, status: int = 200) -> Response:
    me, decision = session.require_moderator(), found.decision
    named = {found.account_id, decision.actor_id, found.answered_by_id} - {None}
    return rendering.show(
        "moderation/appeal.html", status=status, appeal=found, decision=decision, form=form, act=words.act,
        may_answer=found.answered_at is None and appeals.may_answer(me, found),
        people=accounts.many({each for each in named if each is not None}), longest=appeals.LENGTH,
    )  # fmt: skip


@blueprint.post("/<int:identifier>")
def answer(identifier: int) -> Response:
    me, form = session.require_moderator(), forms.sent()
    accepted = form.value("answer") == "accept"
    try:
        appeals.answer(appeals.get(identifier), me, accepted=accepted, words=form.value("words"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(appeals.get(identifier), form.refuse(problem), 400)
    flask.flash(
        _("La contestation est acceptée : la mesure est levée si elle pouvait l’être.")
        if accepted
        else _("La contestation est refusée. La personne lit pourquoi.")
    )
    return rendering.lead(flask.url_for("web.appeals.listed"))
