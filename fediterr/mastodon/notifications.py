"""Notifications: what others did that concerns the one who asks."""

from typing import Any

from flask import Response

from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.social import notifications, timelines
from fediterr.social.models import Notification
from fediterr.social.models.filters import Context


@routes.get("/api/v1/notifications", "read:notifications")
def listed() -> Response:
    sent, page = routes.sent(), pages.wanted(pages.ACCOUNTS)
    choice = notifications.Choice(tuple(sent.texts("types")), tuple(sent.texts("exclude_types")))
    told = notifications.listed(routes.me(), page, choice)
    return pages.answer(_shown(told, hiding=True), told, page)


@routes.get("/api/v1/notifications/:id", "read:notifications")
def one(identifier: int) -> Any:
    return _shown([notifications.get(routes.me(), identifier)])[0]


@routes.post("/api/v1/notifications/clear", "write:notifications")
def clear() -> Any:
    notifications.clear(routes.me())
    return {}


@routes.post("/api/v1/notifications/:id/dismiss", "write:notifications")
def dismiss(identifier: int) -> Any:
    notifications.dismiss(routes.me(), identifier)
    return {}


def _shown(told: list[Notification], *, hiding: bool = False) -> list[entities.Entity]:
    """What was told, each with its post as far as it may still be seen; `hiding` what a filter leaves out of lists."""
    me = routes.me()
    posts = {post.id: post for post in timelines.whole([each.post_id for each in told if each.post_id], me)}
    viewer = Viewer.of(me, posts.values(), [each.sender for each in told], Context.NOTIFICATIONS)
    shown = [(each, posts.get(each.post_id or 0)) for each in told]
    return [
        entities.notification(each, post, viewer)
        for each, post in shown
        if not (hiding and post and viewer.hides(post))
    ]
