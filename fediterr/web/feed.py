"""What is read: the Fil, this server's public posts, the network's, a hashtag."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.core.paging import Page
from fediterr.moderation import announcements
from fediterr.social import follows, timelines
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("feed", __name__)


@blueprint.get("/")
def home() -> Response:
    """The Fil; for visitors, what this server is and what it says in public."""
    me = session.viewer()
    if me is None:
        listed = timelines.public(None, rendering.page(), local=True)
        waiting = not accounts.has_administrator()
        return rendering.show("welcome.html", listed=listed, cards=Cards.of(None, listed), waiting=waiting)
    listed = timelines.home(me, rendering.page())
    return rendering.show(
        "feed.html", view="home", title=_("Fil"), listed=listed, cards=Cards.of(me, listed),
        form=forms.Form({}), asking=len(follows.requests(me, Page(limit=100))),
        announced=announcements.current(me),
    )  # fmt: skip


@blueprint.get("/public")
def public() -> Response:
    """Public posts of this server."""
    me = session.viewer()
    listed = timelines.public(me, rendering.page(), local=True)
    return rendering.show("feed.html", view="public", title=_("Ce serveur"), listed=listed, cards=Cards.of(me, listed))


@blueprint.get("/public/reseau")
def network() -> Response:
    """Public posts of all servers that this one knows."""
    me = session.require()
    listed = timelines.public(me, rendering.page())
    return rendering.show("feed.html", view="network", title=_("Le réseau"), listed=listed, cards=Cards.of(me, listed))


@blueprint.get("/tags/<tag>")
def tagged(tag: str) -> Response:
    me = session.viewer()
    listed = timelines.tagged(tag, me, rendering.page())
    return rendering.show("feed.html", view="tag", title=f"#{tag}", listed=listed, cards=Cards.of(me, listed))
