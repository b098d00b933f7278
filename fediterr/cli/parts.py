"""The parts of a running server, each for the process it is called in: web, streaming, worker, scheduler."""

import asyncio
import contextlib
import importlib
import logging
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from granian import _signals, net
from granian._granian import WorkerSignal
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from fediterr.cli import pages
from fediterr.core import db, jobs
from fediterr.core.settings import Settings

log = logging.getLogger(__name__)

STREAMING = "fediterr.streaming"  # where an application keeps what carries its live updates
CONNECTIONS = 20_000  # that the web process holds at the same time: most of them rest, or listen to live updates
BACKLOG = 1024  # connections that wait while a web process starts anew
# Granian would set up a log of its own; its lines go where ours go.
LOGGING: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"level": "ERROR", "propagate": True}, "granian.access": {"propagate": True}},
}


class Web(MPServer):  # type: ignore[misc] # Granian's types are not complete
    """Granian inside this process, on a socket that is open already.

    As it comes, Granian is a parent that starts a process for each worker. We supervise by ourselves, and a process
    less is 20 MB less; the socket outlives the web process, so nobody who connects meanwhile is turned away.
    """

    def __init__(self, answering: pages.Pages, listener: socket.socket) -> None:
        super().__init__(
            target="fediterr",
            interface=Interfaces.RSGI,
            workers=1,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
        )
        self.answering = answering
        self.listener = listener

    def run(self) -> None:
        """Answer requests until SIGTERM or SIGINT; those that are being answered are finished."""
        self.serve(target_loader=lambda: self.answering, wrap_loader=False)

    def _init_shared_socket(self) -> None:
        self.listener.setblocking(False)
        self._ssp, self._shd, self._sso = None, net.SocketHolder(self.listener.fileno(), False, BACKLOG), None

    def _spawn_workers(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        # What Granian would run in a new process, run here: it returns when a signal has drained it.
        _signals.set_loop_signals = self._listen_to_signals
        self._spawn_worker(idx=0, target=spawn_target, callback_loader=target_loader).inner.run()
        self.signal_handler_interrupt()

    def _listen_to_signals(self, loop: asyncio.AbstractEventLoop) -> WorkerSignal:
        """As Granian listens to them; streams that are passed on end at once, since nothing ends them by itself."""
        stop = WorkerSignal()

        def end() -> None:
            stop.set()
            self.answering.streams.close()

        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, end)
        return stop


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that child processes inherit. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Else the end of each answer on a kept connection waits 40 ms for the client to acknowledge its beginning.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def listen_here(settings: Settings) -> socket.socket:
    """A listening socket of this machine, by which the web part passes on who wants live updates."""
    place = settings.live_socket
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(place))
    place.chmod(0o600)
    listener.listen(BACKLOG)
    return listener


def carries_already(settings: Settings) -> bool:
    """Whether another process of this machine carries live updates for this data directory."""
    with socket.socket(socket.AF_UNIX) as asking, contextlib.suppress(OSError):
        asking.connect(str(settings.live_socket))
        return True
    return False


def web(settings: Settings, app: Flask, listener: socket.socket) -> None:
    """Answer requests until told to stop."""
    allow_many_files()
    Web(pages.Pages(settings, app), listener).run()
    queue = app.extensions[jobs.EXTENSION]
    if hasattr(queue, "flush"):
        queue.flush()
    # Granian's threads may be idle in native code: nothing is left to do, so do not wait for them.
    logging.shutdown()
    os._exit(0)


def streaming(settings: Settings, app: Flask, *listeners: socket.socket) -> None:
    """Carry live updates until told to stop."""
    allow_many_files()
    app.extensions[STREAMING](settings, app, *listeners)


def allow_many_files() -> None:
    """Each connection is an open file: as many as the system lets us."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def worker(settings: Settings, app: Flask) -> int:
    """Do the jobs that hints ask for, until told to stop."""
    code: int = celery_app().work(settings, app)
    return code


def scheduler(settings: Settings, app: Flask) -> None:
    """Send the hints of what is periodic, until told to stop."""
    celery_app().schedule(settings, app)


def celery_app() -> Any:
    """The workers' module, by name: nothing here may know the workers."""
    return importlib.import_module("workers.celery_app")


def leave_parent(app: Flask) -> None:
    """After a fork: forget the connections that belong to the parent, without closing them."""
    with app.app_context():
        for engine in db.db.engines.values():
            engine.dispose(close=False)
