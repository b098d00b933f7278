"""What is much spoken of now, and what moderators let be shown of it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Model


class Subject(StrEnum):
    """What can trend, or (a publisher: all pages of one host) be let trend."""

    TAG = "tag"
    STATUS = "status"
    LINK = "link"
    PUBLISHER = "publisher"


class Trend(Model):
    """A hashtag, post or page with its score; all rows of a kind are computed anew now and then."""

    __tablename__ = "trends"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)  # a folded hashtag, the id of a post or of a card
    publisher: Mapped[str | None]  # the host of a page
    score: Mapped[float]


class Review(Model):
    """What a moderator said of something that trends, or might."""

    __tablename__ = "trend_reviews"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    allowed: Mapped[bool]
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    reviewed_at: Mapped[datetime] = mapped_column(default=clock.now)
