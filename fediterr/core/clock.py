"""What time it is, in one place, so that a story can move the clock."""

from datetime import UTC, datetime, timedelta

_offsets: list[timedelta] = []


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC) + sum(_offsets, timedelta())


def shift(by: timedelta) -> None:
    """Move this process's clock: only stories do that."""
    _offsets.append(by)


def reset() -> None:
    """Back to the real time."""
    _offsets.clear()
