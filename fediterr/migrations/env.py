"""How Alembic reaches the database of the running application."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

target = current_app.extensions["migrate"].db
LOCK = sa.func.hashtext("fediterr migrations")


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The tables in which SQLite keeps its full text are its own affair."""
    return not (kind == "table" and str(name).startswith("search_index"))


def migrate() -> None:
    """Each revision in a transaction of its own, so that a killed migration begins again where it was.

    On PostgreSQL two machines that start together take turns.
    """
    with target.engine.connect() as connection:
        shared = connection.dialect.name == "postgresql"
        if shared:
            connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
            connection.commit()
        try:
            context.configure(
                connection=connection,
                target_metadata=target.metadata,
                render_as_batch=True,
                transaction_per_migration=True,
                compare_type=False,
                include_name=is_ours,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if shared:
                connection.rollback()
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
                connection.commit()


migrate()
