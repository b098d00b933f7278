"""Bring the directory to the state of the packaged data: once at first run, and once a year with a new version.

What was imported beside them (densities, competences, syndicates, zones) stays as it is, and so does every id.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from fediterr.core import db, jobs, site
from fediterr.core.db import session
from fediterr.territories import density, directory, register, search, spelling, successions
from fediterr.territories.models import GroupingMember, Outline, Territory

BATCH = 2_000  # rows of one statement
REGISTER = "register"  # the source that tells which territories are ours to end

# To be shown wherever these data are: what they are made of and by whom, under the Licence Ouverte 2.0.
SOURCES: list[str] = register.manifest()["attributions"]
CREDIT = " · ".join(SOURCES)

Progress = Callable[[int], None]  # is told how many more territories are done
Row = dict[str, Any]


@dataclass
class Loaded:
    """What a loading changed: territories by what happened to them, and accounts that stand for another one now."""

    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0
    relinked: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.same


def ensure() -> None:
    """Load the directory if there is none and this server wants one; who asks meanwhile waits until it is there."""
    if not session.scalar(sa.select(is_due())):
        return
    with db.transaction():
        db.exclusive("directory")
        if directory.is_empty():
            load()


def is_due() -> sa.ColumnElement[bool]:
    """Whether the directory is to be loaded, as a condition."""
    return sa.literal(site.settings().directory_load) & ~sa.exists(sa.select(Territory.id))


def load(progress: Progress | None = None) -> Loaded:
    """Write what is new, change what differs, end what is no more. Twice, it changes nothing."""
    db.exclusive("directory")
    loaded = Loaded()
    known = _known()
    packaged = {row["code"]: row for row in register.territories()}
    succeeded = _inferred(known, packaged)
    _free_numbers(known, packaged)
    _write_territories(known, packaged, loaded, progress or (lambda _count: None))
    _write_former(known, packaged)
    identifiers = dict(session.execute(sa.select(Territory.code, Territory.id)).all())
    _write_outlines(identifiers)
    _write_memberships(identifiers, packaged)
    successions.record([*register.successions(), *succeeded])
    loaded.ended = successions.end(_gone(known, packaged), register.begins_on())
    successions.pass_on_memberships()
    loaded.relinked = successions.relink()
    session.expire_all()
    if loaded.new or loaded.changed or loaded.ended:
        if known:  # what was imported is spread over other communes now
            density.spread()
        search.refile_all()
        jobs.later("twins")
    return loaded


# --- territories ----------------------------------------------------------------------------------------------------


def _known() -> dict[str, Row]:
    columns = Territory.__table__.columns
    return {row["code"]: dict(row) for row in session.execute(sa.select(*columns)).mappings()}


def _gone(known: dict[str, Row], packaged: dict[str, Row]) -> list[str]:
    """Those that an older version of the data had, and are no more."""
    ours = (row for row in known.values() if REGISTER in row["sources"] and row["ended_on"] is None)
    return sorted(row["code"] for row in ours if row["code"] not in packaged)


def _free_numbers(known: dict[str, Row], packaged: dict[str, Row]) -> None:
    """Take a SIREN from the territory that has it no more, before another one gets it."""
    holders = {row["siren"]: row["code"] for row in packaged.values() if row["siren"]}
    for row in known.values():
        if row["siren"] and holders.get(row["siren"], row["code"]) != row["code"]:
            session.execute(sa.update(Territory).where(Territory.id == row["id"]).values(siren=None))
            row["siren"] = None


def _write_territories(known: dict[str, Row], packaged: dict[str, Row], loaded: Loaded, progress: Progress) -> None:
    for rows in _batches(list(packaged.values())):
        new = [row for row in rows if row["code"] not in known]
        merged = [_merged(known[row["code"]], row) for row in rows if row["code"] in known]
        changed = [row for row in merged if row is not None]
        _insert(Territory, new)
        if changed:
            session.execute(sa.update(Territory), changed)
        loaded.new += len(new)
        loaded.changed += len(changed)
        loaded.same += len(merged) - len(changed)
        progress(len(rows))


def _write_former(known: dict[str, Row], packaged: dict[str, Row]) -> None:
    """Communes that were merged before our data begin, so that they are called, and found, by their names."""
    kept = ("kind", "department", "departments", "region", "zones")
    rows = {
        code: {name: packaged[successor][name] for name in kept}
        | {"code": code, "insee_code": code, "name": name, "sought": spelling.sought(name)}
        | {"sources": {}, "ended_on": register.begins_on()}
        for code, successor, name in register.former()
        if code not in known and successor in packaged
    }
    for batch in _batches(list(rows.values())):
        _insert(Territory, batch)


def _merged(before: Row, row: Row) -> Row | None:
    """What differs now, with the id; the zones and sources of what was imported are kept. None: nothing."""
    zones = [zone for zone in before["zones"] if zone != register.OVERSEAS] + row["zones"]
    ended_on = before["ended_on"]  # what is told of the time after these data is kept
    if ended_on is not None and ended_on < register.begins_on():
        ended_on = None  # it was restored
    now = {**row, "zones": zones, "sources": before["sources"] | row["sources"], "ended_on": ended_on}
    if row["siren"] is None:
        del now["siren"]  # these data know it of few departments and regions: one that was imported is better
    if all(before[name] == value for name, value in now.items()):
        return None
    return {**now, "id": before["id"]}


def _insert(model: type[db.Model], rows: Sequence[Row]) -> None:
    """Without objects: there are many rows."""
    table: Any = model.__table__
    if rows:
        session.execute(sa.insert(table), list(rows))


# --- what hangs on them ---------------------------------------------------------------------------------------------


def _write_outlines(identifiers: dict[str, int]) -> None:
    table = Outline.__table__
    packaged = register.outlines()
    while codes := list(islice(packaged, BATCH)):
        rows = [{"territory_id": identifiers[row.pop("code")], **row} for row in codes]
        wanted = sa.select(*table.columns).where(table.c.territory_id.in_([row["territory_id"] for row in rows]))
        known = {row["territory_id"]: dict(row) for row in session.execute(wanted).mappings()}
        differing = [row for row in rows if known.get(row["territory_id"]) != row]
        replaced = [row["territory_id"] for row in differing if row["territory_id"] in known]
        session.execute(sa.delete(Outline).where(Outline.territory_id.in_(replaced)))
        _insert(Outline, differing)


def _write_memberships(identifiers: dict[str, int], packaged: dict[str, Row]) -> None:
    """Of the packaged groupings; those of imported ones are not ours."""
    ours = {identifiers[code] for code in packaged}
    pairs = session.execute(sa.select(GroupingMember.grouping_id, GroupingMember.member_id))
    known = {(grouping, member) for grouping, member in pairs if grouping in ours}
    now = {(identifiers[grouping], identifiers[member]) for grouping, member in register.memberships()}
    for grouping, member in known - now:
        session.execute(
            sa.delete(GroupingMember).where(GroupingMember.grouping_id == grouping, GroupingMember.member_id == member)
        )
    for rows in _batches(sorted(now - known)):
        _insert(GroupingMember, [{"grouping_id": grouping, "member_id": member} for grouping, member in rows])


def _inferred(known: dict[str, Row], packaged: dict[str, Row]) -> list[Row]:
    """What became of groupings that are no more: their members tell, by where they are now."""
    gone = [code for code in _gone(known, packaged) if known[code]["kind"] != "COM"]
    if not gone:
        return []
    codes = {row["id"]: row["code"] for row in known.values()}
    became = {row["code"]: row["successor"] for row in register.successions()}
    former: dict[str, set[str]] = {}
    for grouping, member in session.execute(sa.select(GroupingMember.grouping_id, GroupingMember.member_id)):
        code = codes[member]
        former.setdefault(codes[grouping], set()).add(code if code in packaged else became.get(code, code))
    return successions.infer({code: former.get(code, set()) for code in gone}, _current(packaged), register.begins_on())


def _current(packaged: dict[str, Row]) -> Iterable[tuple[str, str]]:
    """Which grouping with taxes of its own each commune is in now."""
    return ((grouping, member) for grouping, member in register.memberships() if packaged[grouping]["tax_regime"])


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
