"""Timelines: home, public, of a hashtag."""

from flask import Response

from fediterr.core.paging import Page
from fediterr.mastodon import entities, pages, routes
from fediterr.social import timelines
from fediterr.social.models import Post
from fediterr.social.models.filters import Context


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
    )
    return _answer(listed, page, Context.PUBLIC)


@routes.get("/api/v1/timelines/tag/:name", "read:statuses", anyone=True)
def tag(name: str) -> Response:
    page = pages.wanted()
    return _answer(timelines.tagged(name, routes.viewer(), page), page, Context.PUBLIC)


def _answer(listed: list[Post], page: Page, context: Context) -> Response:
    return pages.answer(entities.statuses(listed, routes.viewer(), context), listed, page)
