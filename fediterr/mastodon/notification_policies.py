"""From whom one wants to hear, and those who ask to be heard."""

from dataclasses import fields
from typing import Any

from flask import Response

from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.entities import Entity, moment
from fediterr.mastodon.viewer import Viewer
from fediterr.social import policies, timelines

# The older form knows four sorts, each let through or kept back.
FIRST = ("not_following", "not_followers", "new_accounts", "private_mentions")


@routes.get("/api/v2/notifications/policy", "read:notifications")
def policy() -> Any:
    found = policies.of(routes.me())
    sorts = {field.name: getattr(found, field.name) for field in fields(policies.Changes)}
    return {**sorts, "summary": _summary()}


@routes.put("/api/v2/notifications/policy", "write:notifications")
def change() -> Any:
    sent = routes.sent()
    wanted = {field.name: sent.text(field.name) for field in fields(policies.Changes)}
    policies.change(routes.me(), policies.Changes(**wanted))
    return policy()


@routes.get("/api/v1/notifications/policy", "read:notifications")
def first_policy() -> Any:
    found = policies.of(routes.me())
    sorts = {f"filter_{sort}": getattr(found, f"for_{sort}") != policies.ACCEPT for sort in FIRST}
    return {**sorts, "summary": _summary()}


@routes.put("/api/v1/notifications/policy", "write:notifications")
def change_first() -> Any:
    flags = {f"for_{sort}": routes.sent().flag(f"filter_{sort}") for sort in FIRST}
    words = {True: policies.FILTER, False: policies.ACCEPT}
    wanted = {name: words[flag] for name, flag in flags.items() if flag is not None}
    policies.change(routes.me(), policies.Changes(**wanted))
    return first_policy()


def _summary() -> Entity:
    people, things = policies.pending(routes.me())
    return {"pending_requests_count": people, "pending_notifications_count": things}


# --- requests ------------------------------------------------------------------------------------------------------


@routes.get("/api/v1/notifications/requests", "read:notifications")
def requests() -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    asked = policies.requests(routes.me(), page)
    return pages.answer(_shown(asked), [each.request for each in asked], page)


@routes.get("/api/v1/notifications/requests/merged", "read:notifications")
def merged() -> Any:
    """Accepting tells at once what was kept back: nobody ever waits for it."""
    return {"merged": True}


@routes.get("/api/v1/notifications/requests/:id", "read:notifications")
def request(identifier: int) -> Any:
    return _shown([policies.request(routes.me(), identifier)])[0]


@routes.post("/api/v1/notifications/requests/:id/accept", "write:notifications")
def accept(identifier: int) -> Any:
    asked = policies.request(routes.me(), identifier)
    policies.accept(routes.me(), [asked.request.id])
    return {}


@routes.post("/api/v1/notifications/requests/:id/dismiss", "write:notifications")
def dismiss(identifier: int) -> Any:
    asked = policies.request(routes.me(), identifier)
    policies.dismiss(routes.me(), [asked.request.id])
    return {}


@routes.post("/api/v1/notifications/requests/accept", "write:notifications")
def accept_many() -> Any:
    policies.accept(routes.me(), routes.sent().numbers("id"))
    return {}


@routes.post("/api/v1/notifications/requests/dismiss", "write:notifications")
def dismiss_many() -> Any:
    policies.dismiss(routes.me(), routes.sent().numbers("id"))
    return {}


def _shown(asked: list[policies.Asked]) -> list[Entity]:
    me = routes.me()
    posts = {post.id: post for post in timelines.whole([each.last_post_id for each in asked if each.last_post_id], me)}
    viewer = Viewer.of(me, posts.values(), [each.request.sender for each in asked])
    return [
        {
            "id": str(each.request.id),
            "created_at": moment(each.request.created_at),
            "updated_at": moment(each.request.updated_at),
            "notifications_count": str(each.count),
            "account": entities.account(each.request.sender, viewer),
            "last_status": entities.status(post, viewer) if (post := posts.get(each.last_post_id or 0)) else None,
        }
        for each in asked
    ]
