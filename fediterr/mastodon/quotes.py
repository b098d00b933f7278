"""Quotes: who shows a post in one of theirs, who may, and taking that back."""

from typing import Any

from flask import Response

from fediterr.core import errors
from fediterr.mastodon import drafts, entities, pages, routes, statuses
from fediterr.social import quotes, timelines, visibility


@routes.get("/api/v1/statuses/:id/quotes", "read:statuses")
def listed(identifier: int) -> Response:
    """The posts that quote this one, those that the one who asks may see."""
    me, page = routes.me(), pages.wanted()
    found = timelines.whole(quotes.quoting(visibility.seen(me, identifier), me, page), me)
    return pages.answer(entities.statuses(found, me), found, page)


@routes.post("/api/v1/statuses/:id/quotes/:quoting_id/revoke", "write:statuses")
def revoke(identifier: int, quoting: int) -> Any:
    """Show a post of one's own in that one no longer."""
    me = routes.me()
    quote = quotes.of(visibility.seen(me, quoting))
    if quote is None or quote.quoted is None or quote.quoted_id != identifier:
        raise errors.NotFound("There is no such quote.")
    if quote.quoted.author_id != me.id:
        raise errors.Forbidden("This action is not allowed")
    quotes.revoke(quote)
    return statuses.show(quoting)


@routes.put("/api/v1/statuses/:id/interaction_policy", "write:statuses")
def change_policy(identifier: int) -> Any:
    """Let others quote a post from now on, or no longer."""
    post = visibility.seen(routes.me(), identifier)
    if post.author_id != routes.me().id:
        raise errors.Forbidden("This action is not allowed")
    quotes.let(post, drafts.quote_policy(routes.sent()) or quotes.named("nobody"))
    return statuses.show(identifier)
