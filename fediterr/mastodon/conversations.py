"""Talks in private: with whom, what was said last, and whether one has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.entities import Entity
from fediterr.mastodon.viewer import Viewer
from fediterr.social import conversations, timelines
from fediterr.social.models import Conversation


@dataclass(frozen=True)
class _Place:
    """Where a conversation stands in the list: at its last post."""

    id: int


@routes.get("/api/v1/conversations", "read:statuses")
def listed() -> Response:
    page = pages.wanted()
    found = conversations.listed(routes.me(), page)
    return pages.answer(shown(routes.me(), found), [_Place(each.last_post_id) for each in found], page)


@routes.post("/api/v1/conversations/:id/read", "write:conversations")
def read(identifier: int) -> Any:
    return _mark(identifier, unread=False)


@routes.post("/api/v1/conversations/:id/unread", "write:conversations")
def unread(identifier: int) -> Any:
    return _mark(identifier, unread=True)


@routes.delete("/api/v1/conversations/:id", "write:conversations")
def remove(identifier: int) -> Any:
    conversations.remove(conversations.get(routes.me(), identifier))
    return {}


def _mark(identifier: int, *, unread: bool) -> Entity:
    found = conversations.get(routes.me(), identifier)
    conversations.mark(found, unread=unread)
    return shown(routes.me(), [found])[0]


def shown(me: Account, found: Sequence[Conversation]) -> list[Entity]:
    """Conversations with the others who take part, or with oneself when there is nobody else."""
    posts = {post.id: post for post in timelines.whole([each.last_post_id for each in found], me)}
    others = conversations.others(found)
    people = accounts.many({identifier for listed in others.values() for identifier in listed} | {me.id})
    viewer = Viewer.of(me, posts.values(), people.values())
    return [
        {
            "id": str(each.id),
            "unread": each.unread,
            "accounts": [
                entities.account(people[identifier], viewer)
                for identifier in others[each.id] or [me.id]
                if identifier in people
            ],
            "last_status": entities.status(post, viewer) if (post := posts.get(each.last_post_id)) else None,
        }
        for each in found
    ]
