"""How often something may happen: counted in this process, and forgotten after a while."""

import threading
from collections import OrderedDict, deque

import flask

from fediterr.core import clock

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


def wait_for(name: str, key: str, *, most: int, seconds: float) -> float:
    """Count what is called `name` for `key` in the running application; the seconds to wait, 0 when it may be now."""
    meters: dict[str, Meter] = flask.current_app.extensions.setdefault(EXTENSION, {})
    meter = meters.get(name) or meters.setdefault(name, Meter(most, seconds))
    return meter.take(key)
