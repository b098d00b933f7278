"""Announcements: what everybody here is told, and how they answer."""

from typing import Any

from fediterr.mastodon import entities, instance, routes
from fediterr.mastodon.entities import Entity, moment
from fediterr.moderation import announcements


@routes.get("/api/v1/announcements", "read")
def list_() -> Any:
    return [announcement(each) for each in announcements.current(routes.me())]


@routes.post("/api/v1/announcements/:id/dismiss", "write:accounts")
def dismiss(identifier: int) -> Any:
    announcements.dismiss(identifier, routes.me())
    return {}


@routes.put("/api/v1/announcements/:id/reactions/:name", "write:favourites")
def react(identifier: int, name: str) -> Any:
    announcements.react(identifier, routes.me(), name)
    return {}


@routes.delete("/api/v1/announcements/:id/reactions/:name", "write:favourites")
def unreact(identifier: int, name: str) -> Any:
    announcements.unreact(identifier, routes.me(), name)
    return {}


def announcement(shown: announcements.Shown) -> Entity:
    told = shown.announcement
    return {
        "id": str(told.id),
        "content": told.content,
        "starts_at": moment(told.starts_at),
        "ends_at": moment(told.ends_at),
        "all_day": told.all_day,
        "published_at": moment(told.published_at),
        "updated_at": moment(told.updated_at),
        "read": shown.read,
        "mentions": [entities.mention(each) for each in shown.mentions],
        "statuses": [],
        "tags": [entities.named_tag(name) for name in shown.tags],
        "emojis": [instance.emoji(each) for each in shown.emojis],
        "reactions": [reaction(each) for each in shown.reactions],
    }


def reaction(each: announcements.Reaction) -> Entity:
    made: Entity = {"name": each.name, "count": each.count, "me": each.mine}
    if each.emoji is not None:
        shown = instance.emoji(each.emoji)
        made |= {"url": shown["url"], "static_url": shown["static_url"]}
    return made
