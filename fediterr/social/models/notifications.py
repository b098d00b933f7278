"""What people are told, what they let through, where they are told it, and how far they have read."""

from datetime import datetime
from typing import Any

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
        sa.Index("ix_notifications_account_id_group_key_id", "account_id", "group_key", "id"),
        sa.UniqueConstraint("account_id", "kind", "from_id", "subject"),
    )

    account_id: Mapped[int] = columns.account_id()
    from_id: Mapped[int] = columns.account_id(index=True)
    kind: Mapped[str]  # mention, follow, favourite, quote…: the types of Mastodon, and "move"
    post_id: Mapped[int | None] = columns.post_id(nullable=True, index=True)
    subject: Mapped[str] = mapped_column(default="")  # what it is about: the same is never told twice
    group_key: Mapped[str | None]  # shared by those that may be shown as one
    filtered: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # kept back by the policy
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    sender: Mapped[Account] = relationship(foreign_keys=[from_id])
    post: Mapped[Post | None] = relationship(foreign_keys=[post_id])


class NotificationPolicy(Model):
    """From whom somebody wants to hear: of each sort, "accept", "filter" or "drop"."""

    __tablename__ = "notification_policies"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    for_not_following: Mapped[str] = mapped_column(default="accept")
    for_not_followers: Mapped[str] = mapped_column(default="accept")
    for_new_accounts: Mapped[str] = mapped_column(default="accept")
    for_private_mentions: Mapped[str] = mapped_column(default="accept")
    for_limited_accounts: Mapped[str] = mapped_column(default="filter")
    for_bots: Mapped[str] = mapped_column(default="accept")


class NotificationRequest(Identified, Model):
    """Somebody whose words were kept back asks, by them, to be heard."""

    __tablename__ = "notification_requests"
    __table_args__ = (sa.UniqueConstraint("account_id", "from_id"),)

    account_id: Mapped[int] = columns.account_id()
    from_id: Mapped[int] = columns.account_id(index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    sender: Mapped[Account] = relationship(foreign_keys=[from_id])


class NotificationPermission(Model):
    """Somebody is heard whatever the policy says."""

    __tablename__ = "notification_permissions"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Severance(Identified, Model):
    """Follows of somebody that ended all at once, because a server was shut out or an account closed."""

    __tablename__ = "severances"

    account_id: Mapped[int] = columns.account_id(index=True)
    kind: Mapped[str]  # domain_block, user_domain_block, account_suspension
    target: Mapped[str]  # a domain, or a handle
    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Marker(Model):
    """How far somebody has read a list."""

    __tablename__ = "markers"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    timeline: Mapped[str] = mapped_column(primary_key=True)  # home, notifications
    last_read_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class PushSubscription(Identified, Model):
    """Where an application wants to be told, even when it is not open (Web Push, RFC 8030)."""

    __tablename__ = "push_subscriptions"

    token_id: Mapped[int] = mapped_column(sa.ForeignKey("tokens.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int] = columns.account_id(index=True)
    endpoint: Mapped[str]
    p256dh: Mapped[str]  # the application's public key, base64url
    auth: Mapped[str]  # its secret, base64url
    standard: Mapped[bool] = mapped_column(
        default=False
    )  # aes128gcm (RFC 8291); else the draft that Mastodon began with
    alerts: Mapped[list[Any]]  # kinds that it wants to hear of
    policy: Mapped[str] = mapped_column(default="all")  # all, followed, follower, none
    failures: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # none: nothing waits
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Push(Identified, Model):
    """A message that waits to be brought to an application."""

    __tablename__ = "pushes"
    __table_args__ = (sa.Index("ix_pushes_subscription_id_id", "subscription_id", "id"),)

    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("push_subscriptions.id", ondelete="CASCADE"))
    payload: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
