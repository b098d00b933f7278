"""The packaged directory: what the files in `data/` say of French authorities, read as they stand."""

import csv
import functools
import io
import json
import lzma
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from fediterr.territories import spelling

DATA = Path(__file__).parent / "data"
OVERSEAS = "outre-mer"


@functools.cache
def manifest() -> dict[str, Any]:
    """Where the data come from, under which licence and of which year; how many rows there are."""
    found: dict[str, Any] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    return found


def begins_on() -> date:
    """The day from which territories are as these data tell them."""
    return date.fromisoformat(manifest()["from"])


def count(table: str) -> int:
    rows: int = manifest()["files"][table]["rows"]
    return rows


def content(table: str) -> bytes:
    return lzma.decompress((DATA / f"{table}.csv.xz").read_bytes())


def territories() -> Iterator[dict[str, Any]]:
    """All territories as columns of their table; those that lie around others come first."""
    sources = manifest()["sources"]
    for row in _rows("territories"):
        yield {
            "code": row["code"],
            "kind": row["kind"],
            "siren": row["siren"] or None,
            "insee_code": row["insee_code"] or None,
            "name": row["name"],
            "sought": spelling.sought(row["name"]),
            "tax_regime": row["tax_regime"] or None,
            "population": _number(row["population"]),
            "population_total": _number(row["population_total"]),
            "population_year": int(sources["population"]["vintage"]) if row["population"] else None,
            "department": row["department"] or None,
            "departments": row["departments"].split(),
            "region": row["region"] or None,
            "area_km2": _measure(row["area_km2"]),
            "latitude": _measure(row["latitude"]),
            "longitude": _measure(row["longitude"]),
            "zones": row["zones"].split(),
            "sources": {name: said for name, said in sources.items() if row.get(_SAID_BY[name])},
        }


def outlines() -> Iterator[dict[str, Any]]:
    """The outlines as columns of their table, each with the code of its territory."""
    for row in _rows("outlines"):
        box = {side: int(row[side]) for side in ("left", "top", "width", "height")}
        yield {"code": row["code"], "path": row["path"], **box}


def memberships() -> Iterator[tuple[str, str]]:
    """The codes of a grouping and of a member of it."""
    for row in _rows("memberships"):
        yield row["grouping"], row["member"]


def successions() -> Iterator[dict[str, Any]]:
    """What became of former communes, as columns of its table."""
    for row in _rows("successions"):
        day = row["happened_on"]
        told = {name: row[name] for name in ("code", "successor", "reason")}
        yield {**told, "happened_on": date.fromisoformat(day) if day else None}


def former() -> Iterator[tuple[str, str, str]]:
    """Communes that are a part of others now: the code, that of the other, and the name that people still use."""
    for row in _rows("successions"):
        if row["name"]:
            yield row["code"], row["successor"], row["name"]


# Which column tells that a source said something.
_SAID_BY = {
    "register": "code",
    "population": "population",
    "population_total": "population_total",
    "outline": "area_km2",
}


def _rows(table: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(content(table).decode()))


def _number(written: str) -> int | None:
    return int(written) if written else None


def _measure(written: str) -> float | None:
    return float(written) if written else None
