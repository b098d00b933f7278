"""What others did that concerns me, who asks to follow me, and what was kept back."""

from collections.abc import Sequence

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import db, errors
from fediterr.core.paging import Page
from fediterr.moderation import people
from fediterr.moderation.models import Decision
from fediterr.social import follows, markers, notification_groups, notifications, policies, timelines, unread
from fediterr.social.models import Notification, Post
from fediterr.social.models.filters import Context
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")

Choice = notifications.Choice
VIEWS = {
    "tout": unread.APART,
    "mentions": Choice(kinds=("mention", "quote")),
    "reactions": Choice(kinds=("favourite", "reblog", "poll", "update", "quoted_update")),
    "abonnes": Choice(kinds=("follow", "move")),
}
REQUESTS = 40


@blueprint.get("")
def listed() -> Response:
    """What others did, in groups, the newest first; whoever looks at all of it has read it."""
    me, page = session.require(), rendering.page()
    view = request.args.get("vue", "")
    view = view if view in VIEWS else "tout"
    groups = notification_groups.listed(me, page, VIEWS[view])
    heads = [group.head for group in groups]
    posts, cards = _about(me, heads)
    read = markers.last_read(me, markers.NOTIFICATIONS)
    known = accounts.many({identifier for group in groups for identifier in group.sample_ids})
    shown = rendering.show(
        "notifications.html", view=view, heads=heads, posts=posts, cards=cards, read=read,
        groups=[group for group in groups if _is_shown(group.head, posts, cards)],
        senders={group.key: [known[each] for each in group.sample_ids if each in known] for group in groups},
        decisions=_decisions(heads), requests=[] if page.max_id else follows.requests(me, Page(limit=REQUESTS)),
        communities=_communities(heads), waiting=policies.pending(me)[0],
    )  # fmt: skip
    newest = max((group.most_recent_id for group in groups), default=0)
    if view == "tout" and page.max_id is None and newest > read:
        with db.transaction():
            markers.put(me, {markers.NOTIFICATIONS: newest})
    return shown


def _about(me: Account, told: Sequence[Notification]) -> tuple[dict[int, Post], Cards]:
    """The posts that notifications speak of, and what the reader did with them."""
    found = timelines.whole([each.post_id for each in told if each.post_id], me)
    return {post.id: post for post in found}, Cards.of(me, found, Context.NOTIFICATIONS)


def _is_shown(told: Notification, posts: dict[int, Post], cards: Cards) -> bool:
    """Not when its post is gone, or is one that a filter hides."""
    if told.post_id is None:
        return True
    post = posts.get(told.post_id)
    return post is not None and bool(cards.shown([post]))


def _decisions(told: Sequence[Notification]) -> dict[str, Decision]:
    """What moderators decided, by the subject of the notification."""
    named = [int(each.subject) for each in told if each.kind == "moderation_warning" and each.subject.isdecimal()]
    return {str(each.id): each for each in people.decisions(named)}


def _communities(told: Sequence[Notification]) -> dict[str, Account]:
    """The communities that notifications speak of, by their subject."""
    named = {int(each.subject) for each in told if each.kind == "community.asked" and each.subject.isdecimal()}
    return {str(identifier): group for identifier, group in accounts.many(named).items()} if named else {}


# --- forgetting ----------------------------------------------------------------------------------------------------


@blueprint.post("/<key>/effacer")
def dismiss(key: str) -> Response:
    """Forget one, or one group."""
    notification_groups.dismiss(session.require(), key)
    return rendering.lead(session.local_path(request.form.get("next"), flask.url_for("web.notifications.listed")))


@blueprint.get("/effacer")
def confirm() -> Response:
    session.require()
    return rendering.show("notifications_clear.html")


@blueprint.post("/effacer")
def clear() -> Response:
    notifications.clear(session.require())
    flask.flash(_("Vos notifications sont effacées."))
    return rendering.lead(flask.url_for("web.notifications.listed"))


# --- those who ask -------------------------------------------------------------------------------------------------


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


@blueprint.get("/filtrees")
def kept_back() -> Response:
    """Those whose words the reader's own rules keep back."""
    me = session.require()
    asked = policies.requests(me, rendering.page())
    posts = {post.id: post for post in timelines.whole([each.last_post_id for each in asked if each.last_post_id], me)}
    return rendering.show("notifications_kept.html", asked=asked, posts=posts, listed=[each.request for each in asked])


@blueprint.get("/filtrees/<int:identifier>")
def kept_from(identifier: int) -> Response:
    """What was kept back of one person."""
    me = session.require()
    asked = policies.request(me, identifier)
    told = notifications.listed(me, rendering.page(), Choice(sender_id=asked.request.from_id, filtered=True))
    posts, cards = _about(me, told)
    return rendering.show("notifications_from.html", asked=asked, told=told, posts=list(posts.values()), cards=cards)


@blueprint.post("/filtrees")
def decide() -> Response:
    """Hear these people from now on, or forget what they said."""
    me = session.require()
    chosen = forms.numbers("id")
    if request.form.get("answer") == "accept":
        policies.accept(me, chosen)
        flask.flash(_("C’est noté : leurs notifications vous parviennent."))
    else:
        policies.dismiss(me, chosen)
        flask.flash(_("C’est écarté. Si ces personnes vous écrivent encore, la question vous sera posée de nouveau."))
    return rendering.lead(flask.url_for("web.notifications.kept_back"))
