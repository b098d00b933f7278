"""What the legal pages tell, as administrators write it; what is still missing is said to them."""

import flask
from flask import Blueprint, Response
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fediterr.core import db, errors, settings, site
from fediterr.moderation import identity, texts
from fediterr.web import conformity, forms, rendering, session

blueprint = Blueprint("legal_texts", __name__)

NAMES = tuple(name for name in settings.TYPES if name.startswith("legal_"))
LONGEST = 5000  # characters
# What is wrong when a value does not suit.
REFUSED = {
    "legal_accessibility_date": _l("Donnez un jour, comme 2026-11-24."),
    "legal_accessibility_rate": _l("Donnez un nombre entier, de 0 à 100."),
    "legal_accessibility_contact": _l("Ce n’est pas une adresse électronique."),
    "legal_accessibility_plan": _l("Donnez une adresse qui commence par https://."),
    "legal_accessibility_year_plan": _l("Donnez une adresse qui commence par https://."),
}
# What the law wants to be told.
REQUIRED = {
    "legal_publisher": _l("le nom de l’éditeur"),
    "legal_publisher_address": _l("l’adresse de l’éditeur"),
    "legal_director": _l("qui dirige la publication"),
    "legal_host": _l("qui héberge"),
    "legal_dpo": _l("qui protège les données personnelles"),
    "contact_email": _l("une adresse où écrire"),
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
            form.wrong[name] = str(REFUSED.get(name, _l("Cette valeur ne convient pas.")))
        if len(value) > LONGEST:
            form.wrong[name] = _("C’est trop long : %(most)s caractères au plus.", most=LONGEST)
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
    flask.flash(_("Les pages légales sont enregistrées.") if changed else _("Rien n’a changé."))
    return rendering.lead(flask.url_for("web.legal_texts.show"))


def _require_audit(form: forms.Form) -> None:
    """A conformity that no audit carries is not declared."""
    if form.value("legal_accessibility_state") in ("", conformity.State.NONE):
        return
    for name in ("legal_accessibility_date", "legal_accessibility_auditor", "legal_accessibility_rate"):
        form.require(name, _("Sans audit daté, avec son auteur et son résultat, un site se déclare non conforme."))
    rate = form.value("legal_accessibility_rate").strip()
    least = 100 if form.value("legal_accessibility_state") == conformity.State.TOTAL else 50
    if rate.isdecimal() and int(rate) < least:
        words = _("Cet état demande que %(least)s %% des critères au moins soient respectés.", least=least)
        form.wrong["legal_accessibility_state"] = words


def _policy() -> str:
    kept = (each.content for each in texts.every() if each.kind == texts.Kind.PRIVACY)
    return texts.as_typed(next(kept, ""))


def _missing() -> list[LazyString]:
    return [words for name, words in REQUIRED.items() if not getattr(site.settings(), name)]


def _page(form: forms.Form, status: int = 200) -> Response:
    declared = conformity.state(site.settings())
    return rendering.show(
        "administration/legal_texts.html", status=status, form=form, missing=_missing(),
        declared=conformity.WORDS[declared], wished=site.settings().legal_accessibility_state, state=declared,
        fixed=sorted(site.given().fixed & set(NAMES)),
    )  # fmt: skip
