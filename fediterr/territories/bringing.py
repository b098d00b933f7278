"""What every import says before it is carried out: how much was read, what changes, what is not known here."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fediterr.core import errors, siret
from fediterr.territories import tables

TOLD = 10  # of those that are not known, how many are named
FAULTS = 100  # one line in so many may hold a number that is none: official files have some


@dataclass(frozen=True)
class Summary:
    """What a file would change in the directory."""

    what: str
    source: str
    vintage: str
    read: int
    changed: int
    unknown: list[str] = field(default_factory=list)  # codes or words that nothing here answers to
    left_out: list[tuple[int, str]] = field(default_factory=list)  # lines that were passed over, and why

    @property
    def named(self) -> list[str]:
        """The first of those that are not known."""
        return self.unknown[:TOLD]


@dataclass(frozen=True)
class Prepared:
    """A file that was read and compared with what is here; `write` does what it says."""

    summary: Summary
    write: Callable[[], None]


class Faults:
    """The lines whose SIREN cannot be one: passed over and told while they are few, else the file is refused."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []

    def siren(self, line: tables.Line) -> str | None:
        """The SIREN of a line, with the zeros that spreadsheets take away; None when its last digit does not fit."""
        siren = siret.normal(line["siren"]).zfill(siret.SIREN_LENGTH)
        if not (siren.isascii() and siren.isdecimal() and len(siren) == siret.SIREN_LENGTH):
            raise errors.Invalid(f"“{line['siren']}” is not a SIREN (nine digits).")
        if siret.is_siren(siren):
            return siren
        fault = errors.Invalid(f"“{siren}” is not a SIREN: its last digit does not fit.")
        self.lines.append((line.number, fault.message))
        return None

    def judge(self, read: int) -> None:
        """Refuse the file, by its first fault, when there are too many among so many lines."""
        if self.lines and len(self.lines) * FAULTS > read:
            raise tables.WrongLine(*self.lines[0])
