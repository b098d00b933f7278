"""What one keeps: favourites and bookmarks, listed in the order in which they were kept."""

from collections.abc import Sequence

from flask import Response

from fediterr.core.paging import Page
from fediterr.mastodon import entities, pages, routes
from fediterr.social import bookmarks, likes, timelines
from fediterr.social.models import Bookmark, Like


@routes.get("/api/v1/favourites", "read:favourites")
def favourites() -> Response:
    page = pages.wanted()
    return _answer(likes.of_account(routes.me(), page), page)


@routes.get("/api/v1/bookmarks", "read:bookmarks")
def kept() -> Response:
    page = pages.wanted()
    return _answer(bookmarks.listed(routes.me(), page), page)


def _answer(rows: Sequence[Like] | Sequence[Bookmark], page: Page) -> Response:
    """Pages are counted in what keeps the posts, so that none is missed when one of them can no longer be seen."""
    listed = timelines.whole([row.post_id for row in rows], routes.me())
    return pages.answer(entities.statuses(listed, routes.me()), rows, page)
