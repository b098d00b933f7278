"""How often something may happen: counted in Redis when there is one, else in this process, and forgotten soon."""

import hashlib
import ipaddress
import threading
import time
from collections import OrderedDict, deque
from typing import NamedTuple

import flask
import redis

from fediterr.core import clock, site

EXTENSION = "fediterr.meters"
KEPT = 10_000  # keys that one meter remembers; the ones longest unused go first
AWAY = 5.0  # seconds during which a Redis that did not answer is not asked again


class Taken(NamedTuple):
    """What became of one more time: the seconds to wait (0: it may be now), and what is left until the count ends."""

    wait: float
    most: int
    left: int
    ends: float  # seconds until then


class Meter:
    """At most `most` times in `seconds` for each key; for any number of threads."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> Taken:
        """Count once more; what was too often is not counted."""
        now = clock.now().timestamp()
        with self._lock:
            moments = self._moments.setdefault(key, deque())
            self._moments.move_to_end(key)
            while moments and moments[0] <= now - self.seconds:
                moments.popleft()
            full = len(moments) >= self.most
            if not full:
                moments.append(now)
            if len(self._moments) > KEPT:
                self._moments.popitem(last=False)
            ends = moments[0] + self.seconds - now
            return Taken(ends if full else 0, self.most, self.most - len(moments), ends)


class Window(Meter):
    """The same, counted in windows of `seconds` that begin together: one number for each key, however many times."""

    def __init__(self, most: int, seconds: float) -> None:
        super().__init__(most, seconds)
        self._window, self._counts = 0, dict[str, int]()

    def take(self, key: str) -> Taken:
        window, passed = divmod(clock.now().timestamp(), self.seconds)
        with self._lock:
            if window != self._window:
                self._window, self._counts = int(window), {}
            count = self._counts[key] = self._counts.pop(key, 0) + 1
            if len(self._counts) > KEPT:
                del self._counts[next(iter(self._counts))]
        return self.taken(count, passed)

    def taken(self, count: int, passed: float) -> Taken:
        """The same for a count of the window of which so many seconds have passed."""
        ends = self.seconds - passed
        return Taken(ends if count > self.most else 0, self.most, max(0, self.most - count), ends)


class SharedMeter:
    """The same, counted in Redis for all processes and machines together; in this process alone while it is away.

    Counts fall into windows of `seconds`; keys are hashed, so that what others send never names one of ours.
    """

    def __init__(self, client: redis.Redis, prefix: str, meter: Meter) -> None:
        self._client, self._prefix, self._meter = client, prefix, meter
        self._away_until = 0.0

    def take(self, key: str) -> Taken:
        """As `Meter.take`."""
        seconds = self._meter.seconds
        window, passed = divmod(clock.now().timestamp(), seconds)
        name = f"{self._prefix}{hashlib.sha256(key.encode()).hexdigest()}:{int(window)}"
        if time.monotonic() < self._away_until:
            return self._meter.take(key)
        try:
            with self._client.pipeline() as pipe:
                pipe.incr(name)
                pipe.expire(name, int(seconds) + 1)
                count = int(pipe.execute()[0])
        except redis.RedisError:
            self._away_until = time.monotonic() + AWAY
            return self._meter.take(key)
        return Window(self._meter.most, seconds).taken(count, passed)


def wait_for(name: str, key: str, *, most: int, seconds: float) -> float:
    """Count what is called `name` for `key` in the running application; the seconds to wait, 0 when it may be now."""
    return _known(name, Meter(most, seconds)).take(key).wait


def count(name: str, key: str, *, most: int, seconds: float) -> Taken:
    """As `wait_for`, for what happens all the time: what is left is told too."""
    return _known(name, Window(most, seconds)).take(key)


def _known(name: str, meter: Meter) -> Meter | SharedMeter:
    meters: dict[str, Meter | SharedMeter] = flask.current_app.extensions.setdefault(EXTENSION, {})
    return meters.get(name) or meters.setdefault(name, _make(name, meter))


def network_of(address: str | None) -> str:
    """What stands for one place: an address of IPv4, or the network that one subscriber has of IPv6."""
    found = ipaddress.ip_address(address or "::")
    return str(ipaddress.ip_network((found, 64 if found.version == 6 else 32), strict=False))


def _make(name: str, meter: Meter) -> Meter | SharedMeter:
    settings = site.settings()
    if not settings.redis_url:
        return meter
    client = redis.Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    return SharedMeter(client, f"{settings.redis_prefix}meter:{name}:", meter)
