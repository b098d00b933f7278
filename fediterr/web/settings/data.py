"""My data: lists to take along, the archive of everything, and the ways to what else one may do with one's account."""

import flask
import flask_babel
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.core import errors, storage
from fediterr.social import exports, leaving, tables
from fediterr.web import forms, problems, rendering, session

blueprint = Blueprint("my_data", __name__, url_prefix="/reglages/donnees")
KINDS = {"zip": "application/zip", "tar": "application/x-tar"}


@blueprint.get("")
def show() -> Response:
    return _page(forms.Form({}))


def _page(form: forms.Form, status: int = 200) -> Response:
    me = session.require()
    export = exports.of(me)
    return rendering.show(
        "settings/data.html",
        status=status,
        form=form,
        lists=[(word, table.count(me), name) for name, word, table in _lists()],
        export=export,
        departure=leaving.of(me),
        may_ask=exports.may_ask(export),
        ends_at=export.finished_at + exports.KEPT if export and export.finished_at else None,
        problem=problems.words_of(errors.Invalid(export.problem)) if export and export.problem else "",
    )


def _lists() -> list[tuple[str, str, tables.Table]]:
    """The lists that one may take along, in the order of the page."""
    words = {
        "following_accounts": _("Les comptes que je suis"),
        "lists": _("Mes listes de comptes"),
        "bookmarks": _("Les messages que j’ai enregistrés"),
        "muted_accounts": _("Les comptes que je masque"),
        "blocked_accounts": _("Les comptes que je bloque"),
        "blocked_domains": _("Les serveurs que je masque"),
        "followers": _("Mes abonnés"),
    }
    return [(name, word, tables.TABLES[name]) for name, word in words.items()]


@blueprint.get("/<name>.csv")
def fetch_list(name: str) -> Response:
    """One list, as a file that other servers take."""
    me = session.require()
    table = tables.TABLES.get(name)
    if table is None:
        raise errors.NotFound("There is no such page.")
    answer = flask.make_response(tables.written(table, me))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    return _for_me_alone(answer, table.filename)


# --- the archive ----------------------------------------------------------------------------------------------------


@blueprint.post("/archive")
def ask() -> Response:
    me, form = session.require(), forms.sent()
    exports.ask(me, form.value("format") or "zip")
    flask.flash(_("Votre archive est en préparation. Vous pouvez quitter cette page."))
    return rendering.lead(flask.url_for("web.my_data.show"))


@blueprint.get("/archive")
def fetch_archive() -> Response:
    """The archive itself, for its owner alone."""
    me = session.require()
    export = exports.ready(me)
    day = (export.finished_at or export.asked_at).date().isoformat()
    answer = flask.send_file(
        storage.find(export.path or "", storage.EXPORTS), mimetype=KINDS[export.format], conditional=True
    )
    return _for_me_alone(answer, f"{me.name}-{day}.{export.format}")


@blueprint.post("/archive/effacer")
def remove() -> Response:
    exports.remove(session.require())
    flask.flash(_("Cette archive est effacée."))
    return rendering.lead(flask.url_for("web.my_data.show"))


def _for_me_alone(answer: Response, filename: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.app_template_filter("weight")
def weight(size: int) -> str:
    """Bytes in the unit that people read."""
    for limit, words in ((1 << 20, _("ko")), (1 << 30, _("Mo"))):
        if size < limit:
            return f"{flask_babel.format_decimal(round(size / (limit >> 10), 1))} {words}"
    return f"{flask_babel.format_decimal(round(size / (1 << 30), 1))} {_('Go')}"
