"""What one does with a hashtag: follow it, show it on one's profile."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.core import db, errors, text
from fediterr.social import tags
from fediterr.web import problems, rendering, session

blueprint = Blueprint("tags", __name__)


@blueprint.get("/tags")
def followed() -> Response:
    """The hashtags that one follows, with how much they are used."""
    listed = tags.followed(session.require(), rendering.page())
    return rendering.show("tags.html", listed=listed, history=tags.history([each.folded for each in listed]))


@blueprint.post("/tags/<tag>/suivre")
def follow(tag: str) -> Response:
    me = session.require()
    if request.form.get("on") == "0":
        tags.unfollow(me, tag)
        flask.flash(_("Vous ne suivez plus #%(tag)s.", tag=tag))
    else:
        tags.follow(me, tag)
        flask.flash(_("Vous suivez #%(tag)s : les messages publics qui le portent viendront dans votre Fil.", tag=tag))
    return _back(tag)


@blueprint.post("/tags/<tag>/profil")
def feature(tag: str) -> Response:
    """Show it on one's profile, or no longer."""
    me, folded = session.require(), text.fold_tag(tag)
    if request.form.get("on") == "0":
        tags.unfeature(me, next((each for each in tags.featured(me) if each.folded == folded), None))
        flask.flash(_("#%(tag)s ne figure plus sur votre profil.", tag=tag))
        return _back(tag)
    try:
        tags.feature(me, tag)
    except errors.Conflict as problem:
        db.end()
        flask.flash(problems.words_of(problem), "bad")
        return _back(tag)
    flask.flash(_("#%(tag)s figure maintenant sur votre profil.", tag=tag))
    return _back(tag)


def _back(tag: str) -> Response:
    return rendering.lead(session.local_path(request.form.get("next"), flask.url_for("web.feed.tagged", tag=tag)))
