"""Commands about the index by which posts are found."""

import sys

import click

from fediterr.cli import context
from fediterr.core import db
from fediterr.social import index


@click.group()
def search() -> None:
    """The index by which posts are found by their words."""


@search.command()
@click.option("--missing", is_flag=True, help="Only posts that are not in the index (upkeep does it every hour).")
@click.pass_context
def reindex(ctx: click.Context, missing: bool) -> None:
    """File all posts anew; search goes on meanwhile, and running it twice does no harm."""
    with context.application(ctx):
        total, last = index.count(missing=missing), 0
        with click.progressbar(length=total, label="Posts", file=sys.stderr) as bar:
            while batch := (index.missing(index.BATCH) if missing else index.after(last)):
                last = batch[-1]
                index.refile(batch)
                db.give_way()
                bar.update(len(batch))
        click.echo(f"{total} posts filed.")
