"""Commands about the custom emojis of this server."""

from pathlib import Path

import click

from fediterr.cli import context
from fediterr.core import db
from fediterr.moderation import custom_emojis
from fediterr.social import emojis, media


@click.group()
def emoji() -> None:
    """Custom emojis, written :shortcode: in a text: add, remove, list."""


@emoji.command()
@click.argument("shortcode")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--category", default="", help="Under which applications show it.")
@click.pass_context
def add(ctx: click.Context, shortcode: str, file: Path, category: str) -> None:
    """Give the picture in FILE the name SHORTCODE, in place of one that has it."""
    with context.application(ctx):
        kept = media.keep(file.read_bytes(), file.name)
        with db.transaction():
            custom_emojis.put(None, shortcode, kept, category)


@emoji.command()
@click.argument("shortcode")
@click.pass_context
def remove(ctx: click.Context, shortcode: str) -> None:
    """Take SHORTCODE back; posts that have it keep their text."""
    with context.changes(ctx):
        custom_emojis.remove(None, shortcode)


@emoji.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each: shortcode, address of its picture, category."""
    with context.application(ctx):
        for each in emojis.listed():
            click.echo(f"{each.shortcode}\t{media.address(each.medium)}\t{each.category or ''}")
