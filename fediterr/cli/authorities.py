"""Commands about the authorities of here, and who speaks for them."""

import click

from fediterr.accounts import service, speakers
from fediterr.accounts.models import User
from fediterr.cli import context
from fediterr.core import errors
from fediterr.moderation import offices


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
@click.pass_context
def speak(ctx: click.Context, name: str, authority: str) -> None:
    """Let NAME publish in the name of AUTHORITY."""
    with context.changes(ctx):
        offices.let_speak(None, _user(name), service.local(authority))


@authorities.command()
@click.argument("name")
@click.argument("authority")
@click.pass_context
def end(ctx: click.Context, name: str, authority: str) -> None:
    """NAME publishes in the name of AUTHORITY no longer."""
    with context.changes(ctx):
        offices.end_speaking(None, _user(name), service.local(authority))


@authorities.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each: name, and who speaks for it."""
    with context.application(ctx):
        named = speakers.everyone()
        for each in speakers.authorities():
            click.echo(f"{each.name}\t{' '.join(user.account.name for user in named.get(each.id, []))}")


def _user(name: str) -> User:
    user = service.user_of(service.local(name))
    if user is None:
        raise errors.NotFound(f"{name} is an account nobody signs in to.")
    return user
