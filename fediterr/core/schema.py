"""Whether the database is as the code wants it."""

import flask
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from fediterr.core import db


def is_current() -> bool:
    """Whether the database has exactly the revision that the code was written for."""
    with db.db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads()


def heads() -> set[str]:
    """The last revisions that the code knows."""
    config = flask.current_app.extensions["migrate"].migrate.get_config()
    return set(ScriptDirectory.from_config(config).get_heads())
