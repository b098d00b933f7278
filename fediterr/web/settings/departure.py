"""Leaving for good: what it means, the proof that one wants it, and the page that shows how far it is afterwards."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import User
from fediterr.core import db, errors
from fediterr.social import leaving
from fediterr.web import entrance, forms, problems, rendering, session

blueprint = Blueprint("departure", __name__)


@blueprint.get("/reglages/donnees/suppression")
def warn() -> Response:
    return _warn(forms.Form({"when": "later"}))


def _warn(form: forms.Form, status: int = 200) -> Response:
    user = session.require_user()
    return rendering.show(
        "settings/leave.html",
        status=status,
        form=form,
        by_handle=leaving.has_no_password(user),
        departure=leaving.of(user.account),
        days=leaving.DELAY.days,
    )


@blueprint.post("/reglages/donnees/suppression")
def leave() -> Response:
    session.require_user()
    form = forms.sent()
    try:
        user = _proven(form)
        word = leaving.ask(user, at_once=form.value("when") == "now")
    except (errors.Forbidden, errors.Conflict) as problem:
        db.end()
        conflict = isinstance(problem, errors.Conflict)
        form.wrong["" if conflict else "proof"] = problems.words_of(problem)
        return _warn(form, 409 if conflict else 403)
    return rendering.lead(flask.url_for("web.departure.follow", word=word))


def _proven(form: forms.Form) -> User:
    """Who it is: by their password, or where they know of none, by their name, which nobody types by accident."""
    user = session.require_user()
    if not leaving.has_no_password(user):
        return entrance.require_password(form.value("proof"))
    if form.value("proof").strip().removeprefix("@").lower() not in (user.account.name, user.account.full_handle):
        raise errors.Forbidden("This is not your name here.")
    return user


@blueprint.post("/reglages/donnees/suppression/annuler")
def stay() -> Response:
    me = session.require()
    found = leaving.of(me)
    if found is not None:
        leaving.cancel(found)
    flask.flash(_("Votre compte reste."))
    return rendering.lead(flask.url_for("web.my_data.show"))


@blueprint.get("/depart/<word>")
def follow(word: str) -> Response:
    """How far a departure is, and which servers were told: for whoever has the link."""
    departure = leaving.by_word(word)
    answer = rendering.show(
        "departure.html",
        departure=departure,
        word=word,
        may_cancel=leaving.may_cancel(departure),
        servers=[(each, _why(each.problem)) for each in leaving.servers(departure)],
        kept=leaving.KEPT.days,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _why(words: str | None) -> str:
    return problems.words_of(errors.Invalid(words)) if words else ""


@blueprint.post("/depart/<word>/annuler")
def cancel(word: str) -> Response:
    leaving.cancel(leaving.by_word(word))
    flask.flash(_("Votre compte reste."))
    return rendering.lead(flask.url_for("web.entrance.sign_in"))
