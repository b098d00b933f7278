"""Commands about people: who is here, their tokens, and the small verbs that make scripts easy."""

from datetime import timedelta
from typing import Any

import click

from fediterr.accounts import applications, invitations, links, registration, service
from fediterr.accounts import tokens as access
from fediterr.accounts.models import Account, Kind, Role, User
from fediterr.activitypub import resolver
from fediterr.cli import context
from fediterr.core import db, errors, text
from fediterr.moderation import people
from fediterr.social import follows, posts
from fediterr.social.drafts import Draft
from fediterr.social.models import Visibility

KINDS = click.Choice([str(kind) for kind in Kind if kind != Kind.APPLICATION])
ROLES = click.Choice([str(role) for role in Role])


@click.group()
def accounts() -> None:
    """Who is here: create, list, suspend, change role or password."""


@accounts.command()
@click.argument("name")
@click.option("--email", required=True, help="Where their mail goes; also signs in.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
@click.option("--role", type=ROLES, default=str(Role.MEMBER), show_default=True)
@click.option("--confirmed", is_flag=True, help="The address is known to be theirs.")
@click.option("--display-name", default="", help="The name that others read.")
@click.option("--kind", type=KINDS, default=str(Kind.PERSON), show_default=True, help="Who or what it stands for.")
@click.pass_context
def create(ctx: click.Context, /, name: str, email: str, password: str, **about: Any) -> None:
    """Create an account called NAME."""
    with context.changes(ctx):
        user = service.register(name, email, password, **about)
        click.echo(f"Created @{user.account.full_handle.removeprefix('@')} ({user.role}).")


@accounts.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each account: name, role, state, e-mail address."""
    with context.application(ctx):
        for user in service.users():
            click.echo(f"{user.account.name}\t{user.role}\t{_state(user)}\t{user.email}")


def _state(user: User) -> str:
    if user.account.suspended_at is not None:
        return "suspended"
    if user.disabled_at is not None:
        return "disabled"
    if user.approved_at is None:
        return "waiting"
    return "confirmed" if user.confirmed_at else "unconfirmed"


@accounts.command()
@click.argument("name")
@click.pass_context
def suspend(ctx: click.Context, name: str) -> None:
    """Close the account NAME (@name@host for one of elsewhere): it neither signs in nor is shown."""
    with context.changes(ctx):
        people.act(None, _known(name), "suspend")


@accounts.command()
@click.argument("name")
@click.pass_context
def unsuspend(ctx: click.Context, name: str) -> None:
    """Open the account NAME again."""
    with context.changes(ctx):
        people.unsuspend(None, _known(name))


@accounts.command()
@click.argument("name")
@click.pass_context
def confirm(ctx: click.Context, name: str) -> None:
    """Take the e-mail address of NAME as theirs, without the link that would prove it."""
    with context.changes(ctx):
        registration.confirm_by_hand(_user(name))


@accounts.command()
@click.argument("name")
@click.pass_context
def approve(ctx: click.Context, name: str) -> None:
    """Let NAME in, who registered and waits."""
    with context.changes(ctx):
        registration.approve(_user(name))


@accounts.command()
@click.argument("name")
@click.pass_context
def reject(ctx: click.Context, name: str) -> None:
    """Send NAME away, who registered and waits; what they sent is deleted."""
    with context.changes(ctx):
        registration.reject(_user(name))


@click.command()
@click.option("--uses", type=click.IntRange(min=1), help="How many people may come in by it; any number unless given.")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How long it serves.")
@click.pass_context
def invite(ctx: click.Context, uses: int | None, days: int) -> None:
    """Print the address of an invitation: who has it may register, and waits for nobody."""
    with context.changes(ctx):
        made = invitations.create(most=uses, lasts=timedelta(days=days))
        click.echo(invitations.address(made))


@accounts.command()
@click.argument("name")
@click.argument("role", type=ROLES)
@click.pass_context
def role(ctx: click.Context, name: str, role: str) -> None:
    """Give NAME the role ROLE."""
    with context.changes(ctx):
        service.set_role(_user(name), role)


@accounts.command()
@click.argument("name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
@click.pass_context
def password(ctx: click.Context, name: str, password: str) -> None:
    """Give NAME a new password; every session and token of before ends."""
    with context.changes(ctx):
        service.set_password(_user(name), password)


@accounts.command("password-link")
@click.argument("name")
@click.pass_context
def password_link(ctx: click.Context, name: str) -> None:
    """Print a link by which NAME chooses a new password, once, within the hour: for servers that send no mail."""
    with context.changes(ctx):
        click.echo(links.password_link(_user(name)))


@accounts.command()
@click.argument("name")
@click.argument("address")
@click.pass_context
def email(ctx: click.Context, name: str, address: str) -> None:
    """Give NAME the e-mail address ADDRESS, known to be theirs; every session and token of before ends."""
    with context.changes(ctx):
        links.set_address(_user(name), address)


@accounts.command("reset-second-factor")
@click.argument("name")
@click.pass_context
def reset_second_factor(ctx: click.Context, name: str) -> None:
    """Let NAME, who lost their telephone and their codes, sign in by the password alone; written in the journal."""
    with context.changes(ctx):
        people.reset_second_factor(None, service.local(name))


@accounts.command()
@click.argument("name")
@click.argument("other", metavar="@OTHER@HOST")
@click.pass_context
def alias(ctx: click.Context, name: str, other: str) -> None:
    """Say that @OTHER@HOST is NAME too: needed before that account moves here."""
    with context.application(ctx):
        other_id = _found(other).id
        with db.transaction():
            service.add_alias(service.local(name), service.get(other_id))


@accounts.command()
@click.argument("name")
@click.argument("target", metavar="@TARGET@HOST")
@click.pass_context
def move(ctx: click.Context, name: str, target: str) -> None:
    """Move NAME to @TARGET@HOST, which must name it as an alias; its followers go with it."""
    with context.application(ctx):
        found = _found(target)
        if not found.local:
            resolver.fetch_account(found.uri)  # it may have named its alias just now
        with db.transaction():
            service.move(service.local(name), service.get(found.id))


@click.group()
def tokens() -> None:
    """Access tokens for applications and scripts."""


@tokens.command("create")
@click.argument("name")
@click.option("--scopes", default="read write follow push", show_default=True, help="What it may do, by spaces.")
@click.option("--application", default="fediterr tokens", show_default=True, help="The name its posts are marked with.")
@click.pass_context
def create_token(ctx: click.Context, name: str, scopes: str, application: str) -> None:
    """Print one access token of NAME. It is shown this once."""
    with context.changes(ctx):
        made = applications.register(application, [applications.OUT_OF_BAND], scopes)
        value = access.create(_user(name), scopes, application=made.application)
    click.echo(value)


@click.command()
@click.argument("name")
@click.argument("target", metavar="@OTHER@HOST")
@click.pass_context
def follow(ctx: click.Context, name: str, target: str) -> None:
    """Make NAME follow @OTHER@HOST, here or elsewhere."""
    with context.application(ctx):
        target_id = _found(target).id
        with db.transaction():
            asked = follows.ask(service.local(name), service.get(target_id))
            accepted = asked.accepted
    click.echo("Followed." if accepted else "Asked; the other server answers.")


@click.command()
@click.argument("name")
@click.argument("words", metavar="TEXT")
@click.option("--visibility", type=click.Choice([str(one) for one in Visibility]), default="public", show_default=True)
@click.option("--language", help="Of the text, such as fr; that of the account unless given.")
@click.pass_context
def post(ctx: click.Context, name: str, words: str, visibility: str, language: str | None) -> None:
    """Publish TEXT as NAME, and print its address. Handles in it are looked up and mentioned."""
    with context.application(ctx):
        for handle in text.find_mentions(words):
            resolver.look_up(f"@{handle.removeprefix('@')}")
        with db.transaction():
            author = service.local(name)
            draft = posts.compose(author, words, Draft(visibility=visibility, language=language))
            address = posts.publish(author, draft).uri
    click.echo(address)


def _found(handle: str) -> Account:
    """Somebody of here or elsewhere, looked up when they are not known yet."""
    found = resolver.look_up(handle)
    if not isinstance(found, Account):
        raise errors.NotFound(f"Nobody is found at {handle}.")
    return found


def _known(name: str) -> Account:
    found = service.by_handle(name)
    if found is None:
        raise errors.NotFound(f"Nobody known here is called {name}.")
    return found


def _user(name: str) -> User:
    user = service.user_of(service.local(name))
    if user is None:
        raise errors.NotFound(f"{name} is an account nobody signs in to.")
    return user
