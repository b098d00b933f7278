"""Commands about other servers: keep a domain out, let it in, see the rules."""

import click

from fediterr.cli import context
from fediterr.moderation import service


@click.group()
def domains() -> None:
    """Which other servers are welcome: block, allow, forget, list."""


@domains.command()
@click.argument("domain")
@click.option("--reason", default="", help="Kept in the journal.")
@click.pass_context
def block(ctx: click.Context, domain: str, reason: str) -> None:
    """Keep DOMAIN and all below it out; follows with it end."""
    with context.changes(ctx):
        service.block_domain(domain, reason=reason)


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
    """One line for each rule: domain, kind, reason."""
    with context.application(ctx):
        for rule in service.rules():
            click.echo(f"{rule.domain}\t{rule.kind}\t{rule.reason}")
