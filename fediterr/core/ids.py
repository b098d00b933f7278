"""Identifiers that sort by time: milliseconds since 1970 in the high 48 bits, a unique tail in the low 16.

The shape is that of Mastodon's snowflakes, because client applications turn dates into ids (and back).
The tail is 8 bits of "which process" and 8 bits of sequence; a clash between two processes in one
millisecond is refused by the primary key and the unit of work is run again.
"""

import os
import secrets
import threading
from datetime import UTC, datetime

from fediterr.core import clock

_lock = threading.Lock()


class _Sequence:
    """The ids of the present that this process has given."""

    def __init__(self) -> None:
        self.last = 0
        self.process, self.slot = 0, 0
        self.arrivals = 0

    def following(self, milliseconds: int) -> int:
        if self.process != os.getpid():  # drawn again after a fork
            self.process, self.slot = os.getpid(), secrets.randbelow(256)
        if milliseconds % 1000 == 0:
            milliseconds += 1  # others would take it for a date that tells no milliseconds
        candidate = (milliseconds << 16) | (self.slot << 8)
        if candidate <= self.last:
            candidate = self.last + 1
            if candidate & 0xFF == 0:  # 256 ids in this millisecond: borrow the next one
                candidate = (((candidate >> 16) + 1) << 16) | (self.slot << 8)
        self.last = candidate
        return candidate

    def tail(self, milliseconds: int) -> int:
        """The tail of an id of the past: later for what arrives later, also across a restart, since others tell their
        dates in whole seconds; no two alike among 65,536 in a row."""
        self.arrivals = max(self.arrivals + 1, milliseconds >> 2)
        return self.arrivals & 0xFFFF


_sequence = _Sequence()


def new(moment: datetime | None = None) -> int:
    """A new id for `moment` (default: now). Ids of the present never go back, even when the clock does."""
    present = clock.now()
    if moment is not None and moment < present:
        with _lock:
            return (_milliseconds(moment) << 16) | _sequence.tail(_milliseconds(present))
    with _lock:
        return _sequence.following(_milliseconds(present))


def first_at(moment: datetime) -> int:
    """The smallest id of `moment`, for questions such as "since"."""
    return _milliseconds(moment) << 16


def moment_of(identifier: int) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp((identifier >> 16) / 1000, UTC)


def _milliseconds(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000))
