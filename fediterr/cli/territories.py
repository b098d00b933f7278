"""Commands about the directory of territories."""

import click

from fediterr.cli import context
from fediterr.territories import directory


@click.group()
def territories() -> None:
    """The directory of territories: load, import, compare."""


@territories.command()
@click.argument("code")
@click.pass_context
def show(ctx: click.Context, code: str) -> None:
    """Print what is known of the territory with that CODE (INSEE, D29, R53, or a SIREN)."""
    with context.application(ctx):
        found = directory.get(code)
        click.echo(f"{found.code}\t{found.kind}\t{found.name}\t{found.population or ''}")
