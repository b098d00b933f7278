"""Facts: what has happened, told in the same transaction as the thing itself, so that nothing of it is forgotten.

A fact is a frozen dataclass in the past tense with plain values; `reactions.py` says what follows from each.
"""

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock, jobs
from fediterr.core.db import Model, session


class Fact:
    """Base of all facts."""


class Told(Model):
    """A fact that waits for its reactions; the row goes when they are done."""

    __tablename__ = "facts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    values: Mapped[dict[str, Any]]
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    set_aside_at: Mapped[datetime | None]


def tell(fact: Fact) -> None:
    """Remember that this happened; after the commit a worker reacts."""
    session.add(Told(name=type(fact).__name__, values=dataclasses.asdict(fact)))  # type: ignore[call-overload]
    jobs.later("react")
