"""Commands that run the server: all of it in one go, or each part apart."""

import functools
import socket
import sys
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

import click
from flask import Flask

from fediterr.cli import check, context, parts, schema, supervisor
from fediterr.core import db
from fediterr.core.settings import Settings
from fediterr.moderation import first_run

LISTENING = (
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option("--port", type=click.IntRange(1, 65535), help="Default: that of a loopback base_url, else 8000."),
)


@click.command()
@LISTENING[0]
@LISTENING[1]
@click.pass_context
def serve(ctx: click.Context, host: str, port: int | None) -> None:
    """Run everything in one go: web, live updates, worker and scheduler. SIGTERM drains them."""
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
    """Keep the parts of a server alive until SIGTERM or SIGINT, then drain them."""
    parts.leave_parent(app)
    open_ = Listeners(listener, parts.listen_here(settings))
    supervisor.supervise(
        tuple(
            supervisor.Child(name, functools.partial(part, settings, app, open_), patience)
            for name, part, patience in (
                ("streaming", _streaming, 10),  # first to end: what it tells waits for nobody
                ("web", _web, 30),
                ("worker", _worker, 60),
                ("scheduler", _scheduler, 10),
            )
        ),
        on_start=on_start,
        on_stop=open_.close,
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
@LISTENING[0]
@click.option("--port", type=click.IntRange(1, 65535), help="Default: the one after that of the web part.")
@click.pass_context
def streaming(ctx: click.Context, host: str, port: int | None) -> None:
    """Carry live updates only: on a port of its own, and for the web part of this machine unless another does."""
    settings, app = _ready(ctx)
    with listen(host, port or _usual_port(settings) + 1) as listener:
        near = () if parts.carries_already(settings) else (parts.listen_here(settings),)
        parts.streaming(settings, app, listener, *near)


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
        return first_run.link()


def _greet(settings: Settings, setup: str | None) -> None:
    click.echo(f"fediterr listens on {settings.base_url}")
    if setup:
        click.echo(f"No administrator yet. Create one here, once: {setup}")
    sys.stdout.flush()


# --- in the children --------------------------------------------------------------------------------------------------


class Listeners(NamedTuple):
    """The open sockets of a server, each for one part of it."""

    web: socket.socket
    streaming: socket.socket

    def close(self) -> None:
        for each in self:
            each.close()


def _web(settings: Settings, app: Flask, listeners: Listeners) -> None:
    listeners.streaming.close()
    parts.leave_parent(app)
    parts.web(settings, app, listeners.web)


def _streaming(settings: Settings, app: Flask, listeners: Listeners) -> None:
    listeners.web.close()
    parts.leave_parent(app)
    parts.streaming(settings, app, listeners.streaming)


def _worker(settings: Settings, app: Flask, listeners: Listeners) -> int:
    listeners.close()
    parts.leave_parent(app)
    return parts.worker(settings, app)


def _scheduler(settings: Settings, app: Flask, listeners: Listeners) -> None:
    listeners.close()
    parts.leave_parent(app)
    parts.scheduler(settings, app)
