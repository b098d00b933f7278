"""A file is kept whole or not at all, under a name of ours; what no row promises goes after a day."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fediterr.core import clock, errors, storage
from tests.fediverse import Fediverse


@pytest.fixture
def folder(fediverse: Fediverse) -> Iterator[Path]:
    """Where the files of a running server lie."""
    server = fediverse["brest.test"]
    with server.app.app_context():
        yield server.settings.data_dir / "media"
    for path in list(everything(server.settings.data_dir / "media")):
        path.unlink()


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_file_is_found_again_under_a_name_that_tells_nothing(folder: Path) -> None:
    first, second = storage.keep(b"Bonjour", "txt"), storage.keep(b"Bonjour", "txt")
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{32}\.txt", first)
    assert storage.find(first).read_bytes() == b"Bonjour"
    assert storage.find(first) == folder / first[:2] / first
    assert stat.S_IMODE(storage.find(first).stat().st_mode) == 0o600


def test_a_file_that_was_taken_away_is_gone(folder: Path) -> None:
    name = storage.keep(b"Bonjour", "txt")
    storage.discard(name)
    storage.discard(name)
    with pytest.raises(errors.NotFound):
        storage.find(name)
    assert everything(folder) == []


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../secret.key", "/etc/passwd", "ab/../../secret.key", "secret.key", "a" * 32,
        "a" * 32 + ".txt\0", "a" * 32 + ".txt\n", "A" * 32 + ".txt", "a" * 32 + "./txt", "a" * 4096,
        "\uff0e\uff0e/secret.key", "a" * 32 + ".\u0663\u0663\u0663",
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", [storage.find, storage.discard])
def test_no_name_from_outside_becomes_a_path(folder: Path, verb: Callable[[str], object], name: str) -> None:
    with pytest.raises(errors.NotFound):
        verb(name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["fsync", "write"])
def test_a_full_disk_is_said_and_leaves_nothing_half(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def full(*_: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    storage.keep(b"before", "txt")
    before = everything(folder)
    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(storage.tempfile, "mkstemp", full)
    with pytest.raises(storage.StorageFull) as caught:
        storage.keep(b"Bonjour" * 100_000, "txt")
    assert isinstance(caught.value, errors.Unreachable)  # try again later, says every door
    assert everything(folder) == before


def test_what_stops_in_the_middle_leaves_no_file_that_could_be_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(_descriptor: int) -> None:
        for half in everything(folder):
            assert not storage.NAME.fullmatch(half.name)  # what lies there now has no name that is ever promised
            raise Killed

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(Killed):
        storage.keep(b"Bonjour", "txt")


def test_what_no_row_promises_goes_after_a_day(folder: Path) -> None:
    promised, orphan = storage.keep(b"promised", "txt"), storage.keep(b"orphan", "txt")
    half = folder / orphan[:2] / f"{orphan[:2]}x8d_k1"
    half.write_bytes(b"of a crash")

    def in_use(names: list[str]) -> set[str]:
        return {name for name in names if name == promised}

    assert storage.sweep(storage.SHELVES, in_use) == 0
    clock.shift(timedelta(hours=25))
    young = storage.keep(b"young", "txt")
    later = clock.now().timestamp()
    os.utime(storage.find(young), (later, later))
    assert storage.sweep([orphan[:2]], in_use) == 2
    assert storage.sweep(storage.SHELVES, in_use) == 0
    assert {path.name for path in everything(folder)} == {promised, young}


def test_many_files_are_asked_about_by_the_hundred(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "CHUNK", 2)
    shelf = folder / "00"
    shelf.mkdir(parents=True, exist_ok=True)
    for number in range(5):
        (shelf / f"{number:032x}.txt").write_bytes(b"x")
    clock.shift(timedelta(hours=25))
    asked: list[int] = []

    def in_use(names: list[str]) -> list[str]:
        asked.append(len(names))
        return []

    assert storage.sweep(["00", "01"], in_use) == 5
    assert asked == [2, 2, 1]
