"""Lists: some of those one follows, read apart."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Identified, Model
from fediterr.social.models import columns


class Replies(StrEnum):
    """Which answers of its members a list shows: to whomever one follows, to each other, to nobody."""

    FOLLOWED = "followed"
    LIST = "list"
    NONE = "none"


class List(Identified, Model):
    __tablename__ = "lists"

    account_id: Mapped[int] = columns.account_id(index=True)
    title: Mapped[str]
    replies: Mapped[str] = mapped_column(default=Replies.LIST)
    exclusive: Mapped[bool] = mapped_column(default=False)  # its members are not in the home timeline
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ListMember(Identified, Model):
    """Somebody on a list; who is followed no longer leaves it with the follow. One may be on one's own."""

    __tablename__ = "list_members"
    __table_args__ = (sa.UniqueConstraint("list_id", "account_id"),)

    list_id: Mapped[int] = mapped_column(sa.ForeignKey("lists.id", ondelete="CASCADE"))
    account_id: Mapped[int] = columns.account_id(index=True)
    follow_id: Mapped[int | None] = mapped_column(sa.ForeignKey("follows.id", ondelete="CASCADE"), index=True)

    account: Mapped[Account] = relationship()
