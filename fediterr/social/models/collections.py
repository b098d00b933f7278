"""Collections: accounts that somebody recommends together, under a name, for others to follow."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Membership(StrEnum):
    """What somebody said to being in a collection."""

    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Collection(Identified, Model):
    __tablename__ = "collections"

    account_id: Mapped[int] = columns.account_id(index=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]
    sensitive: Mapped[bool] = mapped_column(default=False)
    discoverable: Mapped[bool] = mapped_column(default=True)
    tag: Mapped[str | None]  # as written, without "#"
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    items: Mapped[list["CollectionItem"]] = relationship(
        lazy="selectin", passive_deletes="all", order_by="CollectionItem.id"
    )


class CollectionItem(Identified, Model):
    """Somebody in a collection; who took themselves out stays out."""

    __tablename__ = "collection_items"
    __table_args__ = (sa.UniqueConstraint("collection_id", "account_id"),)

    collection_id: Mapped[int] = mapped_column(sa.ForeignKey("collections.id", ondelete="CASCADE"))
    account_id: Mapped[int] = columns.account_id(index=True)
    state: Mapped[str] = mapped_column(default=Membership.ACCEPTED)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()
