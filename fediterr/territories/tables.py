"""Tables that operators bring along, CSV or XLSX: their header found wherever it stands, their lines one by one.

Pure: nothing here knows what the lines are about. Who reads says which columns it knows, by all their names.
"""

import codecs
import csv
import importlib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from fediterr.core import errors, text

BYTES = 32 << 20
LINES = 600_000
TOP = 40  # lines among which the header is looked for
STEP = 2_000  # lines between two words on how far it is
ZIPPED = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

Numbered = tuple[int, list[str]]
Names = Mapping[str, tuple[str, ...]]  # of a column: as we call it, and as files do, in the form of `plain`
Progress = Callable[[int], None]


class WrongLine(errors.Invalid):
    """A line that makes no sense: its number, and why."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"Line {number}: {why}")
        self.number, self.why = number, why


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table, its cells by the names that the reader gave."""

    number: int
    cells: list[str]
    places: Mapping[str, int]

    def __getitem__(self, name: str) -> str:
        """What stands in a column; "" where there is nothing, and where there is no such column."""
        place = self.places.get(name, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""

    def at(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


@dataclass
class Table:
    """The header of a table, what stands above it, and its lines, which are read once."""

    header: list[str]
    places: dict[str, int]
    above: list[str]
    rows: Iterator[Numbered]
    progress: Progress | None = None
    read: int = 0  # lines, so far

    def has(self, *names: str) -> bool:
        return all(name in self.places for name in names)

    def lines(self) -> Iterator[Line]:
        """Each line that holds something."""
        for number, cells in self.rows:
            if not any(cells):
                continue
            self.read += 1
            if self.read > LINES:
                raise errors.TooLarge(f"A table has at most {LINES} lines.")
            if self.progress is not None and self.read % STEP == 0:
                self.progress(self.read)
            yield Line(number, cells, self.places)
        if self.read == 0:
            raise errors.Invalid("There is nothing in this file.")


@contextmanager
def reading(line: Line) -> Iterator[None]:
    """What makes no sense in here is wrong with this line."""
    try:
        yield
    except WrongLine:
        raise
    except errors.Invalid as problem:
        raise WrongLine(line.number, problem.message) from None


def find(data: bytes, names: Names, needed: Iterable[tuple[str, ...]], progress: Progress | None = None) -> Table:
    """The table of a file: the first that names, near its top, all columns of one of the sets that are needed."""
    if len(data) > BYTES:
        raise errors.TooLarge(f"A table has at most {BYTES >> 20} MiB.")
    if not data.strip():
        raise errors.Invalid("There is nothing in this file.")
    wanted = list(needed)
    by_word = {word: name for name, words in names.items() for word in words}
    for rows in _candidates(data):
        top = list(itertools.islice(rows, TOP))
        for place, (_, cells) in enumerate(top):
            places = _places(cells, by_word)
            if any(set(each) <= set(places) for each in wanted):
                above = [cell for _, line in top[:place] for cell in line if cell]
                return Table(cells, places, above, itertools.chain(_below(top, place, by_word), rows), progress)
    first = ", ".join(names[name][0] for name in wanted[0])
    raise errors.Invalid(f"This is another table: no line near its top names the columns {first}.")


def plain(words: str) -> str:
    """The name of a column without what files write differently: `N° SIREN` is `n siren`."""
    return " ".join(re.findall(r"[a-z0-9]+", text.fold(words)))


def vintage(filename: str, above: Iterable[str] = ()) -> str:
    """The year that a file is about: as its name says, else what stands above its header; "" when nothing tells."""
    for words in (filename, *above):
        if found := re.findall(r"(?<!\d)20\d\d(?!\d)", words):
            return str(found[-1])
    return ""


def _places(cells: list[str], by_word: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = by_word.get(plain(cell))
        if name is not None:
            found.setdefault(name, place)
    return found


def _below(top: list[Numbered], place: int, by_word: Mapping[str, str]) -> list[Numbered]:
    """What was read below the header, without a second header in other words (INSEE has words, then codes)."""
    rest = top[place + 1 :]
    return rest[1:] if rest and len(_places(rest[0][1], by_word)) > 1 else rest


def _candidates(data: bytes) -> Iterator[Iterator[Numbered]]:
    """The rows of whatever tables there may be: each sheet of a workbook; a text by each of the usual separators."""
    if data.startswith(ZIPPED):
        # Read when a workbook first comes: openpyxl takes a fifth of a second, and 20 MiB, that servers never need.
        workbooks = importlib.import_module("fediterr.territories.workbooks")
        yield from workbooks.Workbook(data).sheets()
        return
    if data.startswith(OLD_OFFICE):
        raise errors.Invalid("This is a workbook of an old kind: open it and save it as XLSX or CSV.")
    read = _decoded(data)
    for separator in ",;\t":
        yield _rows(read, separator)


def _decoded(data: bytes) -> str:
    """UTF-8, or what spreadsheets write: UTF-16 with its mark, Windows-1252; else Latin-1."""
    kinds = ["utf-8-sig", "cp1252", "latin-1"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        kinds = ["utf-16"]
    for kind in kinds:
        try:
            read = data.decode(kind)
        except UnicodeDecodeError:
            continue
        if "\0" not in read:
            return read
    raise errors.Invalid("This file is neither a table of text nor an XLSX workbook.")


def _rows(read: str, separator: str) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(read, newline=""), delimiter=separator)
    number = 1
    try:
        for cells in reader:
            yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1
    except csv.Error:
        raise errors.Invalid("This file is neither a table of text nor an XLSX workbook.") from None
