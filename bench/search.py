"""Full text at some size: filing posts, and the time of questions of several kinds, on SQLite or PostgreSQL."""

import argparse
import dataclasses
import itertools
import random
import statistics
import tempfile
import time
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.app import create_app
from fediterr.core import clock, db, ids, jobs, settings
from fediterr.core.paging import Page
from fediterr.social import index, search
from fediterr.social.models import Like, Post

AUTHORS = 200  # half of them indexable
VOCABULARY = 20_000
SYLLABLES = ("ba", "con", "da", "eau", "fi", "gé", "lo", "mé", "na", "or", "pu", "ré", "sta", "tion", "vi", "zo")
ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite otherwise")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fediterr-search-") as folder:
        environment = {"FEDITERR_DATA_DIR": folder, "FEDITERR_LOG_LEVEL": "ERROR"}
        made = dataclasses.replace(settings.load(environment), database_url=given.database or "")
        app = create_app(dataclasses.replace(made, data_dir=Path(folder)), queue=jobs.MemoryQueue())
        with app.app_context():
            flask_migrate.upgrade()
            words = _vocabulary()
            _publish(given.posts, words)
            _file(given.posts)
            _ask(words)
            db.session.remove()
            db.db.engine.dispose()


def _vocabulary() -> list[str]:
    drawn = random.Random(7)
    return ["".join(drawn.choices(SYLLABLES, k=drawn.randint(2, 5))) for _ in range(VOCABULARY)]


def _publish(number: int, words: list[str]) -> None:
    """Posts of 30 words drawn as languages do: the first words of the vocabulary are everywhere, the last nowhere."""
    drawn = random.Random(11)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    with db.transaction():
        people = [accounts.register(f"p{n}", f"p{n}@x.example", "long enough", confirmed=True) for n in range(3)]
        first = people[0].account
        for n in range(3, AUTHORS):
            first_values = {c.name: getattr(first, c.name) for c in first.__table__.columns}
            values = {"id": ids.new(), "name": f"p{n}", "uri": f"https://x.example/{n}", "indexable": n % 2 == 0}
            db.session.execute(sa.insert(type(first)), [first_values | values | {"inbox": f"https://x.example/{n}/in"}])
        authors = list(db.session.scalars(sa.select(type(first).id)))
    for start in range(0, number, 2000):
        rows = []
        for n in range(start, min(number, start + 2000)):
            said = " ".join(drawn.choices(words, cum_weights=weights, k=30))
            identifier = ids.new()
            rows.append(
                {
                    "id": identifier, "uri": f"https://x.example/posts/{n}", "author_id": drawn.choice(authors),
                    "content": f"<p>{said}</p>", "published_at": clock.now(), "thread_id": identifier,
                    "visibility": "public" if n % 10 else "followers", "language": "fr",
                }
            )  # fmt: skip
        with db.transaction():
            db.session.execute(sa.insert(Post), rows)
            likes = [
                {"account_id": people[1].account_id, "post_id": row["id"], "uri": f"{row['uri']}/like"}
                for row in rows[::100]
            ]
            db.session.execute(sa.insert(Like), likes)


def _file(number: int) -> None:
    began, last = time.perf_counter(), 0
    while batch := index.after(last):
        last = batch[-1]
        index.refile(batch)
    spent = time.perf_counter() - began
    print(f"filing {number} posts: {spent:.1f} s, {spent / number * 1e6:.0f} µs each")
    if db.dialect() == "postgresql":
        with db.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _ask(words: list[str]) -> None:
    questions = {
        "a word of every second post": words[2],
        "a word of every hundredth": words[90],
        "a rare word": words[15_000],
        "three frequent words": " ".join(words[:3]),
        "a phrase of frequent words": f'"{words[0]} {words[1]}"',
        "a word, without another": f"{words[5]} -{words[2]}",
        "one's library only": f"{words[2]} in:library",
        "of one person": f"from:p7 {words[2]}",
        "no word at all": "from:p8 has:link",
        "nothing like it": "introuvable",
    }
    me = accounts.local("p1")
    for name, question in questions.items():
        spent = []
        for _ in range(ROUNDS):
            began, worked = time.perf_counter(), time.process_time()
            found = search.posts(me, question, Page(limit=20))
            spent.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
            db.end()
            me = accounts.local("p1")
        elapsed, processor = (statistics.median(column) for column in zip(*spent, strict=True))
        print(f"{name:32} {len(found):3} posts  {elapsed:7.1f} ms, {processor:5.1f} CPU-ms in this process")


if __name__ == "__main__":
    main()
