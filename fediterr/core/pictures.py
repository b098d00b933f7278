"""Pictures that people give us, drawn anew by a process apart: what comes out holds pixels and nothing else."""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from fediterr.core import errors

DARKROOM = Path(__file__).with_name("darkroom.py")  # not imported: the server itself reads no pictures
SECONDS = 15  # for one picture, whatever it is
AT_ONCE = 2  # pictures in this process; each may take some hundred megabytes for a moment
PATIENCE = 20  # seconds to wait for one's turn

log = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture small enough for a list of them, which does not move."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; sizes in pixels."""

    data: bytes
    media_type: str  # image/jpeg, image/png, image/gif or image/webp
    width: int
    height: int
    blurhash: str
    preview: Preview | None = None  # none is needed when the picture itself would do

    def small(self) -> Preview:
        return self.preview or Preview(self.data, self.media_type, self.width, self.height)


def redraw(data: bytes, *, pixels: int) -> Picture:
    """Draw a JPEG, PNG, GIF, WebP or AVIF file of at most so many pixels anew: upright, with nothing else told in it.

    Raises Invalid when it is not such a picture, is broken, or takes too much; TooMany when too many are being drawn.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise errors.TooMany("Too many pictures at once: try again in a moment.", retry_after=PATIENCE)
    try:
        done = subprocess.run(  # noqa: S603 (our own file, our own interpreter)
            # -P: what lies beside the file is not taken for a module of Python. No environment: it holds secrets.
            [sys.executable, "-P", str(DARKROOM), str(pixels)],
            input=data, capture_output=True, timeout=SECONDS, env={}, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        log.info("picture refused", extra={"why": "time", "bytes": len(data)})
        raise errors.Invalid("This picture is broken, or too large.") from None
    finally:
        _turns.release()
    if done.returncode != 0:
        why = done.stderr[-500:].decode(errors="replace").strip()
        log.info("picture refused", extra={"status": done.returncode, "why": why, "bytes": len(data)})
        raise errors.Invalid("This picture is broken, or too large.")
    head, _, drawn = done.stdout.partition(b"\n")
    about = json.loads(head)
    size, small = about.pop("size"), about.pop("preview", None)
    return Picture(drawn[:size], **about, preview=Preview(drawn[size:], **small) if small else None)
