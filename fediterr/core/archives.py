"""Archives written and read piece by piece, a ZIP or a tar: what is in them is never held in memory as a whole."""

import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol

from fediterr.core import clock

IN_MEMORY = 1 << 20  # bytes of one part that stay in memory while it is written


class Archive(Protocol):
    """What parts are added to, one after the other."""

    def add(self, name: str, file: Path) -> None:
        """Put in a file as it lies on the disk."""

    def part(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Write a part: `with archive.part("actor.json") as file: …`."""

    def close(self) -> None:
        """Write the end, without which the whole is nothing."""

    def abandon(self) -> None:
        """Write nothing more."""


class Zip:
    """Opens everywhere. Pictures and films are put in as they are, since they do not get smaller."""

    def __init__(self, target: IO[bytes], beside: Path) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False)

    def add(self, name: str, file: Path) -> None:
        self._zip.write(file, name, zipfile.ZIP_STORED)

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        about = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
        about.compress_type = zipfile.ZIP_DEFLATED
        about.external_attr = (stat.S_IFREG | 0o644) << 16
        with self._zip.open(about, "w", force_zip64=True) as file:
            yield file

    def close(self) -> None:
        self._zip.close()

    def abandon(self) -> None:
        self._zip.fp = None  # else it would write its end when it is collected


class Tar:
    """The container of FEP-6fcd. Each part must say its size first: it is written beside the archive, then copied."""

    def __init__(self, target: IO[bytes], beside: Path) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed below)
        self._beside = beside

    def add(self, name: str, file: Path) -> None:
        with file.open("rb") as source:
            self._put(name, source, file.stat().st_size)

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._beside)) as file:
            yield file
            size = file.tell()
            file.seek(0)
            self._put(name, file, size)

    def _put(self, name: str, source: IO[bytes], size: int) -> None:
        about = tarfile.TarInfo(name)
        about.size, about.mtime, about.mode = size, int(clock.now().timestamp()), 0o644
        self._tar.addfile(about, source)

    def close(self) -> None:
        self._tar.close()

    def abandon(self) -> None:
        """It writes nothing by itself."""


KINDS: dict[str, type[Zip] | type[Tar]] = {"zip": Zip, "tar": Tar}


def make(kind: str, target: IO[bytes], beside: Path) -> Archive:
    """A new archive, written to `target`; what must be laid aside meanwhile lies in the folder `beside`."""
    return KINDS[kind](target, beside)
