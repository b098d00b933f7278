"""Choosing the territory of a server at the command line: by its code or a number, or at a terminal by its name."""

import click

from fediterr.core import errors, site
from fediterr.territories import directory, loading, search
from fediterr.territories.models import Territory

MOST = 8
QUESTION = "Which territory, by its name, SIREN or INSEE code (none: a network that is no territory)"


def find(wanted: str) -> Territory:
    """The territory with that code or number, or the only one that is called so. Raises Invalid."""
    loading.ensure()
    found = directory.by_number(wanted)
    named = [found] if found else search.suggest(wanted, MOST)
    if len(named) == 1:
        return named[0]
    if not named:
        raise errors.Invalid(f"No territory is called {wanted}, or has that number.")
    lines = "\n".join(f"  {each.code}\t{each.name} ({each.department or each.region})" for each in named)
    raise errors.Invalid(f"Several territories are called so; give the code of one:\n{lines}")


def ask() -> Territory | None:
    """Ask at a terminal until it is one, or none."""

    def suit(answer: str) -> Territory | None:
        try:
            return find(answer.strip()) if answer.strip() else None
        except errors.Invalid as problem:
            raise click.UsageError(problem.message) from problem

    loading.ensure()
    found: Territory | None = click.prompt(QUESTION, default="", show_default=False, value_proc=suit)
    if found is not None:
        click.echo(f"{found.name}, {found.code}")
    return found


def given(wanted: str | None, *, terminal: bool) -> Territory | None:
    """The one that the settings or an option name; else the one that is chosen at a terminal."""
    fixed = site.given().territory_code
    if fixed:
        return directory.by_code(fixed)
    if wanted:
        return find(wanted)
    return ask() if terminal and wanted is None else None
