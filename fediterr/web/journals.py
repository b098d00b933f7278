"""What the pages of journals share: the days one asks for, and the same lines as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import flask
from flask import Response
from flask_babel import gettext as _

from fediterr.core import clock
from fediterr.web import forms

MOST = 20_000  # lines of one file
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would work out what begins so


def day(form: forms.Form, name: str) -> date | None:
    """The day that was typed; one that is none is said, and does not count."""
    if not form.value(name):
        return None
    try:
        found = date.fromisoformat(form.value(name))
    except ValueError:
        form.wrong[name] = _("Ce n’est pas une date.")
        return None
    return found if date(2000, 1, 1) <= found <= date(2200, 1, 1) else None


def table(name: str, lines: Iterable[Iterable[str]]) -> Response:
    """Lines, the first of them the titles, as a file of that name and of today."""
    file = io.StringIO()
    csv.writer(file).writerows([inert(each) for each in line] for line in lines)
    answer = flask.make_response(file.getvalue().encode("utf-8-sig"))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def inert(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULAS) else value
