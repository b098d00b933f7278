"""Trends: what is much spoken of now; and for moderators, what of it may be shown."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from fediterr.accounts.models import Role
from fediterr.core import errors, site, text
from fediterr.mastodon import admin_tags, entities, pages, routes
from fediterr.mastodon import tags as shown
from fediterr.social import cards, tags, timelines, trends
from fediterr.social.models import Post, PreviewCard
from fediterr.social.models.filters import Context
from fediterr.social.models.trends import Subject

SUBJECTS = 10  # hashtags and pages of a list
MODERATOR = {"role": Role.MODERATOR}


@routes.get("/api/v1/trends/tags", "read:statuses", anyone=True)
def of_tags() -> Response:
    return _page(SUBJECTS, trends.tags, shown.shown)


@routes.get("/api/v1/trends", "read:statuses", anyone=True)
def of_tags_as_before() -> Response:
    return of_tags()


@routes.get("/api/v1/trends/statuses", "read:statuses", anyone=True)
def of_statuses() -> Response:
    me = routes.viewer()

    def found(limit: int, offset: int) -> list[Post]:
        return trends.statuses(me, limit, offset)

    return _page(pages.STATUSES, found, lambda listed: entities.statuses(listed, me, Context.PUBLIC))


@routes.get("/api/v1/trends/links", "read:statuses", anyone=True)
def of_links() -> Response:
    return _page(SUBJECTS, trends.links, _links)


def _page(usual: int, find: Callable[[int, int], Any], show: Callable[[Any], list[entities.Entity]]) -> Response:
    """A part of a ranking, with the addresses of the parts before and after: by how many are passed over."""
    limit, offset = pages.limit(usual), min(max(0, routes.sent().number("offset") or 0), 10_000)
    found = find(limit, offset)
    made = routes.as_json(show(found))
    links = [f'<{_address(offset + limit)}>; rel="next"'] if len(found) == limit else []
    links += [f'<{_address(max(0, offset - limit))}>; rel="prev"'] if offset else []
    if links:
        made.headers["Link"] = ", ".join(links)
    return made


def _address(offset: int) -> str:
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "offset"]
    return f"{site.address(request.path)}?{urlencode([*kept, ('offset', str(offset))])}"


def _links(listed: Sequence[PreviewCard]) -> list[entities.Entity]:
    history = tags.by_day(Post.card_id, Post.id, [card.id for card in listed])
    return [{**entities.card(card), "history": entities.history_of_use(history[card.id])} for card in listed]


# --- what may be shown ---------------------------------------------------------------------------------------------


@routes.get("/api/v1/admin/trends/tags", "admin:read", **MODERATOR)
def all_tags() -> Response:
    def found(limit: int, offset: int) -> list[str]:
        return trends.tags(limit, offset, everything=True)

    return _page(SUBJECTS, found, admin_tags.shown)


@routes.post("/api/v1/admin/trends/tags/:name/approve", "admin:write", **MODERATOR)
def approve_tag(name: str) -> Any:
    return _review_tag(name, allowed=True)


@routes.post("/api/v1/admin/trends/tags/:name/reject", "admin:write", **MODERATOR)
def reject_tag(name: str) -> Any:
    return _review_tag(name, allowed=False)


def _review_tag(name: str, *, allowed: bool) -> entities.Entity:
    folded = text.fold_tag(name)
    if not tags.is_used(folded):
        raise errors.NotFound("Nobody uses this hashtag.")
    trends.review(routes.me(), Subject.TAG, folded, allowed=allowed)
    return admin_tags.shown([folded])[0]


@routes.get("/api/v1/admin/trends/statuses", "admin:read", **MODERATOR)
def all_statuses() -> Response:
    me = routes.me()

    def found(limit: int, offset: int) -> list[Post]:
        return trends.statuses(me, limit, offset, everything=True)

    return _page(pages.STATUSES, found, _reviewed_statuses)


@routes.post("/api/v1/admin/trends/statuses/:id/approve", "admin:write", **MODERATOR)
def approve_status(identifier: int) -> Any:
    return _review_status(identifier, allowed=True)


@routes.post("/api/v1/admin/trends/statuses/:id/reject", "admin:write", **MODERATOR)
def reject_status(identifier: int) -> Any:
    return _review_status(identifier, allowed=False)


def _review_status(identifier: int, *, allowed: bool) -> entities.Entity:
    found = timelines.whole([identifier], routes.me())
    if not found:
        raise errors.NotFound("There is no such post.")
    trends.review(routes.me(), Subject.STATUS, str(identifier), allowed=allowed)
    return _reviewed_statuses(found)[0]


def _reviewed_statuses(listed: Sequence[Post]) -> list[entities.Entity]:
    said = trends.reviews(Subject.STATUS, [str(post.id) for post in listed])
    made = entities.statuses(listed, routes.me())
    return [{**each, "requires_review": each["id"] not in said} for each in made]


@routes.get("/api/v1/admin/trends/links", "admin:read", **MODERATOR)
def all_links() -> Response:
    def found(limit: int, offset: int) -> list[PreviewCard]:
        return trends.links(limit, offset, everything=True)

    return _page(SUBJECTS, found, _reviewed_links)


@routes.post("/api/v1/admin/trends/links/:id/approve", "admin:write", **MODERATOR)
def approve_link(identifier: int) -> Any:
    return _review_link(identifier, allowed=True)


@routes.post("/api/v1/admin/trends/links/:id/reject", "admin:write", **MODERATOR)
def reject_link(identifier: int) -> Any:
    return _review_link(identifier, allowed=False)


def _review_link(identifier: int, *, allowed: bool) -> entities.Entity:
    card = cards.get(identifier)
    if card is None or not card.title:
        raise errors.NotFound("There is no such page.")
    trends.review(routes.me(), Subject.LINK, str(card.id), allowed=allowed)
    return _reviewed_links([card])[0]


def _reviewed_links(listed: Sequence[PreviewCard]) -> list[entities.Entity]:
    said = trends.reviews(Subject.LINK, [str(card.id) for card in listed])
    return [
        {"id": str(card.id), **made, "requires_review": str(card.id) not in said}
        for card, made in zip(listed, _links(listed), strict=True)
    ]


@routes.get("/api/v1/admin/trends/links/publishers", "admin:read", **MODERATOR)
def all_publishers() -> Any:
    hosts = trends.publishers()
    said = trends.reviews(Subject.PUBLISHER, hosts)
    return [_publisher(host, said.get(host)) for host in hosts]


@routes.post("/api/v1/admin/trends/links/publishers/:name/approve", "admin:write", **MODERATOR)
def approve_publisher(name: str) -> Any:
    return _review_publisher(name, allowed=True)


@routes.post("/api/v1/admin/trends/links/publishers/:name/reject", "admin:write", **MODERATOR)
def reject_publisher(name: str) -> Any:
    return _review_publisher(name, allowed=False)


def _review_publisher(name: str, *, allowed: bool) -> entities.Entity:
    if name not in trends.publishers():
        raise errors.NotFound("No page of this host trends.")
    trends.review(routes.me(), Subject.PUBLISHER, name, allowed=allowed)
    return _publisher(name, allowed)


def _publisher(host: str, allowed: bool | None) -> entities.Entity:
    return {"id": host, "domain": host, **_review(allowed)}


def _review(allowed: bool | None) -> entities.Entity:
    trendable = allowed if allowed is not None else not site.settings().trends_review
    return {"trendable": trendable, "requires_review": allowed is None}
