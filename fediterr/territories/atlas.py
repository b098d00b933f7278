"""The map of territories: which areas lie in a place, with their outlines and what they are coloured by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fediterr.core.db import session
from fediterr.territories import search
from fediterr.territories.facets import Filters
from fediterr.territories.models import EPCI, Entry, Nature, Outline, Territory

SPECK = 60  # characters of a ring that is drawn as a border
OVERSEAS = ("01", "02", "03", "04", "06")  # regions that are drawn in planes of their own


@dataclass(frozen=True)
class Area:
    """A piece of the map: what it is, how many territories it stands for, and how many of them are on the network."""

    code: str
    name: str
    kind: str
    path: str
    box: tuple[int, int, int, int]  # left, top, right, bottom
    population: int | None
    density7: int | None
    number: int  # of territories that pass the filters: of those in a department, else itself
    present: int

    @property
    def share(self) -> float:
        return self.present / self.number if self.number else 0.0


_DRAWN = (
    Territory.id, Territory.code, Territory.name, Territory.kind, Territory.insee_code, Territory.population,
    Territory.density7, Outline.path, Outline.left, Outline.top, Outline.width, Outline.height,
)  # fmt: skip


def departments(filters: Filters, region: str = "") -> list[Area]:
    """The departments of France or of a region, with how many territories of each are meant."""
    here, there = search.by_department(filters)
    return [_area(row, here[row.insee_code], there[row.insee_code]) for row in _drawn(*_departments(region))]


def epci(filters: Filters, *, region: str = "", department: str = "") -> list[Area]:
    """The communautés and métropoles of a region or of a department."""
    within = Entry.departments.contains(f" {department} ", autoescape=True) if department else Entry.region == region
    return _passing(filters, Territory.kind.in_(EPCI), within)


def communes(filters: Filters, department: str) -> list[Area]:
    """The communes of a department."""
    return _passing(filters, Territory.kind == Nature.COMMUNE, Territory.department == department)


def borders(kind: str) -> list[str]:
    """The outlines of all territories of a nature, without the specks where their parts do not quite meet."""
    wanted = sa.select(Outline.path).join(Territory, Territory.id == Outline.territory_id)
    found = session.scalars(wanted.where(Territory.kind == kind, Territory.region.not_in(OVERSEAS)))
    return ["".join(f"M{ring}" for ring in path.split("M") if len(ring) > SPECK) for path in found]


def box_of(areas: Iterable[Area]) -> tuple[int, int, int, int]:
    """The least box that holds some areas: left, top, right, bottom."""
    boxes = [each.box for each in areas] or [(0, 0, 1, 1)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def steps(values: Iterable[int], most: int = 5) -> list[int]:
    """Where classes begin that hold about as many values each."""
    found = sorted(values)
    marks = {found[len(found) * place // most] for place in range(1, most)} if found else set()
    return sorted(marks)


def _departments(region: str) -> tuple[Any, ...]:
    """Their rows: an authority that stands for several (Alsace) is no area of its own."""
    condition = (Territory.kind == Nature.DEPARTMENT, Territory.insee_code == Territory.department)
    return (*condition, Territory.region == region) if region else condition


def _passing(filters: Filters, *conditions: Any) -> list[Area]:
    rows = _drawn(*conditions)
    passing, present = search.passing(filters, {row.id for row in rows})
    return [_area(row, int(row.id in passing), int(row.id in passing & present)) for row in rows]


def _drawn(*conditions: Any) -> list[Any]:
    wanted = sa.select(*_DRAWN).join(Outline, Outline.territory_id == Territory.id)
    wanted = wanted.outerjoin(Entry, Entry.territory_id == Territory.id).where(
        Territory.ended_on.is_(None), *conditions
    )
    return list(session.execute(wanted.order_by(Territory.name)))


def _area(row: Any, number: int, present: int) -> Area:
    box = (row.left, row.top, row.left + row.width, row.top + row.height)
    return Area(row.code, row.name, row.kind, row.path, box, row.population, row.density7, number, present)
