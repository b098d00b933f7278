"""What people keep for themselves: bookmarks, threads to hear nothing of, drafts, posts that wait for their hour."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Bookmark(Identified, Model):
    __tablename__ = "bookmarks"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "post_id"),
        sa.Index("ix_bookmarks_account_id_id", "account_id", sa.text("id DESC")),
    )

    account_id: Mapped[int] = columns.account_id()
    post_id: Mapped[int] = columns.post_id(index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class MutedThread(Model):
    """A thread that an account wants to be told nothing of."""

    __tablename__ = "muted_threads"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ScheduledPost(Identified, Model):
    """A post that waits for its hour; its files are those whose `scheduled_id` it is."""

    __tablename__ = "scheduled_posts"

    account_id: Mapped[int] = columns.account_id(index=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    wishes: Mapped[dict[str, Any]]  # what was asked for, in the words of the client API
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    set_aside_at: Mapped[datetime | None]  # it could not be published: its author finds it where it was
    problem: Mapped[str | None]


class SavedDraft(Identified, Model):
    """A post that somebody has begun to write; its files are those whose `draft_id` it is."""

    __tablename__ = "saved_drafts"

    account_id: Mapped[int] = columns.account_id(index=True)
    typed: Mapped[dict[str, Any]]  # what was typed, by the name of the field of the form
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
