"""The database as the code wants it: bringing it there, and telling whether it is."""

import click
import flask
import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from fediterr.cli import context
from fediterr.core import db, errors


@click.command()
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the database to what this version needs (`serve` does it by itself)."""
    app = context.make_app(ctx)
    upgrade(app)
    click.echo(f"The database is at revision {', '.join(sorted(_heads(app)))}.")


def upgrade(app: Flask) -> None:
    """Run the migrations that are missing; one that was killed half-way is run again."""
    if is_current(app):
        return
    with app.app_context():
        flask_migrate.upgrade()


def is_current(app: Flask) -> bool:
    """Whether the database has exactly the revision that the code was written for."""
    with app.app_context(), db.db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == _heads(app)


def require_current(app: Flask) -> None:
    """Raise Conflict if the schema is not the one of this version."""
    if not is_current(app):
        raise errors.Conflict("The database is not at the revision this version needs: run `fediterr migrate`.")


def _heads(app: Flask) -> set[str]:
    with app.app_context():
        return set(
            ScriptDirectory.from_config(flask.current_app.extensions["migrate"].migrate.get_config()).get_heads()
        )
