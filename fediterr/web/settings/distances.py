"""From whom and from what somebody keeps away: muted and blocked people, silent conversations, hidden servers."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import db, errors, ids
from fediterr.social import blocks, domains, threads, timelines, visibility
from fediterr.web import forms, rendering, session

blueprint = Blueprint("distances", __name__, url_prefix="/reglages/distances")


@blueprint.get("")
def listed() -> Response:
    """Who is muted."""
    kept = blocks.muted(session.require(), rendering.page())
    return rendering.show("settings/distances.html", view="muted", listed=kept)


@blueprint.get("/bloques")
def blocked() -> Response:
    kept = blocks.blocked(session.require(), rendering.page())
    return rendering.show("settings/distances.html", view="blocked", listed=kept)


@blueprint.get("/conversations")
def conversations() -> Response:
    """Conversations of which one is told nothing; of those whose first post is gone, only the day."""
    me = session.require()
    kept = threads.muted(me, rendering.page())
    begun = {post.id: post for post in timelines.whole([each.thread_id for each in kept], me)}
    days = {each.thread_id: ids.moment_of(each.thread_id) for each in kept}
    return rendering.show("settings/distances.html", view="conversations", listed=kept, begun=begun, days=days)


@blueprint.post("/conversations")
def silence() -> Response:
    """Be told nothing more of the conversation that a post is part of."""
    me = session.require()
    post = visibility.seen(me, forms.number("post") or 0)
    threads.mute(me, post)
    flask.flash(_("Vous ne serez plus prévenu de ce qui se dit dans cette conversation."))
    return rendering.lead(rendering.address_of(post))


@blueprint.post("/conversations/<int:thread>/rouvrir")
def hear_again(thread: int) -> Response:
    threads.hear_again(session.require(), thread)
    flask.flash(_("Vous serez de nouveau prévenu de ce qui se dit dans cette conversation."))
    onward = session.local_path(request.form.get("next"), flask.url_for("web.distances.conversations"))
    return rendering.lead(onward)


@blueprint.get("/serveurs")
def servers() -> Response:
    return _servers(forms.Form({}))


def _servers(form: forms.Form, status: int = 200) -> Response:
    kept = domains.hidden(session.require(), rendering.page())
    return rendering.show("settings/distances.html", status=status, view="servers", listed=kept, form=form)


@blueprint.post("/serveurs")
def hide() -> Response:
    form, me = forms.sent(), session.require()
    try:
        domains.hide(me, form.value("domain").strip())
    except errors.Invalid as problem:
        db.end()
        return _servers(form.refuse(problem), 400)
    flask.flash(_("Vous ne verrez plus rien de ce serveur."))
    return rendering.lead(flask.url_for("web.distances.servers"))


@blueprint.post("/serveurs/montrer")
def show() -> Response:
    domain = forms.sent().value("domain")
    domains.show(session.require(), domain)
    flask.flash(
        _("Vous verrez de nouveau %(domain)s. Les abonnements d’avant ne reviennent pas d’eux-mêmes.", domain=domain)
    )
    return rendering.lead(flask.url_for("web.distances.servers"))


@blueprint.post("/masques/<int:identifier>/retirer")
def unmute(identifier: int) -> Response:
    other = accounts.get(identifier)
    blocks.unmute(session.require(), other)
    flask.flash(_("Vous lirez de nouveau %(name)s.", name=other.shown_name))
    return rendering.lead(flask.url_for("web.distances.listed"))


@blueprint.post("/bloques/<int:identifier>/retirer")
def unblock(identifier: int) -> Response:
    other = accounts.get(identifier)
    blocks.unblock(session.require(), other)
    flask.flash(_("Vous ne bloquez plus %(name)s.", name=other.shown_name))
    return rendering.lead(flask.url_for("web.distances.blocked"))
