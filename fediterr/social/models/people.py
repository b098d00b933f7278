"""What there is between people: follows, blocks, mutes, notes, endorsements, domains kept away."""

from datetime import datetime
from typing import Any

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
    languages: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # only posts in these; None: all
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


class Note(Model):
    """What somebody wrote down about somebody, for themselves alone."""

    __tablename__ = "notes"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    comment: Mapped[str]


class Endorsement(Identified, Model):
    """Somebody whom an account follows and shows on its own profile; it ends with the follow."""

    __tablename__ = "endorsements"
    __table_args__ = (sa.UniqueConstraint("account_id", "target_id"),)

    account_id: Mapped[int] = columns.account_id()
    target_id: Mapped[int] = columns.account_id(index=True)
    follow_id: Mapped[int] = mapped_column(sa.ForeignKey("follows.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    target: Mapped[Account] = relationship(foreign_keys=[target_id])


class HiddenDomain(Identified, Model):
    """A server of which somebody wants to see nothing."""

    __tablename__ = "hidden_domains"
    __table_args__ = (sa.UniqueConstraint("account_id", "domain"),)

    account_id: Mapped[int] = columns.account_id()
    domain: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class DismissedSuggestion(Model):
    """Somebody whom an account does not want to be told to follow."""

    __tablename__ = "dismissed_suggestions"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
