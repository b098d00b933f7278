"""The tab “Comme nous” at some size: its two questions against the one with both inside, on SQLite or PostgreSQL."""

import argparse
import dataclasses
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.app import create_app
from fediterr.core import clock, db, ids, jobs, settings
from fediterr.core.paging import Page, take
from fediterr.social import timelines
from fediterr.social.models import Post, Visibility
from fediterr.territories import directory
from fediterr.territories.models import Authority, Territory, Twin

TWINS = 20
ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--authors", type=int, default=2_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fediterr-like-us-") as folder:
        environment = {"FEDITERR_DATA_DIR": folder, "FEDITERR_LOG_LEVEL": "ERROR"}
        made = dataclasses.replace(settings.load(environment), database_url=given.database or "")
        app = create_app(dataclasses.replace(made, data_dir=Path(folder)), queue=jobs.MemoryQueue())
        with app.app_context():
            flask_migrate.upgrade()
            _write(given.posts, given.authors)
            _ask()
            db.session.remove()
            db.db.engine.dispose()


def _write(posts: int, authors: int) -> None:
    """Twenty twins with an account each, which wrote little and long ago; all the others wrote all the time."""
    drawn, now = random.Random(3), clock.now()
    with db.transaction():
        first = accounts.register("reader", "reader@x.example", "long enough", confirmed=True).account
        values = {column.name: getattr(first, column.name) for column in Account.__table__.columns}
        numbers = [ids.new() for _ in range(authors)]
        rows = [
            {**values, "id": each, "name": f"a{n}", "uri": f"https://x.example/{n}", "url": f"https://x.example/@{n}"}
            for n, each in enumerate(numbers)
        ]
        db.session.execute(sa.insert(Account), rows)
        places = [Territory(code=f"2{n:08}", kind="CC", name=f"CC {n}") for n in range(TWINS + 1)]
        db.session.add_all(places)
        db.session.flush()
        for rank, place in enumerate(places[1:], 1):
            db.session.add(Twin(territory_id=places[0].id, other_id=place.id, rank=rank, score=0.9))
            db.session.add(Authority(account_id=numbers[rank], territory_id=place.id, verified_at=now))
        db.session.flush()
        common: dict[str, Any] = {"local": False, "visibility": Visibility.PUBLIC, "content": "<p>…</p>"}
        for start in range(0, posts, 5_000):
            written = []
            for number in range(start, min(start + 5_000, posts)):
                author = drawn.choice(numbers[1 : TWINS + 1] if number < 400 else numbers[TWINS + 1 :])
                uri = f"https://x.example/posts/{number}"
                written.append(
                    {**common, "id": ids.new(), "uri": uri, "url": uri, "author_id": author, "published_at": now}
                )
            db.session.execute(sa.insert(Post), written)
    with db.db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


def _ask() -> None:
    me, territory = accounts.local("reader"), directory.get(f"2{0:08}")
    page = Page(limit=20)
    spoken = sa.select(Authority.account_id).join(Twin, Twin.other_id == Authority.territory_id)
    spoken = spoken.where(Twin.territory_id == territory.id)
    said = timelines._said_in_public(me).where(Post.author_id.in_(spoken))  # noqa: SLF001 (what was not built)
    for name, ask in {
        "whole, two questions": lambda: timelines.of_twins(territory, me, page),
        "whole, one question": lambda: timelines.load(take(said, Post.id, page)),
    }.items():
        print(f"{name}\t{_best(ask):.1f} ms")
    authors = db.session.scalars(spoken).all()
    plain = (sa.func.coalesce(Post.visibility, "") == Visibility.PUBLIC, sa.func.coalesce(Post.boost_of_id, 0) == 0)
    for name, where in {
        "ids of the two": timelines._own_words(me).where(Post.author_id.in_(authors), *plain),  # noqa: SLF001
        "ids, by visibility": timelines._said_in_public(me).where(Post.author_id.in_(authors)),  # noqa: SLF001
        "ids of the one": said,
    }.items():
        written = str(
            where.order_by(Post.id.desc()).limit(20).compile(db.db.engine, compile_kwargs={"literal_binds": True})
        )
        print(f"{name}\t{_best(lambda written=written: db.session.execute(sa.text(written)).all()):.1f} ms")


def _best(ask: Callable[[], list[Any]]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert len(ask()) == 20
        taken.append((time.perf_counter() - begun) * 1000)
    return min(taken)


if __name__ == "__main__":
    main()
