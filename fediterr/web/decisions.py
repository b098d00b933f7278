"""A decision of moderators as the person reads it whom it is about, and where it is contested.

Whoever can no longer sign in comes by the word in the letter.
"""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import db, errors
from fediterr.moderation import appeals, people, recourse
from fediterr.moderation.models import Decision
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("decisions", __name__, url_prefix="/decisions/<int:identifier>")


@blueprint.get("")
def show(identifier: int) -> Response:
    return _show(_mine(identifier, request.args.get("mot", "")), forms.Form({"mot": request.args.get("mot", "")}))


def _mine(identifier: int, word: str) -> Decision:
    """The decision, for the person it is about; nobody else is told that there is one."""
    decision = people.decision(identifier)
    me = session.viewer()
    if decision.action not in people.MEASURES:
        raise errors.NotFound("There is no such decision.")
    if recourse.opens(decision, word) or (me is not None and me.id == decision.target_id):
        return decision
    if me is None and not word:
        raise errors.Unauthorized("Sign in first.")
    raise errors.NotFound("There is no such decision.")


def _show(decision: Decision, form: forms.Form, status: int = 200) -> Response:
    page = rendering.show(
        "decision.html", status=status, decision=decision, form=form, means=words.decided(decision.action),
        target=accounts.get(decision.target_id or 0), appeal=appeals.of([decision.id]).get(decision.id),
        ends_at=appeals.ends_at(decision), may_contest=appeals.is_contestable(decision), longest=appeals.LENGTH,
    )  # fmt: skip
    page.headers["Referrer-Policy"] = "no-referrer"  # the address holds the word
    page.headers["Cache-Control"] = "private, no-store"
    return page


@blueprint.post("")
def contest(identifier: int) -> Response:
    form = forms.sent()
    decision = _mine(identifier, form.value("mot"))
    try:
        appeals.lodge(decision, form.value("words"))
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _show(_mine(identifier, form.value("mot")), form.refuse(problem), 400)
    flask.flash(_("Votre contestation est envoyée. La réponse vous parviendra par courriel."))
    return rendering.lead(flask.url_for("web.decisions.show", identifier=identifier, mot=form.value("mot") or None))
