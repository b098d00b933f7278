"""Connections that stay open: server-sent events, which only tell, and WebSockets, which are also asked."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any

from fediterr.mastodon.streaming import channels, frames, heads
from fediterr.mastodon.streaming.channels import Channel, Refusal
from fediterr.mastodon.streaming.entrance import Pass
from fediterr.mastodon.streaming.hub import Hub, as_frame

BUFFER = 262_144  # bytes that wait for a slow client; one more event, and it is cut off
MESSAGE = 4096  # bytes of what a client may say at once
SUBSCRIPTIONS = 100  # of one connection
BEAT = 15  # seconds between two signs of life on a connection

_turns = itertools.count()


class Connection(asyncio.Protocol):
    """What both kinds share: a bearer, the streams it listens to, and an end."""

    __slots__ = ("address", "bearer", "channels", "heard", "hub", "left", "transport", "turn")

    def __init__(self, hub: Hub, bearer: Pass, address: str) -> None:
        self.hub, self.bearer, self.address = hub, bearer, address
        self.transport: asyncio.Transport | None = None  # while the web process still holds it
        self.channels: set[Channel] = set()
        self.heard = True  # since the last beat
        self.left = False
        self.turn = next(_turns) % BEAT
        hub.enter(self)

    def write(self, data: bytes) -> None:
        """Send this, unless too much waits already: who does not read is not waited for."""
        if self.transport is None or self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size() > BUFFER:
            self.transport.abort()
        else:
            self.transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.left:
            transport.abort()

    def listen(self, channel: Channel) -> None:
        if channel not in self.channels:
            self.channels.add(channel)
            self.hub.subscribe(self, channel)

    def connection_lost(self, _why: Exception | None) -> None:
        if not self.left:
            self.left = True
            self.hub.leave(self, self.channels)

    def end(self, code: int = frames.POLICY) -> None:
        """Close it, saying why where the protocol has a word for that."""
        if self.transport is None:
            self.connection_lost(None)
        elif not self.transport.is_closing():
            self.transport.write(self.last_words(code))
            self.transport.close()

    def last_words(self, _code: int) -> bytes:
        return b""

    def beat(self) -> None:
        """Show whoever stands between that the connection lives."""
        raise NotImplementedError

    def encode(self, told: list[str], event: str, payload: str | None) -> bytes:
        raise NotImplementedError


class Events(Connection):
    """Server-sent events: one stream, until one of both goes."""

    __slots__ = ()

    HEAD = heads.answer(
        200,
        (
            ("Content-Type", "text/event-stream"),
            ("Cache-Control", "private, no-store"),
            ("X-Accel-Buffering", "no"),
        ),
        body=None,
    )

    def encode(self, told: list[str], event: str, payload: str | None) -> bytes:
        # An event without `data` is none for a browser, so one without a payload says what JavaScript calls it.
        return f"event: {event}\ndata: {'undefined' if payload is None else payload}\n\n".encode()

    def beat(self) -> None:
        self.write(b":thump\n")


class Socket(Connection):
    """A WebSocket: the client says which streams it wants, and no longer wants."""

    __slots__ = ("reader", "waiting")

    PING = frames.frame(frames.PING)

    def __init__(self, hub: Hub, bearer: Pass, address: str) -> None:
        super().__init__(hub, bearer, address)
        self.reader = frames.Reader(MESSAGE)
        self.waiting = 0  # subscriptions that are looked at

    def encode(self, told: list[str], event: str, payload: str | None) -> bytes:
        return frames.frame(frames.TEXT, as_frame(told, event, payload).encode())

    def beat(self) -> None:
        if self.heard:
            self.heard = False
            self.write(self.PING)
        elif self.transport is not None:
            self.transport.abort()  # the ping before this one was not answered

    def last_words(self, code: int) -> bytes:
        return frames.closing(code)

    def refuse(self, refusal: Refusal) -> None:
        self.write(frames.frame(frames.TEXT, heads.say(refusal.words, refusal.status)))

    # --- what the client says ---

    def data_received(self, data: bytes) -> None:
        self.heard = True
        try:
            for kind, payload in self.reader.feed(data):
                self._take(kind, payload)
        except frames.Broken as broken:
            self.end(broken.code)

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == frames.PING:
            self.write(frames.frame(frames.PONG, payload))
        elif kind == frames.CLOSE:
            self.end(frames.NORMAL)
        elif kind in (frames.TEXT, frames.BINARY):
            self._answer(payload)

    def _answer(self, payload: bytes) -> None:
        try:
            said = json.loads(payload.decode())
        except UnicodeDecodeError:
            raise frames.Broken(frames.NOT_TEXT) from None
        except (ValueError, RecursionError):
            return  # not JSON: Mastodon says nothing either
        if isinstance(said, dict):
            try:
                self._obey(said)
            except Refusal as refusal:
                self.refuse(refusal)

    def _obey(self, said: Mapping[str, Any]) -> None:
        kind, name = said.get("type"), said.get("stream")
        if kind not in ("subscribe", "unsubscribe"):
            return
        channel = channels.read(name if isinstance(name, str) else "", said)
        if kind == "subscribe":
            self.ask(channel)
        elif channel in self.channels:
            self.channels.discard(channel)
            self.hub.unsubscribe(self, channel)

    def ask(self, channel: Channel) -> None:
        """Listen to this too, if the token reaches it and somebody's list is theirs; Refusal if not."""
        channels.require(self.bearer.scopes, channel.name)
        if channel in self.channels:
            return
        if len(self.channels) + self.waiting >= SUBSCRIPTIONS:
            raise Refusal(429, "Too many subscriptions")
        if channel.list_id:
            self.waiting += 1
            self.hub.spawn(self._ask_for_list(channel))
        else:
            self.listen(channel)

    async def _ask_for_list(self, channel: Channel) -> None:
        try:
            await self.hub.permit(self.bearer, channel)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            if not self.left:
                self.listen(channel)
        finally:
            self.waiting -= 1
