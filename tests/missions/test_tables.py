"""Tables that operators bring along: found in whatever a spreadsheet wrote, refused when they are dangerous."""

import io
import zipfile

import pytest
from openpyxl.xml.constants import SHEET_MAIN_NS

from fediterr.core import errors
from fediterr.territories import tables, workbooks
from tests import workbooks as books

NAMES = {"code": ("code", "codgeo"), "name": ("nom", "libelle"), "step": ("degre de densite", "dens")}
NEEDED = [("code", "step")]
ABOVE = ["Grille communale", "", "Géographie au 01/01/2024"]


def read(data: bytes) -> list[tuple[int, str, str]]:
    return [(line.number, line["code"], line["step"]) for line in tables.find(data, NAMES, NEEDED).lines()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_text_is_read_as_spreadsheets_write_it(separator: str, encoding: str) -> None:
    lines = [*ABOVE, "Code,Nom,Degré de densité", "CODGEO,LIBELLE,DENS", '96001,"Élan, le Vieux",5', "", "96002,Noël,6"]
    written = "\r\n".join(lines)
    if separator != ",":
        written = written.replace(", le", "\0").replace(",", separator).replace("\0", ", le")
    data = written.encode(encoding)
    assert read(data) == [(6, "96001", "5"), (8, "96002", "6")]
    found = tables.find(data, NAMES, NEEDED)
    assert [line["name"] for line in found.lines()] == ["Élan, le Vieux", "Noël"]
    assert tables.vintage("grille.csv", found.above) == "2024"
    assert tables.vintage("grille_2025.csv", found.above) == "2025"


def test_a_workbook_is_read_wherever_its_table_stands() -> None:
    table = [["Grille"], [], ["Code", None, "Dens", "Nom"], ["96001", None, 5, "Élan"], [1002, None, 6.0, None]]
    data = books.made([["Lisez-moi"], ["Ceci n’est pas la table"]], table)
    assert read(data) == [(4, "96001", "5"), (5, "1002", "6")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "nothing in this file"),
        (b"code,dens\n", "nothing in this file"),
        (b"a,b\n1,2\n", "names the columns code, degre de densite"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "workbook of an old kind"),
        (b"code,dens\n\x00\x01", "neither a table of text"),
        (tables.ZIPPED + b"broken", "cannot be read"),
        (books.made([["code", "dens"]], workbook="<workbook"), "cannot be read"),
        (books.made([["code", "dens"]], sheet1="<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"), "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(errors.Invalid, match=why):
        read(data)


def test_nothing_is_read_beyond_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.TooLarge):
        read(b"x" * (tables.BYTES + 1))
    monkeypatch.setattr(tables, "LINES", 3)
    with pytest.raises(errors.TooLarge, match="at most 3 lines"):
        read(b"code,dens\n" + b"96001,5\n" * 4)
    monkeypatch.setattr(workbooks, "DECODED", 100_000)
    bomb = books.made([["code", "dens"]], sheet1="<worksheet>" + "<row/>" * 100_000 + "</worksheet>")
    assert len(bomb) < 20_000
    with pytest.raises(errors.TooLarge, match="once it is unpacked"):
        read(bomb)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(workbooks.PARTS + 1):
            archive.writestr(f"{number}", "")
    with pytest.raises(errors.TooLarge):
        read(file.getvalue())


def test_a_cell_far_to_the_right_or_far_below_takes_no_room() -> None:
    cells = "".join(f"<c t='inlineStr'><is><t>{name}</t></is></c>" for name in ("code", "dens"))
    last = "<c r='A1'><v>96001</v></c><c r='B1'><v>5</v></c><c r='XFD1'><v>1</v></c>"
    rows = f"<row r='1'>{cells}</row><row r='600000'>{last}</row>"
    far = f"<worksheet xmlns='{SHEET_MAIN_NS}'><sheetData>{rows}</sheetData>"
    [line] = tables.find(books.made([["x"]], sheet1=far + "</worksheet>"), NAMES, NEEDED).lines()
    assert (line.number, line["code"], len(line.cells) <= workbooks.COLUMNS) == (600_000, "96001", True)
