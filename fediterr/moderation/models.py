"""Which servers are welcome, what was reported, what was decided."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Identified, Model


class DomainRule(Model):
    """A domain with all below it, kept out ("block") or let in ("allow")."""

    __tablename__ = "domain_rules"

    domain: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Report(Identified, Model):
    __tablename__ = "reports"

    uri: Mapped[str] = mapped_column(unique=True)
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    comment: Mapped[str] = mapped_column(default="")
    post_uris: Mapped[list[Any]] = mapped_column(default=list)
    forward: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    resolved_at: Mapped[datetime | None]


class Decision(Identified, Model):
    """A line of the journal: who decided what about whom, and why."""

    __tablename__ = "decisions"

    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
