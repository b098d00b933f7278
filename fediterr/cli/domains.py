"""Commands about other servers: keep a domain out, let it in, see the rules."""

from typing import Any, BinaryIO

import click

from fediterr.cli import context
from fediterr.moderation import blocklists, service
from fediterr.moderation.models import Severity

SEVERITIES = click.Choice([str(severity) for severity in Severity])


@click.group()
def domains() -> None:
    """Which other servers are welcome: block, allow, forget, list, import, export."""


@domains.command()
@click.argument("domain")
@click.option("--reason", default="", help="Kept in the journal.")
@click.option("--comment", default="", help="Told to those who see the list of blocked servers.")
@click.option("--severity", type=SEVERITIES, default=str(Severity.SUSPEND), show_default=True, help="How much.")
@click.option("--reject-media", is_flag=True, help="No files, pictures or emojis of it.")
@click.option("--reject-reports", is_flag=True, help="No reports of it.")
@click.pass_context
def block(ctx: click.Context, /, domain: str, comment: str, **how: Any) -> None:
    """Keep DOMAIN and all below it out; follows with it end.

    With the severity silence only those who follow there hear it; with noop only its files or reports are refused.
    """
    with context.changes(ctx):
        service.block_domain(domain, service.Block(public_comment=comment, **how))


@domains.command()
@click.argument("domain")
@click.option("--reason", default="", help="Kept in the journal.")
@click.pass_context
def allow(ctx: click.Context, domain: str, reason: str) -> None:
    """Let DOMAIN in, where federation_mode is allowlist."""
    with context.changes(ctx):
        service.allow_domain(domain, reason=reason)


@domains.command()
@click.argument("domain")
@click.pass_context
def forget(ctx: click.Context, domain: str) -> None:
    """Have no rule on DOMAIN any more."""
    with context.changes(ctx):
        service.forget_domain(domain)


@domains.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--allow", is_flag=True, help="Its domains are let in, rather than blocked.")
@click.option("--change", is_flag=True, help="Also change the rules that there are.")
@click.option("--dry-run", is_flag=True, help="Only say what each line would do.")
@click.option("--reason", default="", help="Kept in the journal.")
@click.pass_context
def import_(ctx: click.Context, /, file: BinaryIO, *, allow: bool, change: bool, dry_run: bool, reason: str) -> None:
    """Take over a list of domains from FILE, as Mastodon exports it (or one domain a line).

    Says of each line what it does: new, changed, same, or refused and why.
    """
    with context.changes(ctx):
        lines = blocklists.read(file.read(blocklists.BYTES + 1), "allow" if allow else "block")
        for line in lines:
            click.echo("\t".join(filter(None, (str(line.number), line.domain, line.verdict, line.why))))
        if not dry_run:
            number = blocklists.apply(lines, None, changing=change, reason=reason)
            click.echo(f"{number} applied", err=True)


@domains.command()
@click.option("--allow", is_flag=True, help="The domains that are let in, rather than those that are blocked.")
@click.pass_context
def export(ctx: click.Context, allow: bool) -> None:
    """Write the list of domains as Mastodon reads it."""
    with context.application(ctx):
        click.echo(blocklists.written("allow" if allow else "block"), nl=False)


@domains.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each rule: domain, kind (or severity, when it is only limited), reason."""
    with context.application(ctx):
        for rule in service.rules():
            limited = rule.kind == "block" and rule.severity != Severity.SUSPEND
            click.echo(f"{rule.domain}\t{rule.severity if limited else rule.kind}\t{rule.reason}")
