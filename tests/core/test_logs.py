"""A log line says what happened, in one line, and keeps secrets."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from fediterr.core import logs, settings


def line(form: logging.Formatter, message: str, *args: object, **extra: Any) -> str:
    return form.format(
        logging.getLogger("fediterr.test").makeRecord("fediterr.test", 20, "", 0, message, args, None, extra=extra)
    )


def test_a_line_to_read_tells_the_request_and_what_was_given() -> None:
    token = logs.request_id.set("3f2a")
    try:
        said = line(logs.TextLines(), "delivered to %s", "brest.test", tries=2)
    finally:
        logs.request_id.reset(token)
    assert said.endswith("fediterr.test [3f2a] delivered to brest.test tries=2")


def test_a_line_to_collect_is_one_object() -> None:
    said = json.loads(line(logs.JsonLines(), "déposé\nici", tries=2))
    assert (said["message"], said["tries"], said["level"]) == ("déposé\nici", 2, "INFO")
    assert "request" not in said


def test_nobody_writes_a_line_of_our_log() -> None:
    said = line(logs.TextLines(), "unknown actor %s", "https://x.test/\n2026-01-01 INFO all is well\x1b[2J")
    assert "\n" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("connecting to redis://alice:hunter22@cache.test/0", "hunter22"),
        ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ("POST /oauth/token?client_secret=s3cr3t&x=1", "s3cr3t"),
        ("the key is kkkkkkkkkkkkkkkk", "kkkkkkkkkkkkkkkk"),
    ],
)
def test_a_secret_is_never_written(message: str, secret: str) -> None:
    for form in (logs.TextLines(("k" * 16,)), logs.JsonLines(("k" * 16,))):
        said = line(form, message, given=message)
        assert secret not in said
        assert logs.HIDDEN in said


def test_a_failure_brings_its_trace_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ConnectionError("redis://alice:hunter22@cache.test/0 is away")
    except ConnectionError:
        logging.getLogger("fediterr.test").exception("a job failed")
    for form in (logs.TextLines(), logs.JsonLines()):
        said = form.format(caplog.records[0])
        assert "ConnectionError" in said
        assert "hunter22" not in said


def test_the_secrets_of_the_settings_are_known(tmp_path: Path) -> None:
    given = settings.load(
        environ={"FEDITERR_DATA_DIR": str(tmp_path), "FEDITERR_BROKER_URL": "redis://:hunter22@cache.test/0"}
    )
    assert set(logs.secrets_of(given)) == {given.secret_key, "hunter22"}


def test_configuring_twice_writes_once(tmp_path: Path) -> None:
    given = settings.load(environ={"FEDITERR_DATA_DIR": str(tmp_path)})
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logs.configure(given)
        logs.configure(given)
        assert len([handler for handler in root.handlers if isinstance(handler, logs._Handler)]) == 1
        assert all(handler in root.handlers for handler in before)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
