"""Archives that were brought along, a ZIP or a tar, read part by part: nothing of them is laid out on the disk."""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from fediterr.core import errors

PARTS = 200_000  # in one archive
BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class Unpacked(Protocol):
    """An archive whose table of contents was found to be in order."""

    names: frozenset[str]

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a part."""


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = _checked((each.filename, _is_plain(each)) for each in archive.infolist() if not each.is_dir())

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Neither a link nor a device; what says nothing of its kind is a file."""
    kind = stat.S_IFMT(part.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and not part.flag_bits & 0x1


class _Tar:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._parts: dict[str, tarfile.TarInfo] = {}
        self.names = _checked(self._listed())

    def _listed(self) -> Iterator[tuple[str, bool]]:
        for part in self._archive:
            if not part.isdir():
                self._parts[part.name] = part
                yield part.name, part.isreg() and not part.issparse()

    def open(self, name: str) -> IO[bytes]:
        opened = self._archive.extractfile(self._parts[name])
        assert opened is not None, "only files are listed"
        return opened


def _checked(parts: Iterator[tuple[str, bool]]) -> frozenset[str]:
    """The names of the parts. Raises Refused for one that would lie elsewhere, is no file, or is there twice."""
    names: set[str] = set()
    for name, is_plain in parts:
        path = PurePosixPath(name)
        outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
        if not name or outside or not name.isprintable():
            raise errors.Refused("This archive has a part that would lie outside of it.")
        if not is_plain:
            raise errors.Refused("This archive has a part that is no plain file: a link, a device, or locked.")
        if name in names:
            raise errors.Refused("This archive has two parts of one name.")
        names.add(name)
        if len(names) > PARTS:
            raise errors.TooLarge("This archive has too many parts.")
    return frozenset(names)


@contextmanager
def opened(file: Path) -> Iterator[Unpacked]:
    """An archive to be read. Raises Invalid for what is none, Refused for one that is not in order."""
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                yield _Zip(archive)
        else:
            with tarfile.open(file, "r:") as archive_:  # not a packed one: it could grow without bound
                yield _Tar(archive_)
    except BROKEN as problem:
        raise errors.Invalid("This is no archive that can be read: a ZIP or a tar is expected.") from problem


def read(archive: Unpacked, name: str, most: int) -> bytes:
    """The whole of a part. Raises NotFound when it is not there, TooLarge for more than `most` bytes."""
    if name not in archive.names:
        raise errors.NotFound(f"There is no {name} in this archive.")
    with archive.open(name) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise errors.TooLarge(f"{name} is too large.")
    return data
