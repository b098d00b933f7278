"""Files that people give us or ask for: kept whole or not at all, under names that we make, in the data directory.

What may be handed out to anybody lies in `media`; archives, which are for one person, in `exports`; tables that were
looked at and wait to be taken over, in `brought`.

A file is on the disk before a row may promise it, and goes only after its row went; what a crash leaves between the
two has no row and is swept away.
"""

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path

from fediterr.core import clock, errors, site

MEDIA, EXPORTS, BROUGHT = "media", "exports", "brought"
NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{2,5}")
SHELVES = [f"{number:02x}" for number in range(256)]  # the files whose names begin so
REST = timedelta(hours=24)  # how long a file may lie here before its row is there
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = "There is no room left for files here: try again later."
SPARE = 256 << 20  # bytes of the disk that no archive may take
CHUNK = 500  # names asked about at once


class StorageFull(errors.Unreachable):
    """There is no room for a file: later there may be."""


def keep(data: bytes, extension: str) -> str:
    """Put a file on the disk for good; its new name, which tells nothing. Raises StorageFull."""
    with draft() as file:
        file.write(data)
        return file.keep(extension)


class Draft:
    """A file of the store that has no name yet, to be written and read."""

    def __init__(self, opened: io.BufferedRandom, temporary: Path, folder: str) -> None:
        self.opened, self.temporary, self.folder = opened, temporary, folder
        self.write = opened.write

    def keep(self, extension: str) -> str:
        """Wait for the disk, then give the file a name, which is returned."""
        name = f"{self.temporary.name[:2]}{secrets.token_hex(15)}.{extension}"
        self.opened.flush()
        os.fsync(self.opened.fileno())
        self.temporary.replace(_place(name, self.folder))
        _sync(self.temporary.parent)
        return name


@contextlib.contextmanager
def draft(folder: str = MEDIA) -> Iterator[Draft]:
    """A new file that goes again unless it is kept. Raises StorageFull."""
    shelf = _folder(folder) / secrets.token_hex(1)
    try:
        _make_shelf(shelf)
        descriptor, temporary = tempfile.mkstemp(dir=shelf, prefix=shelf.name)
        try:
            with os.fdopen(descriptor, "w+b") as opened:
                yield Draft(opened, Path(temporary), folder)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(NO_ROOM) from error
        raise


def require_room(size: int) -> None:
    """Raises StorageFull when a file of so many bytes would leave too little of the disk to everybody else."""
    place = site.settings().data_dir
    place.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(place).free < size + SPARE:
        raise StorageFull(NO_ROOM)


def find(name: str, folder: str = MEDIA) -> Path:
    """Where a kept file lies. Raises NotFound, also for a name that is none of ours."""
    path = _place(name, folder)
    if not path.is_file():
        raise errors.NotFound("There is no such file.")
    return path


def discard(name: str, folder: str = MEDIA) -> None:
    """Take a file away; one that is not there is no problem."""
    _place(name, folder).unlink(missing_ok=True)


def sweep(
    shelves: Collection[str],
    in_use: Callable[[list[str]], Collection[str]],
    folder: str = MEDIA,
    rest: timedelta = REST,
) -> int:
    """Take away what lay on these shelves for a day (or `rest`) and is not in use; how many files that were.

    `in_use` says which of at most CHUNK names have a row.
    """
    swept, old = 0, (clock.now() - rest).timestamp()
    for names in _lying(_folder(folder), shelves, old):
        used = in_use(names)
        for name in names:
            if name not in used:
                (_folder(folder) / name[:2] / name).unlink(missing_ok=True)
                swept += 1
    return swept


def _lying(folder: Path, shelves: Collection[str], before: float) -> Iterator[list[str]]:
    for shelf in shelves:
        with contextlib.suppress(FileNotFoundError), os.scandir(folder / shelf) as entries:
            names = [entry.name for entry in entries if entry.stat().st_mtime < before]
            yield from (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))


def _folder(folder: str) -> Path:
    return site.settings().data_dir / folder


def _place(name: str, folder: str) -> Path:
    # The one way from a name to a path: nothing that came from outside is ever joined to the folder.
    if not NAME.fullmatch(name):
        raise errors.NotFound("There is no such file.")
    return _folder(folder) / name[:2] / name


def _make_shelf(shelf: Path) -> None:
    if not shelf.is_dir():
        shelf.mkdir(parents=True, exist_ok=True)
        _sync(shelf.parent)


def _sync(folder: Path) -> None:
    """A name is only safe once its folder is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
