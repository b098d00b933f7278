"""Hashtags that somebody shows on a profile, or follows; what moderators decided about some."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class FeaturedTag(Identified, Model):
    __tablename__ = "featured_tags"
    __table_args__ = (sa.UniqueConstraint("account_id", "folded"),)

    account_id: Mapped[int] = columns.account_id()
    name: Mapped[str]
    folded: Mapped[str]


class FollowedTag(Identified, Model):
    """Public posts with this hashtag come into the home timeline."""

    __tablename__ = "followed_tags"
    __table_args__ = (sa.UniqueConstraint("account_id", "folded"),)

    account_id: Mapped[int] = columns.account_id()
    name: Mapped[str]
    folded: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class TagRuling(Model):
    """What moderators decided about a hashtag, besides whether it trends; of one without a ruling all is open."""

    __tablename__ = "tag_rulings"

    folded: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]  # as it is shown
    usable: Mapped[bool] = mapped_column(default=True)  # posts are filed under it
    listable: Mapped[bool] = mapped_column(default=True)  # found by searching
    ruled_at: Mapped[datetime] = mapped_column(default=clock.now)
