"""Finding territories among all of France: 200 questions of every kind, some mistyped, on SQLite or PostgreSQL."""

import argparse
import dataclasses
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import flask_migrate
import sqlalchemy as sa

from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from fediterr.territories import loading, search
from fediterr.territories.facets import Filters
from fediterr.territories.models import Territory

QUESTIONS = 200
KINDS = (
    "whole name", "beginning", "one or two letters", "mistyped", "two words begun", "number", "filters alone", "both",
)  # fmt: skip
FILTERS = (
    Filters(nature="epci"), Filters(nature="COM", band="0"), Filters(density="rural"), Filters(department="29"),
    Filters(region="53", nature="CC"), Filters(network="non", band="3"), Filters(),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite otherwise")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fediterr-territories-") as folder:
        environment = {"FEDITERR_DATA_DIR": folder, "FEDITERR_LOG_LEVEL": "ERROR"}
        made = dataclasses.replace(settings.load(environment), database_url=given.database or "")
        app = create_app(dataclasses.replace(made, data_dir=Path(folder)), queue=jobs.MemoryQueue())
        with app.app_context():
            flask_migrate.upgrade()
            _load()
            measure(given.rounds)
            db.session.remove()
            db.db.engine.dispose()


def _load() -> None:
    with db.transaction():
        loading.load()
    start = time.perf_counter()
    with db.transaction():
        filed = search.refile_all()
    print(f"filed {filed:,} territories in {time.perf_counter() - start:.1f} s")
    if db.dialect() == "postgresql":
        with db.transaction():
            db.session.execute(sa.text("ANALYZE"))


def measure(rounds: int) -> None:
    """The same questions several times over; of each the least, since what the neighbours take is not ours."""
    asked = _questions()
    for what, ask in (("with counts and filters", _found), ("as one types", _suggested)):
        times: dict[str, list[Taken]] = {}
        for kind, words, filters in asked:
            taken = [_timed(ask, words, filters) for _ in range(rounds)]
            times.setdefault(kind, []).append(Taken(*map(min, zip(*taken, strict=True))))
        _tell(what, times)


class Taken(NamedTuple):
    """Milliseconds: by the clock, of the processor for this process, and for the one of PostgreSQL that serves it."""

    clock: float
    processor: float
    postgresql: float


def _found(words: str, filters: Filters) -> None:
    search.find(words, filters)


def _suggested(words: str, _filters: Filters) -> None:
    search.suggest(words)


def _timed(ask: Callable[[str, Filters], None], words: str, filters: Filters) -> Taken:
    db.session.rollback()
    db.session.expunge_all()
    before = _now()
    ask(words, filters)
    return Taken(*(after - begun for begun, after in zip(before, _now(), strict=True)))


def _now() -> tuple[float, float, float]:
    served = Path(f"/proc/{_backend()}/schedstat") if db.dialect() == "postgresql" else None
    served_for = int(served.read_text().split()[0]) / 1e6 if served else 0.0
    return time.perf_counter() * 1000, time.process_time() * 1000, served_for


@cache
def _backend() -> int:
    """The process of PostgreSQL behind the one connection that is used here; on the same machine."""
    return db.session.scalar(sa.select(sa.func.pg_backend_pid())) or 0


def _tell(what: str, times: dict[str, list[Taken]]) -> None:
    every = [taken for some in times.values() for taken in some]
    for kind, some in {"all": every, **times}.items():
        told = ", ".join(f"{name} {_spread([getattr(each, name) for each in some])}" for name in Taken._fields)
        print(f"{what}, {kind}: {told} ms")


def _spread(figures: list[float]) -> str:
    """The median, what 95 of 100 stay under, and the most."""
    ordered = sorted(figures)
    return f"{statistics.median(ordered):.1f} / {ordered[int(len(ordered) * 0.95)]:.1f} / {ordered[-1]:.1f}"


def _questions() -> list[tuple[str, str, Filters]]:
    drawn = random.Random(20)
    known = db.session.execute(sa.select(Territory.name, Territory.code).order_by(Territory.code)).all()
    picked = drawn.sample(known, QUESTIONS)
    return [_question(KINDS[place % len(KINDS)], name, code, drawn) for place, (name, code) in enumerate(picked)]


def _question(kind: str, name: str, code: str, drawn: random.Random) -> tuple[str, str, Filters]:
    filters = drawn.choice(FILTERS) if kind in ("filters alone", "both") else Filters()
    words = {
        "whole name": name, "beginning": name[: drawn.randint(3, 6)], "one or two letters": name[: drawn.randint(1, 2)],
        "mistyped": _mistyped(name, drawn), "number": code[: drawn.randint(2, len(code))], "filters alone": "",
        "two words begun": " ".join(word[:4] for word in reversed(name.split()[:2])), "both": name[-5:],
    }[kind]  # fmt: skip
    return kind, words, filters


def _mistyped(name: str, drawn: random.Random) -> str:
    """With a letter missing, doubled, changed or swapped with the next."""
    place = drawn.randrange(1, max(2, len(name) - 1))
    before, letter, after = name[:place], name[place : place + 1], name[place + 1 :]
    return before + drawn.choice(["", letter * 2, "a", after[:1] + letter]) + after


if __name__ == "__main__":
    main()
