"""Every act of moderators, in words: who did what about whom, why and when."""

from urllib.parse import urlencode

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core.paging import Page
from fediterr.moderation import journal
from fediterr.moderation.models import Decision
from fediterr.web import forms, journals, rendering, session
from fediterr.web.moderation import words
from fediterr.web.moderation.overview import people_of

blueprint = Blueprint("journal", __name__, url_prefix="/moderation/journal")

OPERATOR = "0"  # at the command line


@blueprint.get("")
def listed() -> Response:
    session.require_moderator()
    form = forms.Form(request.args)
    found = journal.listed(rendering.page(), _wanted(form))
    every = sorted(((name, words.act(name).rstrip(" :")) for name in journal.actions()), key=lambda pair: pair[1])
    return rendering.show(
        "moderation/journal.html", listed=found, form=form, act=words.act, people=people_of(found),
        actions=every, actors=journal.actors(), operator=OPERATOR,
        export=_export(form),
    )  # fmt: skip


def _export(form: forms.Form) -> str:
    """The address of the same lines as a table."""
    filled = {name: form.value(name) for name in FIELDS if form.value(name)}
    return f"{flask.url_for('web.journal.export')}?{urlencode(filled)}"


FIELDS = ("qui", "acte", "sujet", "depuis", "jusqu_a")


def _wanted(form: forms.Form) -> journal.Wanted:
    who = form.value("qui")
    return journal.Wanted(
        actor_id=int(who) if who.isdecimal() and who != OPERATOR and len(who) < 19 else None,
        by_operator=who == OPERATOR,
        actions=(form.value("acte"),) if form.value("acte") else (),
        about=form.value("sujet"),
        since=journals.day(form, "depuis"),
        until=journals.day(form, "jusqu_a"),
    )


@blueprint.get("/journal.csv")
def export() -> Response:
    """The same lines as a table, for a spreadsheet."""
    session.require_moderator()
    lines = journal.listed(Page(limit=journals.MOST), _wanted(forms.Form(request.args)))
    people = people_of(lines)

    def told(line: Decision) -> tuple[str, ...]:
        actor = people.get(line.actor_id or 0)
        who = actor.full_handle if actor else _("en ligne de commande") if line.actor_id is None else ""
        return rendering.iso(line.created_at), who, words.act(line.action).rstrip(" :"), line.subject, line.reason

    titles = (_("Date"), _("Qui"), _("Acte"), _("Sur"), _("Motif"))
    return journals.table("journal", [titles, *map(told, lines)])
