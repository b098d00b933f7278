"""Every act of moderators, in words: who did what about whom, why and when."""

import csv
import io
from datetime import date
from urllib.parse import urlencode

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import clock
from fediterr.core.paging import Page
from fediterr.moderation import journal
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words
from fediterr.web.moderation.overview import people_of

blueprint = Blueprint("journal", __name__, url_prefix="/moderation/journal")

OPERATOR = "0"  # at the command line
MOST = 20_000  # lines of one file
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would work out what begins so


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
        since=_day(form, "depuis"),
        until=_day(form, "jusqu_a"),
    )


def _day(form: forms.Form, name: str) -> date | None:
    """The day that was typed; one that is none is said, and does not count."""
    if not form.value(name):
        return None
    try:
        found = date.fromisoformat(form.value(name))
    except ValueError:
        form.wrong[name] = _("Ce n’est pas une date.")
        return None
    return found if date(2000, 1, 1) <= found <= date(2200, 1, 1) else None


@blueprint.get("/journal.csv")
def export() -> Response:
    """The same lines as a table, for a spreadsheet."""
    session.require_moderator()
    lines = journal.listed(Page(limit=MOST), _wanted(forms.Form(request.args)))
    people = people_of(lines)
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow([_("Date"), _("Qui"), _("Acte"), _("Sur"), _("Motif")])
    for line in lines:
        actor = people.get(line.actor_id or 0)
        who = actor.full_handle if actor else _("en ligne de commande") if line.actor_id is None else ""
        said = (rendering.iso(line.created_at), who, words.act(line.action).rstrip(" :"), line.subject, line.reason)
        table.writerow([_inert(each) for each in said])
    answer = flask.make_response(file.getvalue().encode("utf-8-sig"))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="journal-{clock.now():%Y-%m-%d}.csv"'
    return answer


def _inert(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULAS) else value
