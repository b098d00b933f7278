"""What others did that concerns me, and who asks to follow me."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core import errors
from fediterr.core.paging import Page
from fediterr.moderation import people
from fediterr.social import follows, notifications, timelines
from fediterr.web import rendering, session

blueprint = Blueprint("notifications", __name__)

SHOWN = (
    "mention", "follow", "favourite", "reblog", "poll", "update", "status", "move", "quote", "quoted_update",
    "severed_relationships", "moderation_warning",
)  # fmt: skip
REQUESTS = 40


@blueprint.get("/notifications")
def listed() -> Response:
    me = session.require()
    told = notifications.listed(me, rendering.page(), notifications.Choice(kinds=SHOWN))
    about = timelines.whole([each.post_id for each in told if each.post_id], me)
    return rendering.show(
        "notifications.html", told=told, posts={post.id: post for post in about},
        senders=accounts.many({each.from_id for each in told}),
        reasons={
            each.id: people.decision(int(each.subject)).reason for each in told if each.kind == "moderation_warning"
        },
        requests=follows.requests(me, Page(limit=REQUESTS)),
    )  # fmt: skip


@blueprint.post("/demandes/<int:identifier>")
def answer(identifier: int) -> Response:
    """Let somebody in who asks to follow, or not."""
    me, follower = session.require(), accounts.get(identifier)
    asked = follows.find(follower, me)
    if asked is None or asked.accepted:
        raise errors.NotFound("This person no longer asks to follow you.")
    if request.form.get("answer") == "accept":
        follows.accept(asked)
        flask.flash(_("%(name)s peut maintenant lire ce que vous réservez à vos abonnés.", name=follower.shown_name))
    else:
        follows.refuse(asked)
        flask.flash(_("La demande de %(name)s est refusée.", name=follower.shown_name))
    return rendering.lead(flask.url_for("web.notifications.listed"))
