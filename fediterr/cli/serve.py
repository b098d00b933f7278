"""Commands that run the server: all of it in one go, or each part apart."""

import functools
import socket
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import click
from flask import Flask

from fediterr.accounts import service
from fediterr.cli import check, context, parts, schema, supervisor
from fediterr.core import db
from fediterr.core.settings import Settings

LISTENING = (
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option("--port", type=click.IntRange(1, 65535), help="Default: that of a loopback base_url, else 8000."),
)


@click.command()
@LISTENING[0]
@LISTENING[1]
@click.pass_context
def serve(ctx: click.Context, host: str, port: int | None) -> None:
    """Run everything in one go: web, worker and scheduler. SIGTERM drains them."""
    settings = context.load_settings()
    listener = listen(host, port or _usual_port(settings))
    parts.celery_app()
    app = context.make_app(ctx, settings)
    check.refuse_to_lose(app)
    schema.upgrade(app)
    for finding in check.warnings(app):
        click.echo(f"fediterr: {finding.wrong} {finding.mend}", err=True)
    setup = _setup_link(app)
    run(settings, app, listener, on_start=functools.partial(_greet, settings, setup))


def run(settings: Settings, app: Flask, listener: socket.socket, on_start: Callable[[], None]) -> None:
    """Keep web, worker and scheduler of a server alive until SIGTERM or SIGINT, then drain them."""
    parts.leave_parent(app)
    supervisor.supervise(
        (
            supervisor.Child("web", functools.partial(_web, settings, app, listener), patience=30),
            supervisor.Child("worker", functools.partial(_worker, settings, app, listener), patience=60),
            supervisor.Child("scheduler", functools.partial(_scheduler, settings, app, listener), patience=10),
        ),
        on_start=on_start,
        on_stop=listener.close,
    )


@click.command()
@LISTENING[0]
@LISTENING[1]
@click.pass_context
def web(ctx: click.Context, host: str, port: int | None) -> None:
    """Answer requests only."""
    settings, app = _ready(ctx)
    with listen(host, port or _usual_port(settings)) as listener:
        parts.web(settings, app, listener)


@click.command()
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Do background work only."""
    settings, app = _ready(ctx)
    ctx.exit(parts.worker(settings, app))


@click.command()
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Send the hints of periodic work only; one scheduler is enough."""
    parts.scheduler(*_ready(ctx))


def _ready(ctx: click.Context) -> tuple[Settings, Flask]:
    settings = context.load_settings()
    app = context.make_app(ctx, settings)
    check.refuse_to_lose(app)
    schema.require_current(app)
    parts.leave_parent(app)
    return settings, app


def _usual_port(settings: Settings) -> int:
    return (urlsplit(settings.base_url).port if settings.is_loopback else None) or 8000


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; one clear sentence when the address is taken."""
    try:
        return parts.listen(host, port)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


def _setup_link(app: Flask) -> str | None:
    with app.app_context(), db.transaction():
        return service.setup_link()


def _greet(settings: Settings, setup: str | None) -> None:
    click.echo(f"fediterr listens on {settings.base_url}")
    if setup:
        click.echo(f"No administrator yet. Create one here, once: {setup}")
    sys.stdout.flush()


# --- in the children --------------------------------------------------------------------------------------------------


def _web(settings: Settings, app: Flask, listener: socket.socket) -> None:
    parts.leave_parent(app)
    parts.web(settings, app, listener)


def _worker(settings: Settings, app: Flask, listener: socket.socket) -> int:
    listener.close()
    parts.leave_parent(app)
    return parts.worker(settings, app)


def _scheduler(settings: Settings, app: Flask, listener: socket.socket) -> None:
    listener.close()
    parts.leave_parent(app)
    parts.scheduler(settings, app)
