"""The density grid of INSEE: a step from 1 (large urban centres) to 7 (very dispersed rural) for each commune.

Of a grouping, a department or a region is known how its people are spread over the seven steps.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from fediterr.core import errors
from fediterr.core.db import session
from fediterr.territories import tables
from fediterr.territories.bringing import Prepared, Summary
from fediterr.territories.models import GroupingMember, Nature, Succession, Territory

WHAT = "density"
SOURCE = "INSEE, grille communale de densité à 7 niveaux"
STEPS = 7
NAMES = {
    "code": (
        "codgeo", "code geographique", "code commune", "code insee", "code insee commune", "code de la commune",
        "insee", "depcom", "code geo",
    ),
    "step": (
        "dens", "dens7", "densite", "densite 7", "degre de densite", "degre densite", "degre de densite de la commune",
        "niveau de densite", "typologie", "grille de densite", "grille densite 7 niveaux",
    ),
}  # fmt: skip
COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
STEP = re.compile(r"([1-7])(?:\D.*)?")
GENERATIONS = 12  # of communes that became others, one after the other
COVERED = 0.5  # the share of its people whose step must be known, for a grouping to have a profile
FEW = 200  # lines below which nothing is concluded from the steps that are missing

Profile = list[float]


class Place(NamedTuple):
    """What is needed of a territory here."""

    id: int
    code: str
    kind: str
    population: int | None
    department: str | None
    region: str | None
    density7: int | None
    profile: Profile | None
    sources: dict[str, Any]
    ended_on: date | None


def prepare(data: bytes, filename: str, vintage: str = "", progress: tables.Progress | None = None) -> Prepared:
    """What a file of the grid would change; nothing is written before `write` is called."""
    table = tables.find(data, NAMES, [("code", "step")], progress)
    steps = _read(table)
    year = vintage or tables.vintage(filename, table.above)
    places = {each.code: each for each in _places()}
    after, unknown = _by_commune(steps, places)
    changed = _changed_communes(after, places, year) + _changed_profiles(after, places.values(), year)
    summary = Summary(WHAT, SOURCE, year, read=len(steps), changed=len(changed), unknown=unknown)
    return Prepared(summary, lambda: _write(changed))


def spread() -> int:
    """Compute anew how the people of all groupings are spread, from the steps of their communes; how many changed."""
    places = list(_places())
    after = {each.code: each.density7 for each in places if each.kind == Nature.COMMUNE and each.density7}
    years = (str(each.sources[WHAT]["vintage"]) for each in places if each.code in after and WHAT in each.sources)
    changed = _changed_profiles(after, places, next(years, ""))
    _write(changed)
    return len(changed)


def profile_of(parts: Iterable[tuple[int | None, int | None]]) -> Profile | None:
    """The shares of the seven steps, from the population and the step of each part; None where too few are known."""
    people = [0] * STEPS
    total = 0
    for population, step in parts:
        total += population or 0
        if step:
            people[step - 1] += population or 0
    known = sum(people)
    return [round(each / known, 4) for each in people] if known and known >= COVERED * total else None


def main_step(profile: Profile | None) -> int | None:
    """Where most people live."""
    return profile.index(max(profile)) + 1 if profile else None


# --- reading -------------------------------------------------------------------------------------------------------


def _read(table: tables.Table) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in table.lines():
        with tables.reading(line):
            code, step = commune_code(line["code"]), STEP.fullmatch(line["step"])
            if step is None:
                raise errors.Invalid(f"“{line['step']}” is not a step of density, from 1 to 7.")
            if found.setdefault(code, int(step[1])) != int(step[1]):
                raise errors.Invalid(f"The commune {code} has two densities.")
    if len(found) > FEW and max(found.values()) <= 4:
        raise errors.Invalid("This grid has fewer than seven steps: take the one with seven.")
    return found


def commune_code(written: str) -> str:
    """The INSEE code of a commune, with the zero that spreadsheets take away. Raises Invalid."""
    code = written.upper()
    code = code.zfill(5) if code.isdecimal() else code
    if not COMMUNE.fullmatch(code):
        raise errors.Invalid(f"“{written}” is not the INSEE code of a commune.")
    return code


# --- comparing -----------------------------------------------------------------------------------------------------


def _places() -> Iterator[Place]:
    columns = (
        Territory.id, Territory.code, Territory.kind, Territory.population, Territory.department, Territory.region,
        Territory.density7, Territory.density_profile, Territory.sources,
        Territory.ended_on,
    )  # fmt: skip
    for row in session.execute(sa.select(*columns)):
        yield Place(*row)


def _by_commune(steps: Mapping[str, int], places: Mapping[str, Place]) -> tuple[dict[str, int], list[str]]:
    """The step of each commune that is known, and the codes that are not.

    Those that were merged since say it of what they became, unless the file knows that one too.
    """
    became = successions()
    after = {code: step for code, step in steps.items() if code in places}
    heirs: dict[str, list[int]] = defaultdict(list)
    unknown = []
    for code, step in steps.items():
        found = [each for each in heirs_of(code, became) if each in places]
        if not found and code not in places:
            unknown.append(code)
        for each in found:
            heirs[each].append(step)
    for code, inherited in heirs.items():
        after.setdefault(code, max(sorted(set(inherited)), key=inherited.count))
    return after, unknown


def successions() -> dict[str, list[str]]:
    """What each code that was became."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, successor in session.execute(sa.select(Succession.code, Succession.successor)):
        found[code].append(successor)
    return found


def heirs_of(code: str, became: Mapping[str, list[str]]) -> set[str]:
    """All that a code became in the end, or on the way there."""
    found: set[str] = set()
    last = {code}
    for _ in range(GENERATIONS):
        last = {heir for each in last for heir in became.get(each, ())} - found - {code}
        found |= last
    return found


def _changed_communes(after: Mapping[str, int], places: Mapping[str, Place], year: str) -> list[dict[str, Any]]:
    changed = []
    for code, step in after.items():
        place, sources = places[code], _sources(places[code], year)
        if place.density7 != step or place.sources != sources:
            changed.append({"id": place.id, "density7": step, "sources": sources})
    return changed


def _changed_profiles(after: Mapping[str, int], places: Iterable[Place], year: str) -> list[dict[str, Any]]:
    """How people are spread in all that is made of communes, where that is not what is known of it."""
    listed = list(places)
    communes = {each.id: each for each in listed if each.kind == Nature.COMMUNE and each.ended_on is None}
    by_area = _by_area(communes.values())
    by_grouping = _members()
    changed = []
    for place in listed:
        if place.kind == Nature.COMMUNE:
            continue
        parts = by_area.get(place.code) or [
            communes[each] for each in _communes_of(place.id, by_grouping) if each in communes
        ]
        profile = profile_of((each.population, after.get(each.code, each.density7)) for each in parts)
        sources = _sources(place, year)
        if profile is not None and (profile != place.profile or sources != place.sources):
            values = {"density7": main_step(profile), "density_profile": profile}
            changed.append({"id": place.id, **values, "sources": sources})
    return changed


def _by_area(communes: Iterable[Place]) -> dict[str, list[Place]]:
    """The communes of each department and region, by its code in the directory."""
    found: dict[str, list[Place]] = defaultdict(list)
    for each in communes:
        found[f"D{each.department}"].append(each)
        found[f"R{each.region}"].append(each)
    return found


def _members() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for grouping, member in session.execute(sa.select(GroupingMember.grouping_id, GroupingMember.member_id)):
        found[grouping].append(member)
    return found


def _communes_of(grouping: int, members: Mapping[int, list[int]]) -> set[int]:
    """All that a grouping is made of: the members of its members too."""
    found: set[int] = set()
    last = {grouping}
    while last:
        last = {member for each in last for member in members.get(each, ())} - found
        found |= last
    return found


def _sources(place: Place, year: str) -> dict[str, Any]:
    return {**place.sources, WHAT: {"source": SOURCE, "vintage": year}}


def _write(changed: list[dict[str, Any]]) -> None:
    if changed:
        session.execute(sa.update(Territory), changed)
        session.expire_all()
