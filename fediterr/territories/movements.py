"""What became of territories, from files: the movements of communes by INSEE, or a plain list of codes.

The plain list has the columns code, successor, reason (merger, rename, split, dissolution) and date.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from fediterr.core import errors
from fediterr.core.db import session
from fediterr.territories import register, successions, tables
from fediterr.territories.bringing import Prepared, Summary
from fediterr.territories.models import Succession, Territory
from fediterr.territories.successions import Reason

WHAT = "successions"
SOURCE = "INSEE, mouvements de communes"
NAMES = {
    "code": ("code", "ancien code", "code avant"),
    "successor": ("successor", "successeur", "nouveau code", "code apres"),
    "reason": ("reason", "raison", "motif"),
    "day": ("date", "date eff", "date d effet", "happened on"),
    "movement": ("mod",),
    "before": ("com av",),
    "after": ("com ap",),
    "kind_before": ("typecom av",),
    "kind_after": ("typecom ap",),
}
# What INSEE numbers so; the other movements (a name, a commune restored or made anew) end no code.
MOVEMENTS = {
    "30": Reason.SPLIT,
    "31": Reason.MERGER,
    "32": Reason.MERGER,
    "33": Reason.MERGER,
    "41": Reason.RENAME,
    "50": Reason.RENAME,
}
COMMUNE = "COM"

Row = dict[str, Any]


def prepare(data: bytes, filename: str, vintage: str = "", progress: tables.Progress | None = None) -> Prepared:
    """What a file of successions would change; nothing is written before `write` is called."""
    table = tables.find(data, NAMES, [("code", "successor"), ("movement", "before", "after", "day")], progress)
    is_insee = table.has("movement", "before", "after")
    alive = _alive()
    told = [row for line in table.lines() if (row := _read(line, is_insee=is_insee)) is not None]
    kept = _latest(row for row in told if not (is_insee and _was_restored(row, alive)))
    changed = _new(kept)
    ending = sorted({row["code"] for row in kept if row["code"] in alive})
    unknown = sorted({row["successor"] for row in kept} - alive - {row["code"] for row in kept} - _former())
    year = vintage or tables.vintage(filename, table.above)
    number = len({row["code"] for row in changed} | set(ending))
    summary = Summary(WHAT, SOURCE, year, read=table.read, changed=number, unknown=unknown)
    return Prepared(summary, lambda: _write(kept, ending))


# --- reading --------------------------------------------------------------------------------------------------------


def _read(line: tables.Line, *, is_insee: bool) -> Row | None:
    with tables.reading(line):
        return _movement(line) if is_insee else _plain(line)


def _movement(line: tables.Line) -> Row | None:
    """A line of INSEE; None when it ends the code of no commune."""
    reason = MOVEMENTS.get(line["movement"])
    kinds = {line["kind_before"] or COMMUNE, line["kind_after"] or COMMUNE}
    if reason is None or kinds != {COMMUNE} or line["before"] == line["after"]:
        return None
    return _row(line["before"], line["after"], reason, line["day"])


def _plain(line: tables.Line) -> Row:
    reason = line["reason"] or Reason.MERGER
    if reason not in list(Reason):
        raise errors.Invalid(f"“{reason}” is none of the reasons merger, rename, split, dissolution.")
    return _row(line["code"], line["successor"], Reason(reason), line["day"])


def _row(before: str, after: str, reason: Reason, day: str) -> Row:
    code, successor = _code(before), _code(after)
    if code == successor:
        raise errors.Invalid(f"{code} cannot become itself.")
    return {"code": code, "successor": successor, "reason": reason, "happened_on": _day(day)}


def _code(written: str) -> str:
    """With the zero that spreadsheets take away."""
    code = written.upper()
    if not (code.isascii() and code.isalnum() and 2 <= len(code) <= 9):
        raise errors.Invalid(f"“{written}” is not the code of a territory.")
    return code.zfill(5) if code.isdecimal() and len(code) < 5 else code


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        raise errors.Invalid(f"“{written}” is not a day, such as 2025-01-01.") from None


# --- comparing ------------------------------------------------------------------------------------------------------


def _alive() -> set[str]:
    return set(session.scalars(sa.select(Territory.code).where(Territory.ended_on.is_(None))))


def _former() -> set[str]:
    return set(session.scalars(sa.select(Succession.code).union(sa.select(Territory.code))))


def _was_restored(row: Row, alive: set[str]) -> bool:
    """A code that ended before the state of our data and is among them has come back since."""
    day = row["happened_on"]
    return row["code"] in alive and (day is None or day < register.begins_on())


def _latest(rows: Iterable[Row]) -> list[Row]:
    """One of each pair: a commune may have been merged into another twice."""
    ordered = sorted(rows, key=lambda row: row["happened_on"] or date.min)
    return list({(row["code"], row["successor"]): row for row in ordered}.values())


def _new(rows: list[Row]) -> list[Row]:
    """Those that are not known, or whose day was not."""
    known = {(each.code, each.successor): each.happened_on for each in session.scalars(sa.select(Succession))}
    return [
        row
        for row in rows
        if (pair := (row["code"], row["successor"])) not in known or (known[pair] is None and row["happened_on"])
    ]


def _write(rows: list[Row], ending: list[str]) -> None:
    successions.record(rows)
    successions.end(ending, register.begins_on())
    successions.pass_on_memberships()
    successions.relink()
    session.expire_all()
