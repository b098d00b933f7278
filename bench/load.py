"""A small HTTP client that keeps its connections: prepared requests out, statuses in, as cheaply as Python can."""

import re
import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE = 30  # seconds without any answer


def request(method: str, path: str, host: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of one request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in {"Host": host, **(headers or {})}.items()),
    ]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Load:
    """What came of it."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)  # seconds, of each answer

    @property
    def per_second(self) -> float:
        return len(self.delays) / self.seconds

    @property
    def median_ms(self) -> float:
        return statistics.median(self.delays) * 1000


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.came, self.since = b"", 0.0

    def ask(self, sent: bytes) -> None:
        self.came, self.since = b"", time.perf_counter()
        self.socket.sendall(sent)

    def answer(self) -> int | None:
        """The status, once the whole answer is here."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError(f"the server closed a connection after {self.came[:200]!r}")
        self.came += more
        head, there, body = self.came.partition(b"\r\n\r\n")
        if not there:
            return None
        length = LENGTH.search(head)
        if length is None:
            raise ConnectionError(f"an answer of unknown length: {head[:200]!r}")
        return int(head[9:12]) if len(body) >= int(length[1]) else None


def drive(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send each request once, over so many connections, each of which waits for its answer."""
    load, waiting = Load(), iter(requests)
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    for _ in range(connections):
        _ask_next(_Connection(port), waiting, selector, new=True)
    while selector.get_map():
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"no answer for {PATIENCE} s")
        for key, _ in ready:
            connection: _Connection = key.data
            if (status := connection.answer()) is None:
                continue
            load.statuses[status] += 1
            load.delays.append(time.perf_counter() - connection.since)
            _ask_next(connection, waiting, selector)
    load.seconds = time.perf_counter() - began
    return load


def _ask_next(
    connection: _Connection, waiting: Iterator[bytes], selector: selectors.BaseSelector, *, new: bool = False
) -> None:
    following = next(waiting, None)
    if following is None:
        if not new:
            selector.unregister(connection.socket)
        connection.socket.close()
        return
    if new:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    connection.ask(following)
