"""How often something may happen: counted in Redis when there is one, else in this process, and forgotten soon."""

import hashlib
import threading
from collections import OrderedDict, deque

import flask
import redis

from fediterr.core import clock, site

EXTENSION = "fediterr.meters"
KEPT = 10_000  # keys that one meter remembers; the ones longest unused go first


class Meter:
    """At most `most` times in `seconds` for each key; for any number of threads."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Count once more; 0, or the seconds to wait when that was too often (and is then not counted)."""
        now = clock.now().timestamp()
        with self._lock:
            moments = self._moments.setdefault(key, deque())
            self._moments.move_to_end(key)
            while moments and moments[0] <= now - self.seconds:
                moments.popleft()
            if len(moments) >= self.most:
                return moments[0] + self.seconds - now
            moments.append(now)
            if len(self._moments) > KEPT:
                self._moments.popitem(last=False)
            return 0


class SharedMeter:
    """The same, counted in Redis for all processes and machines together; in this process alone while it is away.

    Counts fall into windows of `seconds`; keys are hashed, so that what others send never names one of ours.
    """

    def __init__(self, client: redis.Redis, prefix: str, meter: Meter) -> None:
        self._client, self._prefix, self._meter = client, prefix, meter

    def take(self, key: str) -> float:
        """As `Meter.take`."""
        seconds = self._meter.seconds
        window, passed = divmod(clock.now().timestamp(), seconds)
        name = f"{self._prefix}{hashlib.sha256(key.encode()).hexdigest()}:{int(window)}"
        try:
            with self._client.pipeline() as pipe:
                pipe.incr(name)
                pipe.expire(name, int(seconds) + 1)
                count = int(pipe.execute()[0])
        except redis.RedisError:
            return self._meter.take(key)
        return seconds - passed if count > self._meter.most else 0


def wait_for(name: str, key: str, *, most: int, seconds: float) -> float:
    """Count what is called `name` for `key` in the running application; the seconds to wait, 0 when it may be now."""
    meters: dict[str, Meter | SharedMeter] = flask.current_app.extensions.setdefault(EXTENSION, {})
    meter = meters.get(name) or meters.setdefault(name, _make(name, Meter(most, seconds)))
    return meter.take(key)


def _make(name: str, meter: Meter) -> Meter | SharedMeter:
    settings = site.settings()
    if not settings.redis_url:
        return meter
    client = redis.Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    return SharedMeter(client, f"{settings.redis_prefix}meter:{name}:", meter)
