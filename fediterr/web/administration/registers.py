"""What this server knows of territories and since when, files that complete it, and who is on the network."""

from typing import NamedTuple

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors
from fediterr.moderation import journal
from fediterr.territories import competences, density, directory, groupings, imports, loading, movements, tables, twins
from fediterr.territories.models import Source
from fediterr.web import forms, natures, problems, rendering, session, uploads

blueprint = Blueprint("registers", __name__, url_prefix="/administration/territoires")

LOADING = "fediterr territories load"
SHOWN = 20  # lines that were left out


class Known(NamedTuple):
    """How many territories of a kind there are, and for how many an account stands."""

    words: str
    number: int
    present: int


class Brought(NamedTuple):
    """What was brought in from a file, in words; no row: not yet."""

    words: str
    row: Source | None


def kinds() -> list[tuple[str, str, str]]:
    """The kinds of files, in words, with where one finds them."""
    return [
        (density.WHAT, _("Grille de densité"), _("INSEE, « grille communale de densité à 7 niveaux »")),
        (groupings.WHAT, _("Groupements"), _("DGCL, BANATIC : la liste des groupements, avec ou sans leurs membres")),
        (
            competences.WHAT,
            _("Compétences"),
            _("DGCL, BANATIC : la liste des compétences, ou qui exerce lesquelles"),
        ),
        (movements.WHAT, _("Fusions et changements"), _("INSEE : les mouvements de communes, ou une liste de codes")),
    ]


@blueprint.get("")
def show() -> Response:
    session.require_administrator()
    return _show(forms.Form({"what": density.WHAT}))


def _show(form: forms.Form, status: int = 200) -> Response:
    rows, census = imports.brought(), directory.census()
    return rendering.show(
        "administration/registers.html", status=status, form=form, kinds=kinds(), mebibytes=tables.BYTES >> 20,
        brought=[Brought(word, rows.get(what)) for what, word, _help in kinds()], compared=rows.get(twins.WHAT),
        census=[Known(str(natures.NATURES.get(kind, kind)), number, there) for kind, number, there in census],
        total=sum(each[1] for each in census), present=sum(each[2] for each in census), attributions=loading.SOURCES,
        loading=LOADING,
    )  # fmt: skip


@blueprint.post("")
@uploads.takes_files
def look() -> Response:
    """What a file would change; nothing of it is done yet."""
    session.require_administrator()
    form, part = forms.sent(), request.files.get("file")
    what, vintage = form.value("what"), form.value("vintage").strip()
    filename = (part.filename if part else None) or ""
    data = part.stream.read(tables.BYTES + 1) if part is not None and filename else b""
    try:
        if not data:
            raise errors.Invalid("There is no file, or nothing in it.")  # noqa: TRY301 (shown like the others)
        with db.aside():  # nothing is written: others may, while a large file is read
            summary = imports.prepare(what, data, filename, vintage).summary
            name = imports.lay_by(data)
    except (errors.Invalid, errors.TooLarge, errors.Conflict) as problem:
        db.end()
        form.wrong["vintage" if problems.field_of(problem) == "vintage" else "file"] = _why(problem)
        return _show(form, 413 if isinstance(problem, errors.TooLarge) else 400)
    left_out = [(number, problems.in_words(why)) for number, why in summary.left_out]
    return rendering.show(
        "administration/register_preview.html", summary=summary, name=name, filename=filename, vintage=vintage,
        word=next(word for kind, word, _help in kinds() if kind == what), left_out=left_out[:SHOWN],
    )  # fmt: skip


def _why(problem: errors.Problem) -> str:
    """Why a file is refused; the line where it is wrong, if it is wrong in one."""
    if isinstance(problem, tables.WrongLine):
        return str(_("Ligne %(number)s : %(why)s", number=problem.number, why=problems.in_words(problem.why)))
    return problems.words_of(problem)


@blueprint.post("/appliquer")
def apply() -> Response:
    """The file is read once more: what is here may have changed meanwhile."""
    me, form = session.require_administrator(), forms.sent()
    name, filename = form.value("name"), form.value("filename")[:255]
    data = imports.laid_by(name)
    prepared = imports.prepare(form.value("what"), data, filename, form.value("vintage"))
    summary = imports.carry_out(prepared, data, filename)
    journal.write_down(me, "import_territories", f"{summary.what} {summary.vintage}".strip(), filename)
    imports.let_go(name)
    flask.flash(_("C’est fait. Les ressemblances entre territoires sont recalculées dans un instant."))
    return rendering.lead(flask.url_for("web.registers.show"))


@blueprint.post("/renoncer")
def give_up() -> Response:
    session.require_administrator()
    imports.let_go(forms.sent().value("name"))
    return rendering.lead(flask.url_for("web.registers.show"))


@blueprint.post("/comparer")
def compare() -> Response:
    session.require_administrator()
    twins.outdate()
    flask.flash(_("Les ressemblances entre territoires sont recalculées dans un instant."))
    return rendering.lead(flask.url_for("web.registers.show"))
