"""What an account says of itself, and who finds it."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.social import profiles
from fediterr.web import forms, rendering, session

blueprint = Blueprint("settings", __name__)

FIELDS = 4


@blueprint.get("/reglages/profil")
def profile() -> Response:
    me = session.require()
    values = {
        "display_name": me.display_name,
        "note": me.summary_source,
        **{name: "1" for name in ("locked", "discoverable", "indexable") if getattr(me, name)},
    }
    for number, field in enumerate(me.fields[:FIELDS], start=1):
        values |= {f"field-{number}-name": field["name"], f"field-{number}-value": field.get("source", "")}
    return rendering.show("settings/profile.html", form=forms.Form(values))


@blueprint.post("/reglages/profil")
def save() -> Response:
    form, me = forms.sent(), session.require()
    numbers = range(1, FIELDS + 1)
    fields = tuple((form.value(f"field-{number}-name"), form.value(f"field-{number}-value")) for number in numbers)
    profiles.change(
        me,
        profiles.Profile(
            display_name=form.value("display_name"),
            note=form.value("note"),
            fields=fields,
            locked=form.is_on("locked"),
            discoverable=form.is_on("discoverable"),
            indexable=form.is_on("indexable"),
        ),
    )
    flask.flash(_("Votre profil est enregistré."))
    return rendering.lead(flask.url_for("web.settings.profile"))


@blueprint.get("/reglages")
@blueprint.get("/parametres/profil")
def only_page() -> Response:
    """The address people guess, for the one page of settings there is."""
    session.require()
    return rendering.lead(flask.url_for("web.settings.profile"))
