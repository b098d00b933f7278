"""What posts read like when they were reported or judged: kept with the report, whatever becomes of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fediterr.social import timelines
from fediterr.social.models import Post

LONGEST = 20_000  # characters of one post


def copies(identifiers: Iterable[int]) -> list[dict[str, Any]]:
    """These posts as they read now; of their files only what is said about them."""
    return [_copy(post) for post in timelines.as_moderators_see(list(identifiers))]


def _copy(post: Post) -> dict[str, Any]:
    files = [{"kind": each.kind, "description": each.description or ""} for each in post.media]
    poll = list(post.poll.options) if post.poll else []
    return {
        "id": post.id,
        "uri": post.uri,
        "title": post.title or "",
        "warning": post.warning,
        "content": post.content[:LONGEST],
        "language": post.language,
        "options": poll,
        "files": files,
        "published_at": post.published_at.isoformat(),
    }


def published_at(copy: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(copy["published_at"])
