"""Walking through a list that sorts by id, newest first."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fediterr.core.db import session


@dataclass(frozen=True)
class Page:
    """Which part of a list: older than `max_id`, newer than `since_id`, or just after `min_id`."""

    limit: int = 20
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


def take(statement: sa.Select[Any], key: Any, page: Page, values: dict[str, Any] | None = None) -> list[Any]:
    """The rows of this page, newest first; `key` is the column of the id, `values` those of the named parameters."""
    if page.max_id is not None:
        statement = statement.where(key < page.max_id)
    if page.since_id is not None:
        statement = statement.where(key > page.since_id)
    if page.min_id is not None:
        statement = statement.where(key > page.min_id)
    order = key.asc() if page.min_id is not None else key.desc()
    rows = list(session.scalars(statement.order_by(order).limit(max(1, page.limit)), values).unique())
    return rows[::-1] if page.min_id is not None else rows
