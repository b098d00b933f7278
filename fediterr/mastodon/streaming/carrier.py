"""From where something happens to where people listen: through Redis when there is one, else through a small table.

What is carried is only that something happened, by ids; whoever shows it reads the database, and what is lost on the
way (a Redis that is away) an application finds when it asks again.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import flask
import redis
import redis.asyncio
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from fediterr.core import clock, site
from fediterr.core.db import session
from fediterr.core.settings import Settings
from fediterr.mastodon.models import LiveEvent

log = logging.getLogger(__name__)

EXTENSION = "fediterr.live"
PENDING = "live"  # in the session: what leaves after the commit
PAUSE = 0.2  # seconds between two looks at the table
BATCH = 500
KEPT = timedelta(minutes=1)
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds before Redis is tried again
QUIET_SECONDS = 60.0


@dataclass(frozen=True)
class Happening:
    """Something that happened: its kind, and the ids that tell whom it concerns."""

    kind: str
    values: dict[str, Any]


def send(kind: str, **values: Any) -> None:
    """Carry this to whoever listens, once the unit of work is committed."""
    if site.settings().redis_url:
        session.info.setdefault(PENDING, []).append({"kind": kind, "values": values})
    else:
        session.add(LiveEvent(kind=kind, values=values))


def forget() -> None:
    """Clear what everybody has seen who listens."""
    session.execute(sa.delete(LiveEvent).where(LiveEvent.at < clock.now() - KEPT))


def channel(settings: Settings) -> str:
    return f"{settings.redis_prefix}live"


class _Publisher:
    """Speaks to Redis, shortly; nothing waits for one that is away."""

    def __init__(self, settings: Settings) -> None:
        self._client = redis.Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
        self._channel = channel(settings)
        self._quiet_until = 0.0

    def publish(self, messages: list[dict[str, Any]]) -> None:
        try:
            with self._client.pipeline(transaction=False) as pipe:
                for message in messages:
                    pipe.publish(self._channel, json.dumps(message))
                pipe.execute()
        except redis.RedisError as error:
            if time.monotonic() >= self._quiet_until:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
                log.warning("Redis does not take live updates", extra={"error": repr(error)})


@event.listens_for(session, "after_commit")
def _release(committed: Any) -> None:
    if messages := committed.info.pop(PENDING, None):
        extensions = flask.current_app.extensions
        publisher: _Publisher = extensions.get(EXTENSION) or extensions.setdefault(
            EXTENSION, _Publisher(site.settings())
        )
        publisher.publish(messages)


@event.listens_for(session, "after_soft_rollback")
def _forget(rolled_back: Any, previous: Any) -> None:
    if not rolled_back.in_nested_transaction() and previous.parent is None:
        rolled_back.info.pop(PENDING, None)


# --- where people listen -------------------------------------------------------------------------------------------


async def happenings(settings: Settings, app: Flask, since: Callable[[], datetime | None]) -> AsyncIterator[Happening]:
    """All that happens; `since` when somebody listens: while nobody does (None), the database is left in peace."""
    source = _from_redis(settings) if settings.redis_url else _from_table(app, since)
    async for each in source:
        yield each


async def _from_table(app: Flask, since: Callable[[], datetime | None]) -> AsyncIterator[Happening]:
    last: int | None = None
    while True:
        began = since()
        if began is None:
            last = None
        else:
            try:
                last, found = await asyncio.to_thread(_look, app, last, began)
            except sa.exc.SQLAlchemyError as error:
                log.warning("the database does not answer; live updates wait", extra={"error": repr(error)})
                await asyncio.sleep(FIRST_WAIT)
                continue
            for each in found:
                yield each
        await asyncio.sleep(PAUSE)


def _look(app: Flask, last: int | None, began: datetime) -> tuple[int, list[Happening]]:
    """What came after `last`; at the first look, what came since somebody listens."""
    with app.app_context():
        if last is None:
            last = session.scalar(sa.select(sa.func.max(LiveEvent.id)).where(LiveEvent.at < began)) or 0
        newer = sa.select(LiveEvent.id, LiveEvent.kind, LiveEvent.values).where(LiveEvent.id > last)
        rows = session.execute(newer.order_by(LiveEvent.id).limit(BATCH)).all()
        return (rows[-1].id if rows else last), [Happening(kind, values) for _, kind, values in rows]


async def _from_redis(settings: Settings) -> AsyncIterator[Happening]:
    wait = FIRST_WAIT
    while True:
        client = redis.asyncio.Redis.from_url(
            settings.redis_url, socket_connect_timeout=4, socket_keepalive=True, health_check_interval=20
        )
        try:
            async with client, client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(channel(settings))
                wait = FIRST_WAIT
                while True:
                    message = await subscription.get_message(timeout=15)
                    if message is not None:
                        told = json.loads(message["data"])
                        yield Happening(told["kind"], told["values"])
        except (redis.RedisError, OSError) as error:
            log.warning("Redis is away; live updates wait", extra={"error": repr(error)})
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
