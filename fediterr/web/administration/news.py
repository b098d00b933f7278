"""What administrators tell everybody here, now or later."""

from datetime import datetime
from zoneinfo import ZoneInfo

import flask
import flask_babel
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.core import clock, db, errors
from fediterr.moderation import announcements
from fediterr.web import forms, rendering, session

blueprint = Blueprint("news", __name__)


@blueprint.get("/administration/annonces")
def listed() -> Response:
    session.require_administrator()
    return _page(forms.Form({}))


@blueprint.post("/administration/annonces")
def publish() -> Response:
    me, form = session.require_administrator(), forms.sent()
    form.require("announcement", _("Écrivez l’annonce."))
    moments = {name: _moment(form, name) for name in ("at", "starts_at", "ends_at")}
    if moments["starts_at"] and moments["ends_at"] and moments["ends_at"] < moments["starts_at"]:
        form.wrong["ends_at"] = _("La fin vient après le début.")
    if form.wrong:
        return _page(form, 400)
    try:
        announcements.publish(form.value("announcement"), actor=me, all_day=form.is_on("all_day"), **moments)
    except errors.Invalid as problem:
        db.end()
        return _page(form.refuse(problem), 400)
    later = moments["at"] is not None and moments["at"] > clock.now()
    flask.flash(_("L’annonce paraîtra au moment dit.") if later else _("L’annonce est publiée."))
    return rendering.lead(flask.url_for("web.news.listed"))


@blueprint.post("/administration/annonces/<int:identifier>/retirer")
def withdraw(identifier: int) -> Response:
    me = session.require_administrator()
    announcements.withdraw(identifier, actor=me)
    flask.flash(_("L’annonce est retirée."))
    return rendering.lead(flask.url_for("web.news.listed"))


@blueprint.post("/annonces/<int:identifier>/lue")
def dismiss(identifier: int) -> Response:
    """Whoever has read an announcement sees it no more."""
    announcements.dismiss(identifier, session.require())
    return rendering.lead(flask.url_for("web.feed.home"))


def _moment(form: forms.Form, name: str) -> datetime | None:
    """A moment as it was typed, in the time of these pages."""
    if not form.value(name):
        return None
    try:
        typed = datetime.fromisoformat(form.value(name))
    except ValueError:
        form.wrong[name] = _("Une date et une heure, par exemple 2026-12-24T18:00.")
        return None
    return typed.replace(tzinfo=ZoneInfo(str(flask_babel.get_timezone()))) if typed.tzinfo is None else typed


def _page(form: forms.Form, status: int = 200) -> Response:
    every = announcements.every()[::-1]
    return rendering.show("administration/news.html", status=status, form=form, every=every, now=clock.now())
