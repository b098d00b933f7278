"""The rules that people here agree to: written, said in another language, put in order, taken back."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.moderation import rules
from fediterr.web import forms, rendering, session

blueprint = Blueprint("house_rules", __name__)

OTHER = "en"  # the language beside that of the server


@blueprint.get("/administration/regles")
def show() -> Response:
    session.require_administrator()
    return _page(forms.Form({}))


@blueprint.post("/administration/regles")
def add() -> Response:
    me, form = session.require_administrator(), forms.sent()
    form.require("rule", _("Écrivez la règle."))
    if form.wrong:
        return _page(form, 400)
    try:
        made = rules.add(form.value("rule"), form.value("hint").strip(), actor=me)
        rules.translate(made, OTHER, form.value("other"), form.value("other-hint").strip(), actor=me)
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    flask.flash(_("La règle est ajoutée."))
    return rendering.lead(flask.url_for("web.house_rules.show"))


@blueprint.get("/administration/regles/<int:place>")
def one(place: int) -> Response:
    """One rule, to be changed."""
    session.require_administrator()
    rule = rules.at(place)
    said = rule.translations.get(OTHER, {})
    values = {"rule": rule.text, "hint": rule.hint, "other": said.get("text", ""), "other-hint": said.get("hint", "")}
    return rendering.show("administration/rule.html", form=forms.Form(values), number=place)


@blueprint.post("/administration/regles/<int:place>")
def change(place: int) -> Response:
    me, form, rule = session.require_administrator(), forms.sent(), rules.at(place)
    form.require("rule", _("Écrivez la règle."))
    if form.wrong:
        return rendering.show("administration/rule.html", status=400, form=form, number=place)
    try:
        rules.change(rule, form.value("rule"), form.value("hint").strip(), actor=me)
        rules.translate(rule, OTHER, form.value("other"), form.value("other-hint").strip(), actor=me)
    except errors.Invalid as problem:
        db.end()
        return rendering.show("administration/rule.html", status=400, form=form.refuse(problem), number=place)
    flask.flash(_("La règle est changée."))
    return rendering.lead(flask.url_for("web.house_rules.show"))


@blueprint.post("/administration/regles/<int:place>/place")
def move(place: int) -> Response:
    """One place up or down."""
    me = session.require_administrator()
    step = 1 if forms.sent().value("way") == "down" else -1
    rules.move(rules.at(place), max(1, place + step), actor=me)
    return rendering.lead(flask.url_for("web.house_rules.show"))


@blueprint.post("/administration/regles/<int:place>/retirer")
def withdraw(place: int) -> Response:
    me = session.require_administrator()
    rules.withdraw(rules.at(place), actor=me)
    flask.flash(_("La règle est retirée ; les signalements qui la citent la gardent."))
    return rendering.lead(flask.url_for("web.house_rules.show"))


def _page(form: forms.Form, status: int = 200) -> Response:
    return rendering.show("administration/house_rules.html", status=status, form=form, rules=rules.listed())
