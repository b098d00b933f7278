"""What those who manage an authority take along when it leaves for a server of its own: its archive."""

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Office
from fediterr.core import db, errors, storage
from fediterr.moderation import acts
from fediterr.social import exports
from fediterr.web import forms, problems, rendering
from fediterr.web.authorities import entry

blueprint = Blueprint("authority_leaving", __name__, url_prefix="/@<handle>/autorite/archive")
KINDS = {"zip": "application/zip", "tar": "application/x-tar"}


@blueprint.post("")
def ask(handle: str) -> Response:
    """Have an archive made of all that the authority has; a worker makes it."""
    authority, person = entry.require(handle, Office.MANAGE)
    try:
        exports.ask(authority, forms.sent().value("format") or "zip")
    except errors.Problem as problem:
        db.end()
        flask.flash(problems.words_of(problem), "bad")
        return _back(handle)
    acts.write_down(person, authority, "export")
    flask.flash(_("L’archive est en préparation : revenez voir cette page dans quelques instants."))
    return _back(handle)


@blueprint.get("")
def fetch(handle: str) -> Response:
    """The archive itself, for those who manage the authority."""
    authority, _person = entry.require(handle, Office.MANAGE)
    export = exports.ready(authority)
    day = (export.finished_at or export.asked_at).date().isoformat()
    path = storage.find(export.path or "", storage.EXPORTS)
    answer = flask.send_file(path, mimetype=KINDS[export.format], conditional=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="{authority.name}-{day}.{export.format}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/effacer")
def remove(handle: str) -> Response:
    authority, _person = entry.require(handle, Office.MANAGE)
    exports.remove(authority)
    flask.flash(_("Cette archive est effacée."))
    return _back(handle)


def _back(handle: str) -> Response:
    return rendering.lead(flask.url_for("web.authority_settings.show", handle=handle))
