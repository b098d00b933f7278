"""Reading XLSX workbooks as rows of text, by openpyxl, and never more of them than is good for a server.

A workbook is a ZIP of XML: how much it unpacks to is looked at before anything is unpacked, and defusedxml, which
openpyxl takes up by itself, refuses entities.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from fediterr.core import errors

PARTS = 2_000  # files in the ZIP
DECODED = 192 << 20  # bytes of all of them; `zipfile` reads no more of a part than its header says
SHEETS = 20
ROWS, COLUMNS = 600_000, 600  # what stands further below or to the right is not read
CELL = 4_000  # characters
BROKEN = errors.Invalid("This workbook cannot be read: open it and save it again as XLSX or CSV.").message
FAILED = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}  # formulas without a value

Cells = list[str]


class Workbook:
    """The sheets of a workbook, their formulas as they were last calculated. Raises Invalid, TooLarge."""

    def __init__(self, data: bytes) -> None:
        with _told():
            _require_bounded(data)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl remarks on styles is none of our business
                # Without keep_links, parts that stand for other workbooks are not read.
                self._book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)

    def sheets(self) -> Iterator[Iterator[tuple[int, Cells]]]:
        """The rows of each sheet in their order: the number of the row, its cells."""
        for sheet in self._book.worksheets[:SHEETS]:
            yield self._rows(sheet)

    def _rows(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        with _told():
            sheet.reset_dimensions()  # some programs write wrong ones
            for number, row in enumerate(sheet.iter_rows(max_row=ROWS, values_only=True), 1):
                cells = [_as_text(value) for value in row[:COLUMNS]]
                if any(cells):
                    yield number, cells


def _require_bounded(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > DECODED:
        raise errors.TooLarge("This workbook is too large once it is unpacked.")


@contextmanager
def _told() -> Iterator[None]:
    """Whatever is wrong with the file is one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, defusedxml.DefusedXmlException):
        raise errors.Invalid(BROKEN) from None
    except (EOFError, LookupError, ValueError, TypeError, AttributeError, RuntimeError, OSError):
        raise errors.Invalid(BROKEN) from None  # openpyxl looks at what it reads as it comes


def _as_text(value: Any) -> str:
    """A cell as a person reads it: whole numbers without the zeros that calculation leaves, days without their hour."""
    if value is None or value in FAILED:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)[:CELL].strip()
