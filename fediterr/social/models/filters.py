"""What somebody does not want to read, or wants to be warned of."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Context(StrEnum):
    """Where a filter holds; lists count as home."""

    HOME = "home"
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"
    THREAD = "thread"
    ACCOUNT = "account"


class Action(StrEnum):
    """What is done with a post that matches."""

    WARN = "warn"
    HIDE = "hide"
    BLUR = "blur"


class Filter(Identified, Model):
    """A named set of words and posts, with the places where it holds and what happens there."""

    __tablename__ = "filters"

    account_id: Mapped[int] = columns.account_id(index=True)
    title: Mapped[str]
    contexts: Mapped[list[Any]]
    action: Mapped[str] = mapped_column(default=Action.WARN)
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    rules: Mapped[list["FilterRule"]] = relationship(
        back_populates="filter", cascade="all, delete-orphan", passive_deletes=True, order_by="FilterRule.id"
    )

    @property
    def keywords(self) -> list["FilterRule"]:
        return [rule for rule in self.rules if rule.keyword is not None]

    @property
    def posts(self) -> list["FilterRule"]:
        return [rule for rule in self.rules if rule.post_id is not None]


class FilterRule(Identified, Model):
    """One thing a filter looks for: some words, or one post."""

    __tablename__ = "filter_rules"
    __table_args__ = (sa.UniqueConstraint("filter_id", "post_id"),)

    filter_id: Mapped[int] = mapped_column(sa.ForeignKey("filters.id", ondelete="CASCADE"), index=True)
    keyword: Mapped[str | None]
    whole_word: Mapped[bool] = mapped_column(default=True)
    post_id: Mapped[int | None] = columns.post_id(nullable=True, index=True)

    filter: Mapped[Filter] = relationship(back_populates="rules")
