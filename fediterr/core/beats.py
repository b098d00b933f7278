"""Signs of life of the workers, written by a real job: one that no longer takes hints is seen by its silence."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fediterr.core import clock
from fediterr.core.db import Model, session, upsert


class Beat(Model):
    __tablename__ = "beats"

    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


def beat(worker: str) -> None:
    upsert(Beat, [{"worker": worker, "at": clock.now()}], {"at": lambda new: new.at})


def last() -> datetime | None:
    """When any worker was last seen at work."""
    return session.scalar(sa.select(sa.func.max(Beat.at)))
