"""The Celery application: the same Flask application as everywhere, each job under its name; a worker, a scheduler.

What a worker and a scheduler need is imported here, at once: `fediterr serve` imports this file before it forks, so
that its children share that memory.
"""

import functools
import importlib
import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

from celery import Celery, beat, signals
from celery.platforms import SecurityWarning
from flask import Flask

from fediterr.app import create_app
from fediterr.core import broker, jobs, logs
from fediterr.core.settings import Settings
from workers.jobs import JOBS
from workers.upkeep import PERIODIC

log = logging.getLogger(__name__)

PRELOADED = ("celery.apps.beat", "celery.apps.worker", "celery.concurrency.thread", "celery.worker.consumer")
SILENCE = 300.0  # seconds without any job, though the scheduler sends hints every few, after which a worker starts anew
WATCH = 15.0

for name in PRELOADED:
    importlib.import_module(name)


def make(settings: Settings, app: Flask | None = None) -> Celery:
    """The Celery application with every job and its times; `app` is made when it is not given."""
    app = app or create_app(settings)
    celery = broker.make_celery(settings)
    for name, job in JOBS.items():
        celery.task(name=broker.PREFIX + name, shared=False)(_in(app, name, job))
    celery.conf.beat_schedule = {
        name: {"task": broker.PREFIX + name, "schedule": seconds} for name, seconds in PERIODIC.items()
    }
    return celery


def _in(app: Flask, name: str, job: Callable[[], None]) -> Callable[[], None]:
    @functools.wraps(job)
    def run() -> None:
        pulse.begin()
        token = logs.request_id.set(f"{name}-{os.urandom(3).hex()}")
        try:
            with app.app_context():
                job()
        except Exception:
            # Nothing is lost: the rows it took are still there, and the sweep asks again.
            log.exception("the job %s failed", name)
        finally:
            logs.request_id.reset(token)
            pulse.end()

    return run


def work(settings: Settings, app: Flask) -> int:
    """Be a worker until told to stop (SIGTERM: finish what runs); return the exit code."""
    celery = make(settings, app)
    signals.setup_logging.connect(_keep_logging)
    signals.worker_shutting_down.connect(_stop_draining)
    threading.Thread(target=pulse.watch, name="pulse", daemon=True).start()
    # Whatever was due while no worker was there.
    app.extensions[jobs.EXTENSION].send("sweep")
    # It warns who runs as root of messages that hold code; ours hold a name.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = celery.Worker(
        quiet=True,
        loglevel=settings.log_level,
        hostname=f"worker-{os.getpid()}",
        without_gossip=True,
        without_heartbeat=True,
        without_mingle=True,
        optimization="fair",
    )
    worker.start()
    return int(worker.exitcode or 0)


def schedule(settings: Settings, app: Flask) -> None:
    """Be the scheduler until told to stop: send a hint whenever something periodic is due."""
    queue: jobs.Queue = app.extensions[jobs.EXTENSION]

    class Hints(beat.Scheduler):  # type: ignore[misc] # Celery ships no types
        """Keeps no file, which a kill could spoil, and no connection of its own, which would wait for a broker."""

        producer = None

        def apply_entry(self, entry: Any, producer: None = None) -> None:
            queue.send(entry.name)

    signals.setup_logging.connect(_keep_logging)
    for name in PERIODIC:  # whatever was due while no scheduler was there
        queue.send(name)
    make(settings, app).Beat(quiet=True, loglevel=settings.log_level, scheduler_cls=Hints, max_interval=5).run()


def _keep_logging(**_: Any) -> None:
    """Celery leaves the log alone when someone answers this signal."""


def _stop_draining(**_: Any) -> None:
    broker.stopping.set()


class Pulse:
    """Notices a worker that no longer takes its hints, as happens after a broker was away, and ends it.

    Who supervises it starts another (celery #8030, #9054, #10205).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._last = time.monotonic()

    def begin(self) -> None:
        with self._lock:
            self._running += 1
            self._last = time.monotonic()

    def end(self) -> None:
        with self._lock:
            self._running -= 1
            self._last = time.monotonic()

    def silent(self, seconds: float = SILENCE) -> bool:
        """True when nothing runs and nothing ran for so many seconds."""
        with self._lock:
            return not self._running and time.monotonic() - self._last > seconds

    def watch(self) -> None:
        """Look now and then, in a thread of its own."""
        while not self.silent():
            time.sleep(WATCH)
        log.error("no hint came for %d s: this worker ends, for another to begin", SILENCE)
        os.kill(os.getpid(), signal.SIGTERM)


pulse = Pulse()
