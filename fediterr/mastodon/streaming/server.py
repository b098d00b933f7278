"""The part of a server that carries live updates: it takes connections, lets in who may listen, and beats."""

import asyncio
import functools
import itertools
import logging
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from fediterr.core import proxies, site
from fediterr.core.settings import Settings
from fediterr.mastodon.streaming import carrier, channels, entrance, frames, heads
from fediterr.mastodon.streaming.channels import Refusal
from fediterr.mastodon.streaming.connections import BEAT, Connection, Events, Socket
from fediterr.mastodon.streaming.entrance import Pass
from fediterr.mastodon.streaming.heads import Head
from fediterr.mastodon.streaming.hub import Hub

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds for the head of a request, and for an answer to be taken
PROOF = 2.5  # seconds between two looks at whether the tokens still hold
THREADS = 4  # that ask the database; one of them at most shows what happened, so that it is told in order
BACKLOG = 1024
GREETING = b":)\n"


class Reception(asyncio.Protocol):
    """A connection of which nothing is known yet but, piece by piece, the head of its request."""

    __slots__ = ("_came", "_limit", "_server", "transport")

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._limit = asyncio.get_running_loop().call_later(PATIENCE, transport.abort)

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, whole, _ = self._came.partition(b"\r\n\r\n")
        if whole:
            self._came = b""
            self.transport.pause_reading()
            self._server.hub.spawn(self._server.receive(self.transport, head))
        elif len(self._came) > heads.LONGEST:
            self.transport.write(heads.problem(431, "Too large"))
            self.transport.close()

    def settle(self) -> None:
        """It is something else from now on."""
        self._limit.cancel()

    def connection_lost(self, _why: Exception | None) -> None:
        self._limit.cancel()


class Server:
    """Live updates in this process, until SIGTERM or SIGINT."""

    def __init__(self, settings: Settings, app: Flask) -> None:
        self.settings, self.app = settings, app
        self.pool = ThreadPoolExecutor(THREADS, "streaming")
        self.hub = Hub(settings, app, self.pool)
        self.proxies = proxies.Proxies(settings.trusted_proxies)
        self._over = asyncio.Event()

    async def run(self, *listeners: socket.socket) -> None:
        """Take connections from these until told to stop; then end them all, which nobody needs to wait for."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self._over.set)
        make = functools.partial(Reception, self)
        listening = [
            await loop.create_unix_server(make, sock=each, backlog=BACKLOG)
            if each.family == socket.AF_UNIX
            else await loop.create_server(make, sock=each, backlog=BACKLOG)
            for each in listeners
        ]
        for work in (self._carry(), self._beat(), self._prove()):
            self.hub.spawn(work)
        await self._over.wait()
        for server in listening:
            server.close()
        for listener in self.hub.everybody():
            listener.end(frames.GOING_AWAY)
        for task in list(self.hub.tasks):
            task.cancel()
        await asyncio.gather(*self.hub.tasks, return_exceptions=True)
        self.pool.shutdown(wait=False, cancel_futures=True)

    # --- what goes on all the time ---

    async def _carry(self) -> None:
        async for happening in carrier.happenings(self.settings, self.app, lambda: self.hub.since):
            await self.hub.tell(happening)

    async def _beat(self) -> None:
        """A sign of life on each connection, a fifteenth of them each second."""
        for second in itertools.count():
            await asyncio.sleep(1)
            for each in self.hub.everybody():
                if each.turn == second % BEAT:
                    each.beat()

    async def _prove(self) -> None:
        while True:
            await asyncio.sleep(PROOF)
            try:
                await self.hub.prove()
            except Exception:
                log.exception("the tokens of those who listen could not be looked at")

    # --- one request ---

    async def receive(self, transport: asyncio.Transport, data: bytes) -> None:
        """Answer a request; it ends here, or becomes a stream."""
        try:
            head = heads.read(data)
            await self._route(transport, head)
        except ValueError:
            self._reply(transport, heads.problem(400, "Bad request"))
        except Refusal as refusal:
            self._reply(transport, heads.problem(refusal.status, refusal.words))
        except (ConnectionError, TimeoutError):
            transport.abort()
        except Exception:
            log.exception("a listener was not let in")
            self._reply(transport, heads.problem(500, "Something went wrong"))

    async def _route(self, transport: asyncio.Transport, head: Head) -> None:
        if head.method == "OPTIONS":
            self._reply(transport, heads.answer(204))
        elif head.method != "GET":
            raise Refusal(405, "Method not allowed")
        elif head.path == f"{site.LIVE}/health":
            self._reply(transport, heads.answer(200, (("Content-Type", "text/plain"),), b"OK"))
        elif not (head.path == site.LIVE or head.path.startswith(f"{site.LIVE}/")):
            raise Refusal(404, "Not found")
        elif head.upgrades:
            await self._open_socket(transport, head)
        else:
            await self._open_events(transport, head)

    def _reply(self, transport: asyncio.Transport, answer: bytes) -> None:
        if not transport.is_closing():
            transport.write(answer)
            transport.close()

    async def _open_events(self, transport: asyncio.Transport, head: Head) -> None:
        name = channels.at(head.path, head.query) or head.query.get("stream", "")
        if not name:
            raise Refusal(404, "Not found")
        bearer = await self._admit(transport, head)
        channel = channels.read(name, head.query)
        await self.hub.permit(bearer, channel)
        connection = Events(self.hub, bearer, self._address(transport, head))
        self._settle(transport, connection)
        connection.write(Events.HEAD + GREETING)
        connection.listen(channel)

    async def _open_socket(self, transport: asyncio.Transport, head: Head) -> None:
        key = head.headers.get("sec-websocket-key", "")
        if not key or head.headers.get("sec-websocket-version") != "13":
            raise Refusal(400, "Bad request")
        bearer = await self._admit(transport, head)
        upgrade = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", frames.accept(key))]
        if head.protocol:
            upgrade.append(("Sec-WebSocket-Protocol", head.protocol))
        answer = heads.answer(101, tuple(upgrade), body=None)
        connection = Socket(self.hub, bearer, self._address(transport, head))
        if is_ours(transport):
            await self._take_over(transport, answer, connection)
        else:
            self._settle(transport, connection)
            connection.write(answer)
        if name := channels.at(head.path, head.query) or head.query.get("stream"):
            try:
                connection.ask(channels.read(name, head.query))
            except Refusal as refusal:
                connection.refuse(refusal)

    async def _admit(self, transport: asyncio.Transport, head: Head) -> Pass:
        loop, address = asyncio.get_running_loop(), self._address(transport, head)
        return await loop.run_in_executor(self.pool, entrance.admit, self.app, head.token, address)

    def _address(self, transport: asyncio.Transport, head: Head) -> str:
        peer = (
            head.headers.get("x-fediterr-peer", "") if is_ours(transport) else transport.get_extra_info("peername")[0]
        )
        return self.proxies.client(peer, head.headers.get("x-forwarded-for", ""))

    async def _take_over(self, transport: asyncio.Transport, answer: bytes, connection: Connection) -> None:
        """The web process says `answer` to its client, and then sends us the connection with it."""
        loop = asyncio.get_running_loop()
        try:
            transport.write(answer)
            with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as way:
                came = asyncio.Event()
                loop.add_reader(way, came.set)
                try:
                    async with asyncio.timeout(PATIENCE):
                        await came.wait()
                finally:
                    loop.remove_reader(way)
                client = _receive(way)
            await loop.connect_accepted_socket(lambda: connection, client)
        except BaseException:
            connection.connection_lost(None)
            raise
        finally:
            transport.close()

    def _settle(self, transport: asyncio.Transport, connection: Connection) -> None:
        """From now on the connection is a stream."""
        reception = transport.get_protocol()
        assert isinstance(reception, Reception)
        reception.settle()
        transport.set_protocol(connection)
        connection.connection_made(transport)
        transport.resume_reading()
        if transport.is_closing():  # it went while we looked who it is: nobody else will say so
            connection.connection_lost(None)


def is_ours(transport: asyncio.Transport) -> bool:
    """Whether it is the web process that asks, for somebody else."""
    family: int = transport.get_extra_info("socket").family
    return family == socket.AF_UNIX


def _receive(way: socket.socket) -> socket.socket:
    """The connection that was sent by this way."""
    _, sent, _, _ = socket.recv_fds(way, 1, 1)
    if not sent:
        raise ConnectionResetError
    client = socket.socket(fileno=sent[0])
    client.setblocking(False)
    return client


def serve(settings: Settings, app: Flask, *listeners: socket.socket) -> None:
    """Carry live updates until told to stop."""
    asyncio.run(Server(settings, app).run(*listeners))
