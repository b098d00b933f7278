"""A fresh, migrated database for each server of a story, on SQLite or (FEDITERR_TEST_DATABASE_URL) on PostgreSQL."""

import contextlib
import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from fediterr.app import create_app
from fediterr.core import db, jobs
from fediterr.core.settings import Settings

TEST_URL = os.environ.get("FEDITERR_TEST_DATABASE_URL", "")

# Statements are compiled once for all stories, not once for each of their databases: a quarter of a story went there.
# SQLAlchemy files what it compiled under the dialect, of which each engine has its own: here those of a kind are alike.
_compiled: LRUCache[Any, Any] = LRUCache(5000)
for _kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    _kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign, assignment]
    _kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign, assignment]


def share_compiled(engine: sa.Engine) -> None:
    engine.update_execution_options(compiled_cache=_compiled)


class Databases:
    """Hands out databases; each is as a migration leaves it."""

    def __init__(self, folder: Path, settings: Settings, worker: str) -> None:
        self.folder, self.settings, self.worker = folder, settings, worker
        self.given = 0
        self.free: list[str] = []
        self.template = ""

    def take(self) -> str:
        """The address of a database that nobody uses."""
        if not self.template:
            self.template = self._make_template()
        self.given += 1
        if TEST_URL:
            return self.free.pop() if self.free else self._clone(f"fediterr_test_{self.worker}_{self.given}")
        path = self.folder / f"{self.given}.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def give_back(self, url: str) -> None:
        if TEST_URL:
            self._empty(url)
            self.free.append(url)
        else:
            for path in self.folder.glob(Path(url).name + "*"):
                path.unlink()

    def _make_template(self) -> str:
        if not TEST_URL:
            path = self.folder / "template.db"
            migrate(self.settings, f"sqlite:///{path}")
            return str(path)
        name = f"fediterr_test_{self.worker}_template"
        with self._server() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        migrate(self.settings, self._url(name))
        return name

    def _clone(self, name: str) -> str:
        with self._server() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return self._url(name)

    def _empty(self, url: str) -> None:
        # TRUNCATE makes a new file for each table and index; deleting a few rows costs nothing.
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in db.Base.metadata.tables))
        engine.dispose()

    def drop_all(self) -> None:
        """Leave no database behind."""
        if TEST_URL and self.template:
            names = [self.template, *(f"fediterr_test_{self.worker}_{n}" for n in range(1, self.given + 1))]
            with self._server() as connection:
                for name in names:
                    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return sa.make_url(TEST_URL).set(database=name).render_as_string(hide_password=False)

    @contextlib.contextmanager
    def _server(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(TEST_URL, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def migrate(settings: Settings, url: str) -> None:
    """Bring a database to the newest revision."""
    app = create_app(dataclasses.replace(settings, database_url=url), queue=jobs.MemoryQueue())
    with app.app_context():
        flask_migrate.upgrade()
        db.db.engine.dispose()
