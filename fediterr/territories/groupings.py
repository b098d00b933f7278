"""The groupings of BANATIC (DGCL): syndicates are made known, those that are known already are only completed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from fediterr.core import errors, ids, siret
from fediterr.core.db import session
from fediterr.territories import density, spelling, tables
from fediterr.territories.bringing import Faults, Prepared, Summary
from fediterr.territories.models import EPCI, SYNDICATES, GroupingMember, Nature, Territory

WHAT = "groupings"
SOURCE = "DGCL, BANATIC (groupements)"
NAMES = {
    "siren": (
        "siren", "n siren", "no siren", "numero siren", "n siren du groupement", "siren groupement", "siren epci",
        "siren du groupement",
    ),
    "name": ("nom", "nom du groupement", "groupement", "raison sociale", "libelle", "denomination"),
    "nature": ("nature", "nature juridique", "nature du groupement", "nj", "forme juridique"),
    "region": ("region", "region siege", "code region", "region du siege"),
    "department": ("departement", "dep", "departement siege", "code departement", "departement du siege", "dept"),
    "population": (
        "population", "population totale", "population du groupement", "total pop tot", "pop tot", "population insee",
    ),
    "member": ("siren membre", "n siren membre", "no siren membre", "siren du membre", "numero siren membre"),
    "insee": ("insee membre", "code insee membre", "insee", "code insee", "insee du membre"),
    "members": ("membres", "siren des membres", "siren membres"),
}  # fmt: skip
NATURES = {
    "communaute de communes": Nature.CC,
    "communaute d agglomeration": Nature.CA,
    "communaute urbaine": Nature.CU,
    "metropole": Nature.METROPOLE,
    "metropole de lyon": Nature.LYON,
    "etablissement public territorial": Nature.EPT,
    "syndicat intercommunal a vocation unique": Nature.SIVU,
    "syndicat intercommunal a vocation multiple": Nature.SIVOM,
    "syndicat mixte ferme": Nature.CLOSED_MIXED,
    "syndicat mixte ouvert": Nature.OPEN_MIXED,
    "pole d equilibre territorial et rural": Nature.PETR,
    "pole metropolitain": Nature.METROPOLITAN_POLE,
} | {each.lower(): each for each in (*EPCI, Nature.EPT, *SYNDICATES)}
SOURCED = ("population", "department", "region")  # what is filled in where the package leaves it open
AREA = re.compile(r"(?:R|D)?(\d{2,3}|2[AB])(?:\b.*)?", re.IGNORECASE)


@dataclass
class Grouping:
    """A grouping as the lines of a file tell it: one, or one for each member."""

    siren: str
    kind: str
    name: str
    department: str | None
    region: str | None
    population: int | None
    members: dict[str, None] = field(default_factory=dict)  # SIREN and INSEE codes, as they stand there


def prepare(data: bytes, filename: str, vintage: str = "", progress: tables.Progress | None = None) -> Prepared:
    """What a file of groupings would change; nothing is written before `write` is called."""
    table = tables.find(data, NAMES, [("siren", "name", "nature")], progress)
    known = _Known()
    faults = Faults()
    found = _read(table, known, faults)
    year = vintage or tables.vintage(filename, table.above)
    changes = _Changes(known, year)
    for each in found.values():
        changes.compare(each)
    for each in found.values():
        changes.compare_members(each)
    summary = Summary(WHAT, SOURCE, year, len(found), len(changes.ids), changes.unknown, faults.lines)
    return Prepared(summary, changes.write)


class _Known:
    """What the directory holds, by the numbers that files use."""

    def __init__(self) -> None:
        self.by_siren: dict[str, Territory] = {}
        self.by_insee: dict[str, int] = {}
        self.areas: dict[tuple[str, str], str] = {}  # names of departments and regions, for files without codes
        self.became = density.successions()
        groupings = sa.select(Territory).where(Territory.kind.in_((*EPCI, Nature.EPT, *SYNDICATES, Nature.OTHER)))
        for each in session.scalars(groupings):
            self.by_siren[each.siren or each.code] = each
        self.others = dict(self._others())
        members = session.execute(sa.select(GroupingMember.grouping_id, GroupingMember.member_id))
        self.members: dict[int, set[int]] = {}
        for grouping, member in members:
            self.members.setdefault(grouping, set()).add(member)

    def _others(self) -> Iterator[tuple[str, int]]:
        """Communes, departments and regions by their SIREN; by the way, by their codes and names."""
        columns = (Territory.id, Territory.siren, Territory.insee_code, Territory.kind, Territory.name)
        kinds = (Nature.COMMUNE, Nature.DEPARTMENT, Nature.REGION, Nature.SINGLE)
        wanted = sa.select(*columns).where(Territory.kind.in_(kinds), Territory.ended_on.is_(None))
        for number, siren, insee, kind, name in session.execute(wanted):
            if kind == Nature.COMMUNE and insee:
                self.by_insee[insee] = number
            elif kind != Nature.COMMUNE and insee:
                for what in ("department", "region") if kind == Nature.SINGLE else (kind,):
                    self.areas[{"DEP": "department", "REG": "region"}.get(what, what), tables.plain(name)] = insee
            if siren:
                yield siren, number


# --- reading -------------------------------------------------------------------------------------------------------


def _read(table: tables.Table, known: _Known, faults: Faults) -> dict[str, Grouping]:
    found: dict[str, Grouping] = {}
    for line in table.lines():
        with tables.reading(line):
            siren = faults.siren(line)
            if siren is None:
                continue
            if siren in known.others:
                raise errors.Invalid(f"{siren} is the SIREN of a commune, a department or a region.")
            read = _grouping(siren, line, known)
            kept = found.setdefault(siren, read)
            if kept.name != read.name or kept.kind != read.kind:
                raise errors.Invalid(f"{siren} stands for two groupings: {kept.name}, {read.name}.")
            kept.members |= dict.fromkeys(_members(line))
    faults.judge(table.read)
    return found


def _grouping(siren: str, line: tables.Line, known: _Known) -> Grouping:
    kind = NATURES.get(tables.plain(line["nature"]))
    if kind is None and not line["nature"]:
        raise errors.Invalid("This line says no nature.")
    if not line["name"]:
        raise errors.Invalid("This line gives no name.")
    return Grouping(
        siren,
        kind or Nature.OTHER,
        line["name"],
        _area(line["department"], "department", known),
        _area(line["region"], "region", known),
        _people(line["population"]),
    )


def _area(written: str, what: str, known: _Known) -> str | None:
    """The code of a department or a region, from its code, its code and name, or its name."""
    if not written:
        return None
    if match := AREA.fullmatch(written):
        return match[1].upper()
    code = known.areas.get((what, tables.plain(written)))
    if code is None:
        raise errors.Invalid(f"“{written}” is neither a department nor a region.")
    return code


def _people(written: str) -> int | None:
    digits = re.sub(r"\s", "", written).removesuffix(".0")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise errors.Invalid(f"“{written}” is not a number of people.")
    return int(digits)


def _members(line: tables.Line) -> Iterator[str]:
    member, insee = siret.normal(line["member"]), line["insee"].upper()
    if member or insee:
        yield member or (insee.zfill(5) if insee.isdecimal() else insee)
    yield from re.findall(r"[0-9AB]+", line["members"].upper())


# --- comparing -----------------------------------------------------------------------------------------------------


class _Changes:
    """What differs from what is here, gathered before anything is written."""

    def __init__(self, known: _Known, year: str) -> None:
        self.known = known
        self.source = {"source": SOURCE, "vintage": year}
        self.unknown: list[str] = []
        self.new: list[dict[str, Any]] = []
        self.values: list[tuple[Territory, dict[str, Any]]] = []
        self.members: dict[int, set[int]] = {}
        self.ids: set[int] = set()
        self._by_siren = {siren: each.id for siren, each in known.by_siren.items()}

    def compare(self, read: Grouping) -> None:
        before = self.known.by_siren.get(read.siren)
        if before is None and (read.kind in EPCI or read.kind == Nature.EPT):
            # Those are in the package: one that is not there has ended, or will come with the next one.
            self.unknown.append(f"{read.siren} {read.name}")
        elif before is None:
            made = {"id": ids.new(), "code": read.siren, "siren": read.siren, **self._told(read)}
            made |= {"departments": [read.department] if read.department else [], "zones": []}
            self.new.append(made | {"sources": self._sources(read)})
            self._by_siren[read.siren] = made["id"]
            self.ids.add(made["id"])
        else:
            self._compare_known(before, read)

    def _compare_known(self, before: Territory, read: Grouping) -> None:
        told = self._told(read)
        packaged = before.kind in EPCI or before.kind == Nature.EPT
        if packaged:  # the package knows better: only what it leaves open is filled in
            told = {name: told[name] for name in ("department", "region", "population") if told[name] is not None}
            told = {name: value for name, value in told.items() if getattr(before, name) is None}
        else:
            told = {name: value for name, value in told.items() if value is not None}
        changed = {name: value for name, value in told.items() if getattr(before, name) != value}
        if "department" in changed:
            changed["departments"] = [changed["department"]]
        sourced = {name: self.source for name in changed if name in SOURCED} if packaged else self._sources(read)
        if before.sources != before.sources | sourced:
            changed["sources"] = before.sources | sourced
        if changed:
            self.values.append((before, changed))
            self.ids.add(before.id)

    def _told(self, read: Grouping) -> dict[str, Any]:
        return {
            "kind": read.kind, "name": read.name, "sought": spelling.sought(read.name), "department": read.department,
            "region": read.region, "population": read.population,
        }  # fmt: skip

    def _sources(self, read: Grouping) -> dict[str, Any]:
        """Where each fact is from, by the names that registers give them in the package."""
        told = ("name", "siren", "membership", *(("population",) if read.population is not None else ()))
        return dict.fromkeys(told, self.source)

    def compare_members(self, read: Grouping) -> None:
        """The members of a syndicate are those of the file, if it names some."""
        here = self._by_siren.get(read.siren)
        if here is None or not read.members or read.kind in EPCI or read.kind == Nature.EPT:
            return
        after = {found for each in read.members for found in self._member(each)} - {here}
        if after and after != self.known.members.get(here, set()):
            self.members[here] = after
            self.ids.add(here)

    def _member(self, number: str) -> list[int]:
        known = self.known
        found = self._by_siren.get(number) or known.others.get(number) or known.by_insee.get(number)
        if found is not None:
            return [found]
        heirs = density.heirs_of(number, known.became)
        if not heirs & known.by_insee.keys():
            self.unknown.append(number)
        return [known.by_insee[each] for each in sorted(heirs) if each in known.by_insee]

    def write(self) -> None:
        if self.new:
            session.execute(sa.insert(Territory), self.new)
        for territory, values in self.values:
            for name, value in values.items():
                setattr(territory, name, value)
        session.flush()
        if self.members:
            session.execute(sa.delete(GroupingMember).where(GroupingMember.grouping_id.in_(self.members)))
            pairs = [(here, member) for here, members in self.members.items() for member in sorted(members)]
            session.execute(
                sa.insert(GroupingMember), [{"grouping_id": here, "member_id": member} for here, member in pairs]
            )
        density.spread()
