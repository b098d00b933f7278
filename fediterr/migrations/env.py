"""How Alembic reaches the database of the running application."""

from alembic import context
from flask import current_app

target = current_app.extensions["migrate"].db


def migrate() -> None:
    """Each revision in a transaction of its own, so that a killed migration begins again where it was."""
    with target.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
