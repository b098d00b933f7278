"""Reading XLSX workbooks as rows of text, a piece at a time, and never more than is asked for.

Read here rather than by a library: a workbook is a ZIP of XML, whose sizes and entities are what is dangerous in it,
and those are under our own eyes in this way (docs/decisions/0032). Styles, dates and formulas are none of our business.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.parsers import expat

from fediterr.core import errors

SIGNATURE = b"PK\x03\x04"
PARTS = 2_000  # files in the ZIP
DECODED = 192 << 20  # bytes of all that is read of it
COLUMNS = 600  # what stands further to the right is not read
CELL = 4_000  # characters
CHUNK = 1 << 16
BROKEN = errors.Invalid("This workbook cannot be read: open it and save it again as XLSX or CSV.").message

Cells = list[str]
Attributes = dict[str, str]


class Workbook:
    """The sheets of a workbook. All that is read of it counts against one limit."""

    def __init__(self, data: bytes) -> None:
        with _told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        if len(self._zip.infolist()) > PARTS:
            raise errors.TooLarge("This workbook is too large once it is unpacked.")
        self._left = DECODED
        self._strings: list[str] | None = None

    def sheets(self) -> Iterator[Iterator[tuple[int, Cells]]]:
        """The rows of each sheet in their order: the number of the row, its cells."""
        home = self._workbook()
        targets = self._targets(home)
        named: list[str] = []
        self._parse(home, lambda tag, given: named.append(_local(given).get("id", "")) if tag == "sheet" else None)
        for each in named:
            if each in targets:
                yield self._rows(targets[each])

    def _workbook(self) -> str:
        found: list[str] = []

        def begin(tag: str, given: Attributes) -> None:
            if tag == "Relationship" and given.get("Type", "").endswith("/officeDocument"):
                found.append(given.get("Target", "").lstrip("/"))

        self._parse("_rels/.rels", begin)
        if not found:
            raise errors.Invalid(BROKEN)
        return found[0]

    def _targets(self, home: str) -> dict[str, str]:
        """The parts that the workbook names, by the name it gives them."""
        folder, name = posixpath.split(home)
        found: dict[str, str] = {}

        def begin(tag: str, given: Attributes) -> None:
            if tag == "Relationship":
                place = given.get("Target", "")
                path = place.lstrip("/") if place.startswith("/") else posixpath.join(folder, place)
                found[given.get("Id", "")] = posixpath.normpath(path)
                if given.get("Type", "").endswith("/sharedStrings"):
                    found["strings"] = found[given.get("Id", "")]

        self._parse(f"{folder}/_rels/{name}.rels".lstrip("/"), begin)
        self._strings_part = found.pop("strings", "")
        return found

    def _shared(self) -> list[str]:
        """The texts that cells name by a number, read when the first asks."""
        if self._strings is None:
            reading = _Strings()
            if self._strings_part:
                self._parse(self._strings_part, reading.begin, reading.end, reading.text)
            self._strings = reading.found
        return self._strings

    def _rows(self, part: str) -> Iterator[tuple[int, Cells]]:
        reading = _Sheet(self._shared())
        for _ in self._feed(part, reading.begin, reading.end, reading.text):
            yield from reading.take()

    def _parse(self, part: str, *handlers: Callable[..., object]) -> None:
        for _ in self._feed(part, *handlers):
            pass

    def _feed(self, part: str, *handlers: Callable[..., object]) -> Iterator[None]:
        """Read a part piece by piece: after each, whoever listens may take what was found."""
        parser = _parser(*handlers)
        with _told(), self._zip.open(part) as opened:
            while True:
                piece = opened.read(CHUNK)
                self._left -= len(piece)
                if self._left < 0:
                    raise errors.TooLarge("This workbook is too large once it is unpacked.")
                parser.Parse(piece, not piece)
                yield
                if not piece:
                    return


def _parser(
    begin: Callable[..., object], end: Callable[..., object] | None = None, text: Callable[..., object] | None = None
) -> Any:
    """A parser for which a document type is an error: no office writes one, and entities begin there."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: begin(_name(tag), given)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(_name(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declared: object) -> None:
    raise errors.Invalid(BROKEN)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever is wrong with the file is one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, ValueError, RuntimeError, OSError):
        raise errors.Invalid(BROKEN) from None


def _name(tag: str) -> str:
    return tag.rpartition(":")[2]


def _local(given: Attributes) -> Attributes:
    return {_name(key): value for key, value in given.items()}


class _Strings:
    """Gathers shared texts; how a Japanese word is read aloud (`rPh`) is no part of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._inside = self._aloud = False

    def begin(self, tag: str, given: Attributes) -> None:
        if tag == "si":
            self._pieces = []
        self._aloud = self._aloud or tag == "rPh"
        self._inside = tag == "t" and not self._aloud

    def text(self, piece: str) -> None:
        if self._inside:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        self._inside = False
        if tag == "rPh":
            self._aloud = False
        if tag == "si":
            self.found.append("".join(self._pieces)[:CELL].strip())


class _Sheet:
    """Gathers the rows of a sheet; those that are complete can be taken."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._ready: list[tuple[int, Cells]] = []
        self._number = 0
        self._cells: Cells = []
        self._column, self._kind = 0, "n"
        self._pieces: list[str] = []
        self._inside = False

    def take(self) -> list[tuple[int, Cells]]:
        ready, self._ready = self._ready, []
        return ready

    def begin(self, tag: str, given: Attributes) -> None:
        if tag == "row":
            number = given.get("r", "")
            self._number = int(number) if number.isdecimal() and len(number) < 8 else self._number + 1
            self._cells, self._column = [], 0
        elif tag == "c":
            self._column = _column(given["r"]) if "r" in given else self._column + 1
            self._kind, self._pieces = given.get("t", "n"), []
        self._inside = tag in ("v", "t")

    def text(self, piece: str) -> None:
        if self._inside:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        self._inside = False
        if tag == "c" and 0 < self._column <= COLUMNS and self._pieces:
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells[self._column - 1] = self._value("".join(self._pieces)[:CELL].strip())
        elif tag == "row" and any(self._cells):
            self._ready.append((self._number, self._cells))

    def _value(self, written: str) -> str:
        if self._kind == "s":
            place = int(written) if written.isdecimal() and len(written) < 9 else -1
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if self._kind == "e":  # a formula that failed
            return ""
        return _whole(written) if self._kind == "n" else written


def _column(reference: str) -> int:
    """The place of a cell in its row, from 1: `C7` is the third."""
    place = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        place = 26 * place + ord(letter) - 64
    return place


def _whole(written: str) -> str:
    """A number without the zeros that calculation leaves: `6.0` and `6E0` are 6."""
    if written.isdecimal() or len(written) > 30:
        return written
    try:
        number = float(written)
    except ValueError:
        return written
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else written
