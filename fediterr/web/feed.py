"""What is read: the Fil, this server's public posts, the network's, a hashtag."""

from typing import Any

import flask
from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts import preferences
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import db, text
from fediterr.moderation import announcements
from fediterr.social import follows, lists, markers, suggestions, tags, timelines, trends
from fediterr.social.models import Post
from fediterr.social.models.filters import Context
from fediterr.territories import kin
from fediterr.web import forms, rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("feed", __name__)

SUGGESTED = 3
TRENDING = 5


@blueprint.get("/")
def home() -> Response:
    """The Fil; for visitors, what this server is and what it says in public."""
    me = session.viewer()
    if me is None:
        listed = timelines.public(None, rendering.page(), local=True)
        waiting = not accounts.has_administrator()
        return rendering.show("welcome.html", listed=listed, cards=Cards.of(None, listed), waiting=waiting)
    page = rendering.page()
    listed = timelines.home(me, page)
    cards = Cards.of(me, listed, Context.HOME)
    read = _read_before(me, listed) if page.max_id is None else 0
    shown = show(
        "home", _("Fil"), listed, cards, template="home.html", read=read, form=forms.Form({}),
        announced=announcements.current(me),
        asking=follows.count_requests(me), suggested=suggestions.of(me, SUGGESTED), trending=trends.tags(TRENDING),
    )  # fmt: skip
    if page.max_id is None:
        _remember(me, listed)
    return shown


def show(
    view: str, title: str, listed: list[Post], cards: Cards, *, template: str = "feed.html", **more: Any
) -> Response:
    """A list of posts, each once and without those that a filter hides, under the views one may choose from."""
    me = session.viewer()
    entries = cards.shown(rendering.once(listed))
    mine = lists.of(me) if me else []
    return rendering.show(
        template, view=view, title=title, listed=listed, entries=entries, cards=cards, lists=mine, **more
    )


def _read_before(me: Account, listed: list[Post]) -> int:
    """How far they had read at the visit before: a line is drawn there.

    Whoever comes back from a post to a Fil with nothing new finds the line where it was.
    """
    read = markers.last_read(me, markers.HOME)
    return flask.session.get("line", 0) if listed and listed[0].id <= read else read


def _remember(me: Account, listed: list[Post]) -> None:
    """The newest post of the Fil is seen now, whatever they look at it with."""
    read = markers.last_read(me, markers.HOME)
    if listed and listed[0].id > read:
        flask.session["line"] = read
        with db.transaction():
            markers.put(me, {markers.HOME: listed[0].id})


@blueprint.get("/public")
def public() -> Response:
    """Public posts of this server."""
    me = session.viewer()
    listed = timelines.public(me, rendering.page(), local=True, languages=_languages())
    return show("public", _("Notre serveur"), listed, Cards.of(me, listed, Context.PUBLIC))


@blueprint.get("/comme-nous")
def alike() -> Response:
    """What comparable territories publish: like the one that the reader works for, else like this server's own."""
    me, home = session.require(), kin.home_of(session.require_user())
    territory = kin.compared(home) if home else None
    listed = timelines.of_twins(territory, me, rendering.page()) if territory else []
    twins = kin.alike(territory) if territory else set()
    return show(
        "alike", _("Comme nous"), listed, Cards.of(me, listed, Context.PUBLIC), template="alike.html",
        territory=territory, twins=len(twins), present=len(kin.present(twins)),
    )  # fmt: skip


@blueprint.get("/public/reseau")
def network() -> Response:
    """Public posts of all servers that this one knows."""
    me = session.require()
    listed = timelines.public(me, rendering.page(), languages=_languages())
    return show("network", _("Le réseau"), listed, Cards.of(me, listed, Context.PUBLIC))


@blueprint.get("/tags/<tag>")
def tagged(tag: str) -> Response:
    """Public posts with a hashtag, how much it is used, and what one may do with it."""
    me, folded = session.viewer(), text.fold_tag(tag)
    listed = timelines.tagged(tag, me, rendering.page(), languages=_languages())
    return show(
        "tag", f"#{tag}", listed, Cards.of(me, listed, Context.PUBLIC), template="tag.html", tag=tag,
        days=tags.history([folded])[folded], is_tag=bool(tags.NAME.fullmatch(tag)),
        followed=bool(me and tags.followed_among(me, [folded])),
        featured=bool(me and tags.featured_among(me, [folded])),
    )  # fmt: skip


def _languages() -> tuple[str, ...]:
    """The languages in which the reader wants to read public lists."""
    return preferences.of(session.user()).languages
