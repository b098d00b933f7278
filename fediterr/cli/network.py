"""Commands about the other servers of the network: which there are, and getting to know one."""

import click

from fediterr.activitypub import directories
from fediterr.cli import context


@click.command()
@click.pass_context
def peers(ctx: click.Context) -> None:
    """One line for each server that runs fediterr: host, territory, authorities listed, last read, what went wrong."""
    with context.application(ctx):
        for each in directories.peers():
            read_at = f"{each.read_at:%Y-%m-%d %H:%M}" if each.read_at else ""
            click.echo(f"{each.host}\t{each.territory or ''}\t{each.listed}\t{read_at}\t{each.problem or ''}")


@click.command()
@click.argument("host")
@click.pass_context
def meet(ctx: click.Context, host: str) -> None:
    """Ask HOST what runs there: if it is fediterr, its authorities come into the directory."""
    with context.changes(ctx):
        directories.meet(host.strip().lower())
        click.echo(f"{host} is asked.")
