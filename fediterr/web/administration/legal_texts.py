"""What the legal pages tell, as administrators write it; what is still missing is said to them."""

import flask
from flask import Blueprint, Response
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from fediterr.core import db, errors, settings, site
from fediterr.moderation import identity, texts
from fediterr.web import conformity, forms, rendering, session

blueprint = Blueprint("legal_texts", __name__)

NAMES = tuple(name for name in settings.TYPES if name.startswith("legal_"))
LONGEST = 5000  # characters
# What is wrong when a value does not suit.
REFUSED = {
    "legal_accessibility_date": _("Donnez un jour, comme 2026-11-24."),
    "legal_accessibility_rate": _("Donnez un nombre entier, de 0 à 100."),
    "legal_accessibility_contact": _("Ce n’est pas une adresse électronique."),
    "legal_accessibility_plan": _("Donnez une adresse qui commence par https://."),
    "legal_accessibility_year_plan": _("Donnez une adresse qui commence par https://."),
}
# What the law wants to be told.
REQUIRED = {
    "legal_publisher": _("le nom de l’éditeur"),
    "legal_publisher_address": _("l’adresse de l’éditeur"),
    "legal_director": _("qui dirige la publication"),
    "legal_host": _("qui héberge"),
    "legal_dpo": _("qui protège les données personnelles"),
    "contact_email": _("une adresse où écrire"),
}


@blueprint.get("/administration/pages-legales")
def show() -> Response:
    session.require_administrator()
    return _page(forms.Form({name: str(getattr(site.settings(), name)) for name in NAMES} | {"policy": _policy()}))


@blueprint.post("/administration/pages-legales")
def save() -> Response:
    me, form = session.require_administrator(), forms.sent()
    chosen = {name: form.value(name) for name in NAMES if name in form.values and name not in site.given().fixed}
    for name, value in chosen.items():
        try:
            settings.read(name, value)
        except errors.Invalid:
            form.wrong[name] = str(REFUSED.get(name, _("Cette valeur ne convient pas.")))
        if len(value) > LONGEST:
            form.wrong[name] = gettext("C’est trop long : %(most)s caractères au plus.", most=LONGEST)
    _require_audit(form)
    if form.wrong:
        db.end()
        return _page(form, 400)
    changed = identity.choose(me, chosen)
    words = form.value("policy").strip()
    if "policy" in form.values and words != _policy():
        changed.append("policy")
        if words:
            texts.put(texts.Kind.PRIVACY, texts.as_html(words), actor=me)
        else:
            texts.forget(texts.Kind.PRIVACY, actor=me)
    flask.flash(gettext("Les pages légales sont enregistrées.") if changed else gettext("Rien n’a changé."))
    return rendering.lead(flask.url_for("web.legal_texts.show"))


def _require_audit(form: forms.Form) -> None:
    """A conformity that no audit carries is not declared."""
    if form.value("legal_accessibility_state") in ("", conformity.State.NONE):
        return
    for name in ("legal_accessibility_date", "legal_accessibility_auditor", "legal_accessibility_rate"):
        form.require(
            name, gettext("Sans audit daté, avec son auteur et son résultat, un site se déclare non conforme.")
        )
    rate = form.value("legal_accessibility_rate").strip()
    least = 100 if form.value("legal_accessibility_state") == conformity.State.TOTAL else 50
    if rate.isdecimal() and int(rate) < least:
        words = gettext("Cet état demande que %(least)s %% des critères au moins soient respectés.", least=least)
        form.wrong["legal_accessibility_state"] = words


def _policy() -> str:
    kept = (each.content for each in texts.every() if each.kind == texts.Kind.PRIVACY)
    return texts.as_typed(next(kept, ""))


def missing() -> list[LazyString]:
    return [words for name, words in REQUIRED.items() if not getattr(site.settings(), name)]


def _page(form: forms.Form, status: int = 200) -> Response:
    declared = conformity.state(site.settings())
    return rendering.show(
        "administration/legal_texts.html", status=status, form=form, missing=missing(),
        declared=conformity.WORDS[declared], wished=site.settings().legal_accessibility_state, state=declared,
        fixed=sorted(site.given().fixed & set(NAMES)),
    )  # fmt: skip
