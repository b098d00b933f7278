"""What one process of this application remembers for a while; others, and the next, know nothing of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import flask

from fediterr.core import clock

Thing = TypeVar("Thing")


def recall(name: str, otherwise: Any = None) -> Any:
    return flask.current_app.extensions.get(f"fediterr.memory.{name}", otherwise)


def keep(name: str, value: Any) -> None:
    flask.current_app.extensions[f"fediterr.memory.{name}"] = value


def forget(name: str) -> None:
    flask.current_app.extensions.pop(f"fediterr.memory.{name}", None)


def lately(name: str, within: timedelta, make: Callable[[], Thing]) -> Thing:
    """What was made not longer ago than that, or is made now."""
    made_at, found = recall(name, (None, None))
    now = clock.now()
    if made_at is None or not timedelta() <= now - made_at < within:
        found = make()
        keep(name, (now, found))
    return found  # type: ignore[no-any-return]
