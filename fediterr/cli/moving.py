"""Commands by which an authority leaves for a server of its own, with its posts, files and followers."""

from pathlib import Path

import click

from fediterr.accounts import service
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import archives, restoring
from fediterr.cli import context
from fediterr.core import db, errors
from fediterr.core.archives import KINDS
from fediterr.moderation import acts

EVERY = 100  # posts between two words about how far it is


@click.command("export")
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice(list(KINDS)), help="As the ending of FILE says unless given.")
@click.pass_context
def export(ctx: click.Context, name: str, file: Path, kind: str | None) -> None:
    """Write all that the authority NAME has to FILE, for the server where it goes."""
    with context.application(ctx):
        account = _authority(name)
        beside = file.with_name(file.name + ".part")
        with beside.open("w+b") as target:
            archives.write_for(account, kind or ("tar" if file.suffix == ".tar" else "zip"), target, file.parent)
        beside.replace(file)
        with db.transaction():
            acts.write_down(None, service.get(account.id), "export")
        click.echo(f"{file}: {file.stat().st_size} bytes")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", required=True, help="What it is called here.")
@click.pass_context
def import_(ctx: click.Context, file: Path, name: str) -> None:
    """Open an authority from FILE, which another server wrote; run twice, it goes on where it stopped.

    Nobody is told of the posts that come along. The account names the one of before as its alias: there, somebody then
    moves it here (`fediterr accounts move`), and its followers follow.
    """
    with context.application(ctx):
        found = restoring.restore(file, name, _tell)
        db.end()
    click.echo(f"@{found.handle}: {found.posts} posts, {found.files} files, {found.follows} to follow")
    passed_over = (
        (found.known, "posts were here already"),
        (found.private, "posts for a few stay in the archive"),
        (found.relays, "relayed posts stay in the archive"),
        (found.foreign, "posts are not by this authority, or make no sense"),
        (found.lost, "files are not in the archive, or not taken here"),
    )
    for number, words in passed_over:
        if number:
            click.echo(f"{number} {words}", err=True)
    if found.agents:
        click.echo(f"Spoke for it there: {', '.join(found.agents)}", err=True)


def _tell(done: int, total: int) -> None:
    if done % EVERY == 0 or done == total:
        click.echo(f"{done}/{total}", err=True)


def _authority(name: str) -> Account:
    account = service.local(name)
    if account.kind != Kind.ORGANIZATION:
        raise errors.Invalid("This is not the account of an authority.")
    return account
