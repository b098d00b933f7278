"""How alike two territories are, from 0 to 1, and why: a weighted mean of a few criteria, each of which can be said.

Pure. What is not known of one of the two is left out, and the other criteria weigh more; each reason holds its
criterion, its score and the values that its words need.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import Any

from fediterr.territories.models import EPCI, SYNDICATES, Nature

TENFOLD = math.log(10)  # one that is ten times as populous is not like the other at all, in this
FAMILIES = (frozenset(EPCI), frozenset(SYNDICATES), frozenset((Nature.DEPARTMENT, Nature.REGION, Nature.SINGLE)))
HALF = 0.5

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of a territory; None or nothing: it is not known."""

    kind: str
    population: int | None = None
    density: tuple[float, ...] | None = None  # seven shares
    department: str | None = None
    region: str | None = None
    competences: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    size: float | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", math.log(self.population) if self.population else None)


@dataclass(frozen=True)
class Likeness:
    """How alike two are, and the reasons, those that count most first."""

    score: float
    reasons: list[Reason]


Measure = Callable[[Features, Features], float | None]
Weighed = Sequence[tuple[Measure, float]]


def compare(ours: Features, theirs: Features, weights: Mapping[str, float]) -> Likeness:
    """How alike the two are, with the reasons that count: neither those that weigh nothing, nor those that fail."""
    found = []
    for name, weight in weights.items():
        measured = round(MEASURES[name](ours, theirs) or 0, 3)
        if measured and weight:
            found.append((weight * measured, {"criterion": name, "score": measured, **VALUES[name](ours, theirs)}))
    found.sort(key=lambda each: -each[0])
    return Likeness(score(ours, theirs, weighed(weights)), [reason for _, reason in found])


def weighed(weights: Mapping[str, float]) -> Weighed:
    """The criteria that count, with what they weigh."""
    return [(MEASURES[name], weight) for name, weight in weights.items() if weight > 0]


def score(ours: Features, theirs: Features, criteria: Weighed) -> float:
    """The weighed mean of what is known of both; 0 when nothing is."""
    total = reached = 0.0
    for measure, weight in criteria:
        found = measure(ours, theirs)
        if found is not None:
            total += weight
            reached += weight * found
    return reached / total if total else 0.0


def best(
    everyone: Mapping[int, Features], weights: Mapping[str, float], number: int
) -> dict[int, list[tuple[float, int]]]:
    """For each its nearest, so many, with their scores: the most alike first. Each pair is compared once."""
    criteria = weighed(weights)
    nearest: dict[int, list[tuple[float, int]]] = {each: [] for each in everyone}
    met: list[tuple[int, Features]] = []
    for one, ours in everyone.items():
        mine = nearest[one]
        for other, theirs in met:
            reached = score(ours, theirs, criteria)
            _keep(mine, (reached, -other), number)
            _keep(nearest[other], (reached, -one), number)
        met.append((one, ours))
    ranked = {one: sorted(found, reverse=True) for one, found in nearest.items()}
    return {one: [(reached, -other) for reached, other in found] for one, found in ranked.items()}


def _keep(heap: list[tuple[float, int]], found: tuple[float, int], number: int) -> None:
    if len(heap) < number:
        heappush(heap, found)
    elif found > heap[0]:
        heappushpop(heap, found)


# --- the criteria --------------------------------------------------------------------------------------------------


def _density(ours: Features, theirs: Features) -> float | None:
    """The part of their people that live at the same steps of density: what two profiles have in common."""
    if ours.density is None or theirs.density is None:
        return None
    apart = 0.0
    for one, other in zip(ours.density, theirs.density, strict=True):
        apart += one - other if one > other else other - one
    return max(0.0, 1 - apart / 2)


def _population(ours: Features, theirs: Features) -> float | None:
    """1 for as many people, 0.7 for twice as many, 0 for ten times as many."""
    if ours.size is None or theirs.size is None:
        return None
    apart = ours.size - theirs.size
    return max(0.0, 1 - (apart if apart > 0 else -apart) / TENFOLD)


def _nature(ours: Features, theirs: Features) -> float | None:
    if ours.kind == theirs.kind:
        return 1.0
    return HALF if any(ours.kind in family and theirs.kind in family for family in FAMILIES) else 0.0


def _place(ours: Features, theirs: Features) -> float | None:
    """The same department, else the same region."""
    if ours.department and ours.department == theirs.department:
        return 1.0
    if not ours.region or not theirs.region:
        return None
    same = ours.region == theirs.region
    return (HALF if ours.department and theirs.department else 1.0) if same else 0.0


def _competences(ours: Features, theirs: Features) -> float | None:
    """The part that both hold of what either holds."""
    return _common(ours.competences, theirs.competences) if ours.competences and theirs.competences else None


def _zones(ours: Features, theirs: Features) -> float | None:
    """The same of the zones in which either lies; two that lie in none are not compared by them."""
    return _common(ours.zones, theirs.zones) if ours.zones or theirs.zones else None


def _common(ours: frozenset[str], theirs: frozenset[str]) -> float:
    both = len(ours & theirs)
    return both / (len(ours) + len(theirs) - both)


MEASURES: dict[str, Measure] = {
    "density": _density,
    "population": _population,
    "nature": _nature,
    "place": _place,
    "competences": _competences,
    "zones": _zones,
}


# --- what the words need -------------------------------------------------------------------------------------------


def _steps(ours: Features, theirs: Features) -> Reason:
    return {"ours": _main(ours.density or ()), "theirs": _main(theirs.density or ())}


def _main(profile: Iterable[float]) -> int | None:
    """The step at which more than half of the people live, from 1; None when there is none."""
    return next((step for step, share in enumerate(profile, start=1) if share > HALF), None)


VALUES: dict[str, Callable[[Features, Features], Reason]] = {
    "density": _steps,
    "population": lambda ours, theirs: {"ours": ours.population, "theirs": theirs.population},
    "nature": lambda ours, theirs: {"ours": str(ours.kind), "theirs": str(theirs.kind)},
    "place": lambda ours, theirs: {"department": bool(ours.department and ours.department == theirs.department)},
    "competences": lambda ours, theirs: {"common": len(ours.competences & theirs.competences)},
    "zones": lambda ours, theirs: {"common": sorted(ours.zones & theirs.zones)},
}
