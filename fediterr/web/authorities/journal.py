"""The journal of an authority: every act in its name, and who did it; for its agents, and for those who moderate."""

from urllib.parse import urlencode

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core.paging import Page
from fediterr.moderation import acts
from fediterr.moderation.models import Act
from fediterr.web import forms, journals, rendering
from fediterr.web.authorities import entry, words

blueprint = Blueprint("authority_journal", __name__, url_prefix="/@<handle>")

FIELDS = ("qui", "acte", "sujet", "depuis", "jusqu_a")


@blueprint.get("/journal")
def listed(handle: str) -> Response:
    authority, form = entry.require_reader(handle), forms.Form(request.args)
    found = acts.listed(authority, rendering.page(), _wanted(form))
    every = sorted(((name, words.act(name)) for name in acts.actions(authority)), key=lambda pair: pair[1])
    filled = {name: form.value(name) for name in FIELDS if form.value(name)}
    export = f"{flask.url_for('web.authority_journal.export', handle=handle)}?{urlencode(filled)}"
    return rendering.show(
        "authorities/journal.html", authority=authority, listed=found, form=form, act=words.act, actions=every,
        agents=acts.agents(authority), export=export,
    )  # fmt: skip


def _wanted(form: forms.Form) -> acts.Wanted:
    return acts.Wanted(
        agent=form.value("qui"),
        action=form.value("acte"),
        about=form.value("sujet"),
        since=journals.day(form, "depuis"),
        until=journals.day(form, "jusqu_a"),
    )


@blueprint.get("/journal.csv")
def export(handle: str) -> Response:
    """The same lines as a table, for a spreadsheet."""
    authority = entry.require_reader(handle)
    lines = acts.listed(authority, Page(limit=journals.MOST), _wanted(forms.Form(request.args)))
    titles = (_("Date"), _("Qui"), _("Acte"), _("Sur"))
    return journals.table(f"journal-{authority.name}", [titles, *map(_told, lines)])


def _told(line: Act) -> tuple[str, ...]:
    who = line.agent or _("en ligne de commande")
    return rendering.iso(line.created_at), who, words.act(line.action), line.subject
