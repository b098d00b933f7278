"""The territory that this server belongs to: chosen by its name, and its account opened with it."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.core import db, errors, site
from fediterr.moderation import home, identity
from fediterr.territories import authorities, directory, loading
from fediterr.web import forms, rendering, session, territory_choice

blueprint = Blueprint("own_territory", __name__)


@blueprint.get("/administration/territoire")
def show() -> Response:
    session.require_administrator()
    loading.ensure()
    return _page(forms.Form({}))


@blueprint.post("/administration/territoire")
def choose() -> Response:
    """Take the one that was chosen, or none; until then, show those that answer what was typed."""
    me, form = session.require_administrator(), forms.sent()
    territory = territory_choice.chosen(form)
    if territory is None and not territory_choice.is_declined(form):
        return _page(form, 400 if form.wrong else 200)
    try:
        identity.choose(me, {"territory_code": territory.code if territory else ""})
        if territory is not None:
            home.settle(me, session.require_user(), territory)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    flask.flash(_("C’est enregistré."))
    return rendering.lead(flask.url_for("web.own_territory.show"))


def _page(form: forms.Form, status: int = 200) -> Response:
    code = site.settings().territory_code
    territory = directory.by_code(code) if code else None
    return rendering.show(
        "administration/territory.html", status=status, form=form, territory=territory,
        authority=authorities.of_here(territory) if territory else None,
        candidates=territory_choice.candidates(form, None), fixed="territory_code" in site.given().fixed,
    )  # fmt: skip
