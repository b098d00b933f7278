"""Narrowing a list of territories: what can be chosen, and how many there would be of each; pure counting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from fediterr.territories.models import EPCI, SYNDICATES, Nature

BANDS = (
    500,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    500_000,
)  # where each band begins, but the lowest
DENSITIES = {"urbain": (1,), "intermediaire": (2, 3, 4), "rural": (5, 6, 7)}  # the three classes, of the seven
NATURES = {"epci": EPCI, "syndicats": SYNDICATES}
NETWORK = ("oui", "non")
UNKNOWN = 0  # the density of who has none


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty: not at all."""

    nature: str = ""  # a Nature, or one of NATURES
    band: str = ""  # the number of a band, from 0
    density: str = ""  # 1 to 7, or one of DENSITIES
    department: str = ""
    region: str = ""
    network: str = ""  # one of NETWORK
    competence: str = ""


class Kin(NamedTuple):
    """Territories that are alike in all that can be chosen, and how many there are."""

    nature: str
    band: int
    density: int
    departments: str  # a space before and after each
    region: str
    network: bool
    number: int


FIELDS = ("nature", "band", "density", "department", "region", "network")
Facets = dict[str, Counter[str]]


@dataclass(frozen=True)
class Tally:
    """How many there are, and how many there would be with another value of one of the filters."""

    total: int
    facets: Facets


def band_of(population: int | None) -> int:
    """The number of the band that a population lies in."""
    return sum((population or 0) >= least for least in BANDS)


def tally(kin: Iterable[Kin], filters: Filters) -> Tally:
    """Count what passes all filters, and, for each field, what passes all but its own."""
    wanted = [_Wanted(name, getattr(filters, name)) for name in FIELDS]
    total, counts = 0, [Counter[object]() for _ in FIELDS]
    for each in kin:
        failing = -1
        for place, asked in enumerate(wanted):
            if asked.value and not asked.takes(each[place]):
                if failing >= 0:
                    break
                failing = place
        else:
            if failing < 0:
                total += each.number
                for place, count in enumerate(counts):
                    count[each[place]] += each.number
            else:
                counts[failing][each[failing]] += each.number
    return Tally(total, {name: _spread(name, count) for name, count in zip(FIELDS, counts, strict=True)})


class _Wanted:
    """A filter that remembers its answers: there are few values, and many rows."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value
        self._known: dict[object, bool] = {}

    def takes(self, found: object) -> bool:
        if (known := self._known.get(found)) is None:
            known = self._known[found] = self.value in values(self.name, found)
        return known


def passes(kin: Kin, filters: Filters) -> bool:
    """Whether one passes all filters."""
    return all(
        not (value := getattr(filters, name)) or value in values(name, kin[at]) for at, name in enumerate(FIELDS)
    )


def values(name: str, found: object) -> tuple[str, ...]:
    """All values of a field that something has: an EPCI is of its nature and an EPCI, a class 6 also rural."""
    if name == "department":
        return tuple(str(found).split())
    if name == "network":
        return (NETWORK[0] if found else NETWORK[1],)
    if name == "nature":
        return (str(found), *(group for group, kinds in NATURES.items() if found in kinds))
    if name == "density":
        return (str(found), *(group for group, classes in DENSITIES.items() if found in classes))
    return (str(found),) if found not in ("", None) else ()


def _spread(name: str, count: Counter[object]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, number in count.items():
        for each in values(name, value):
            found[each] += number
    return found


def read(given: dict[str, str]) -> Filters:
    """Filters as somebody asks for them; what makes no sense is no filter."""
    known = {each.name: given.get(each.name, "")[:40] for each in fields(Filters)}
    allowed = {
        "nature": {*Nature, *NATURES}, "band": {str(number) for number in range(len(BANDS) + 1)},
        "density": {*map(str, range(1, 8)), *DENSITIES}, "network": set(NETWORK),
    }  # fmt: skip
    return Filters(**{name: value if value in allowed.get(name, {value}) else "" for name, value in known.items()})
