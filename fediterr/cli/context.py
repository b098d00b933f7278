"""What every command begins with: the settings and the application, or one clear sentence and an exit code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import Flask

from fediterr.accounts.models import User
from fediterr.core import broker, db, errors, jobs, logs
from fediterr.core import settings as core_settings
from fediterr.core.settings import Settings

Factory = Callable[[Settings], Flask]


class WrongSettings(click.ClickException):
    """A setting is wrong or unknown: exit 2, like a wrong option."""

    exit_code = 2


def load_settings() -> Settings:
    """The settings of this process, with its log set up; a server on loopback may talk with others on loopback."""
    try:
        settings = core_settings.load().with_loopback_allowed()
    except errors.Invalid as problem:
        raise WrongSettings(problem.message) from problem
    logs.configure(settings)
    return settings


def make_app(context: click.Context, settings: Settings | None = None) -> Flask:
    """The application, by the factory that `fediterr.app` gives to the command line."""
    factory: Factory = context.find_root().obj
    return factory(settings or load_settings())


@contextmanager
def application(context: click.Context) -> Iterator[Flask]:
    """The application for one command: what it changes is one unit of work, and its hints leave before it ends."""
    app = make_app(context)
    with app.app_context():
        try:
            _require_tables()
            yield app
            flush(app)
        finally:
            db.session.remove()
            db.db.engine.dispose()


def _require_tables() -> None:
    if not sa.inspect(db.db.engine).has_table(User.__tablename__):
        raise errors.Conflict("The database is empty: run `fediterr migrate` first, or `fediterr serve`.")


@contextmanager
def changes(context: click.Context) -> Iterator[Flask]:
    """As `application`, for a command that only changes things here."""
    with application(context) as app, db.transaction():
        yield app


def flush(app: Flask) -> None:
    """Let the hints of this process leave; if the broker is away, upkeep finds the work all the same."""
    queue = app.extensions[jobs.EXTENSION]
    if isinstance(queue, broker.CeleryQueue):
        queue.flush()
