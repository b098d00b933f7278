"""Files: sent before the post that they are for, described, and taken back."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from fediterr.core import db, errors, site
from fediterr.mastodon import attachments, drafts, routes
from fediterr.social import media
from fediterr.social.models import Medium

BESIDE = 64 * 1024  # bytes of a form besides its files
THUMBNAIL = 8 << 20  # bytes of a picture that stands for a film or sound
DONE, PARTIAL, ACCEPTED = 200, 206, 202


@routes.post("/api/v2/media", "write:media")
def send() -> Any:
    """Take a file; what it is, is known by its bytes. A film or sound is worked on after the answer."""
    return _shown(_take(later=True), ACCEPTED)


@routes.post("/api/v1/media", "write:media")
def send_and_wait() -> Any:
    """The older address: the file is ready with the answer."""
    return _shown(_take(later=False), ACCEPTED)


def _take(*, later: bool) -> Medium:
    media.admit(routes.me())
    with db.aside():  # the file may come slowly, and drawing a picture anew takes its time
        data, filename = _sent_file()
        sent = routes.sent()
        focus = drafts.focus(sent)
        kept, preview = media.keep(data, filename, later=later), _sent_thumbnail()
    medium = media.attach(routes.me(), kept, sent.text("description") or "", focus)
    if preview is not None and medium.kind in media.HEARD:
        media.illustrate(medium, preview)
    return medium


def _sent_file() -> tuple[bytes, str]:
    """The bytes of the part called `file`, and the name that it came with. Raises TooLarge, Invalid."""
    limit = site.settings().limits_media
    request.max_content_length = limit + THUMBNAIL + BESIDE
    try:
        part = request.files.get("file")
    except RequestEntityTooLarge:
        raise media.too_large() from None
    if part is None:
        raise errors.Invalid("There is no file, or nothing in it.")
    return part.stream.read(limit + 1), part.filename or ""


def _sent_thumbnail() -> media.Preview | None:
    """The picture that is to stand for a film or sound."""
    part = request.files.get("thumbnail")
    data = part.stream.read(THUMBNAIL + 1) if part is not None else b""
    if len(data) > THUMBNAIL:
        raise media.too_large()
    return media.keep_preview(data) if data else None


def _shown(medium: Medium, unfinished: int) -> Response:
    """An attachment; the status says whether it is ready."""
    answer = routes.as_json(attachments.medium(medium))
    answer.status_code = unfinished if medium.is_processing else DONE
    return answer


@routes.get("/api/v1/media/:id", "write:media")
def one(identifier: int) -> Any:
    medium = media.waiting(routes.me(), identifier)
    if medium.has_failed:
        raise errors.Conflict("This file came to nothing: send another.")
    return _shown(medium, PARTIAL)


@routes.put("/api/v1/media/:id", "write:media")
def describe(identifier: int) -> Any:
    media.waiting(routes.me(), identifier)
    with db.aside():
        request.max_content_length = THUMBNAIL + BESIDE
        preview, sent = _sent_thumbnail(), routes.sent()
    medium = media.waiting(routes.me(), identifier)
    media.describe(medium, sent.text("description"), drafts.focus(sent))
    if preview is not None and medium.kind in media.HEARD:
        media.illustrate(medium, preview)
    return _shown(medium, PARTIAL)


@routes.delete("/api/v1/media/:id", "write:media")
def discard(identifier: int) -> Response:
    media.discard(media.own(routes.me(), identifier))
    return routes.as_json({})
