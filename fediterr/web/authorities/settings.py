"""What those who manage an authority decide: its website, its colour, how it is verified, how it leaves."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Office
from fediterr.core import db, errors, facts
from fediterr.moderation import acts
from fediterr.social import exports
from fediterr.territories import authorities
from fediterr.web import forms, livery, rendering, session
from fediterr.web.authorities import entry

blueprint = Blueprint("authority_settings", __name__, url_prefix="/@<handle>/autorite")


@blueprint.get("")
def show(handle: str) -> Response:
    authority, _person = entry.require(handle)
    found = authorities.of(authority)
    values = {"website": found.website or "", "colour": found.colour or ""} if found else {}
    return _page(authority, forms.Form(values))


def _page(authority: Account, form: forms.Form, status: int = 200) -> Response:
    found = authorities.of(authority)
    return rendering.show(
        "authorities/settings.html", status=status, authority=authority, form=form, row=found,
        manages=speakers.holds(session.require_user(), authority, Office.MANAGE),
        worn=livery.of(found.colour) if found and found.colour else None, export=exports.of(authority),
    )  # fmt: skip


@blueprint.post("")
def save(handle: str) -> Response:
    authority, person = entry.require(handle, Office.MANAGE)
    form = forms.sent()
    try:
        authorities.change(authority, website=form.value("website"), colour=form.value("colour"))
    except errors.Invalid as problem:
        db.end()
        return _page(authority, form.refuse(problem), 400)
    acts.write_down(person, authority, "change_identity", form.value("website"))
    flask.flash(_("C’est enregistré."))
    return rendering.lead(flask.url_for("web.authority_settings.show", handle=handle))


@blueprint.post("/verifier")
def check(handle: str) -> Response:
    """Have the website looked at, soon."""
    authority, _person = entry.require(handle, Office.MANAGE)
    facts.tell(authorities.WebsiteGiven(authority.id))
    flask.flash(_("Le site va être consulté : revenez voir cette page dans quelques instants."))
    return rendering.lead(flask.url_for("web.authority_settings.show", handle=handle))
