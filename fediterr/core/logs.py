"""What is written down about what happens: one line an event, with the id of the request or job, and never a secret."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from fediterr.core.settings import Settings

# Set by whoever begins a piece of work; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

HIDDEN = "•••"
# What a secret looks like in a message of someone else: a password in an address, a token, a form field.
SECRET_SHAPES = (
    re.compile(r"(?<=://)([^\s/@:]*):[^\s/@]+(?=@)"),
    re.compile(r"(?i)\b(bearer|basic) +[a-z0-9._~+/=-]{8,}"),
    re.compile(r"(?i)\b(password|secret|token|code_verifier|client_secret)=[^\s&\"']+"),
)
SHORTEST_SECRET = 6
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Chatty libraries, and the least important of their messages that is worth reading.
QUIET = {
    "alembic": logging.WARNING,
    "amqp": logging.WARNING,
    "celery": logging.WARNING,
    "kombu": logging.WARNING,
    "py.warnings": logging.ERROR,  # Celery sends there what its next version will change
    "urllib3": logging.ERROR,
    "_granian": logging.ERROR,
}
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def configure(settings: Settings) -> None:
    """Send every log line to the error stream in the form the settings ask for; may be called again."""
    handler = _Handler(sys.stderr)
    form = JsonLines if settings.log_format == "json" else TextLines
    handler.setFormatter(form(secrets=secrets_of(settings)))
    root = logging.getLogger()
    for other in [other for other in root.handlers if isinstance(other, _Handler)]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The secret values that these settings hold, the longest first."""
    urls = (settings.database_url, settings.broker_url, settings.redis_url)
    values = {settings.secret_key, *(urlsplit(url).password or "" for url in urls)}
    return tuple(sorted((value for value in values if len(value) >= SHORTEST_SECRET), key=len, reverse=True))


class _Handler(logging.StreamHandler[Any]):
    """Ours, so that `configure` replaces its own handler and leaves those of others."""


class _Lines(logging.Formatter):
    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self.hide(self.line(record))

    def line(self, record: logging.LogRecord) -> str:
        raise NotImplementedError

    def hide(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        text = SECRET_SHAPES[0].sub(rf"\1:{HIDDEN}", text)
        text = SECRET_SHAPES[1].sub(rf"\1 {HIDDEN}", text)
        return SECRET_SHAPES[2].sub(rf"\1={HIDDEN}", text)

    def trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""


class TextLines(_Lines):
    """`2026-05-04T08:00:00.123Z INFO web fediterr.app [3f2a…] what happened key=value`."""

    def line(self, record: logging.LogRecord) -> str:
        work = f"[{request_id.get()}] " if request_id.get() else ""
        extra = "".join(f" {key}={value}" for key, value in _extra(record).items())
        # Whoever writes to us must not be able to write a line of our log.
        said = CONTROL.sub(lambda found: repr(found[0])[1:-1], f"{work}{record.getMessage()}{extra}")
        head = f"{_moment(record)} {record.levelname} {record.processName} {record.name} {said}"
        return f"{head}\n{trace}" if (trace := self.trace(record)) else head


class JsonLines(_Lines):
    """One JSON object a line: time, level, process, logger, request, message, trace, and what was given in `extra`."""

    def line(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _moment(record),
            "level": record.levelname,
            "process": record.processName,
            "logger": record.name,
            "request": request_id.get() or None,
            "message": record.getMessage(),
            "trace": self.trace(record) or None,
            **_extra(record),
        }
        return json.dumps(
            {key: value for key, value in fields.items() if value is not None}, default=str, ensure_ascii=False
        )


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {key: value for key, value in vars(record).items() if key not in STANDARD}


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
