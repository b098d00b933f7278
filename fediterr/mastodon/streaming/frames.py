"""The frames of a WebSocket (RFC 6455), as bytes: no sockets, no waiting."""

import base64
import hashlib
import struct
from collections.abc import Iterator

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, POLICY, TOO_BIG = 1000, 1001, 1002, 1007, 1008, 1009
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Broken(Exception):
    """What came is not what the protocol allows; `code` is said when closing."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def accept(key: str) -> str:
    """The answer to a `Sec-WebSocket-Key`."""
    return base64.b64encode(hashlib.sha1((key + GUID).encode(), usedforsecurity=False).digest()).decode()


def frame(kind: int, payload: bytes = b"") -> bytes:
    """One whole frame of a server: final, unmasked."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | kind, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x80 | kind, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | kind, 127, size) + payload


def closing(code: int) -> bytes:
    return frame(CLOSE, struct.pack("!H", code))


class Reader:
    """Takes what a client sent, in whatever pieces it comes, and gives whole messages: (kind, payload)."""

    __slots__ = ("_came", "_kind", "_message", "longest")

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._came = b""
        self._message = b""
        self._kind = CONTINUATION  # of the message that is not whole yet

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The messages that are whole now; Broken when the client does not keep to the protocol."""
        came, at = self._came + data, 0
        while (taken := self._take(came, at)) is not None:
            at, final, kind, payload = taken
            if kind >= CLOSE:
                yield kind, payload
            elif (whole := self._join(final, kind, payload)) is not None:
                yield whole
        self._came = came[at:]

    def _take(self, came: bytes, at: int) -> tuple[int, bool, int, bytes] | None:
        """One frame, and where the next begins; None while it is not whole."""
        if len(came) < at + 2:
            return None
        first, second = came[at], came[at + 1]
        final, kind, size = bool(first & 0x80), first & 0x0F, second & 0x7F
        if first & 0x70 or kind not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG) or not second & 0x80:
            raise Broken(PROTOCOL_ERROR)
        if kind >= CLOSE and (size > 125 or not final):
            raise Broken(PROTOCOL_ERROR)
        start = at + {126: 4, 127: 10}.get(size, 2)
        if len(came) < start:
            return None
        if size > 125:
            size = int.from_bytes(came[at + 2 : start], "big")
        if size > self.longest:
            raise Broken(TOO_BIG)
        end = start + 4 + size
        if len(came) < end:
            return None
        return end, final, kind, _unmask(came[start + 4 : end], came[start : start + 4])

    def _join(self, final: bool, kind: int, payload: bytes) -> tuple[int, bytes] | None:
        if (kind == CONTINUATION) != (self._kind != CONTINUATION):
            raise Broken(PROTOCOL_ERROR)
        if kind != CONTINUATION:
            self._kind = kind
        self._message += payload
        if len(self._message) > self.longest:
            raise Broken(TOO_BIG)
        if not final:
            return None
        whole = self._kind, self._message
        self._kind, self._message = CONTINUATION, b""
        return whole


def _unmask(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")
