"""Pictures of other servers: asked for once, drawn small here, so that no page sends its reader's browser elsewhere."""

import threading
from urllib.parse import urlsplit

from fediterr.activitypub import voice
from fediterr.core import copies, db, errors, pictures, site
from fediterr.core.copies import Copy
from fediterr.moderation import service as moderation

ACCEPT = "image/webp,image/avif,image/png,image/jpeg,image/gif;q=0.9"
MOST = 16 << 20  # bytes of one picture
SECONDS = 8
AT_ONCE = 3  # of the threads that answer people: the others are for pages
BUSY = 10  # seconds
_turns = threading.BoundedSemaphore(AT_ONCE)


def copy_of(address: str) -> Copy:
    """Our small copy of the picture at an address; it is fetched now if need be.

    Raises NotFound (no picture there, or its server is not welcome), TooMany (others are being fetched), Unreachable.
    """
    found = copies.find(address)
    if found is not None:
        return found
    host = urlsplit(address).netloc
    if not moderation.is_welcome(host) or moderation.limits_on(host).reject_media:
        raise errors.NotFound("There is no such picture.")
    db.end()
    if not _turns.acquire(blocking=False):
        raise errors.TooMany("Too many pictures at once: try again in a moment.", retry_after=BUSY)
    try:
        return _fetch(address)
    except (errors.Invalid, errors.Refused, errors.NotFound, errors.Unreachable) as problem:
        copies.keep_nothing(address)
        raise errors.NotFound("There is no such picture.") from problem
    finally:
        _turns.release()


def _fetch(address: str) -> Copy:
    answer = voice.client().get(address, accept=ACCEPT, limit=MOST, seconds=SECONDS)
    if answer.status != 200:
        raise errors.NotFound("There is no such picture.")
    small = pictures.redraw(answer.body, pixels=site.settings().limits_media_pixels).small()
    return copies.keep(address, small.data, small.media_type)
