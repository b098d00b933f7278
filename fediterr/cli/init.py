"""The first run at the command line: all answers as options for scripts, asked for where a terminal is there."""

import sys
from typing import IO

import click

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Role
from fediterr.cli import check, context, own_territory, schema
from fediterr.core import choices, db, errors, names, site
from fediterr.core import settings as core_settings
from fediterr.moderation import first_run, home
from fediterr.territories import authorities, loading
from fediterr.territories.models import Territory

LANGUAGE = click.Choice(["fr", "en"])
MODE = click.Choice(["open", "allowlist"])
# What is asked for where it is not given: the option, the question, and whether it may stay empty.
ASKED: dict[str, tuple[str, str, bool]] = {
    "authority_name": ("--authority", "Name of the account of the authority", True),
    "name": ("--name", "Name of the network, such as Réseau du Val d'Exemple", False),
    "place": ("--place", "Territory that it serves, and where", True),
    "description": ("--description", "What one finds here, in a sentence", True),
    "contact_email": ("--contact", "Address to write to, seen by everybody", True),
    "admin_name": ("--admin", "Who administers: a name, such as alice", False),
    "admin_display_name": ("--display-name", "How they are called", True),
    "admin_email": ("--email", "Their e-mail address, to sign in with", False),
}


@click.command()
@click.option("--territory", help="Which territory it is: its SIREN or INSEE code; the rest follows from it.")
@click.option("--authority", "authority_name", help="The name of the account of the authority.")
@click.option("--website", "authority_website", help="Of the authority.")
@click.option("--name", help="What people call this server.")
@click.option("--place", help="The territory it serves, and where.")
@click.option("--description", help="What one finds here, in a sentence.")
@click.option("--contact", "contact_email", help="Where people write to, seen by everybody.")
@click.option("--language", type=LANGUAGE, help="Of the server.  [default: as the settings say]")
@click.option("--admin", "admin_name", help="The name of who administers: their handle will be @name@domain.")
@click.option("--display-name", "admin_display_name", help="How they are called.")
@click.option("--email", "admin_email", help="Their e-mail address.")
@click.option("--password-file", type=click.File(), help="Holds their password in its first line; - for the input.")
@click.option("--federation", "federation_mode", type=MODE, help="With all, or those on the list.  [default: open]")
@click.option("--link", is_flag=True, help="Only print a fresh address of the first run in a browser.")
@click.option("--allow", multiple=True, metavar="DOMAIN", help="A server on the list; may be repeated.")
@click.pass_context
def init(
    ctx: click.Context, /, password_file: IO[str] | None, allow: tuple[str, ...], *, link: bool, **given: str | None
) -> None:
    """Make of an empty server that of a territory, with its administrator. Once: again, it changes nothing.

    The database is made if it is not there. What no option gives is asked for at a terminal; a script gives all of it,
    and the password by a file or its input.
    """
    app = context.make_app(ctx)
    schema.upgrade(app)
    with context.application(ctx):
        if accounts.has_administrator():
            _say_who_is_there(given["admin_name"])
            return
        if link:
            with db.transaction():
                click.echo(first_run.link())
            return
        _tell_of_address()
        territory = own_territory.given(given.pop("territory"), terminal=_is_terminal())
        said = _answers(given, territory) | {"allowed": "\n".join(allow)}
        first_run.check(said)
        password = _password(password_file)
        with db.transaction():
            db.exclusive("first run")
            user = first_run.set_up(said, password)
            handle = user.account.full_handle
        loading.ensure()
        click.echo(f"This server is ready: sign in as @{handle} at {site.address('/connexion')}")
    for finding in check.warnings(app):
        click.echo(f"{finding.wrong} {finding.mend}", err=True)


def _say_who_is_there(name: str | None) -> None:
    """Run again, this is no error; unless somebody else was to administer."""
    there = [account.name for account in accounts.administrators()]
    if name and name.lower() not in (each.lower() for each in there):
        raise errors.Conflict(
            f"This server has an administrator already (@{there[0]}); to add one: "
            f"`fediterr accounts create {name} --role {Role.ADMIN}`."
        )
    click.echo(f"This server is administered by @{there[0]} already: nothing is changed.")


def _tell_of_address() -> None:
    """Before it is too late: the address is for good."""
    settings = site.settings()
    if settings.is_loopback:
        click.echo(f"This is a trial: {settings.base_url} leads here from this machine only.", err=True)
        return
    click.echo(f"The address of this server, {settings.base_url}, cannot change afterwards.", err=True)
    if not names.conforms(settings.handle_domain):
        click.echo(
            f"The name {settings.handle_domain} does not conform to the public rules for local authorities (RCPNT): "
            "only .fr, .eu, regional and overseas names do.",
            err=True,
        )
    if _is_terminal():
        click.confirm("Is this address the right one?", abort=True)


def _answers(given: dict[str, str | None], territory: Territory | None) -> dict[str, str]:
    fixed = site.given().fixed
    said = {name: value for name, value in given.items() if value is not None and name not in fixed}
    for name in sorted(given.keys() & fixed & choices.CHOOSABLE):
        if given[name] is not None and core_settings.read(name, str(given[name])) != getattr(site.settings(), name):
            raise errors.Conflict(
                f"The setting {name} is fixed by the settings file or the environment of this server."
            )
    proposals = _proposed(territory, given["language"] or site.settings().language)
    missing = []
    for name, (option, question, may_stay_empty) in ASKED.items():
        if name in said or name in fixed or (name == "authority_name" and territory is None):
            continue
        if _is_terminal():
            said[name] = _ask(name, question, proposals.get(name, ""), may_stay_empty=may_stay_empty)
        elif name in proposals:
            said[name] = proposals[name]
        elif not may_stay_empty:
            missing.append(option)
    if missing:
        raise click.UsageError(f"Give {', '.join(missing)}, or run this at a terminal.")
    if territory is not None and "territory_code" not in fixed:
        said["territory_code"] = territory.code
    return {"language": site.settings().language, "federation_mode": site.settings().federation_mode} | said


def _proposed(territory: Territory | None, language: str) -> dict[str, str]:
    """What suits a territory where nothing else was said."""
    if territory is None:
        return {}
    return {**home.proposed(territory, language), "authority_name": authorities.propose_name(territory)}


def _ask(name: str, question: str, proposal: str, *, may_stay_empty: bool) -> str:
    """Ask until the answer suits."""

    def suit(answer: str) -> str:
        try:
            first_run.check({name: answer.strip()})
        except (errors.Invalid, errors.Conflict) as problem:
            raise click.UsageError(problem.message) from problem
        return answer.strip()

    default = proposal or ("" if may_stay_empty else None)
    found: str = click.prompt(question, default=default, show_default=bool(proposal), value_proc=suit)
    return found


def _password(file: IO[str] | None) -> str:
    if file is not None:
        return file.readline().rstrip("\r\n")
    if not _is_terminal():
        raise click.UsageError("Give --password-file (- for the input), or run this at a terminal.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _is_terminal() -> bool:
    return sys.stdin.isatty()
