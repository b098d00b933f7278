"""The head of an HTTP request, and the answers that are not streams, as bytes."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

LONGEST = 16_384  # bytes of a head
LINE = re.compile(rb"([A-Z]{1,16}) (/[^\s#]*) HTTP/1\.[01]")
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "Authorization, Accept, Cache-Control"),
    ("Access-Control-Allow-Methods", "GET, OPTIONS"),
)


@dataclass(frozen=True)
class Head:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # by lower-case name

    @property
    def upgrades(self) -> bool:
        """Whether a WebSocket is asked for."""
        asked = [word.strip().lower() for word in self.headers.get("connection", "").split(",")]
        return "upgrade" in asked and self.headers.get("upgrade", "").lower() == "websocket"

    @property
    def protocol(self) -> str:
        """The first of the WebSocket sub-protocols: browsers, which cannot set a header, put the token there."""
        return self.headers.get("sec-websocket-protocol", "").partition(",")[0].strip()

    @property
    def token(self) -> str:
        """The access token, wherever it is; empty when there is none."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and value.strip():
            return value.strip()
        return self.query.get("access_token", "") or self.protocol


def read(data: bytes) -> Head:
    """What a head says; ValueError when it is none."""
    first, *lines = data.split(b"\r\n")
    matched = LINE.fullmatch(first)
    if matched is None:
        raise ValueError("not a request")
    path, _, query = matched[2].decode("latin-1").partition("?")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not NAME.fullmatch(name):
            raise ValueError("not a header")
        key, value = name.lower(), value.strip()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    sent = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=32))
    return Head(matched[1].decode(), unquote(path), sent, headers)


def answer(status: int, headers: tuple[tuple[str, str], ...] = (), body: bytes | None = b"") -> bytes:
    """The head of an answer and its body; a body of None is a stream that follows."""
    length = () if body is None else (("Content-Length", str(len(body))),)
    close = () if status == HTTPStatus.SWITCHING_PROTOCOLS else (("Connection", "close"),)
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in (*headers, *CORS, *length, *close)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def problem(status: int, words: str) -> bytes:
    """An error, in the shape of the client API."""
    more = (("WWW-Authenticate", 'Bearer realm="fediterr", error="invalid_token"'),) if status == 401 else ()
    return answer(status, (("Content-Type", "application/json; charset=utf-8"), *more), say(words, status))


def say(words: str, status: int) -> bytes:
    return json.dumps({"error": words, "status": status}, ensure_ascii=False).encode()
