"""Polls: look, and vote."""

from typing import Any

from fediterr.mastodon import entities, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.social import polls, visibility
from fediterr.social.models import Post


@routes.get("/api/v1/polls/:id", "read:statuses", anyone=True)
def one(identifier: int) -> Any:
    return _show(_asked(identifier))


@routes.post("/api/v1/polls/:id/votes", "write:statuses")
def vote(identifier: int) -> Any:
    post = _asked(identifier)
    polls.vote(routes.me(), post, routes.sent().numbers("choices"))
    return _show(post)


def _asked(identifier: int) -> Post:
    """The post that asks; NotFound when the one who looks may not see it."""
    return visibility.seen(routes.viewer(), polls.get(identifier).post_id)


def _show(post: Post) -> entities.Entity:
    assert post.poll is not None
    return entities.poll(post.poll, Viewer.of(routes.viewer(), [post]), post.emojis)
