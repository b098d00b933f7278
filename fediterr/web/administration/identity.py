"""What this server says it is, and whom it lets in; what the operator fixed is shown, and why it stays."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import db, errors, site
from fediterr.moderation import identity, texts
from fediterr.web import forms, rendering, session

blueprint = Blueprint("identity", __name__)

SETTINGS = (
    "name", "place", "description", "contact_email", "language", "registrations", "federation_mode",
    "show_domain_blocks", "require_second_factor",
)  # fmt: skip


@blueprint.get("/administration/identite")
def show() -> Response:
    session.require_administrator()
    settings = site.settings()
    values = {name: str(getattr(settings, name)) for name in SETTINGS}
    return _page(forms.Form(values | {"long": _long()}))


@blueprint.post("/administration/identite")
def save() -> Response:
    me, form = session.require_administrator(), forms.sent()
    fixed = site.given().fixed
    chosen = {name: form.value(name) for name in SETTINGS if name in form.values and name not in fixed}
    try:
        changed = identity.choose(me, chosen)
    except (errors.Invalid, errors.Conflict) as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    if _write_at_length(me, form):
        changed.append("long")
    flask.flash(_("C’est enregistré.") if changed else _("Rien n’a changé."))
    return rendering.lead(flask.url_for("web.identity.show"))


def _write_at_length(me: Account, form: forms.Form) -> bool:
    """Keep the presentation at length; whether it changed."""
    words = form.value("long").strip()
    if "long" not in form.values or words == _long():
        return False
    if words:
        texts.put(texts.Kind.DESCRIPTION, texts.as_html(words), actor=me)
    else:
        texts.forget(texts.Kind.DESCRIPTION, actor=me)
    return True


def _long() -> str:
    kept = (each.content for each in texts.every() if each.kind == texts.Kind.DESCRIPTION)
    return texts.as_typed(next(kept, ""))


def _page(form: forms.Form, status: int = 200) -> Response:
    fixed = site.given().fixed & set(SETTINGS)
    return rendering.show(
        "administration/identity.html", status=status, form=form, fixed=fixed, spoken=rendering.spoken()
    )
