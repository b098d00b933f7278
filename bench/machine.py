"""What processes cost: processor time and memory of a whole tree, and databases that are there for one run only."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import sqlalchemy as sa

TICKS = os.sysconf("SC_CLK_TCK")
PAUSE = 1.0  # seconds between two looks at the memory


def tree(root: int) -> list[int]:
    """A process and all that it started, and they."""
    found = [root]
    for pid in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu(root: int) -> float:
    """Seconds of processor of a tree so far, with those of its children that have ended."""
    total = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICKS


@dataclass(frozen=True)
class Memory:
    """Of a tree, in MiB: PSS shares what is shared among those who share it, RSS counts it for each."""

    pss: float
    rss: float
    processes: int


def memory(root: int) -> Memory:
    pss = rss = processes = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
            sizes = {line[0]: int(line[1]) for line in lines if line[0] in ("Pss:", "Rss:")}
            pss, rss, processes = pss + sizes["Pss:"], rss + sizes["Rss:"], processes + 1
    return Memory(round(pss / 1024, 1), round(rss / 1024, 1), processes)


class Peak:
    """The most memory that a tree had, as seen once a second."""

    def __init__(self, root: int) -> None:
        self.root, self.most = root, memory(root)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            now = memory(self.root)
            self.most = Memory(
                max(self.most.pss, now.pss), max(self.most.rss, now.rss), max(self.most.processes, now.processes)
            )


class Span:
    """Processor time of a tree, of ourselves and of everybody else on this machine, from now to `end`."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.start = self._read()

    def _read(self) -> tuple[float, float, float, float]:
        busy = [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        machine = sum(busy[:3] + busy[5:]) / TICKS
        return time.monotonic(), cpu(self.root), time.process_time(), machine

    def end(self) -> dict[str, float]:
        """Seconds: `elapsed`, `server`, `client`, `others`."""
        elapsed, server, client, machine = (now - then for now, then in zip(self._read(), self.start, strict=True))
        return {"elapsed": elapsed, "server": server, "client": client, "others": max(0, machine - server - client)}


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """A new PostgreSQL database, dropped at the end; an empty address (SQLite in the data directory) stays as it is."""
    if not url:
        yield url
        return
    address = sa.make_url(url)
    server = sa.create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    drop = sa.text(f'DROP DATABASE IF EXISTS "{address.database}" WITH (FORCE)')
    with server.connect() as connection:
        connection.execute(drop)
        connection.execute(sa.text(f'CREATE DATABASE "{address.database}"'))
        try:
            yield url
        finally:
            connection.execute(drop)
    server.dispose()


def database_server(url: str) -> int | None:
    """The process that PostgreSQL's backends are children of, when it runs here and we may see it."""
    if not url:
        return None
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        backend = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{backend}/status").read_text()
            if "postgres" in status.splitlines()[0]:
                return int(status.partition("PPid:")[2].split()[0])
    engine.dispose()
    return None
