"""Comparing all EPCI of the packaged directory with each other, and finding the like of others when somebody looks."""

import argparse
import dataclasses
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from fediterr.core.db import session
from fediterr.territories import imports, loading, similarity, twins
from fediterr.territories.models import EPCI, Competence, HeldCompetence, Nature, Territory

CODES = [f"{number}" for number in range(1005, 1005 + 5 * 117, 5)]
HELD = (8, 30)  # competences of an EPCI, when there is no file that tells
LOOKS = 200  # territories of each kind that somebody looks at


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--density", type=Path, help="INSEE's grid; steps drawn by lot otherwise")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fediterr-similarity-") as folder:
        environment = {"FEDITERR_DATA_DIR": folder, "FEDITERR_LOG_LEVEL": "ERROR"}
        made = dataclasses.replace(settings.load(environment), database_url=given.database)
        app = create_app(dataclasses.replace(made, data_dir=Path(folder)), queue=jobs.MemoryQueue())
        with app.app_context():
            flask_migrate.upgrade()
            _furnish(given.density)
            _compare_all()
            _compare_again()
            _look()
            db.session.remove()
            db.db.engine.dispose()


def _furnish(grid: Path | None) -> None:
    """The packaged directory with densities and competences, which are in no package."""
    drawn = random.Random(7)
    with timed("load the packaged directory"), db.transaction():
        loading.load()
    codes = [code for (code,) in session.execute(sa.select(Territory.code).where(Territory.kind == Nature.COMMUNE))]
    lines = "".join(f"{code},{drawn.choices(range(1, 8), (2, 2, 3, 5, 15, 53, 20))[0]}\n" for code in codes)
    data = grid.read_bytes() if grid else f"CODGEO,DENS\n{lines}".encode()
    with timed("import the density grid"), db.transaction():
        imports.carry_out(imports.prepare("density", data, "grid_2024.csv"), data, "grid_2024.csv")
    with db.transaction():
        session.add_all(Competence(code=code, label=code) for code in CODES)
        session.flush()
        for each in session.scalars(sa.select(Territory.id).where(Territory.kind.in_(EPCI))).all():
            held = drawn.sample(CODES, drawn.randint(*HELD))
            session.add_all(HeldCompetence(territory_id=each, code=code) for code in held)


def _compare_all() -> None:
    with timed("compare all EPCI, keep 20 each"):
        number = twins.compute_all()
    pairs = number * (number - 1) // 2
    print(f"  {number} EPCI, {pairs:,} pairs; {session.scalar(sa.text('select count(*) from territory_twins'))} kept")
    everyone = twins.features(Territory.kind.in_(EPCI), Territory.ended_on.is_(None))
    with timed("  of which the comparison itself"):
        similarity.best(everyone, twins.weights(), twins.KEPT)
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most in this process")
    db.end()


def _compare_again() -> None:
    with timed("the same when nothing has changed"):
        assert twins.compute_all() == 0
    db.end()


def _look() -> None:
    drawn = random.Random(11)
    for kind in (Nature.CC, Nature.COMMUNE, Nature.DEPARTMENT):
        listed = list(session.scalars(sa.select(Territory).where(Territory.kind == kind, Territory.ended_on.is_(None))))
        chosen = drawn.sample(listed, min(LOOKS, len(listed)))
        _show(f"twins of one {kind}", [_milliseconds(lambda each=each: twins.of(each)) for each in chosen])
    db.end()


def _milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - began)


def _show(words: str, times: list[float]) -> None:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{words:36} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms")


@contextmanager
def timed(words: str) -> Iterator[None]:
    began, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{words:36} {time.perf_counter() - began:6.1f} s  {time.process_time() - cpu:6.1f} CPU-s")


if __name__ == "__main__":
    main()
