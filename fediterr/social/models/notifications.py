"""What people are told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns
from fediterr.social.models.posts import Post


class Notification(Identified, Model):
    __tablename__ = "notifications"
    __table_args__ = (
        sa.Index("ix_notifications_account_id_id", "account_id", sa.text("id DESC")),
        sa.UniqueConstraint("account_id", "kind", "from_id", "subject"),
    )

    account_id: Mapped[int] = columns.account_id()
    from_id: Mapped[int] = columns.account_id(index=True)
    kind: Mapped[str]  # mention, follow, follow_request, favourite, reblog, poll, update, status, move
    post_id: Mapped[int | None] = columns.post_id(nullable=True, index=True)
    subject: Mapped[str] = mapped_column(default="")  # what it is about: the same is never told twice
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    sender: Mapped[Account] = relationship(foreign_keys=[from_id])
    post: Mapped[Post | None] = relationship(foreign_keys=[post_id])
