"""Who listens to what now, and the way from something that happened to them. All of it lives in one event loop."""

import asyncio
import ipaddress
import json
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from flask import Flask

from fediterr.accounts import scopes
from fediterr.core import clock
from fediterr.core.settings import Settings
from fediterr.mastodon.streaming import audience, channels, entrance
from fediterr.mastodon.streaming.audience import Interest, Interests, Telling
from fediterr.mastodon.streaming.carrier import Happening
from fediterr.mastodon.streaming.channels import Channel, Refusal
from fediterr.mastodon.streaming.entrance import Pass

log = logging.getLogger(__name__)

T = TypeVar("T")
TURN = 200  # listeners written to before others have their turn in the loop


class Listener(Protocol):
    """A connection that takes what is told, in the form of its own kind."""

    bearer: Pass
    address: str
    turn: int  # in the round of beats

    def beat(self) -> None: ...

    def write(self, data: bytes) -> None: ...

    def encode(self, told: list[str], event: str, payload: str | None) -> bytes: ...

    def end(self, code: int = ...) -> None: ...


@dataclass(frozen=True)
class Subscription:
    listener: Listener
    channel: Channel


class Hub:
    """Subscriptions by what is of interest: whoever has the same interest and account is told the same bytes."""

    def __init__(self, settings: Settings, app: Flask, pool: ThreadPoolExecutor) -> None:
        self.settings, self.app, self.pool = settings, app, pool
        self.since: datetime | None = None  # when somebody began to listen
        self._subscriptions: dict[Interest, set[Subscription]] = {}
        self._interests = Interests()
        self._by_token: dict[int, set[Listener]] = {}
        self._accounts: Counter[int] = Counter()
        self._addresses: Counter[str] = Counter()
        self.tasks: set[asyncio.Task[None]] = set()

    # --- coming and going ---

    def enter(self, listener: Listener) -> None:
        """Take it in; Refusal when its account or its address has too many connections already."""
        account_id, address = listener.bearer.account_id, listener.address
        if self.settings.rate_limits and (
            self._accounts[account_id] >= self.settings.limits_streams_account
            or (self._addresses[address] >= self.settings.limits_streams_address and not _is_loopback(address))
        ):
            raise Refusal(429, "Too many connections")
        self._accounts[account_id] += 1
        self._addresses[address] += 1
        self._by_token.setdefault(listener.bearer.token_id, set()).add(listener)

    def leave(self, listener: Listener, listened: Iterable[Channel]) -> None:
        for channel in list(listened):
            self.unsubscribe(listener, channel)
        _forget_one(self._accounts, listener.bearer.account_id)
        _forget_one(self._addresses, listener.address)
        listeners = self._by_token[listener.bearer.token_id]
        listeners.discard(listener)
        if not listeners:
            del self._by_token[listener.bearer.token_id]

    def subscribe(self, listener: Listener, channel: Channel) -> None:
        for interest in interests_of(listener.bearer, channel):
            self._subscriptions.setdefault(interest, set()).add(Subscription(listener, channel))
            self._interests.by_channel.setdefault(interest.channel, set()).add(interest)
        self.since = self.since or clock.now()

    def unsubscribe(self, listener: Listener, channel: Channel) -> None:
        for interest in interests_of(listener.bearer, channel):
            subscribed = self._subscriptions.get(interest, set())
            subscribed.discard(Subscription(listener, channel))
            if not subscribed:
                self._subscriptions.pop(interest, None)
                self._interests.by_channel.get(interest.channel, set()).discard(interest)
        if not self._subscriptions:
            self.since = None

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # --- telling ---

    async def tell(self, happening: Happening) -> None:
        """Ask in a thread who sees it and how; who is found first is told first, and does not wait for the others."""
        if not self._subscriptions:
            return
        held = Interests({name: set(interests) for name, interests in self._interests.by_channel.items()})
        loop = asyncio.get_running_loop()
        found: asyncio.Queue[Telling | None] = asyncio.Queue()

        def give(telling: Telling | None) -> None:
            loop.call_soon_threadsafe(found.put_nowait, telling)

        asking = loop.run_in_executor(self.pool, self._ask, happening, held, give)
        while (telling := await found.get()) is not None:
            await self._write(telling)
        await asking

    def _ask(self, happening: Happening, interests: Interests, give: Callable[[Telling | None], object]) -> None:
        try:
            with self.app.app_context():
                for telling in audience.tell(happening, interests):
                    give(telling)
        except Exception:
            log.exception("an update was not told", extra={"kind": happening.kind})
        finally:
            give(None)

    async def _write(self, telling: Telling) -> None:
        encoded: dict[tuple[type, Channel], bytes] = {}
        for number, each in enumerate(list(self._subscriptions.get(telling.interest, ())), 1):
            key = type(each.listener), each.channel
            if key not in encoded:
                encoded[key] = each.listener.encode(each.channel.told, telling.event, telling.payload)
            each.listener.write(encoded[key])
            if number % TURN == 0:
                await asyncio.sleep(0)

    # --- whose right it still is ---

    async def permit(self, bearer: Pass, channel: Channel) -> None:
        """Refusal unless this bearer may listen to this."""
        channels.require(bearer.scopes, channel.name)
        if channel.list_id:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.pool, entrance.find_list, self.app, bearer, channel.list_id)

    async def prove(self) -> None:
        """Ask of all tokens at once whether they still hold; whoever lost a right loses the connection."""
        tokens = list(self._by_token)
        if not tokens:
            return
        loop = asyncio.get_running_loop()
        held = await loop.run_in_executor(self.pool, entrance.still_held, self.app, tokens)
        for token_id in tokens:
            for listener in list(self._by_token.get(token_id, ())):
                if held.get(token_id) != listener.bearer.scopes:
                    listener.end()

    def everybody(self) -> list[Listener]:
        return [listener for listeners in self._by_token.values() for listener in listeners]


def interests_of(bearer: Pass, channel: Channel) -> list[Interest]:
    """What one stream is made of: `user` brings notifications too, where the token reaches them."""
    argument = channel.folded or (str(channel.list_id) if channel.list_id else "")
    found = [Interest(bearer.account_id, channel.name, argument)]
    if channel.name == channels.USER and scopes.allow(bearer.scopes, channels.scope_of(channels.NOTIFICATIONS)):
        found.append(Interest(bearer.account_id, channels.NOTIFICATIONS))
    return found


def _forget_one(counts: Counter[T], key: T) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _is_loopback(address: str) -> bool:
    """Whoever comes from this machine, as behind a front server that nobody named, is not one asker but many."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def as_frame(told: list[str], event: str, payload: str | None) -> str:
    made: dict[str, object] = {"stream": told, "event": event}
    return json.dumps(made if payload is None else {**made, "payload": payload}, ensure_ascii=False)
