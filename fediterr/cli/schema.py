"""The database as the code wants it: bringing it there, and telling whether it is."""

import click
import flask_migrate
from flask import Flask

from fediterr.cli import context
from fediterr.core import errors
from fediterr.core import schema as wanted


@click.command()
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the database to what this version needs (`serve` does it by itself)."""
    app = context.make_app(ctx)
    upgrade(app)
    with app.app_context():
        click.echo(f"The database is at revision {', '.join(sorted(wanted.heads()))}.")


def upgrade(app: Flask) -> None:
    """Run the migrations that are missing; one that was killed half-way is run again."""
    with app.app_context():
        if not wanted.is_current():
            flask_migrate.upgrade()


def require_current(app: Flask) -> None:
    """Raise Conflict if the schema is not the one of this version."""
    with app.app_context():
        current = wanted.is_current()
    if not current:
        raise errors.Conflict("The database is not at the revision this version needs: run `fediterr migrate`.")
