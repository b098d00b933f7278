"""What one has put aside to find it again: kept posts, and those one found useful."""

from collections.abc import Sequence

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.social import bookmarks, likes, timelines, visibility
from fediterr.social.models import Bookmark, Like
from fediterr.web import rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("keeping", __name__)


@blueprint.get("/enregistres", endpoint="bookmarks")
def kept() -> Response:
    """Posts one has kept."""
    me = session.require()
    return _show("bookmarks", _("Enregistrés"), me, bookmarks.listed(me, rendering.page()))


@blueprint.post("/enregistres/<int:identifier>")
def keep(identifier: int) -> Response:
    """Keep a post, or no longer; nobody is told."""
    me = session.require()
    post = visibility.seen(me, identifier)
    if request.form.get("on") == "0":
        bookmarks.drop(me, post)
    else:
        bookmarks.keep(me, post)
    onward = session.local_path(request.form.get("next"), rendering.address_of(post))
    return rendering.lead(f"{onward.partition('#')[0]}#m{post.id}")


@blueprint.get("/utiles", endpoint="likes")
def useful() -> Response:
    """Posts one has found useful."""
    me = session.require()
    return _show("likes", _("Utiles"), me, likes.of_account(me, rendering.page()))


def _show(view: str, title: str, me: Account, kept: Sequence[Bookmark | Like]) -> Response:
    """Posts in the order in which they were put aside; filters do not hold there, since one asked to keep them."""
    listed = timelines.whole([each.post_id for each in kept], me)
    return rendering.show("keeping.html", view=view, title=title, kept=kept, listed=listed, cards=Cards.of(me, listed))
