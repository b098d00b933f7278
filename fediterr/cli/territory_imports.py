"""Commands that complete the directory of territories from files, and that compare territories with each other."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from fediterr.cli import context
from fediterr.territories import directory, imports, tables, twins
from fediterr.territories.bringing import Summary
from fediterr.territories.similarity import Reason


def _importing(what: str, name: str, explained: str) -> click.Command:
    """The command that takes one kind of file."""

    @click.command(name, help=explained)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--vintage", default="", metavar="YEAR", help="What year it is about, if its name does not tell.")
    @click.option("--dry-run", is_flag=True, help="Only say what would change.")
    @click.pass_context
    def command(ctx: click.Context, file: Path, vintage: str, dry_run: bool) -> None:
        with file.open("rb") as opened:
            data = opened.read(tables.BYTES + 1)
        with (context.application if dry_run else context.changes)(ctx):
            prepared = imports.prepare(what, data, file.name, vintage, _progress())
            if not dry_run:
                imports.carry_out(prepared, data, file.name)
            _tell(prepared.summary, dry_run=dry_run)

    return command


def _progress() -> Callable[[int], None] | None:
    """How many lines are read, on a terminal; whoever reads a file of what was said wants only the end."""
    if not sys.stderr.isatty():
        return None
    return lambda number: click.echo(f"\r{number} lines", nl=False, err=True)


def _tell(summary: Summary, *, dry_run: bool) -> None:
    would = "would change" if dry_run else "changed"
    year = f" ({summary.vintage})" if summary.vintage else ""
    click.echo(f"{summary.source}{year}: {summary.read} read, {summary.changed} {would}", nl=False)
    click.echo(f", {len(summary.unknown)} unknown here, {len(summary.left_out)} left out")
    for each in summary.named:
        click.echo(f"unknown\t{each}")
    if len(summary.unknown) > len(summary.named):
        click.echo(f"unknown\t… and {len(summary.unknown) - len(summary.named)} more")
    for number, why in summary.left_out:
        click.echo(f"left out\tline {number}: {why}")


@click.command()
@click.argument("code", default="")
@click.argument("other", default="")
@click.pass_context
def compare(ctx: click.Context, code: str, other: str) -> None:
    """Compare all EPCI anew if anything has changed; the territory CODE with its like, or with OTHER."""
    with context.application(ctx):
        if other:
            found = twins.between(directory.get(code), directory.get(other))
            click.echo(f"{found.score:.3f}\t{_reasons(found.reasons)}")
        elif code:
            for each in twins.of(directory.get(code)):
                click.echo(f"{each.score:.3f}\t{each.other.code}\t{each.other.name}\t{_reasons(each.reasons)}")
        else:
            began, cpu = time.perf_counter(), time.process_time()
            number = twins.compute_all()
            spent = f"{time.perf_counter() - began:.1f} s ({time.process_time() - cpu:.1f} s of processor)"
            click.echo(f"{number} territories compared in {spent}." if number else "Nothing has changed.")


def _reasons(reasons: list[Reason]) -> str:
    return " ".join(f"{reason['criterion']}={reason['score']:.2f}" for reason in reasons)


COMMANDS = (
    compare,
    _importing(
        "density", "import-density",
        "Take over INSEE's density grid of seven steps from FILE (CSV or XLSX): of each commune, and how the people "
        "of each grouping, department and region are spread over it.",
    ),
    _importing(
        "groupings", "import-groupings",
        "Take over the groupings of BANATIC from FILE (CSV or XLSX), one a line, or one line for each member.",
    ),
    _importing(
        "competences", "import-competences",
        "Take over competences of BANATIC from FILE (CSV or XLSX): their labels; or who holds which, a line for each "
        "or a column for each.",
    ),
    _importing(
        "successions", "import-successions",
        "Take over what became of territories from FILE (CSV or XLSX): INSEE's movements of communes, or a list with "
        "the columns code, successor, reason and date. What ended leads on, and so do the accounts that stood for it.",
    ),
)  # fmt: skip
