"""The database: its session, its columns of time, and where a unit of work begins and ends.

Reads run in a plain transaction. What writes begins as a writer (`BEGIN IMMEDIATE` on SQLite), because SQLite has
one writer and a transaction that turns from reader to writer half-way can be refused.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import flask
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.sql.functions import FunctionElement

from fediterr.core import ids

_writing: ContextVar[bool] = ContextVar("writing", default=False)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC, on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: Moment,
            str: sa.Text,
            dict[str, Any]: sa.JSON,
            list[Any]: sa.JSON,
            int: sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
session = db.session

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class Identified:
    """A table whose rows are numbered in order of time."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=ids.new)


class db_now(FunctionElement[datetime]):  # noqa: N801 (reads like a function of SQL)
    """The clock of the database: leases use it, since clocks of several machines differ."""

    type = Moment()
    inherit_cache = True


@compiles(db_now, "sqlite")
def _sqlite_now(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(db_now, "postgresql")
def _postgresql_now(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "clock_timestamp()"


class db_in(FunctionElement[datetime]):  # noqa: N801
    """The clock of the database, so many whole seconds from now: `db_in(30)`."""

    type = Moment()
    inherit_cache = True

    def __init__(self, seconds: int) -> None:
        super().__init__(sa.literal(seconds, sa.Integer))


@compiles(db_in, "sqlite")
def _sqlite_in(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {compiler.process(element.clauses, **kw)} || ' seconds')"


@compiles(db_in, "postgresql")
def _postgresql_in(element: Any, compiler: Any, **kw: Any) -> str:
    return f"(clock_timestamp() + {compiler.process(element.clauses, **kw)} * interval '1 second')"


def prepare(engine: Engine) -> None:
    """Give each SQLite connection what durability and order ask for; other databases bring it.

    PostgreSQL is asked not to compile its plans: that takes a second for questions answered in some milliseconds.
    """
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _without_compiler)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=15000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-8000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    queue = f"{engine.url.database}-writers" if engine.url.database else ""

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if _writing.get() and queue:
            connection.info["turn"] = _wait_for_turn(queue)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")

    @event.listens_for(engine, "checkin")
    def _leave(_connection: Any, record: Any) -> None:
        if (turn := record.info.pop("turn", None)) is not None:
            os.close(turn)


def _without_compiler(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    connection.commit()


def _wait_for_turn(queue: str) -> int:
    """Wait until no other process or thread writes; the file that holds the turn, to be closed afterwards.

    SQLite by itself asks again and again, at longer and longer intervals: who comes often is always served, who waits
    long seldom. A lock of the system wakes those who wait as soon as it is free.
    """
    file = os.open(queue, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def give_way() -> None:
    """Between two batches: whoever waits to write may come first."""
    if dialect() == "sqlite":
        time.sleep(0.001)


def begin_writing() -> None:
    """What follows in this context writes: forget a reading transaction and begin as a writer at the next question."""
    session.rollback()
    _writing.set(True)


def end() -> None:
    """Leave the unit of work without keeping anything that was not committed."""
    session.rollback()
    _writing.set(False)


def commit() -> None:
    """Keep the unit of work; hints to the workers leave right after (see `jobs`)."""
    session.commit()
    _writing.set(False)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work: begins as a writer, ends with one commit, or with nothing at all.

    Inside another one it is part of it.
    """
    if _writing.get():
        yield
        return
    begin_writing()
    try:
        yield
        commit()
    finally:
        end()


@contextmanager
def aside() -> Iterator[None]:
    """Step out of the unit of work, for a talk with another server: no lock is held while the network is slow.

    What was changed before must have been committed: it would be forgotten here, so that is refused.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a talk with another server in the middle of a change")
    was_writing = _writing.get()
    end()
    try:
        yield
    finally:
        end()
        _writing.set(was_writing)


@contextmanager
def glance() -> Iterator[sa.Connection]:
    """A connection to read something with, beside the unit of work: it waits for no writer and is part of nothing."""
    token = _writing.set(False)
    try:
        with db.engine.connect() as connection:
            yield connection
    finally:
        _writing.reset(token)


def exclusive(name: str) -> None:
    """Wait until no other transaction holds `name`; it is let go with this transaction, however that ends."""
    if dialect() == "postgresql":  # SQLite has one writer anyway
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))


def dialect() -> str:
    return db.engine.dialect.name


def size() -> int:
    """Bytes that the database takes on its disk."""
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    asked = "SELECT pg_database_size(current_database())" if dialect() == "postgresql" else pages
    return int(session.scalar(sa.text(asked)) or 0)


def insert_once(model: type[Model], values: dict[str, Any] | list[dict[str, Any]]) -> int:
    """Insert rows, passing over those that are there already (by any unique key); how many were new.

    Rows are parameters of one statement, which is compiled once however many they are.
    """
    keys = list(model.__table__.primary_key)
    insert = _insert(model).on_conflict_do_nothing().returning(*keys)
    return len(session.execute(insert, values if isinstance(values, list) else [values]).all())


def upsert(model: type[Model], rows: list[dict[str, Any]], change: dict[str, Callable[[Any], Any]]) -> None:
    """Insert rows; one that is there already (by its primary key) has these columns changed.

    Each change is a function of the row that was to be inserted.
    """
    insert = _insert(model)
    keys = [column.name for column in model.__table__.primary_key]
    values = {name: make(insert.excluded) for name, make in change.items()}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=values), rows)


def _insert(model: type[Model]) -> Any:
    table: Any = model.__table__
    return postgresql.insert(table) if dialect() == "postgresql" else sqlite.insert(table)


def init(app: flask.Flask) -> None:
    """Join the database to an application."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
