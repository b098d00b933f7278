"""Compare the queues that need no server: delay of a hint, processor time per hint, processor time at rest.

    python bench/transports.py [hints]

One worker of two threads in a process of its own; hints are sent one at a time, 10 ms to 60 ms apart. In our folder
a hint that still waits is overwritten by the next of its name, so fewer are seen than were sent: that is meant.
"""

import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import kombu.transport.sqlalchemy
from celery import Celery

from fediterr.core import broker, settings

REST_SECONDS = 10


def make(transport: str, folder: Path) -> Celery:
    celery = broker.make_celery(settings.load(environ={"FEDITERR_DATA_DIR": str(folder)}))
    celery.conf.worker_concurrency = 2
    if transport == "filesystem":
        celery.conf.broker_url = "filesystem://"
        (folder / "queue").mkdir(exist_ok=True)
    elif transport == "sqlalchemy":
        celery.conf.update(broker_url=f"sqla+sqlite:///{folder}/queue.db")
        celery.conf.broker_transport_options = {}
        kombu.transport.sqlalchemy.Transport.polling_interval = 0.05  # there is no setting for it: 1 s as it comes

    @celery.task(name="fediterr.react", shared=False)
    def react(sent: float) -> None:
        with (folder / "seen").open("a") as file:
            file.write(f"{time.time() - sent}\n")

    return celery


def work(transport: str, folder: Path) -> None:
    worker = make(transport, folder).Worker(
        quiet=True, loglevel="ERROR", without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    worker.start()


def cpu(pid: int | str = "self") -> float:
    """Seconds of processor that all threads of a process have used."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def measure(transport: str, hints: int) -> None:
    fork = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        worker = fork.Process(target=work, args=(transport, folder))
        worker.start()
        celery = make(transport, folder)
        with celery.connection_for_write() as connection, celery.amqp.Producer(connection) as producer:
            celery.send_task("fediterr.react", (time.time(),), producer=producer)
            while not (folder / "seen").exists():
                time.sleep(0.01)
            at_rest = cpu(worker.pid)
            time.sleep(REST_SECONDS)
            at_rest = cpu(worker.pid) - at_rest
            (folder / "seen").write_text("")
            worked, began, sending = cpu(worker.pid), time.monotonic(), cpu()
            for _ in range(hints):
                celery.send_task("fediterr.react", (time.time(),), producer=producer)
                time.sleep(random.uniform(0.01, 0.06))
            sending = cpu() - sending
        time.sleep(0.5)
        elapsed = time.monotonic() - began
        worked = cpu(worker.pid) - worked - at_rest / REST_SECONDS * elapsed
        delays = sorted(float(line) * 1000 for line in (folder / "seen").read_text().split())
        print(
            f"{transport:11} seen {len(delays)}/{hints}  delay median {statistics.median(delays):.0f} ms"
            f"  p99 {delays[int(len(delays) * 0.99) - 1]:.0f} ms  send {sending / hints * 1000:.2f} CPU-ms"
            f"  run {worked / hints * 1000:.2f} CPU-ms  at rest {at_rest / REST_SECONDS:.2%} of a core"
        )
        worker.terminate()
        worker.join()


if __name__ == "__main__":
    for each in ("folder", "filesystem", "sqlalchemy"):
        measure(each, int(sys.argv[1]) if len(sys.argv) > 1 else 200)
