"""XLSX workbooks for stories, as offices write them: shared texts, cells without a value, sheets in a row."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Rows = Sequence[Sequence[str | int | float | None]]


def made(*sheets: Rows, **parts: str) -> bytes:
    """A workbook with these sheets; `parts` replaces some of what is in it, by its name without slash and ending."""
    strings: dict[str, int] = {}
    written = {
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(len(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("rId99", "sharedStrings", "/xl/sharedStrings.xml")]
        ),
    }
    for number, rows in enumerate(sheets, start=1):
        written[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, strings)
    texts = "".join(f"<si><t>{escape(text)}</t><rPh sb='0' eb='1'><t>aloud</t></rPh></si>" for text in strings)
    written["xl/sharedStrings.xml"] = f"<sst xmlns='{MAIN}'>{texts}</sst>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in written.items():
            archive.writestr(path, parts.get(path.rpartition("/")[2].partition(".")[0], content))
    return file.getvalue()


def _relations(listed: list[tuple[str, str, str]]) -> str:
    rows = "".join(
        f"<Relationship Id='{name}' Type='{OFFICE}/{kind}' Target='{target}'/>" for name, kind, target in listed
    )
    return f"<Relationships xmlns='{PACKAGE}'>{rows}</Relationships>"


def _workbook(number: int) -> str:
    sheets = "".join(f"<x:sheet name='S{n}' sheetId='{n}' r:id='rId{n}'/>" for n in range(1, number + 1))
    return f"<x:workbook xmlns:x='{MAIN}' xmlns:r='{OFFICE}'><x:sheets>{sheets}</x:sheets></x:workbook>"


def _sheet(rows: Rows, strings: dict[str, int]) -> str:
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{chr(65 + place)}{number}", value, strings) for place, value in enumerate(row))
        written.append(f"<row r='{number}'>{cells}</row>")
    return f"<worksheet xmlns='{MAIN}'><sheetData>{''.join(written)}</sheetData></worksheet>"


def _cell(reference: str, value: str | float | None, strings: dict[str, int]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"<c r='{reference}' t='s'><v>{strings.setdefault(value, len(strings))}</v></c>"
    return f"<c r='{reference}'><v>{value}</v></c>"
