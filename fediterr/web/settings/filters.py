"""What somebody does not want to read, or wants to be warned of: named filters with their words."""

from datetime import timedelta

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.social import filters, timelines
from fediterr.social.filters import FilterDraft, KeywordDraft
from fediterr.social.models import Filter, FilterRule
from fediterr.social.models.filters import Action, Context
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("filters", __name__, url_prefix="/reglages/filtres")

PART = "*"  # at the end of a line: the word is found inside of others, too
KEPT = "same"
LENGTHS = {
    "30m": timedelta(minutes=30), "1d": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30),
    "180d": timedelta(days=180),
}  # fmt: skip


@blueprint.get("")
def listed() -> Response:
    return rendering.show("settings/filters.html", filters=filters.listed(session.require()))


@blueprint.get("/nouveau")
def begin() -> Response:
    session.require()
    return _page(forms.Form({"action": Action.WARN, **dict.fromkeys(Context, "1")}), None)


def _page(form: forms.Form, filter_: Filter | None, status: int = 200) -> Response:
    me = session.require()
    named = timelines.whole([rule.post_id for rule in filter_.posts if rule.post_id], me) if filter_ else []
    return rendering.show(
        "settings/filter.html", status=status, form=form, filter=filter_, named=named, cards=Cards.of(me, named)
    )


@blueprint.post("/nouveau")
def create() -> Response:
    form, me = _sent(), session.require()
    if form.wrong:
        return _page(form, None, 400)
    try:
        filters.create(me, _draft(form, []))
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), None, 400)
    flask.flash(_("Le filtre est créé : il agit dès maintenant."))
    return rendering.lead(flask.url_for("web.filters.listed"))


@blueprint.get("/<int:identifier>")
def change(identifier: int) -> Response:
    found = filters.get(session.require(), identifier)
    values = {"title": found.title, "words": "\n".join(_line_of(rule) for rule in found.keywords)}
    values |= {"action": found.action, "lasts": KEPT if found.ends_at else ""}
    return _page(forms.Form(values | dict.fromkeys(found.contexts, "1")), found)


@blueprint.post("/<int:identifier>")
def save(identifier: int) -> Response:
    form, me = _sent(), session.require()
    found = filters.get(me, identifier)
    if form.wrong:
        return _page(form, found, 400)
    try:
        filters.change(found, _draft(form, found.keywords))
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), filters.get(session.require(), identifier), 400)
    flask.flash(_("Le filtre est enregistré."))
    return rendering.lead(flask.url_for("web.filters.listed"))


@blueprint.get("/<int:identifier>/supprimer")
def confirm(identifier: int) -> Response:
    return rendering.show("settings/filter_delete.html", filter=filters.get(session.require(), identifier))


@blueprint.post("/<int:identifier>/supprimer")
def delete(identifier: int) -> Response:
    filters.delete(filters.get(session.require(), identifier))
    flask.flash(_("Le filtre est supprimé."))
    return rendering.lead(flask.url_for("web.filters.listed"))


@blueprint.post("/<int:identifier>/messages/<int:post>/retirer")
def remove_post(identifier: int, post: int) -> Response:
    """No longer name one post."""
    found = filters.get(session.require(), identifier)
    for rule in found.posts:
        if rule.post_id == post:
            filters.remove(rule)
    return rendering.lead(flask.url_for("web.filters.change", identifier=identifier))


# --- what was typed ------------------------------------------------------------------------------------------------


def _sent() -> forms.Form:
    form = forms.sent()
    form.require("title", _("Donnez un nom à ce filtre."))
    if not any(form.is_on(context) for context in Context):
        form.wrong[Context.HOME] = _("Choisissez au moins un endroit où le filtre agit.")
    if any(len(line) > filters.KEYWORD for line in _lines(form)):
        form.wrong["words"] = _("Une expression compte au plus %(most)s caractères.", most=filters.KEYWORD)
    return form


def _lines(form: forms.Form) -> list[str]:
    lines = (line.strip() for line in form.value("words").splitlines())
    return list(dict.fromkeys(line for line in lines if line.rstrip(PART)))


def _line_of(rule: FilterRule) -> str:
    return (rule.keyword or "") + ("" if rule.whole_word else PART)


def _draft(form: forms.Form, before: list[FilterRule]) -> FilterDraft:
    """The filter as typed: words that are there already keep their rows, others come and go."""
    lines, known = _lines(form), {_line_of(rule): rule for rule in before}
    added = [
        KeywordDraft(line.rstrip(PART).strip(), whole_word=not line.endswith(PART))
        for line in lines
        if line not in known
    ]
    gone = [KeywordDraft(identifier=rule.id, remove=True) for line, rule in known.items() if line not in lines]
    lasts = form.value("lasts")
    length = LENGTHS.get(lasts)
    return FilterDraft(
        title=form.value("title"),
        contexts=tuple(context for context in Context if form.is_on(context)),
        action=request.form.get("action", ""),
        lasts=lasts != KEPT,
        seconds=int(length.total_seconds()) if length else None,
        keywords=(*gone, *added),
    )
