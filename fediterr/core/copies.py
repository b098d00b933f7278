"""Small copies of pictures of elsewhere, in `copies` of the data directory: they may be thrown away at any time.

A copy is filed under the digest of the address it came from. An empty file stands for an address that gave nothing.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fediterr.core import clock, errors, filetypes, site

FOLDER = "copies"
NOTHING = "none"
AGAIN = timedelta(hours=6)  # before an address that gave nothing is asked again
UNSEEN = timedelta(days=30)  # how long a copy is kept that nobody looks at
TOUCH = timedelta(days=1)


@dataclass(frozen=True)
class Copy:
    path: Path
    media_type: str


def find(address: str) -> Copy | None:
    """The copy of what lies at an address; None when there is none yet. Raises NotFound: it gave nothing lately."""
    for path in _place(address).parent.glob(f"{_key(address)}.*"):
        age = clock.now().timestamp() - path.stat().st_mtime
        if path.suffix != f".{NOTHING}":
            if age > TOUCH.total_seconds():
                path.touch()
            return Copy(path, filetypes.BY_EXTENSION[path.suffix[1:]].media_type)
        if age < AGAIN.total_seconds():
            raise errors.NotFound("There is no such picture.")
    return None


def keep(address: str, data: bytes, media_type: str) -> Copy:
    """File a copy; another process may do the same at the same time."""
    found = filetypes.BY_MEDIA_TYPE[media_type]
    _write(_place(address), data, found.extension)
    _place(address).with_suffix(f".{NOTHING}").unlink(missing_ok=True)
    return Copy(_place(address).with_suffix(f".{found.extension}"), media_type)


def keep_nothing(address: str) -> None:
    """Remember that an address gives no picture."""
    _write(_place(address), b"", NOTHING)


def sweep(most: int) -> int:
    """Throw away what nobody looked at for a month, and the oldest beyond so many bytes; how many files that were."""
    swept, kept, old = 0, 0, (clock.now() - UNSEEN).timestamp()
    for seen_at, size, path in sorted(_lying(), reverse=True):
        kept += size
        if seen_at < old or kept > most:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def taken() -> int:
    """Bytes that all copies take."""
    return sum(size for _, size, _ in _lying())


def _lying() -> Iterator[tuple[float, int, Path]]:
    for path in _folder().glob("*/*"):
        if path.is_file():
            about = path.stat()
            yield about.st_mtime, about.st_size, path


def _key(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:40]


def _place(address: str) -> Path:
    key = _key(address)
    return _folder() / key[:2] / key


def _folder() -> Path:
    return site.settings().data_dir / FOLDER


def _write(place: Path, data: bytes, extension: str) -> None:
    """Whole or not at all. It need not outlive a crash."""
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(place.with_suffix(f".{extension}"))
    finally:
        Path(temporary).unlink(missing_ok=True)
