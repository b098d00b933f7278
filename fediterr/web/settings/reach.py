"""Who may reach somebody: what is told at once, kept back, or dropped."""

from dataclasses import fields

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.social import policies
from fediterr.web import forms, rendering, session

blueprint = Blueprint("reach", __name__, url_prefix="/reglages/joindre")

SORTS = tuple(field.name for field in fields(policies.Changes))


@blueprint.get("")
def show() -> Response:
    policy = policies.of(session.require())
    return _page(forms.Form({sort: getattr(policy, sort) for sort in SORTS}))


def _page(form: forms.Form, status: int = 200) -> Response:
    waiting, _things = policies.pending(session.require())
    return rendering.show("settings/reach.html", status=status, form=form, waiting=waiting)


@blueprint.post("")
def save() -> Response:
    form, me = forms.sent(), session.require()
    try:
        policies.change(me, policies.Changes(**{sort: form.value(sort) for sort in SORTS}))
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    flask.flash(_("C’est enregistré."))
    return rendering.lead(flask.url_for("web.reach.show"))
