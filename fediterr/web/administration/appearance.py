"""The picture and the colour of this server, as its administrators choose them."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import db, errors, filetypes, settings, site
from fediterr.moderation import identity
from fediterr.social import media
from fediterr.web import forms, livery, rendering, session, uploads

blueprint = Blueprint("appearance", __name__)

LOGO_BYTES = 2 << 20


@blueprint.get("/administration/apparence")
def show() -> Response:
    session.require_administrator()
    wish = site.settings().accent_color
    return _page(forms.Form({"which": "own" if wish else "usual", "accent_color": wish or livery.usual().wish}))


@blueprint.post("/administration/apparence")
@uploads.takes_files
def save() -> Response:
    """The colour first, since it is refused at once; then the picture, drawn anew outside of the unit of work."""
    me, form = session.require_administrator(), forms.sent()
    chosen: dict[str, str] = {}
    if "which" in form.values and "accent_color" not in site.given().fixed:
        chosen["accent_color"] = form.value("accent_color").strip().lower() if form.value("which") == "own" else ""
        try:
            settings.read("accent_color", chosen["accent_color"])
        except errors.Invalid:
            form.wrong["accent_color"] = _("Une couleur s’écrit avec un dièse et six chiffres ou lettres de a à f.")
    sent = request.files.get("logo")
    kept = None
    if not form.wrong and sent and sent.filename and "logo" not in site.given().fixed:
        data = sent.stream.read(LOGO_BYTES + 1)
        found = filetypes.tell(data, sent.filename)
        if len(data) > LOGO_BYTES or found is None or found.kind != "image":
            form.wrong["logo"] = _("Choisissez une image (PNG, WebP, JPEG) de 2 Mo au plus.")
        else:
            try:
                with db.aside():
                    kept = media.keep(data, sent.filename)
            except (errors.Invalid, errors.TooMany, errors.Unreachable) as problem:
                form.wrong["logo"] = form.refuse(problem).wrong.popitem()[1]
            me = session.require_administrator()
    if form.wrong:
        db.end()
        return _page(form, 400)
    if kept is not None:
        chosen["logo"] = media.attach(accounts.instance_actor(), kept).path or ""
    elif form.is_on("remove"):
        chosen["logo"] = ""
    changed = identity.choose(me, chosen)
    flask.flash(_("L’apparence est enregistrée.") if changed else _("Rien n’a changé."))
    return rendering.lead(flask.url_for("web.appearance.show"))


def _page(form: forms.Form, status: int = 200) -> Response:
    wish = site.settings().accent_color
    return rendering.show(
        "administration/appearance.html", status=status, form=form, fixed=site.given().fixed, wish=wish,
        livery=livery.of(wish) if wish else livery.usual(),
    )  # fmt: skip
