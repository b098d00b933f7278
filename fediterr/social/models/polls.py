"""Questions with answers to choose from."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Poll(Identified, Model):
    __tablename__ = "polls"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), unique=True)
    multiple: Mapped[bool] = mapped_column(default=False)
    hide_totals: Mapped[bool] = mapped_column(default=False)  # until it is over
    options: Mapped[list[Any]]  # texts
    counts: Mapped[list[Any]]  # votes per option
    voters_count: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]


class Vote(Identified, Model):
    __tablename__ = "votes"
    __table_args__ = (sa.UniqueConstraint("poll_id", "account_id", "option"),)

    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"))
    account_id: Mapped[int] = columns.account_id()
    option: Mapped[int]
    uri: Mapped[str | None] = mapped_column(unique=True)
