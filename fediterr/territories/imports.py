"""Files that complete the directory, each by the verb that reads its kind: looked at first, carried out then."""

import hashlib
import types
from collections.abc import Collection

import sqlalchemy as sa

from fediterr.core import clock, errors, jobs, storage
from fediterr.core.db import session
from fediterr.territories import competences, density, directory, groupings, movements, search, tables
from fediterr.territories.bringing import Prepared, Summary
from fediterr.territories.models import Source

KINDS: dict[str, types.ModuleType] = {each.WHAT: each for each in (density, groupings, competences, movements)}
YEAR = range(1990, 2101)


def prepare(
    what: str, data: bytes, filename: str, vintage: str = "", progress: tables.Progress | None = None
) -> Prepared:
    """What a file would change in the directory; Invalid or TooLarge when it cannot be read, with the line."""
    if what not in KINDS:
        raise errors.Invalid(f"There is no import of {what}.")
    if vintage and not (vintage.isdecimal() and int(vintage) in YEAR):
        raise errors.Invalid("The vintage is a year, such as 2024.")
    if what != competences.WHAT and directory.is_empty():
        raise errors.Conflict("The directory of territories is empty: load it first.")
    prepared: Prepared = KINDS[what].prepare(data, filename, vintage, progress)
    return prepared


def carry_out(prepared: Prepared, data: bytes, filename: str) -> Summary:
    """Do what a file says, all of it; who is like whom is computed anew afterwards."""
    summary = prepared.summary
    kept = session.get(Source, summary.what)
    digest = hashlib.sha256(data).hexdigest()
    if summary.changed or kept is None or kept.digest != digest:
        prepared.write()
        search.refile_all()
        note(summary.what, summary.source, summary.vintage, filename=filename, digest=digest, lines=summary.read)
        jobs.later("twins")
    return summary


def lay_by(data: bytes) -> str:
    """Keep a file that was looked at until somebody says yes; a name to ask for it by."""
    with storage.draft(storage.BROUGHT) as file:
        file.write(data)
        return file.keep("table")


def laid_by(name: str) -> bytes:
    """A file that was kept so. Raises NotFound, also when nobody said yes for a day."""
    return storage.find(name, storage.BROUGHT).read_bytes()


def let_go(name: str) -> None:
    storage.discard(name, storage.BROUGHT)


def sweep(shelves: Collection[str]) -> None:
    """Let go of the files that nobody said yes to for a day."""
    storage.sweep(shelves, lambda _names: (), storage.BROUGHT)


def note(what: str, source: str, vintage: str = "", *, filename: str = "", digest: str = "", lines: int = 0) -> None:
    """Write down what was brought in, instead of what was said of it before."""
    told = {"what": what, "source": source, "vintage": vintage, "filename": filename, "digest": digest}
    session.merge(Source(**told, lines=lines, brought_at=clock.now()))
    session.flush()


def brought() -> dict[str, Source]:
    """What was brought in last of each kind."""
    return {each.what: each for each in session.scalars(sa.select(Source))}
