"""Measure live updates: what thousands of idle listeners weigh, and how long one post takes to reach them all.

    python -m bench.streaming [--n 5000] [--accounts 1]

Start it from the root of the project. A server is started on loopback, `--n` WebSockets are opened, then as many
streams of server-sent events; both at the address of the server, server-sent events also at that of a
`fediterr streaming` alone. Everything is over in a few minutes, and nothing is left behind.
"""

import argparse
import contextlib
import os
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from bench import machine
from tests.processes import FEDITERR, Member, Serve, free_port, until

PER_ADDRESS = 20_000  # connections from one address of loopback: its ports are finite
LIMIT = 120  # seconds for anything to happen
REST = 20  # seconds of idleness that are looked at
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class Crowd:
    """Many listeners in one thread, which only counts what it reads."""

    def __init__(self, port: int, members: list[Member], n: int, *, sockets: bool) -> None:
        self.selector = selectors.DefaultSelector()
        self.connections: list[socket.socket] = []
        path = "/api/v1/streaming?stream=public" if sockets else "/api/v1/streaming/public"
        for number in range(n):
            token = members[number % len(members)].token
            head = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
            source = f"127.0.0.{2 + number // PER_ADDRESS}"
            connection = socket.create_connection(("127.0.0.1", port), timeout=LIMIT, source_address=(source, 0))
            connection.sendall(f"{head}{UPGRADE if sockets else ''}\r\n".encode())
            answer = connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 101" if sockets else b"HTTP/1.1 200"), answer
            connection.setblocking(False)
            self.selector.register(connection, selectors.EVENT_READ)
            self.connections.append(connection)

    def hear(self, sign: bytes, began: float) -> list[float]:
        """Seconds from `began` until each listener was told of `sign`."""
        waiting, delays = set(self.connections), []
        while waiting and time.monotonic() < began + LIMIT:
            for key, _ in self.selector.select(1):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                with contextlib.suppress(BlockingIOError):
                    if sign in connection.recv(65536):
                        delays.append(time.monotonic() - began)
                        waiting.discard(connection)
        assert not waiting, f"{len(waiting)} listeners were not told"
        return delays

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def own_memory(pid: int) -> tuple[float, float]:
    """PSS and RSS of one process, in MiB."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    sizes = {line[0]: int(line[1]) / 1024 for line in lines if line[0] in ("Pss:", "Rss:")}
    return sizes["Pss:"], sizes["Rss:"]


def weigh(name: str, port: int, pids: dict[str, int], members: list[Member], n: int, *, sockets: bool) -> None:
    before = {part: own_memory(pid) for part, pid in pids.items()}
    began = time.monotonic()
    crowd = Crowd(port, members, n, sockets=sockets)
    opening = time.monotonic() - began
    cpu, since = {part: machine.cpu(pid) for part, pid in pids.items()}, time.monotonic()
    time.sleep(REST)
    rest = {part: (machine.cpu(pid) - cpu[part]) / (time.monotonic() - since) for part, pid in pids.items()}
    print(f"\n{name}: {n} listeners of {len(members)} accounts, opened in {opening:.1f} s")
    for part, pid in pids.items():
        pss, rss = own_memory(pid)
        print(
            f"  {part}: PSS {before[part][0]:.0f} -> {pss:.0f} MiB, RSS {before[part][1]:.0f} -> {rss:.0f} MiB, "
            f"{(rss - before[part][1]) * 1024 / n:.1f} KiB each, at rest {rest[part]:.3f} cores"
        )
    pages = []
    for number in range(4):
        sign = f"sign-{number}-of-{os.getpid()}"
        began = time.monotonic()
        members[0].says(sign)
        posted = time.monotonic() - began
        delays = crowd.hear(sign.encode(), began)
        told = f"first {min(delays):.2f} s, median {statistics.median(delays):.2f} s, last {max(delays):.2f} s"
        print(f"  one post: answered after {posted:.3f} s; heard by all: {told}")
        began = time.monotonic()
        requests.get(f"{members[0].server.origin}/healthz", timeout=LIMIT).raise_for_status()
        pages.append(time.monotonic() - began)
    print(f"  a page meanwhile: {statistics.median(pages) * 1000:.1f} ms")
    crowd.close()
    time.sleep(2)


@contextlib.contextmanager
def running(directory: Path) -> Iterator[Serve]:
    server = Serve(directory)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def alone(server: Serve) -> Iterator[tuple[int, int]]:
    """`fediterr streaming` by itself: its port and its process."""
    port = free_port()
    process = subprocess.Popen([*FEDITERR, "streaming", "--port", str(port)], env=server.environment)
    try:
        until(lambda: answers(port), LIMIT)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(LIMIT)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=5000, help="listeners of each kind")
    parser.add_argument("--accounts", type=int, default=1, help="accounts that they share")
    parser.add_argument("--events-only", action="store_true", help="no WebSockets")
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < options.n + 200:
        sys.exit(f"The system allows {most} open files: too few for {options.n} listeners.")
    with tempfile.TemporaryDirectory() as directory, running(Path(directory)) as server:
        members = [server.member(f"m{number}") for number in range(options.accounts)]
        pids = {part: until(lambda part=part: server.part(part)) or 0 for part in ("streaming", "web")}
        if not options.events_only:
            weigh("WebSockets", server.port, pids, members, options.n, sockets=True)
        weigh("Server-sent events", server.port, pids, members, options.n, sockets=False)
        with alone(server) as (port, pid):
            weigh("Server-sent events, alone", port, {"streaming": pid}, members, options.n, sockets=False)


if __name__ == "__main__":
    main()
