"""Applications that listen to live updates of a running server: by WebSocket, or to server-sent events."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from websockets.sync.client import ClientConnection, connect

from tests.processes import Member, Serve

PATIENCE = 10.0
Json = dict[str, Any]


class Socket:
    """A WebSocket that keeps all it was told."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def subscribe(self, stream: str, **argument: str) -> None:
        self.connection.send(json.dumps({"type": "subscribe", "stream": stream, **argument}))

    def unsubscribe(self, stream: str, **argument: str) -> None:
        self.connection.send(json.dumps({"type": "unsubscribe", "stream": stream, **argument}))

    def next(self, seconds: float = PATIENCE) -> Json:
        told: Json = json.loads(self.connection.recv(timeout=seconds))
        return told

    def hears(self, event: str, stream: list[str], seconds: float = PATIENCE) -> Any:
        """The payload of the next such event on that stream, whatever else is told before."""
        deadline = time.monotonic() + seconds
        while True:
            told = self.next(deadline - time.monotonic())
            if (told.get("event"), told.get("stream")) == (event, stream):
                return json.loads(told["payload"]) if "payload" in told else None


@contextmanager
def by_socket(server: Serve, token: str, query: str = "", **more: Any) -> Iterator[Socket]:
    address = server.origin.replace("http", "ws", 1) + "/api/v1/streaming" + query
    with connect(address, additional_headers={"Authorization": f"Bearer {token}"}, **more) as connection:
        yield Socket(connection)


class Events:
    """Server-sent events, read as they come by a thread of their own."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer, self.told, self.over = answer, [], False  # type: ignore[var-annotated]
        self.came = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        event = ""
        try:
            for line in self.answer.iter_lines(chunk_size=1):
                name, _, value = line.decode().partition(": ")
                with self.came:
                    if name == "event":
                        event = value
                    elif name == "data":
                        self.told.append((event, value))
                    self.came.notify_all()
        except (requests.RequestException, AttributeError):
            pass
        finally:
            with self.came:
                self.over = True
                self.came.notify_all()

    def hears(self, event: str, seconds: float = PATIENCE) -> Any:
        """The payload of the first event of that name."""
        with self.came:
            assert self.came.wait_for(lambda: any(name == event for name, _ in self.told), seconds), self.told
            value = next(value for name, value in self.told if name == event)
            return None if value == "undefined" else json.loads(value)

    def ends(self, seconds: float) -> bool:
        with self.came:
            return self.came.wait_for(lambda: self.over, seconds)


@contextmanager
def by_events(member: Member, path: str) -> Iterator[Events]:
    answer = member.ask("GET", f"v1/streaming/{path}", stream=True)
    with answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/event-stream"
        events = Events(answer)
        yield events
        answer.raw.close()
