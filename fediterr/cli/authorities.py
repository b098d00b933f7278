"""Commands about the authorities of here, and who speaks for them."""

import click

from fediterr.accounts import service, speakers
from fediterr.accounts.models import Office, User
from fediterr.cli import context
from fediterr.core import errors
from fediterr.moderation import offices
from fediterr.territories import directory

OFFICES = [office.value for office in Office]


@click.group()
def authorities() -> None:
    """Accounts of authorities, to which nobody signs in: open, let speak, end, list."""


@authorities.command("open")
@click.argument("name")
@click.option("--display-name", default="", help="The name that others read.")
@click.pass_context
def open_(ctx: click.Context, name: str, display_name: str) -> None:
    """Open an account called NAME for an authority."""
    with context.changes(ctx):
        made = offices.open_authority(None, name, display_name)
        click.echo(f"Created @{made.full_handle}.")


@authorities.command()
@click.argument("name")
@click.argument("authority")
@click.option("--office", type=click.Choice(OFFICES), default="write", help="What they may do: write, if unsaid.")
@click.pass_context
def speak(ctx: click.Context, name: str, authority: str, office: str) -> None:
    """Let NAME act for AUTHORITY: read what it reads, write in its name, or manage it."""
    with context.changes(ctx):
        offices.let_speak(None, _user(name), service.local(authority), office)


@authorities.command()
@click.argument("name")
@click.argument("authority")
@click.pass_context
def end(ctx: click.Context, name: str, authority: str) -> None:
    """NAME acts for AUTHORITY no longer."""
    with context.changes(ctx):
        offices.end_speaking(None, _user(name), service.local(authority))


@authorities.command()
@click.argument("authority")
@click.argument("code")
@click.pass_context
def tie(ctx: click.Context, authority: str, code: str) -> None:
    """Let AUTHORITY stand for the territory with that CODE (INSEE, D29, R53, or a SIREN): you answer for it."""
    with context.changes(ctx):
        offices.tie(None, service.local(authority), directory.get(code))


@authorities.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each: name, and who acts for it in which office."""
    with context.application(ctx):
        named = speakers.everyone()
        for each in speakers.authorities():
            agents = " ".join(f"{agent.user.account.name}:{agent.office}" for agent in named.get(each.id, []))
            click.echo(f"{each.name}\t{agents}")


def _user(name: str) -> User:
    user = service.user_of(service.local(name))
    if user is None:
        raise errors.NotFound(f"{name} is an account nobody signs in to.")
    return user
