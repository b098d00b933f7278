"""What waits: depth and age of each queue, and the state of each host."""

import json
from typing import Any

import click

from fediterr.activitypub import backlog
from fediterr.cli import context
from fediterr.core import beats


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def queue(ctx: click.Context, as_json: bool) -> None:
    """Show how much waits in inbox, facts and deliveries, since when, and the state of each host."""
    with context.application(ctx):
        queues, hosts, seen = backlog.measure(), backlog.hosts(), beats.last()
    if as_json:
        click.echo(json.dumps({**queues, "hosts": hosts, "worker_seen_at": seen and seen.isoformat()}, indent=2))
        return
    for name, row in queues.items():
        click.echo(f"{name:<12}{row['depth']:>8} waiting{_since(row)}{_aside(row)}")
    click.echo(f"{'worker':<12}{'last seen ' + seen.isoformat(timespec='seconds') if seen else 'never seen'}")
    for host in hosts:
        why = f"  {host['failures']} failures: {host['last_error']}" if host["failures"] else ""
        click.echo(f"{host['host']:<40}{host['state']:<9}{host['depth']:>6} waiting{_since(host)}{why}")


def _since(row: dict[str, Any]) -> str:
    return "" if row["oldest_seconds"] is None else f", the oldest for {row['oldest_seconds']} s"


def _aside(row: dict[str, Any]) -> str:
    return f", {row['set_aside']} set aside" if row["set_aside"] else ""
