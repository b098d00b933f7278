"""Lists of servers in and out, as Mastodon and others exchange them: looked at first, applied then."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from fediterr.core import db, errors
from fediterr.moderation import blocklists
from fediterr.moderation.blocklists import Line, Verdict, Why
from fediterr.web import forms, rendering, session
from fediterr.web.moderation import words

blueprint = Blueprint("blocklists", __name__, url_prefix="/moderation/serveurs")

SHOWN = 500  # lines of each verdict on the page
FILES = {"block": "serveurs-bloques.csv", "allow": "serveurs-admis.csv"}


@blueprint.get("/exporter/<any(block, allow):kind>")
def export(kind: str) -> Response:
    session.require_moderator()
    answer = flask.make_response(blocklists.written(kind))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILES[kind]}"'
    return answer


@blueprint.get("/importer")
def choose() -> Response:
    session.require_administrator()
    return _choose(forms.Form({"kind": "allow" if request.args.get("liste") == "admis" else "block"}))


def _choose(form: forms.Form, status: int = 200) -> Response:
    return rendering.show(
        "moderation/list_import.html", status=status, form=form, columns=",".join(blocklists.BLOCKS),
        lines=blocklists.LINES, kilobytes=blocklists.BYTES // 1000,
    )  # fmt: skip


@blueprint.post("/importer")
def preview() -> Response:
    """What a list would do here, line by line; nothing is applied yet."""
    session.require_administrator()
    form = forms.sent()
    file = request.files.get("file")
    given: bytes | str = file.read(blocklists.BYTES + 1) if file and file.filename else form.value("text")
    if not given:
        form.wrong["file"] = _("Choisissez un fichier, ou collez la liste.")
        return _choose(form, 400)
    try:
        found = blocklists.read(given, _kind(form))
    except (errors.Invalid, errors.TooLarge) as problem:
        db.end()
        form.wrong["file"] = form.refuse(problem).wrong.pop("")
        return _choose(form, 413 if isinstance(problem, errors.TooLarge) else 400)
    text = given.decode("utf-8-sig") if isinstance(given, bytes) else given
    return rendering.show(
        "moderation/list_preview.html", found=_by_verdict(found), kind=_kind(form), text=text, most=SHOWN,
        severity=words.severity, why=_why(), ended=blocklists.follows_ended(found, changing=False),
        ended_by_all=blocklists.follows_ended(found, changing=True),
    )  # fmt: skip


def _kind(form: forms.Form) -> str:
    return "allow" if form.value("kind") == "allow" else "block"


def _by_verdict(found: list[Line]) -> dict[str, list[Line]]:
    return {verdict.value: [line for line in found if line.verdict == verdict] for verdict in Verdict}


def _why() -> dict[str, str]:
    """Why a line is refused, in words."""
    return {
        Why.NO_DOMAIN: _("il n’y a pas de domaine"),
        Why.NOT_A_DOMAIN: _("ce n’est pas un domaine"),
        Why.HIDDEN: _("le nom est caché en partie"),
        Why.SEVERITY: _("la sévérité est inconnue : suspend, silence ou noop"),
        Why.TWICE: _("le domaine est déjà plus haut dans la liste"),
        Why.OURS: _("c’est le domaine de ce serveur"),
        Why.BLOCKED: _("il est bloqué ici : levez d’abord le blocage"),
    }


@blueprint.post("/importer/appliquer")
def apply() -> Response:
    """The list comes once more, and is read once more: what holds here may have changed meanwhile."""
    me, form = session.require_administrator(), forms.sent()
    found = blocklists.read(request.form.get("text", ""), _kind(form))
    number = blocklists.apply(
        found, me, changing=form.value("which") == "all", reason=form.value("reason").strip()[:1000]
    )
    flask.flash(
        ngettext(
            "%(shown)s règle est appliquée.", "%(shown)s règles sont appliquées.", rendering.many(number), shown=number
        )
    )
    liste = "admis" if _kind(form) == "allow" else None
    return rendering.lead(flask.url_for("web.servers.listed", liste=liste))
