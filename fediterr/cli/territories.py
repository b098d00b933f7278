"""Commands about the directory of territories."""

import sys

import click

from fediterr.cli import context, territory_imports
from fediterr.core import db
from fediterr.territories import directory, loading, register


@click.group()
def territories() -> None:
    """The directory of territories: load, import, compare."""


@territories.command()
@click.pass_context
def load(ctx: click.Context) -> None:
    """Bring the directory to the state of the data that came with this version; what was imported is kept.

    Territories that are no more stay, with the day of their end, and lead on to what they became. Running it twice
    changes nothing.
    """
    with context.application(ctx):
        bar = click.progressbar(length=register.count("territories"), label="Territories", file=sys.stderr)
        with bar, db.transaction():
            loaded = loading.load(bar.update)
        click.echo(
            f"{loaded.total} territories: {loaded.new} new, {loaded.changed} changed, {loaded.same} as they were; "
            f"{loaded.ended} ended, {loaded.relinked} accounts led on."
        )
        click.echo(f"{register.manifest()['licence']}: {'; '.join(loading.SOURCES)}.")


@territories.command()
@click.argument("code")
@click.pass_context
def show(ctx: click.Context, code: str) -> None:
    """Print what is known of the territory with that CODE (INSEE, D29, R53, or a SIREN)."""
    with context.application(ctx):
        found = directory.get(code)
        click.echo(f"{found.code}\t{found.kind}\t{found.name}\t{found.population or ''}")


for command in territory_imports.COMMANDS:
    territories.add_command(command)
