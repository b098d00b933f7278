"""Who relayed a post, finds it useful, quotes it."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.social import likes, posts, quotes, timelines
from fediterr.social.models import Like, Post
from fediterr.web import rendering, session, sheets
from fediterr.web.cards import Cards
from fediterr.web.posts import seen

blueprint = Blueprint("echoes", __name__, url_prefix="/@<handle>/<int:identifier>")


@blueprint.get("/relais")
def boosts(handle: str, identifier: int) -> Response:
    me, post = session.require(), seen(handle, identifier)
    listed = posts.boosts_of(post, me, rendering.page())
    return _people(_("Qui a relayé ce message"), post, listed, [each.author for each in listed])


@blueprint.get("/utiles")
def liked(handle: str, identifier: int) -> Response:
    session.require()
    post = seen(handle, identifier)
    listed = likes.of_post(post, rendering.page())
    return _people(_("Qui trouve ce message utile"), post, listed, [each.account for each in listed])


def _people(title: str, post: Post, listed: list[Post] | list[Like], people: list[Account]) -> Response:
    return rendering.show("echoes.html", title=title, post=post, listed=listed, people=people)


@blueprint.get("/citations")
def quoted(handle: str, identifier: int) -> Response:
    """The posts that quote this one; its author may withdraw it from each."""
    me, post = session.require(), seen(handle, identifier)
    listed = timelines.whole(quotes.quoting(post, me, rendering.page()), me)
    return rendering.show(
        "quotations.html", post=post, listed=listed, cards=Cards.of(me, listed), mine=sheets.may_change(post)
    )
