"""XLSX workbooks for stories, as openpyxl writes them, and with parts that no office would write."""

import io
import zipfile
from collections.abc import Sequence

import openpyxl

Rows = Sequence[Sequence[str | int | float | None]]


def made(*sheets: Rows, **parts: str) -> bytes:
    """A workbook with these sheets; `parts` replaces some of what is in it, by its name without slash and ending."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return _replaced(file.getvalue(), parts) if parts else file.getvalue()


def _replaced(data: bytes, parts: dict[str, str]) -> bytes:
    made_anew = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made_anew, "w", zipfile.ZIP_DEFLATED) as after:
        for path in before.namelist():
            name = path.rpartition("/")[2].partition(".")[0]
            after.writestr(path, parts.get(name, before.read(path).decode()))
    return made_anew.getvalue()
