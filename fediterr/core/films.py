"""Films and sounds that people give us, checked and written anew by a process apart, with nothing told in them."""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fediterr.core import errors

SCREENING = Path(__file__).with_name("screening.py")  # not imported: the server itself loads no codecs
SECONDS = 60  # for one film, whatever it is
AT_ONCE = 1  # films in this process
PATIENCE = 30  # seconds to wait for one's turn
FRAME_RATE = 120  # pictures a second
GROWTH = 1 << 20  # bytes by which writing anew may make a file larger

log = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Film:
    """A film or sound as it was written anew."""

    extension: str
    width: int | None
    height: int | None
    measures: dict[str, Any]  # duration (seconds), bitrate (bits a second), of a film frame_rate
    poster: bytes  # a JPEG to show in its place; may be empty


def screen(source: BinaryIO, target: BinaryIO, *, size: int, pixels: int, seconds: int) -> Film:
    """Copy a film or sound of `size` bytes into another file, if browsers play it, without all else that is in it.

    Raises Invalid when it is not such a file, is broken, or exceeds so many pixels a picture, so many seconds; TooMany
    when too many are being worked on.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise errors.TooMany("Too many films at once: try again in a moment.", retry_after=PATIENCE)
    descriptor = target.fileno()
    limits = (descriptor, pixels, FRAME_RATE, seconds, size + GROWTH)
    try:
        done = subprocess.run(  # noqa: S603 (our own file, our own interpreter)
            [sys.executable, "-P", str(SCREENING), *(str(limit) for limit in limits)],
            stdin=source, capture_output=True, pass_fds=[descriptor], timeout=SECONDS, env={}, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _refusal("time", size) from None
    finally:
        _turns.release()
    if done.returncode != 0:
        raise _refusal(f"{done.returncode} {done.stderr[-500:].decode(errors='replace').strip()}", size)
    head, _, poster = done.stdout.partition(b"\n")
    about = json.loads(head)
    extension, width, height = about.pop("extension"), about.pop("width", None), about.pop("height", None)
    return Film(extension, width, height, about, poster)


def _refusal(why: str, size: int) -> errors.Invalid:
    log.info("film refused", extra={"why": why, "bytes": size})
    return errors.Invalid("Browsers do not play this film or sound, or it is broken or too long.")
