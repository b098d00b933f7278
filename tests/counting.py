"""Counting what a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event

from fediterr.core import db
from tests.fediverse import Server


@contextmanager
def counted(server: Server) -> Iterator[list[str]]:
    """The statements that the database of a server was given meanwhile; not those that come every few seconds."""
    given: list[str] = []

    def note(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")) and "FROM choices" not in statement:
            given.append(statement)

    with server.app.app_context():
        engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield given
    event.remove(engine, "before_cursor_execute", note)
