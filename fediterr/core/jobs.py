"""Asking the workers to look: a hint with a name, sent after the commit, that may be lost or doubled without harm.

The database holds the work; a hint only says "look now". Hints of one unit of work are one hint per name.
"""

from typing import Any, Protocol

import flask
from sqlalchemy import event

from fediterr.core.db import session

EXTENSION = "fediterr.queue"


class Queue(Protocol):
    def send(self, name: str) -> None:
        """Pass the hint on; never fails, since upkeep asks again for what was left."""


class MemoryQueue:
    """Keeps hints in this process, for tests that step it and for commands that run the work themselves."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def send(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def take(self) -> str | None:
        return self.names.pop(0) if self.names else None


def later(name: str) -> None:
    """After this unit of work is committed, let a worker run the job called `name`."""
    session.info.setdefault("hints", {})[name] = True


@event.listens_for(session, "after_commit")
def _release(committed: Any) -> None:
    for name in committed.info.pop("hints", {}):
        flask.current_app.extensions[EXTENSION].send(name)


@event.listens_for(session, "after_soft_rollback")
def _forget(rolled_back: Any, previous: Any) -> None:
    if not rolled_back.in_nested_transaction() and previous.parent is None:
        rolled_back.info.pop("hints", None)
