"""What people take with them, bring along, or leave behind: archives, imports, departures."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Export(Identified, Model):
    """An archive of all that an account has: asked for, made by a worker, kept for a few days."""

    __tablename__ = "exports"

    account_id: Mapped[int] = columns.account_id(index=True)
    format: Mapped[str] = mapped_column(default="zip")  # zip, tar
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when a worker may take it up; None: nothing to do
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)  # of `total` posts and files
    total: Mapped[int] = mapped_column(default=0)
    path: Mapped[str | None] = mapped_column(unique=True)  # in the store, once it is there
    size: Mapped[int] = mapped_column(default=0)  # bytes
    finished_at: Mapped[datetime | None]
    problem: Mapped[str | None]  # why it came to nothing

    @property
    def is_made(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.due_at is not None

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.total) if self.total else 0


class Import(Identified, Model):
    """A list that somebody brings along: shown first, then carried out line by line."""

    __tablename__ = "imports"

    account_id: Mapped[int] = columns.account_id(index=True)
    kind: Mapped[str]
    overwrite: Mapped[bool] = mapped_column(default=False)  # what the list does not name is taken away
    filename: Mapped[str] = mapped_column(default="")
    refused: Mapped[list[Any]] = mapped_column(default=list)  # [[number of the line, why]], the first ones
    refused_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]  # when what the list does not name had been taken away
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when a worker may take it up; None: nothing to do
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def is_shown_only(self) -> bool:
        """Whether it waits for its owner to say yes."""
        return self.confirmed_at is None and self.cancelled_at is None

    @property
    def is_under_way(self) -> bool:
        return self.due_at is not None


class Outcome(StrEnum):
    """What came of a line."""

    WAITING = "waiting"
    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"


class ImportLine(Identified, Model):
    """One line of an import that was understood."""

    __tablename__ = "import_lines"
    __table_args__ = (
        sa.UniqueConstraint("import_id", "number"),
        sa.Index("ix_import_lines_import_id_outcome", "import_id", "outcome"),
    )

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id", ondelete="CASCADE"))
    number: Mapped[int]  # in the file
    subject: Mapped[str]  # a handle, a domain, an address
    more: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[str] = mapped_column(default=Outcome.WAITING)
    problem: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)


class Departure(Identified, Model):
    """An account that goes for good: when, how far it is, and the word that shows this to whoever has left."""

    __tablename__ = "departures"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    word_hash: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    erase_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when a worker may take it up; None: all is erased
    told_at: Mapped[datetime | None]  # when the letters to the other servers were written
    withdrawn_at: Mapped[datetime | None]  # when its follows, likes and answers no longer counted
    erased_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Farewell(Identified, Model):
    """A server that is told of a departure, and what came of it."""

    __tablename__ = "farewells"
    __table_args__ = (sa.UniqueConstraint("departure_id", "inbox"),)

    departure_id: Mapped[int] = mapped_column(sa.ForeignKey("departures.id", ondelete="CASCADE"))
    host: Mapped[str]
    inbox: Mapped[str]
    delivery_id: Mapped[int | None] = mapped_column(index=True)  # while it is under way
    told_at: Mapped[datetime | None]
    problem: Mapped[str | None]  # why it will never be told
