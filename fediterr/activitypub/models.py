"""What came in, what goes out, and the state of each other server.

`Received` and `Delivery` are queues: the rows are the work, hints to the workers may be lost.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Model


class Received(Model):
    """A verified activity, stored before it is answered; unique by who said it and its id."""

    __tablename__ = "received"
    __table_args__ = (
        sa.UniqueConstraint("actor_uri", "activity_uri"),
        sa.Index(
            "ix_received_pending",
            "id",
            sqlite_where=sa.text("document IS NOT NULL"),
            postgresql_where=sa.text("document IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_uri: Mapped[str]
    activity_uri: Mapped[str]
    document: Mapped[str | None]  # the JSON as it came; forgotten once handled
    arrived_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    wants: Mapped[str | None]  # what must be fetched first
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    set_aside_at: Mapped[datetime | None]
    error: Mapped[str | None]


class Activity(Model):
    """An activity of ours in its final bytes; it goes when its last delivery is closed."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    uri: Mapped[str]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    body: Mapped[str]
    to_followers: Mapped[bool] = mapped_column(default=False)  # carries the followers' digest (FEP-8fcf)
    watched: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # what comes of it is written down
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Delivery(Model):
    """One activity for one inbox; rows of a host are attempted in their order."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "inbox"),
        sa.Index("ix_deliveries_host_id", "host", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id", ondelete="CASCADE"))
    host: Mapped[str]
    inbox: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    crash_claims: Mapped[int] = mapped_column(default=0)  # workers that took it and never came back
    set_aside_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Host(Model):
    """Another server: when to try it next, who is at it now, and what we learnt about it."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(primary_key=True)  # host or host:port, as in its addresses
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: nothing waits for it
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    failing_since: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    delivered: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    scheme: Mapped[str | None]  # the signature scheme it is known to understand
    software: Mapped[str | None]
    features: Mapped[list[Any]] = mapped_column(default=list)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class PeerDirectory(Model):
    """A server that runs fediterr, as it says itself, and the reading of its list of authorities."""

    __tablename__ = "peer_directories"

    host: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str | None]  # of its list
    version: Mapped[str | None]
    territory: Mapped[str | None]  # the code of the one that it is for, as it says
    features: Mapped[list[Any]] = mapped_column(default=list)
    due_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    read_at: Mapped[datetime | None]
    listed: Mapped[int] = mapped_column(default=0)  # how many were on it
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    problem: Mapped[str | None]


class DeadInbox(Model):
    """An inbox that answered 410, or 404 again and again: nothing is sent there."""

    __tablename__ = "dead_inboxes"

    inbox: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    dead_at: Mapped[datetime | None]


class FailedFetch(Model):
    """What could not be fetched lately, so that it is not asked for again at once."""

    __tablename__ = "failed_fetches"

    uri: Mapped[str] = mapped_column(primary_key=True)
    error: Mapped[str]
    until: Mapped[datetime] = mapped_column(index=True)


class Errand(Model):
    """Something to ask another server when there is time: what an activity speaks of, the rest of a thread…"""

    __tablename__ = "errands"
    __table_args__ = (sa.UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    tries: Mapped[int] = mapped_column(default=0)


class EarlierFollow(Model):
    """A Follow that another one replaced a moment ago: its Undo may still come, and is not about the later one."""

    __tablename__ = "earlier_follows"

    uri: Mapped[str] = mapped_column(primary_key=True)
    follower_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
