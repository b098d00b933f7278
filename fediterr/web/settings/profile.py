"""What an account says of itself, and who finds it."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import db, errors
from fediterr.social import media, profiles
from fediterr.territories import employments
from fediterr.web import forms, problems, rendering, session, uploads

blueprint = Blueprint("settings", __name__)

FIELDS = 4


@blueprint.get("/reglages/profil")
def profile() -> Response:
    me = session.require()
    values = {
        "display_name": me.display_name,
        "note": me.summary_source,
        "icon_description": me.icon_description,
        "image_description": me.image_description,
        **{name: "1" for name in ("locked", "discoverable", "indexable") if getattr(me, name)},
    }
    if (employer := employments.employer_of(me)) is not None:
        values["employer"] = f"@{employer.handle}"
    for number, field in enumerate(me.fields[:FIELDS], start=1):
        values |= {f"field-{number}-name": field["name"], f"field-{number}-value": field.get("source", "")}
    return _page(forms.Form(values))


def _page(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("settings/profile.html", status=status, form=form)


@blueprint.post("/reglages/profil")
@uploads.takes_files
def save() -> Response:
    """The pictures first, drawn anew outside of the unit of work; then all of it, or nothing."""
    form, me = forms.sent(), session.require()
    pictures = _develop(me, form)
    if form.wrong:
        return _page(form, 400)
    employer = _employer(form)
    me = session.require()
    if form.wrong:
        return _page(form, 400)
    try:
        _change(me, form, pictures)
        _say_employer(me, form, employer)
    except (errors.Invalid, errors.Forbidden) as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    flask.flash(_("Votre profil est enregistré."))
    return rendering.lead(flask.url_for("web.settings.profile"))


def _develop(me: Account, form: forms.Form) -> dict[str, media.Kept]:
    """The pictures that were sent, by the place they go to; what is wrong with one stands at its field."""
    found = {}
    for place in profiles.PLACES:
        part = request.files.get(place)
        if part is None or not part.filename:
            continue
        try:
            media.admit(me)
            with db.aside():
                found[place] = profiles.develop(place, part.stream.read(profiles.PICTURE + 1), part.filename)
        except (errors.Invalid, errors.TooLarge, errors.TooMany, errors.Unreachable) as problem:
            form.wrong[place] = problems.words_of(problem)
    return found


def _employer(form: forms.Form) -> Account | None:
    """The account for which somebody says they work; its server is asked when it is not known here yet."""
    handle = form.value("employer").strip().removeprefix("@")
    if not handle or session.acting():
        return None
    if accounts.by_handle(handle) is None:
        with db.aside():
            resolver.look_up(handle)
    found = accounts.by_handle(handle)
    if found is None:
        form.wrong["employer"] = _("Ce compte est introuvable : vérifiez son adresse.")
    return found


def _say_employer(me: Account, form: forms.Form, employer: Account | None) -> None:
    before = employments.of(me)
    if employer is not None and (before is None or before.employer_id != employer.id):
        employments.say(me, employer)
    elif employer is None and "employer" in form.values and not session.acting():
        employments.unsay(me)


def _change(me: Account, form: forms.Form, pictures: dict[str, media.Kept]) -> None:
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
            icon=pictures.get("icon"),
            icon_description=form.value("icon_description"),
            image=pictures.get("image"),
            image_description=form.value("image_description"),
        ),
    )
    for place in profiles.PLACES:
        if form.is_on(f"remove_{place}") and place not in pictures:
            profiles.take_down(me, place)


@blueprint.get("/reglages")
@blueprint.get("/parametres/profil")
def only_page() -> Response:
    """The address people guess, for the one page of settings there is."""
    session.require()
    return rendering.lead(flask.url_for("web.settings.profile"))
