"""Notifications one by one: what others did that concerns the one who asks."""

from typing import Any

from flask import Response

from fediterr.mastodon import pages, routes, telling
from fediterr.social import markers, notifications

COUNTED, MOST_COUNTED = 100, 1000


@routes.get("/api/v1/notifications", "read:notifications")
def listed() -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    told = notifications.listed(routes.me(), page, choice())
    return pages.answer(telling.shown(routes.me(), told, hiding=True, supported=_supported()), told, page)


@routes.get("/api/v1/notifications/unread_count", "read:notifications")
def unread_count() -> Any:
    me = routes.me()
    read = markers.last_read(me, markers.NOTIFICATIONS)
    return {"count": notifications.count_since(me, read, counted(), choice())}


@routes.get("/api/v1/notifications/:id", "read:notifications")
def one(identifier: int) -> Any:
    told = notifications.get(routes.me(), identifier)
    return telling.one(routes.me(), told, _supported())


@routes.post("/api/v1/notifications/clear", "write:notifications")
def clear() -> Any:
    notifications.clear(routes.me())
    return {}


@routes.post("/api/v1/notifications/:id/dismiss", "write:notifications")
def dismiss(identifier: int) -> Any:
    notifications.dismiss(routes.me(), identifier)
    return {}


@routes.post("/api/v1/notifications/dismiss", "write:notifications")
def dismiss_as_before() -> Any:
    """The form of before 2.6."""
    return dismiss(routes.sent().number("id") or 0)


def _supported() -> frozenset[str] | None:
    """The kinds that the application says it can show."""
    named = routes.sent().texts("supported_types")
    return frozenset(named) if named else None


def choice() -> notifications.Choice:
    """Which notifications are asked for."""
    sent = routes.sent()
    return notifications.Choice(
        kinds=tuple(sent.texts("types")),
        without=tuple(sent.texts("exclude_types")),
        sender_id=sent.number("account_id"),
        filtered=bool(sent.flag("include_filtered")),
    )


def counted() -> int:
    """How far unread notifications are counted."""
    asked = routes.sent().number("limit")
    return min(asked, MOST_COUNTED) if asked and asked > 0 else COUNTED
