"""What the client API itself remembers."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Model


class IdempotencyKey(Model):
    """The post that a client's `Idempotency-Key` made: sent again, it makes no second one."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    scheduled_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("scheduled_posts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class LiveEvent(Model):
    """Something that happened, for whoever listens to live updates now; forgotten after a minute.

    Reactions write here, one transaction after the other, so that a greater number was always committed later. A number
    is never given twice, also when the table is empty.
    """

    __tablename__ = "live_events"
    __table_args__ = (sa.Index("ix_live_events_at", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    values: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=clock.now)
