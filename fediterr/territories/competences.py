"""The competences of BANATIC (DGCL): what there is, and which grouping holds what.

Three forms of file are understood: codes with their labels; a line for each competence of a grouping; a line for each
grouping with a column for each competence.
"""

import re
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from fediterr.core import db, errors
from fediterr.core.db import session
from fediterr.territories import tables
from fediterr.territories.bringing import Faults, Prepared, Summary
from fediterr.territories.models import Competence, HeldCompetence, Territory

WHAT = "competences"
SOURCE = "DGCL, BANATIC (compétences)"
NAMES = {
    "siren": (
        "siren", "n siren", "no siren", "numero siren", "n siren du groupement", "siren groupement", "siren epci",
        "siren du groupement",
    ),
    "code": (
        "competencecode", "code", "code competence", "code de la competence", "competence code", "n competence",
        "code competence banatic",
    ),
    "label": (
        "intitule", "libelle", "label", "competence", "intitule de la competence", "libelle competence",
        "libelle de la competence", "nom de la competence",
    ),
    "mode": ("mode", "mode d exercice", "mode de gestion", "exercice"),
}  # fmt: skip
CODE = re.compile(r"C?(\d{4})(?:[\s:.–-]+(\S.*))?", re.IGNORECASE)
YES = {"1", "oui", "o", "x", "vrai", "true", "yes", "y"}
NO = {"", "0", "non", "n", "faux", "false", "no"}
MODES = {
    "exercee": "exercee", "exerce": "exercee", "transferee": "transferee", "transfere": "transferee",
    "partagee": "partagee", "partage": "partagee",
}  # fmt: skip
HELD_AT_ONCE = 500  # groupings named in one statement

Held = dict[str, str]  # the mode by the code


def prepare(data: bytes, filename: str, vintage: str = "", progress: tables.Progress | None = None) -> Prepared:
    """What a file of competences would change; nothing is written before `write` is called."""
    table = tables.find(data, NAMES, [("siren", "code"), ("code", "label"), ("siren",)], progress)
    reading = _Reading(table)
    year = vintage or tables.vintage(filename, table.above)
    count = reading.read()
    labels, held = reading.new_labels(), reading.new_held()
    summary = Summary(WHAT, SOURCE, year, count, len(labels) + len(held), reading.unknown, reading.faults.lines)
    return Prepared(summary, lambda: _write(labels, held, {"source": SOURCE, "vintage": year}))


class _Reading:
    """What the lines of a file say, beside what is here."""

    def __init__(self, table: tables.Table) -> None:
        self.table = table
        known = session.execute(sa.select(Territory.siren, Territory.id).where(Territory.siren.is_not(None)))
        self.before = {each.code: each.label for each in session.scalars(sa.select(Competence))}
        self.ids = {str(siren): number for siren, number in known}
        self.labels: dict[str, str] = {}
        self.held: dict[str, Held] = {}  # by SIREN
        self.faults = Faults()
        self._unknown: dict[str, None] = {}

    def read(self) -> int:
        """Read all lines; how many they were."""
        if not self.table.has("siren"):
            return self._each(self._read_label)
        if self.table.has("code"):
            return self._each(self._read_held)
        columns = self._columns()
        if not columns:
            raise errors.Invalid("No column of this table is a competence: “1030 Éclairage public”.")
        return self._each(lambda line: self._read_wide(line, columns))

    def _each(self, read: Callable[[tables.Line], None]) -> int:
        for line in self.table.lines():
            with tables.reading(line):
                read(line)
        self.faults.judge(self.table.read)
        return self.table.read

    def _read_label(self, line: tables.Line) -> None:
        code, label = _code(line["code"]), line["label"]
        if not label:
            raise errors.Invalid("This line gives no label.")
        if self.labels.setdefault(code, label) != label:
            raise errors.Invalid(f"The competence {code} has two labels.")

    def _read_held(self, line: tables.Line) -> None:
        siren, code, mode = self.faults.siren(line), _code(line["code"]), _mode(line["mode"])
        if line["label"] and code not in self.before:
            self.labels.setdefault(code, line["label"])
        if siren is not None:
            self.held.setdefault(siren, {})[code] = mode

    def _columns(self) -> dict[int, str]:
        """The competence that each column is about, by its code or its label."""
        by_label = {tables.plain(label): code for code, label in self.before.items()}
        found = {}
        for place, head in enumerate(self.table.header):
            if match := CODE.fullmatch(head):
                found[place] = match[1]
                if match[2] and match[1] not in self.before:
                    self.labels[match[1]] = match[2]
            elif code := by_label.get(tables.plain(head)):
                found[place] = code
        return found

    def _read_wide(self, line: tables.Line, columns: Mapping[int, str]) -> None:
        siren = self.faults.siren(line)
        held = self.held.setdefault(siren, {}) if siren is not None else {}
        for place, code in columns.items():
            mark = tables.plain(line.at(place))
            if mark in YES or mark in MODES:
                held[code] = MODES.get(mark, "")
            elif mark not in NO:
                raise errors.Invalid(f"“{line.at(place)}” says neither yes nor no.")

    # --- comparing -------------------------------------------------------------------------------------------------

    def new_labels(self) -> list[dict[str, str]]:
        return [{"code": code, "label": label} for code, label in self.labels.items() if self.before.get(code) != label]

    def new_held(self) -> dict[int, Held]:
        """What groupings hold, where that is not what is here."""
        here: dict[int, Held] = {}
        for holder, code, mode in session.execute(sa.select(*HeldCompetence.__table__.columns)):
            here.setdefault(holder, {})[code] = mode
        found = {}
        for siren, held in self.held.items():
            holder = self.ids.get(siren)
            after = {code: mode for code, mode in held.items() if self._is_known(code)}
            if holder is None:
                self._unknown[siren] = None
            elif after != here.get(holder, {}):
                found[holder] = after
        return found

    def _is_known(self, code: str) -> bool:
        if code in self.before or code in self.labels:
            return True
        self._unknown[code] = None
        return False

    @property
    def unknown(self) -> list[str]:
        return list(self._unknown)


def _code(written: str) -> str:
    match = CODE.fullmatch(written)
    if match is None:
        raise errors.Invalid(f"“{written}” is not the code of a competence (four digits).")
    return match[1]


def _mode(written: str) -> str:
    mode = tables.plain(written)
    if mode and mode not in MODES:
        raise errors.Invalid(f"“{written}” is not a way to hold a competence: exercée, transférée, partagée.")
    return MODES.get(mode, "")


def _write(labels: list[dict[str, str]], held: Mapping[int, Held], source: dict[str, str]) -> None:
    if labels:
        db.upsert(Competence, labels, {"label": lambda row: row.label})
    holders = list(held)
    for start in range(0, len(holders), HELD_AT_ONCE):
        some = holders[start : start + HELD_AT_ONCE]
        session.execute(sa.delete(HeldCompetence).where(HeldCompetence.territory_id.in_(some)))
        rows = [
            {"territory_id": holder, "code": code, "mode": mode}
            for holder in some for code, mode in sorted(held[holder].items())
        ]  # fmt: skip
        if rows:
            session.execute(sa.insert(HeldCompetence), rows)
        for territory in session.scalars(sa.select(Territory).where(Territory.id.in_(some))):
            territory.sources = {**territory.sources, WHAT: source}
    session.flush()
