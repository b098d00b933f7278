"""Files: sent before the post that they are for, described, and taken back."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from fediterr.core import db, errors, site
from fediterr.mastodon import drafts, entities, routes
from fediterr.social import media

BESIDE = 64 * 1024  # bytes of a form besides its file


@routes.post("/api/v2/media", "write:media")
def send() -> Any:
    """Take a file; what it is, is known by its bytes."""
    media.admit(routes.me())
    with db.aside():  # the file may come slowly, and drawing a picture anew takes its time
        data, filename = _sent_file()
        sent = routes.sent()
        focus = drafts.focus(sent)
        kept = media.keep(data, filename)
    return entities.medium(media.attach(routes.me(), kept, sent.text("description") or "", focus))


@routes.post("/api/v1/media", "write:media")
def send_as_before() -> Any:
    """The older address: the same here, since no file is worked on afterwards."""
    return send()


def _sent_file() -> tuple[bytes, str]:
    """The bytes of the part called `file`, and the name that it came with. Raises TooLarge, Invalid."""
    limit = site.settings().limits_media
    request.max_content_length = limit + BESIDE
    try:
        part = request.files.get("file")
    except RequestEntityTooLarge:
        raise media.too_large() from None
    if part is None:
        raise errors.Invalid("There is no file.")
    return part.stream.read(limit + 1), part.filename or ""


@routes.get("/api/v1/media/:id", "write:media")
def one(identifier: int) -> Any:
    return entities.medium(media.waiting(routes.me(), identifier))


@routes.put("/api/v1/media/:id", "write:media")
def describe(identifier: int) -> Any:
    medium, sent = media.waiting(routes.me(), identifier), routes.sent()
    media.describe(medium, sent.text("description"), drafts.focus(sent))
    return entities.medium(medium)


@routes.delete("/api/v1/media/:id", "write:media")
def discard(identifier: int) -> Response:
    media.discard(media.waiting(routes.me(), identifier))
    return routes.as_json({})
