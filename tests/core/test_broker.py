"""Hints reach the workers soon, once, and never at the expense of whoever sends them."""

import dataclasses
import multiprocessing
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery

from fediterr.core import broker, settings

REDIS_URL = os.environ.get("FEDITERR_TEST_REDIS_URL", "")


@pytest.fixture
def here(tmp_path: Path) -> settings.Settings:
    return settings.load(environ={"FEDITERR_DATA_DIR": str(tmp_path)})


@pytest.fixture
def redis_celery(here: settings.Settings) -> Iterator[Celery]:
    """The same on a real Redis, under a prefix of our own that is emptied afterwards."""
    if not REDIS_URL:
        pytest.skip("FEDITERR_TEST_REDIS_URL names no Redis")
    prefix = f"test-{uuid.uuid4().hex}:"
    yield broker.make_celery(dataclasses.replace(here, broker_url=REDIS_URL, redis_prefix=prefix))
    with redis.Redis.from_url(REDIS_URL) as client:
        for key in client.scan_iter(match=f"{prefix}*"):
            client.delete(key)


@pytest.fixture
def celery(here: settings.Settings) -> Celery:
    return broker.make_celery(here)


@pytest.fixture
def hints(celery: Celery) -> broker.CeleryQueue:
    return broker.CeleryQueue(celery)


def waiting(celery: Celery) -> Iterator[str]:
    """Take every hint that waits, as a worker does, and tell its name."""
    with celery.connection_for_read() as connection, connection.channel() as channel:
        for queue in celery.conf.task_queues:
            bound = queue(channel)
            bound.declare()
            while message := bound.get(accept=["json"]):
                message.ack()
                yield f"{queue.name}: {message.headers['task']}"


def test_a_hint_waits_in_the_queue_of_its_job(celery: Celery, hints: broker.CeleryQueue) -> None:
    for name in ("receive", "deliver", "sweep"):
        hints.send(name)
    assert hints.flush()
    assert list(waiting(celery)) == ["inbox: fediterr.receive", "deliver: fediterr.deliver", "low: fediterr.sweep"]


def test_a_hundred_hints_with_nobody_listening_are_one(celery: Celery, hints: broker.CeleryQueue) -> None:
    for _ in range(100):
        hints.send("deliver")
    assert hints.flush()
    assert hints.sent < 5
    assert list(waiting(celery)) == ["deliver: fediterr.deliver"]
    assert list(waiting(celery)) == []


def test_a_hint_carries_nothing_but_the_name(
    celery: Celery, hints: broker.CeleryQueue, here: settings.Settings
) -> None:
    hints.send("receive")
    assert hints.flush()
    (file,) = (here.data_dir / "queue").glob("*.msg")
    with celery.connection_for_read() as connection, connection.channel() as channel:
        queue = next(queue for queue in celery.conf.task_queues if queue.name == "inbox")(channel)
        queue.declare()
        message = queue.get(accept=["json"])
        assert message.decode()[:2] == [[], {}]
        message.ack()
    assert not file.exists()


def test_sending_never_waits_nor_fails_while_the_broker_is_away(here: settings.Settings) -> None:
    nowhere = dataclasses.replace(here, broker_url="redis://127.0.0.1:1/0")
    queue = broker.CeleryQueue(broker.make_celery(nowhere))
    queue.send("deliver")
    assert not queue.flush(seconds=0.5)
    assert queue.failed >= 1
    assert queue.sent == 0


def test_what_could_not_be_sent_is_sent_once_the_broker_is_back(
    here: settings.Settings, celery: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = broker.CeleryQueue(celery)
    refused = threading.Event()
    send_task = celery.send_task

    def refuse_once(*args: object, **options: object) -> object:
        if not refused.is_set():
            refused.set()
            raise ConnectionError("away")
        return send_task(*args, **options)

    monkeypatch.setattr(celery, "send_task", refuse_once)
    queue.send("react")
    assert queue.flush(seconds=5)
    assert (queue.failed, queue.sent) == (1, 1)
    assert list(waiting(celery)) == ["inbox: fediterr.react"]


def test_a_forked_child_sends_for_itself(celery: Celery, hints: broker.CeleryQueue) -> None:
    hints.send("react")
    assert hints.flush()
    assert list(waiting(celery)) == ["inbox: fediterr.react"]

    def send() -> None:
        hints.send("deliver")
        raise SystemExit(0 if hints.flush() else 1)

    child = multiprocessing.get_context("fork").Process(target=send)
    child.start()
    child.join(timeout=10)
    assert child.exitcode == 0
    assert list(waiting(celery)) == ["deliver: fediterr.deliver"]


def test_several_servers_share_one_redis_by_prefix(here: settings.Settings) -> None:
    shared = dataclasses.replace(here, broker_url="redis://127.0.0.1:6379/0", redis_prefix="brest:")
    options = broker.make_celery(shared).conf.broker_transport_options
    assert options["global_keyprefix"] == "brest:queue:"
    assert options["visibility_timeout"] == 300


def test_a_hint_goes_through_redis_under_the_prefix_of_the_server(redis_celery: Celery) -> None:
    hints = broker.CeleryQueue(redis_celery)
    for _ in range(3):
        hints.send("deliver")
    assert hints.flush()
    with redis.Redis.from_url(REDIS_URL) as client:
        prefix = redis_celery.conf.broker_transport_options["global_keyprefix"]
        assert f"{prefix}deliver".encode() in set(client.scan_iter(match=f"{prefix}*"))
    assert set(waiting(redis_celery)) == {"deliver: fediterr.deliver"}


def test_nothing_but_json_is_read(celery: Celery) -> None:
    assert list(celery.conf.accept_content) == ["json"]
