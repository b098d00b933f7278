"""Connections to other servers that dial only what the guard lets through and end when their time is over.

A pool of urllib3 whose sockets obey the `Exchange` under way in the thread that uses them: without one, nothing is
dialled at all. Every address of a name is checked, then one of these very addresses is dialled (no second look-up
that could answer differently); the name stays what TLS and the `Host` header speak of.
"""

import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Self, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from fediterr.core import errors
from fediterr.core.guard import Guard

Resolve = Callable[[str, int], Sequence[str]]

# Look-ups cannot be interrupted, only abandoned: this many may hang before others have to wait.
LOOKUPS = 128
MOST_DIALLED = 8  # addresses of one name
KEPT_HOSTS = 64  # hosts to which connections are kept open…
KEPT_PER_HOST = 4  # …and how many to each


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, in the order in which the system would dial them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Dialler:
    """Opens sockets to checked addresses; one for the whole process, used by all its threads."""

    def __init__(self, guard: Guard, resolve: Resolve = resolve) -> None:
        self._guard = guard
        self._resolve = resolve
        self._lookups = threading.BoundedSemaphore(LOOKUPS)

    def dial(self, host: str, port: int, exchange: "Exchange") -> socket.socket:
        """A connected socket; raises `errors.Refused` if *any* address is not allowed, `errors.Unreachable`."""
        addresses = self._look_up(host, port, exchange)
        for address in addresses:
            self._guard.check_address(address, host, port)
        problem: OSError | None = None
        for index, address in enumerate(addresses := addresses[:MOST_DIALLED]):
            # Each gets its share of the time, so that one address that swallows packets does not hide a good one.
            share = exchange.left() / (len(addresses) - index)
            try:
                connected = socket.create_connection((address, port), timeout=share)
            except OSError as error:
                problem = error
            else:
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connected.settimeout(exchange.left())
                return connected
        raise errors.Unreachable(f"{host} cannot be reached.") from problem

    def _look_up(self, host: str, port: int, exchange: "Exchange") -> Sequence[str]:
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)
            finally:
                self._lookups.release()

        if not self._lookups.acquire(timeout=exchange.left()):
            raise errors.Unreachable(f"The name {host} could not be looked up in time.")
        threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
        try:
            found = answers.get(timeout=exchange.left())
        except queue.Empty:
            raise errors.Unreachable(f"The name {host} could not be looked up in time.") from None
        if isinstance(found, Exception) or not found:
            raise errors.Unreachable(f"The name {host} leads nowhere.")
        return found


class Exchange:
    """What one exchange with another server may still cost: seconds, from the look-up to the last byte, and bytes read.

    Used as a context: the connections that this thread uses meanwhile obey it.
    """

    def __init__(self, dialler: Dialler, *, seconds: float, most_bytes: int) -> None:
        self.dialler = dialler
        self.dialled = False
        self.received = 0
        self._most_bytes = most_bytes
        self._end = time.monotonic() + seconds

    def __enter__(self) -> Self:
        self._token: Token[Exchange] = _current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _current.reset(self._token)

    def left(self) -> float:
        """Seconds left; raises `errors.Unreachable` when there are none."""
        if (seconds := self._end - time.monotonic()) <= 0:
            raise errors.Unreachable("The other server took too long.")
        return seconds

    def dial(self, host: str, port: int) -> socket.socket:
        self.dialled = True
        return self.dialler.dial(host, port, self)

    def receive(self, count: int) -> None:
        """Count bytes that came in, headers and framing among them; raises `errors.Refused` when they are too many."""
        self.received += count
        if self.received > self._most_bytes:
            raise errors.Refused("The other server sends too much.")


_current: ContextVar[Exchange] = ContextVar("exchange")


class _Wire:
    """A connected socket, of which every reading and writing ends with the time of the exchange under way."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def sendall(self, data: bytes) -> None:
        exchange, rest = _current.get(), memoryview(data)
        while rest:
            self._socket.settimeout(exchange.left())
            rest = rest[self._socket.send(rest) :]

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._socket))


class _Reader(io.RawIOBase):
    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        # Holds the socket open until the answer is read, even if its connection is let go before.
        self._file = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        exchange = _current.get()
        # Anew for each reading: a byte now and then must not keep us here.
        self._socket.settimeout(exchange.left())
        count = self._file.readinto(buffer)
        exchange.receive(count or 0)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _current.get().dial(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.sock = cast(socket.socket, _Wire(self.sock))


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _current.get().dial(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.sock = cast(socket.socket, _Wire(cast(socket.socket, self.sock)))


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


class Pools(urllib3.PoolManager):
    """Kept-alive connections by host, for any number of threads; certificates are checked against `ca_file`."""

    def __init__(self, ca_file: str) -> None:
        # Made once: reading the authorities for each connection would cost more than all the rest.
        context = ssl.create_default_context(cafile=ca_file)
        context.set_alpn_protocols(["http/1.1"])
        super().__init__(KEPT_HOSTS, maxsize=KEPT_PER_HOST, block=False, ssl_context=context)
        self.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
