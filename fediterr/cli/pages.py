"""What the web process answers with: the WSGI application in threads, behind Granian's asynchronous interface (RSGI).

Bodies are read and answers are sent in the event loop, so that a thread is held for as long as the application works,
never for as long as a client is slow. Requests for live updates do not stay here at all (see `handover`).
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from flask import Flask

from fediterr.cli import handover
from fediterr.core import site
from fediterr.core.settings import Settings

IN_MEMORY = 1_048_576  # bytes of a body before it goes to a file
MORE = 1_048_576  # beyond the largest file: what a form adds around it
WITH_BODY = ("content-length", "transfer-encoding")  # whichever says that one follows (RFC 9112, 6.3)
NAMED_OTHERWISE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
FIXED: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class Answer:
    """What an application said: its status and headers, and its body, piece by piece."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.body: Iterable[bytes] = ()

    def start(self, status: str, headers: list[tuple[str, str]], _problem: Any = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = int(status[:3]), headers
        return bytes  # who writes by itself, as nobody does since long, would not be heard

    def close(self) -> None:
        if hasattr(self.body, "close"):
            self.body.close()


class Pages:
    """An application for Granian."""

    def __init__(self, settings: Settings, app: Flask) -> None:
        self.app = app
        self.streams = handover.Streams(settings)
        self.largest = max(settings.limits_body, settings.limits_media) + MORE
        self.threads = ThreadPoolExecutor(settings.web_threads, "web")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.path == site.LIVE or scope.path.startswith(f"{site.LIVE}/"):
            await self.streams.pass_on(scope, protocol)
            return
        loop = asyncio.get_running_loop()
        try:
            body = await self._read(scope, protocol) if _has_body(scope) else None
        except OverflowError:
            protocol.response_str(413, [("Content-Type", "text/plain")], "Too large")
            return
        answer = await loop.run_in_executor(self.threads, self._answer, scope, protocol, body)
        if answer is not None:
            await self._send(protocol, answer)

    async def _read(self, scope: Any, protocol: Any) -> IO[bytes]:
        """The body, whole, whatever time it takes; OverflowError when it is larger than anything that is taken."""
        told = scope.headers.get("content-length", "")
        if told.isdecimal() and int(told) <= IN_MEMORY:
            return io.BytesIO(await protocol())
        body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it was answered
        size = 0
        async for piece in protocol:
            size += len(piece)
            if size > self.largest:
                raise OverflowError
            body.write(piece)
        body.seek(0)
        return body

    def _answer(self, scope: Any, protocol: Any, body: IO[bytes] | None) -> Answer | None:
        """In a thread: ask the application. A short answer leaves at once, a long one is given back to be sent."""
        answer = Answer()
        try:
            answer.body = self.app(environment(scope, body), answer.start)
            if isinstance(answer.body, list):
                protocol.response_bytes(answer.status, answer.headers, b"".join(answer.body))
                return None
            if scope.method == "HEAD":
                protocol.response_bytes(answer.status, answer.headers, b"")
                answer.close()
                return None
        finally:
            if body is not None:
                body.close()
        return answer

    async def _send(self, protocol: Any, answer: Answer) -> None:
        loop = asyncio.get_running_loop()
        pieces = iter(answer.body)
        try:
            transport = protocol.response_stream(answer.status, answer.headers)
            while piece := await loop.run_in_executor(self.threads, next, pieces, b""):
                await transport.send_bytes(piece)
        finally:
            await loop.run_in_executor(self.threads, answer.close)


def _has_body(scope: Any) -> bool:
    """Whether a body follows, whatever the method: Mastodon.py sends JSON with some of its GETs."""
    return any(scope.headers.get(name) for name in WITH_BODY) or (scope.http_version == "2" and scope.method != "GET")


def environment(scope: Any, body: IO[bytes] | None) -> dict[str, Any]:
    """A request as a WSGI application takes it."""
    host, _, port = scope.server.rpartition(":")
    made = {
        **FIXED,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body or io.BytesIO(),
    }
    for name, value in scope.headers.items():
        key = NAMED_OTHERWISE.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        made[key] = f"{made[key]}{';' if name == 'cookie' else ','}{value}" if key in made else value
    if scope.authority:  # HTTP/2 names the host there
        made.setdefault("HTTP_HOST", scope.authority)
    return made
