"""Notifications by groups: three likes of one post are one thing to tell."""

from typing import Any

from flask import Response

from fediterr.core import errors
from fediterr.mastodon import entities, pages, routes, telling
from fediterr.mastodon.notifications import choice, counted
from fediterr.mastodon.viewer import Viewer
from fediterr.social import markers, notification_groups, notifications

EXPANSIONS = ("full", "partial_avatars")


@routes.get("/api/v2/notifications", "read:notifications")
def listed() -> Response:
    me, page = routes.me(), pages.wanted(pages.ACCOUNTS)
    expansion = routes.sent().text("expand_accounts") or "full"
    if expansion not in EXPANSIONS:
        raise errors.Invalid("Invalid value for 'expand_accounts'")
    groups = notification_groups.listed(me, page, choice(), _kinds())
    shown = telling.grouped(me, groups, partial=expansion == "partial_avatars")
    return pages.answer(shown, [group.head for group in groups], page)


@routes.get("/api/v2/notifications/unread_count", "read:notifications")
def unread_count() -> Any:
    me = routes.me()
    read = markers.last_read(me, markers.NOTIFICATIONS)
    return {"count": notification_groups.count_since(me, read, counted(), choice(), _kinds())}


@routes.get("/api/v2/notifications/:group_key", "read:notifications")
def one(group_key: str) -> Any:
    shown = telling.grouped(routes.me(), [notification_groups.get(routes.me(), group_key)])
    if not shown["notification_groups"]:
        raise errors.NotFound("There is no such notification.")
    return shown


@routes.get("/api/v2/notifications/:group_key/accounts", "read:notifications")
def accounts(group_key: str) -> Response:
    me, page = routes.me(), pages.wanted(pages.ACCOUNTS)
    told = notification_groups.members(me, group_key, page)
    people = [each.sender for each in told]
    viewer = Viewer.of(me, people=people)
    return pages.answer([entities.account(person, viewer) for person in people], told, page)


@routes.post("/api/v2/notifications/:group_key/dismiss", "write:notifications")
def dismiss(group_key: str) -> Any:
    notification_groups.dismiss(routes.me(), group_key)
    return {}


def _kinds() -> tuple[str, ...]:
    """The kinds to be grouped: all that can be, unless fewer are asked for."""
    asked = routes.sent().texts("grouped_types")
    return tuple(kind for kind in notifications.GROUPABLE if kind in asked or not asked)
