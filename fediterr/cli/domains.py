"""Commands about other servers: keep a domain out, let it in, see the rules."""

from typing import Any

import click

from fediterr.cli import context
from fediterr.moderation import service
from fediterr.moderation.models import Severity

SEVERITIES = click.Choice([str(severity) for severity in Severity])


@click.group()
def domains() -> None:
    """Which other servers are welcome: block, allow, forget, list."""


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


@domains.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """One line for each rule: domain, kind (or severity, when it is only limited), reason."""
    with context.application(ctx):
        for rule in service.rules():
            limited = rule.kind == "block" and rule.severity != Severity.SUSPEND
            click.echo(f"{rule.domain}\t{rule.severity if limited else rule.kind}\t{rule.reason}")
