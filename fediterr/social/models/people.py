"""What there is between people: follows, blocks, mutes, and the hashtags of a profile."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Follow(Identified, Model):
    """Somebody follows somebody, or has asked to."""

    __tablename__ = "follows"
    __table_args__ = (
        sa.UniqueConstraint("follower_id", "target_id"),
        sa.Index("ix_follows_target_id_accepted", "target_id", "accepted"),
    )

    follower_id: Mapped[int] = columns.account_id()
    target_id: Mapped[int] = columns.account_id()
    uri: Mapped[str] = mapped_column(unique=True)
    accepted: Mapped[bool] = mapped_column(default=False)
    boosts: Mapped[bool] = mapped_column(default=True)
    notify: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    follower: Mapped[Account] = relationship(foreign_keys=[follower_id])
    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class Block(Identified, Model):
    __tablename__ = "blocks"
    __table_args__ = (sa.UniqueConstraint("account_id", "target_id"),)

    account_id: Mapped[int] = columns.account_id()
    target_id: Mapped[int] = columns.account_id(index=True)
    uri: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class Mute(Identified, Model):
    __tablename__ = "mutes"
    __table_args__ = (sa.UniqueConstraint("account_id", "target_id"),)

    account_id: Mapped[int] = columns.account_id()
    target_id: Mapped[int] = columns.account_id(index=True)
    notifications: Mapped[bool] = mapped_column(default=True)
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class FeaturedTag(Identified, Model):
    __tablename__ = "featured_tags"
    __table_args__ = (sa.UniqueConstraint("account_id", "folded"),)

    account_id: Mapped[int] = columns.account_id()
    name: Mapped[str]
    folded: Mapped[str]
