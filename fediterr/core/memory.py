"""What one process of this application remembers for a while; others, and the next, know nothing of it."""

from typing import Any

import flask


def recall(name: str, otherwise: Any = None) -> Any:
    return flask.current_app.extensions.get(f"fediterr.memory.{name}", otherwise)


def keep(name: str, value: Any) -> None:
    flask.current_app.extensions[f"fediterr.memory.{name}"] = value


def forget(name: str) -> None:
    flask.current_app.extensions.pop(f"fediterr.memory.{name}", None)
