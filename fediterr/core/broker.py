"""Hints on their way to the workers: the Celery application, and a queue that never makes anyone wait.

The database holds the work. A hint says "look now", carries no more than the name of a job, and may be lost, doubled
or late without harm, since upkeep looks by itself every few seconds. So sending is done aside, at most once per
`PAUSE` for each name, and a broker that is away costs nobody anything.
"""

import contextlib
import logging
import os
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import kombu.transport
from celery import Celery
from celery.app.amqp import AMQP
from kombu import Queue
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

from fediterr.core.settings import Settings

log = logging.getLogger(__name__)

PREFIX = "fediterr."
# Which queue a job waits in; the rest go to `low`.
ROUTES = {"receive": "inbox", "react": "inbox", "deliver": "deliver", "develop": "media", "mail": "mail"}
QUEUES = ("inbox", "deliver", "media", "mail", "low")

# Set when this process is asked to end: long jobs close what they hold and leave the rest to others.
stopping = threading.Event()

PAUSE = 0.02  # seconds between two sendings of the same hint by one process
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0  # seconds before the broker is tried again after an error
QUIET_SECONDS = 60.0  # a broker that is away is told once a minute
EXPIRY = 120  # seconds after which a hint says nothing that upkeep has not said since


def make_celery(settings: Settings) -> Celery:
    """The Celery application for these settings; `reliability.md` §3 gives the reasons."""
    celery = Celery("fediterr", amqp=f"{__name__}:Wiring", set_as_current=False)
    celery.conf.update(
        broker_url=settings.broker_url or "folder://localhost/",
        broker_transport_options=_transport_options(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=4,
        accept_content=["json"],
        task_serializer="json",
        result_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=90,
        task_soft_time_limit=60,
        task_queues=[Queue(name, routing_key=name) for name in QUEUES],
        task_default_queue="low",
        task_default_exchange="fediterr",
        task_default_routing_key="low",
        task_routes={PREFIX + job: {"queue": queue, "routing_key": queue} for job, queue in ROUTES.items()},
        worker_prefetch_multiplier=1,
        worker_concurrency=settings.worker_threads,
        worker_pool="threads",
        worker_soft_shutdown_timeout=30,
        worker_enable_soft_shutdown_on_idle=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        enable_utc=True,
        timezone="UTC",
    )
    return celery


def _transport_options(settings: Settings) -> dict[str, Any]:
    if not settings.broker_url:
        folder = str(settings.data_dir / "queue")
        return {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder, "polling_interval": 0.05}
    if settings.broker_url.startswith("amqp"):
        return {}
    return {
        "visibility_timeout": 300,
        "global_keyprefix": f"{settings.redis_prefix}queue:",
        "socket_connect_timeout": 4,
        "socket_timeout": 15,
        "socket_keepalive": True,
        "health_check_interval": 20,
    }


class Connection(kombu.Connection):  # type: ignore[misc] # kombu ships no types
    """Tries a broker that is away every few seconds, where Kombu waits up to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        return super().ensure_connection(*args, **{"interval_start": 1, "interval_max": LONGEST_WAIT, **options})


class Wiring(AMQP):  # type: ignore[misc] # Celery ships no types
    """How the Celery application gets its connections."""

    Connection = Connection


class FolderChannel(filesystem.Channel):  # type: ignore[misc] # kombu ships no types
    """Kombu's file transport, made atomic, and with one file per job that is waited for.

    As it comes, a reader may open a message that its writer has not finished, and takes it by way of the machine's
    folder for temporary files. A hint twice in the folder says no more than once, so the same name is overwritten:
    the folder stays tiny however long the workers are away.
    """

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{payload.get('headers', {}).get('task', 'message')}.{queue}.msg"
        unfinished = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.replace(folder / name)

    def _get(self, queue: str) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 - asked 100 times a second
            if name.startswith(".") or not name.endswith(f".{queue}.msg"):
                continue
            try:
                text = (folder / name).read_text(encoding="utf-8")
                (folder / name).unlink()  # whoever removes it has it
            except FileNotFoundError:
                continue
            return loads(text)
        raise filesystem.Empty


class FolderTransport(filesystem.Transport):  # type: ignore[misc] # kombu ships no types
    """Hints as files of one folder: nothing to install, for the workers of one machine."""

    Channel = FolderChannel

    def establish_connection(self) -> Any:
        options = self.client.transport_options
        Path(options["data_folder_out"]).mkdir(parents=True, exist_ok=True)
        return super().establish_connection()


kombu.transport.TRANSPORT_ALIASES["folder"] = f"{__name__}:FolderTransport"


class CeleryQueue:
    """Sends hints through Celery from a thread of its own: `send` returns at once and raises nothing."""

    def __init__(self, celery: Celery) -> None:
        self.celery = celery
        self.sent = 0
        self.failed = 0
        self._begin()
        _queues.add(self)

    def _begin(self) -> None:
        """A state that belongs to this process alone: threads, locks and sockets do not survive a fork."""
        self._change = threading.Condition()
        self._pending: dict[str, None] = {}
        self._leaving = ""
        self._thread: threading.Thread | None = None
        self._connection: Any = None
        self._quiet_until = 0.0

    def send(self, name: str) -> None:
        """Let a worker run the job `name` soon."""
        with self._change:
            self._pending[name] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def flush(self, seconds: float = 2.0) -> bool:
        """Wait until everything is sent, for a process that ends; False if the broker did not take it in time."""
        with self._change:
            return self._change.wait_for(lambda: not self._pending and not self._leaving, timeout=seconds)

    def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            with self._change:
                self._change.wait_for(lambda: self._pending)
                # Taken off before it leaves: who asks from now on may have committed after the worker looked.
                self._leaving = next(iter(self._pending))
                del self._pending[self._leaving]
                last = not self._pending
            try:
                self._publish(self._leaving)
            except Exception as error:  # noqa: BLE001 - whatever the driver raises, the hint waits for the next try
                self._fail(error)
                time.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            self.sent += 1
            wait = FIRST_WAIT
            with self._change:
                self._leaving = ""
                self._change.notify_all()
            if last:
                time.sleep(PAUSE)

    def _publish(self, name: str) -> None:
        if self._connection is None:
            self._connection = self.celery.connection_for_write(connect_timeout=2, transport_options=IMPATIENT)
        with self.celery.amqp.Producer(self._connection.default_channel, auto_declare=False) as producer:
            self.celery.send_task(PREFIX + name, producer=producer, expires=EXPIRY, retry=False, ignore_result=True)

    def _fail(self, error: Exception) -> None:
        self.failed += 1
        with self._change:
            self._pending.setdefault(self._leaving)
            self._leaving = ""
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("the broker does not take hints; upkeep goes on from the tables", extra={"error": repr(error)})
        connection, self._connection = self._connection, None
        with contextlib.suppress(Exception):
            connection.close()


# For a producer, nothing is worth waiting for: the sweep looks anyway.
IMPATIENT = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 0,
    "connect_retries_timeout": 2,
}

_queues: "weakref.WeakSet[CeleryQueue]" = weakref.WeakSet()


def _begin_again() -> None:
    for queue in list(_queues):
        queue._begin()  # noqa: SLF001 - the module's own


os.register_at_fork(after_in_child=_begin_again)
