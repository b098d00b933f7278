"""The index of the directory: filing territories under the words of their names, with what lists are narrowed by."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from fediterr.core import db
from fediterr.core.db import Model, session
from fediterr.territories import facets, spelling
from fediterr.territories.models import SYNDICATES, Entry, Kinship, NameWord, Nature, Succession, Territory, WordPiece

BATCH = 500  # territories filed anew at once
WRITTEN = 20_000  # rows written at once
TOGETHER = "="  # before the words of a name that are run together
LONGEST = 20  # letters of words that are found when they are mistyped

# What a nature is called besides the words of a name.
CALLED: dict[str, tuple[str, ...]] = {
    Nature.CC: ("cc", "communaute", "communes"),
    Nature.CA: ("ca", "communaute", "agglomeration"),
    Nature.CU: ("cu", "communaute", "urbaine"),
    Nature.METROPOLE: ("metropole",),
    Nature.LYON: ("metropole",),
    Nature.EPT: ("ept", "etablissement", "territorial"),
    Nature.DEPARTMENT: ("departement",),
    Nature.REGION: ("region",),
    **{nature: ("syndicat", nature.lower()) for nature in SYNDICATES},
}

_SHOWN = (
    Territory.id, Territory.kind, Territory.insee_code, Territory.name, Territory.population, Territory.density7,
    Territory.department, Territory.departments, Territory.region,
)  # fmt: skip


def refile_all() -> int:
    """File all territories anew; how many there are. Some seconds for the whole of France."""
    for model in (Entry, NameWord, WordPiece):
        session.execute(sa.delete(model))
    filed = _file(sa.select(*_SHOWN).where(Territory.ended_on.is_(None)), _former_names())
    _count()
    return filed


def refile(identifiers: Iterable[int]) -> None:
    """File these territories anew: their names, numbers or natures are others now, or they are no more."""
    wanted = sorted(set(identifiers))
    former = _former_names()
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for model in (Entry, NameWord):
            session.execute(sa.delete(model).where(model.territory_id.in_(some)))
        _file(sa.select(*_SHOWN).where(Territory.ended_on.is_(None), Territory.id.in_(some)), former)
    _count()


def _file(wanted: sa.Select[Any], former: dict[str, list[str]]) -> int:
    found = session.execute(wanted).all()
    names = {each.id: (each.name, *former.get(each.insee_code or "", ())) for each in found}
    _fill(Entry, (_entry(each) for each in found))
    _fill(NameWord, ((word, each.id) for each in found for word in _words(each, names[each.id])))
    written = {word for each in names.values() for name in each for word in spelling.telling(name)}
    known = sorted(word for word in written if word.isalpha() and 3 <= len(word) <= LONGEST)
    _fill(WordPiece, ((piece, word) for word in known for piece in spelling.pieces(word)))
    return len(found)


def _former_names() -> dict[str, list[str]]:
    """The names of what is no more, by the code of what became of it: it is found by them still."""
    wanted = sa.select(Succession.successor, Territory.name).join(Territory, Territory.code == Succession.code)
    names: dict[str, list[str]] = {}
    for successor, name in session.execute(wanted):
        names.setdefault(successor, []).append(name)
    return names


def _entry(row: Any) -> tuple[Any, ...]:
    departments = row.departments or ([row.department] if row.department else [])
    departments = [] if row.kind == Nature.REGION else departments  # it holds them, it does not lie in them
    listed = "".join(f" {each}" for each in departments) + " "
    alike = (row.kind, facets.band_of(row.population), row.density7 or facets.UNKNOWN, listed, row.region or "")
    core, number = " ".join(spelling.core(row.name)), (row.insee_code or "").lower()
    return row.id, core, number, *alike, row.population or 0, _kin(alike)


def _kin(alike: tuple[Any, ...]) -> int:
    """A number that stands for these values, whoever files them and when."""
    return int.from_bytes(hashlib.blake2b(repr(alike).encode(), digest_size=7).digest())


def _words(row: Any, names: Iterable[str]) -> set[str]:
    """All that a territory is found by: the words of its names, these run together, its nature, its number."""
    found = {*CALLED.get(row.kind, ())}
    for name in names:
        together = map("".join, (spelling.split(name), spelling.read(name), spelling.core(name)))
        found.update(spelling.telling(name), (TOGETHER + each for each in together))
    numbers = [row.insee_code.lower()] if row.insee_code else row.departments
    return found.union(numbers)


def _count() -> None:
    """How many are alike: asked at every search without words, so counted here."""
    session.execute(sa.delete(Kinship))
    alike = (Entry.nature, Entry.band, Entry.density, Entry.departments, Entry.region)
    counted = sa.select(Entry.kin, *map(sa.func.min, alike), sa.func.count()).group_by(Entry.kin)
    session.execute(sa.insert(Kinship).from_select(["id", *(each.key for each in alike), "number"], counted))


def _fill(model: type[Model], rows: Iterator[tuple[Any, ...]]) -> None:
    """Write many rows, those that are not there yet, as fast as the database takes them."""
    table = Model.metadata.tables[model.__tablename__]
    names = ", ".join(table.columns.keys())
    if db.dialect() == "postgresql":
        kinds = ("text[]" if isinstance(each.type, sa.Text) else "bigint[]" for each in table.columns)
        arrays = ", ".join(f"CAST(:v{place} AS {kind})" for place, kind in enumerate(kinds))
        insert = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608
        while some := list(islice(rows, WRITTEN)):
            columns = zip(*some, strict=True)
            session.execute(sa.text(insert), {f"v{place}": list(values) for place, values in enumerate(columns)})
        return
    holes = ", ".join("?" * len(table.columns))
    insert = f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({holes})"  # noqa: S608
    while some := list(islice(rows, WRITTEN)):
        session.connection().exec_driver_sql(insert, some)
