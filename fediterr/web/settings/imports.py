"""Bringing along what one has elsewhere: a list is shown first, then carried out, and what came of it can be read."""

from collections.abc import Callable

import flask
import flask_babel
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.social import csv_files, imports
from fediterr.social.models import Import, Outcome
from fediterr.web import forms, problems, rendering, session

blueprint = Blueprint("imports", __name__, url_prefix="/reglages/donnees/import")
SHOWN = 10  # lines of a list before it is carried out
TOLD = 100  # lines that failed, of which one reads why


def kinds() -> list[tuple[str, str]]:
    """What a list can be, in words."""
    return [
        (csv_files.FOLLOWING, _("Des comptes à suivre")),
        (csv_files.LISTS, _("Des listes de comptes")),
        (csv_files.BOOKMARKS, _("Des messages à enregistrer")),
        (csv_files.MUTING, _("Des comptes à masquer")),
        (csv_files.BLOCKING, _("Des comptes à bloquer")),
        (csv_files.DOMAINS, _("Des serveurs à masquer")),
    ]


@blueprint.get("")
def start() -> Response:
    return _start(forms.Form({"mode": "merge"}))


def _start(form: forms.Form, status: int = 200) -> Response:
    me = session.require()
    listed = [(each, imports.counts(each)) for each in imports.of(me)]
    words = dict(kinds())
    return rendering.show(
        "settings/imports.html", status=status, form=form, listed=listed, kinds=kinds(), words=words,
        most=flask_babel.format_decimal(csv_files.LINES),
    )  # fmt: skip


@blueprint.post("")
def propose() -> Response:
    me, form = session.require(), forms.sent()
    part = request.files.get("file")
    try:
        content = part.stream.read() if part is not None and part.filename else b""
        if not content:
            raise errors.Invalid("There is no file, or nothing in it.")  # noqa: TRY301 (shown like the others)
        filename = (part.filename if part else "") or ""
        overwrite = form.value("mode") == "overwrite"
        made = imports.propose(me, content, filename, kind=form.value("kind"), overwrite=overwrite)
    except (errors.Invalid, errors.TooLarge, errors.Conflict) as problem:
        db.end()
        words = problems.words_of(problem)
        form.wrong["kind" if problems.field_of(problem) == "kind" else "file"] = words
        return _start(form, 409 if isinstance(problem, errors.Conflict) else 400)
    return rendering.lead(flask.url_for("web.imports.show", identifier=made.id))


@blueprint.get("/<int:identifier>")
def show(identifier: int) -> Response:
    """One import: what it would do, how far it is, what came of it."""
    import_ = imports.get(session.require(), identifier)
    count = imports.counts(import_)
    total = sum(count.values())
    finished = total - count[Outcome.WAITING]
    return rendering.show(
        "settings/import.html",
        wanted=import_,
        word=dict(kinds())[import_.kind],
        count=count,
        total=total,
        percent=100 * finished // total if total else 100,
        finished=finished,
        lost=imports.count_lost(import_) if import_.overwrite and import_.is_shown_only else 0,
        first=imports.lines(import_, Outcome.WAITING, SHOWN) if import_.is_shown_only else [],
        failed=[(each, _why(each.problem)) for each in imports.lines(import_, Outcome.FAILED, TOLD)],
        refused=[(number, _why(words)) for number, words in import_.refused],
    )


def _why(words: str) -> str:
    return problems.words_of(errors.Invalid(words))


@blueprint.post("/<int:identifier>/lancer")
def confirm(identifier: int) -> Response:
    return _change(identifier, imports.confirm, _("L’import est lancé. Vous pouvez quitter cette page."))


@blueprint.post("/<int:identifier>/arreter")
def cancel(identifier: int) -> Response:
    return _change(identifier, imports.cancel, _("L’import est arrêté. Ce qui était fait le reste."))


@blueprint.post("/<int:identifier>/reprendre")
def retry(identifier: int) -> Response:
    return _change(identifier, imports.retry, _("L’import reprend."))


@blueprint.post("/<int:identifier>/oublier")
def forget(identifier: int) -> Response:
    imports.forget(imports.get(session.require(), identifier))
    flask.flash(_("Cet import est oublié. Ce qu’il a fait reste."))
    return rendering.lead(flask.url_for("web.imports.start"))


def _change(identifier: int, verb: Callable[[Import], None], words: str) -> Response:
    verb(imports.get(session.require(), identifier))
    flask.flash(words)
    return rendering.lead(flask.url_for("web.imports.show", identifier=identifier))
