"""Timelines: home, public, of a hashtag, of a list."""

from flask import Response

from fediterr.accounts import preferences
from fediterr.core import errors
from fediterr.core.paging import Page
from fediterr.mastodon import entities, pages, routes
from fediterr.social import cards, lists, timelines
from fediterr.social.models import Post
from fediterr.social.models.filters import Context

TAGS = 4  # in each of the lists of others


@routes.get("/api/v1/timelines/home", "read:statuses")
def home() -> Response:
    page = pages.wanted()
    return _answer(timelines.home(routes.me(), page), page, Context.HOME)


@routes.get("/api/v1/timelines/public", "read:statuses", anyone=True)
def public() -> Response:
    sent, page = routes.sent(), pages.wanted()
    listed = timelines.public(
        routes.viewer(),
        page,
        local=bool(sent.flag("local")),
        remote=bool(sent.flag("remote")),
        media=bool(sent.flag("only_media")),
        languages=_languages(),
    )
    return _answer(listed, page, Context.PUBLIC)


@routes.get("/api/v1/timelines/tag/:name", "read:statuses", anyone=True)
def tag(name: str) -> Response:
    sent, page = routes.sent(), pages.wanted()
    listed = timelines.tagged(
        name,
        routes.viewer(),
        page,
        others=sent.texts("any")[:TAGS],
        all_of=sent.texts("all")[:TAGS],
        none_of=sent.texts("none")[:TAGS],
        local=bool(sent.flag("local")),
        remote=bool(sent.flag("remote")),
        media=bool(sent.flag("only_media")),
        languages=_languages(),
    )
    return _answer(listed, page, Context.PUBLIC)


@routes.get("/api/v1/timelines/link", "read:statuses", anyone=True)
def link() -> Response:
    """Posts that link to a page that introduced itself here."""
    page = pages.wanted()
    card = cards.by_url(routes.sent().text("url") or "")
    if card is None or not card.title:
        raise errors.NotFound("There is no such page.")
    return _answer(timelines.linking(card, routes.viewer(), page), page, Context.PUBLIC)


@routes.get("/api/v1/timelines/list/:id", "read:lists")
def of_list(identifier: int) -> Response:
    me, page = routes.me(), pages.wanted()
    return _answer(timelines.of_list(lists.get(me, identifier), me, page), page, Context.HOME)


def _languages() -> tuple[str, ...]:
    """The languages in which the one who asks wants to read public lists."""
    token = routes.token()
    return preferences.of(token.user if token else None).languages


def _answer(listed: list[Post], page: Page, context: Context) -> Response:
    return pages.answer(entities.statuses(listed, routes.viewer(), context), listed, page)
