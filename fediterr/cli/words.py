"""Commands about what this server tells people: its rules, its announcements, its texts."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from fediterr.cli import context
from fediterr.moderation import announcements as told
from fediterr.moderation import rules as house_rules
from fediterr.moderation import texts as written

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])
DAY = click.DateTime(["%Y-%m-%d"])
KIND = click.Choice([str(kind) for kind in written.Kind])


@click.group()
def rules() -> None:
    """The rules that people here agree to: add, translate, move, remove, list."""


@rules.command("add")
@click.argument("text")
@click.option("--hint", default="", help="What is meant by it.")
@click.pass_context
def add_rule(ctx: click.Context, text: str, hint: str) -> None:
    """Add the rule TEXT after the others."""
    with context.changes(ctx):
        house_rules.add(text, hint)


@rules.command()
@click.argument("number", type=int)
@click.argument("language")
@click.argument("text")
@click.option("--hint", default="", help="What is meant by it.")
@click.pass_context
def translate(ctx: click.Context, number: int, language: str, text: str, hint: str) -> None:
    """Say rule NUMBER in LANGUAGE (such as en); an empty TEXT takes the translation away."""
    with context.changes(ctx):
        house_rules.translate(house_rules.at(number), language, text, hint)


@rules.command()
@click.argument("number", type=int)
@click.argument("place", type=int)
@click.pass_context
def move(ctx: click.Context, number: int, place: int) -> None:
    """Put rule NUMBER at PLACE among the others."""
    with context.changes(ctx):
        house_rules.move(house_rules.at(number), place)


@rules.command("remove")
@click.argument("number", type=int)
@click.pass_context
def remove_rule(ctx: click.Context, number: int) -> None:
    """Take rule NUMBER back; reports that name it still say which it was."""
    with context.changes(ctx):
        house_rules.withdraw(house_rules.at(number))


@rules.command("list")
@click.pass_context
def list_rules(ctx: click.Context) -> None:
    """One line for each: number, text, languages it is translated into."""
    with context.application(ctx):
        for number, rule in enumerate(house_rules.listed(), 1):
            click.echo(f"{number}\t{rule.text}\t{' '.join(sorted(rule.translations))}")


# --- announcements -------------------------------------------------------------------------------------------------


@click.group()
def announcements() -> None:
    """What everybody here is told by their applications: publish, withdraw, list."""


@announcements.command()
@click.argument("text")
@click.option("--at", type=MOMENT, help="Published then, in UTC; now unless given.")
@click.option("--starts", type=MOMENT, help="When what is announced begins.")
@click.option("--ends", type=MOMENT, help="When it ends; the announcement ends with it.")
@click.option("--all-day", is_flag=True, help="Only the days count, not the hours.")
@click.pass_context
def publish(
    ctx: click.Context,
    text: str,
    at: datetime | None,
    starts: datetime | None,
    ends: datetime | None,
    *,
    all_day: bool,
) -> None:
    """Tell everybody here TEXT, and print the number of the announcement."""
    with context.changes(ctx):
        made = told.publish(text, at=_utc(at), starts_at=_utc(starts), ends_at=_utc(ends), all_day=all_day)
        click.echo(made.id)


@announcements.command()
@click.argument("number", type=int)
@click.pass_context
def withdraw(ctx: click.Context, number: int) -> None:
    """Take announcement NUMBER back."""
    with context.changes(ctx):
        told.withdraw(number)


@announcements.command("list")
@click.pass_context
def list_announcements(ctx: click.Context) -> None:
    """One line for each: number, when it is published, when it ends, its first words."""
    with context.application(ctx):
        for each in told.every():
            ends = f"{each.ends_at:%Y-%m-%dT%H:%M}" if each.ends_at else ""
            click.echo(f"{each.id}\t{each.published_at:%Y-%m-%dT%H:%M}\t{ends}\t{' '.join(each.text.split())[:60]}")


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


# --- texts ---------------------------------------------------------------------------------------------------------


@click.group()
def texts() -> None:
    """The extended description, the privacy policy, the terms of service: put, remove, list."""


@texts.command()
@click.argument("kind", type=KIND)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", type=DAY, help="From when on new terms hold; today unless given.")
@click.pass_context
def put(ctx: click.Context, kind: str, file: Path, day: datetime | None) -> None:
    """Show the HTML in FILE as the text KIND. Only what is harmless in it stays."""
    words = file.read_text(encoding="utf-8", errors="replace")
    with context.changes(ctx):
        written.put(written.Kind(kind), words, effective_on=_day(day))


@texts.command("remove")
@click.argument("kind", type=KIND)
@click.option("--date", "day", type=DAY, help="Only the terms of that date.")
@click.pass_context
def remove_text(ctx: click.Context, kind: str, day: datetime | None) -> None:
    """Take the text KIND away; a privacy policy gives way to the one that comes with fediterr."""
    with context.changes(ctx):
        written.forget(written.Kind(kind), effective_on=_day(day))


@texts.command("list")
@click.pass_context
def list_texts(ctx: click.Context) -> None:
    """One line for each: kind, from when on it holds, when it was put."""
    with context.application(ctx):
        for each in written.every():
            day = each.effective_on.isoformat() if each.kind == written.Kind.TERMS else ""
            click.echo(f"{each.kind}\t{day}\t{each.updated_at:%Y-%m-%d}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
