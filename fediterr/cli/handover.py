"""Requests for live updates, from the web process to the part that carries them: both answer at one address.

The head of the request goes to that part over a socket of this machine. If it opens a WebSocket, the connection itself
follows (SCM_RIGHTS): the web process says `101 Switching Protocols`, lets go of it, and has nothing more to do with it.
What else it answers (server-sent events, a refusal) is passed back as it comes.
"""

import asyncio
import contextlib
import os
import socket
import struct
from typing import Any
from urllib.parse import quote

from fediterr.core.settings import Settings

HEAD = 65_536  # bytes of the head of an answer
PATIENCE = 15.0  # seconds for an answer to begin
LOOKS, PAUSE = 5000, 0.001  # until `101` has left: nothing may go out before it, and the kernel tells only who asks
PIECE = 65_536
PEER = "x-fediterr-peer"  # the header that says from where a request came; ours alone, whatever a client sends
BYTES_SENT = 200  # where struct tcp_info tells how many bytes were sent (Linux 4.19)
OURS = ("connection", "content-length", "date", "server", "transfer-encoding")  # Granian writes them
AWAY = b'{"error":"Live updates are away","status":503}'


class Streams:
    """The way to the part that carries live updates."""

    def __init__(self, settings: Settings) -> None:
        self.place = settings.live_socket
        self.open: set[asyncio.StreamWriter] = set()

    async def pass_on(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.place), limit=HEAD)
        except OSError:
            protocol.response_bytes(503, [("Content-Type", "application/json"), ("Retry-After", "5")], AWAY)
            return
        self.open.add(writer)
        try:
            writer.write(_head(scope))
            status, headers = _read(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE))
            if status == 101:
                await _hand_over(scope, protocol, headers, writer)
            else:
                transport = protocol.response_stream(status, headers)
                while piece := await reader.read(PIECE):
                    await transport.send_bytes(piece)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, RuntimeError):
            return  # one of the two went: there is nobody left to tell
        finally:
            self.open.discard(writer)
            writer.close()

    def close(self) -> None:
        """End what is passed on: whoever listens comes again."""
        for writer in list(self.open):
            writer.transport.abort()


def _head(scope: Any) -> bytes:
    lines = [f"{scope.method} {quote(scope.path)}{'?' if scope.query_string else ''}{scope.query_string} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in scope.headers.items() if name != PEER]
    lines.append(f"{PEER}: {scope.client.rpartition(':')[0].strip('[]')}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"


def _read(head: bytes) -> tuple[int, list[tuple[str, str]]]:
    """Status and headers of an answer, without those that the web server writes itself."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ") for line in lines if line]
    status = int(first.split(" ", 2)[1])
    return status, [(name, value) for name, _, value in pairs if status == 101 or name.lower() not in OURS]


async def _hand_over(scope: Any, protocol: Any, headers: list[tuple[str, str]], writer: asyncio.StreamWriter) -> None:
    """Switch protocols, and send the connection itself once that has left."""
    ours = _connection_of(scope.client)
    if ours is None:
        protocol.response_empty(502, [])
        return
    with ours:
        before = _bytes_sent(ours)
        protocol.response_empty(101, headers)
        for _ in range(LOOKS):
            if _bytes_sent(ours) > before:
                break
            await asyncio.sleep(PAUSE)
        else:
            return
        with socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno())) as way:
            socket.send_fds(way, [b"!"], [ours.fileno()])


def _connection_of(client: str) -> socket.socket | None:
    """The connection with that client, among all that this process has open; a copy of its own."""
    host, _, port = client.rpartition(":")
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are all we want
        copy = _copy_of(int(name))
        with contextlib.suppress(OSError):
            if copy and copy.family != socket.AF_UNIX and copy.getpeername()[:2] == (host.strip("[]"), int(port)):
                return copy
        if copy:
            copy.close()
    return None


def _copy_of(descriptor: int) -> socket.socket | None:
    """A copy of an open socket: it stays what it is, whatever other threads close meanwhile."""
    try:
        copy = os.dup(descriptor)
    except OSError:
        return None
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        return None


def _bytes_sent(connection: socket.socket) -> int:
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    sent: int = struct.unpack_from("=Q", told, BYTES_SENT)[0]
    return sent
