"""Communities: who may come in, who is in, and what is passed on in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import Model


class Joining(StrEnum):
    """How one comes into a community."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"
    NATURE = "nature"  # agents and accounts of authorities of certain natures; others ask


class Rank(StrEnum):
    """What somebody is in a community, least first."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ANIMATOR = "animator"  # the first of its moderators, who writes the weekly summary


class Standing(StrEnum):
    """Whether somebody is in."""

    IN = "in"
    ASKED = "asked"
    INVITED = "invited"
    BANNED = "banned"


class Community(Model):
    """A Group of here, and its rules; or what one of elsewhere says of its own."""

    __tablename__ = "communities"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    founder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    joining: Mapped[str] = mapped_column(default=Joining.OPEN)
    natures: Mapped[list[Any]] = mapped_column(default=list)  # codes of territories.models.Nature
    private: Mapped[bool] = mapped_column(default=False)  # read by members alone
    moderators_only: Mapped[bool] = mapped_column(default=False)  # only they begin a thread
    rules: Mapped[list[Any]] = mapped_column(default=list)  # plain texts
    summary_day: Mapped[int | None]  # of the week, Monday is 0: when members get the summary; None: never
    summarized_at: Mapped[datetime | None]
    moderators_uri: Mapped[str | None]  # of elsewhere: where it lists who looks after it
    foreword: Mapped[str] = mapped_column(default="", server_default="")  # of the next summary, as typed
    summary_posted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # also as a post of its own
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True, foreign_keys=[account_id])


class CommunityMember(Model):
    """Somebody, of here or elsewhere, in a community of here; or a moderator that one of elsewhere names."""

    __tablename__ = "community_members"

    community_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    standing: Mapped[str] = mapped_column(default=Standing.IN)
    rank: Mapped[str] = mapped_column(default=Rank.MEMBER)
    words: Mapped[str] = mapped_column(default="")  # of who asks, or why somebody was sent away
    since: Mapped[datetime] = mapped_column(default=clock.now)
    summary: Mapped[bool] = mapped_column(default=True, server_default=sa.true())  # wants the weekly letter

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True, foreign_keys=[account_id])


class CommunityPost(Model):
    """A post belongs to a community, of here or elsewhere."""

    __tablename__ = "community_posts"
    __table_args__ = (sa.Index("ix_community_posts_community_id_post_id", "community_id", sa.text("post_id DESC")),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    passed_on_at: Mapped[datetime | None]  # by one of here, to all its members
    pinned_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]  # nobody answers in its thread any more
    removed_at: Mapped[datetime | None]  # by a moderator: shown in the community no longer
