"""The checks at the command line, and before a server starts."""

from collections.abc import Iterator

import click
from flask import Flask

from fediterr.cli import context
from fediterr.core import errors
from fediterr.core.checks import given, series
from fediterr.core.checks.findings import Finding


@click.command("check")
@click.option("--running", is_flag=True, help="Of a server that runs: also its address, its worker, its machine.")
@click.pass_context
def check(ctx: click.Context, *, running: bool) -> None:
    """Prove the settings; print what is wrong and how to mend it."""
    app = context.make_app(ctx)
    with app.app_context():
        found = series.run() if running else {name: list(look()) for name, look in series.SETTINGS.items()}
    wrong = 0
    for name, findings in found.items():
        stopping = [finding for finding in findings or () if finding.stops]
        wrong += len(stopping)
        for finding in findings or ():
            click.echo(f"{name}: {finding.wrong}\n    {finding.mend}", err=finding.stops)
        if not stopping:
            click.echo(f"{name}: {'well' if findings is not None else 'not looked at'}")
    ctx.exit(1 if wrong else 0)


def refuse_to_lose(app: Flask) -> None:
    """Raise Conflict if what is answered could be lost: such a server does not start."""
    with app.app_context():
        for look in (given.check_data_dir, given.check_database):
            for finding in look():
                raise errors.Conflict(f"{finding.wrong} {finding.mend}")


def warnings(app: Flask) -> Iterator[Finding]:
    """What a server starts with all the same, but not in silence."""
    with app.app_context():
        for look in (given.check_broker, given.check_redis, given.check_mail, given.check_address, given.check_secret):
            yield from (finding for finding in look() if finding.stops)
