"""Walking through a list that sorts by id, newest first."""

from dataclasses import dataclass
from typing import Any, NamedTuple

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


# --- the same for questions that are made once and asked often ------------------------------------------------------


class Frame(NamedTuple):
    """Which bounds a page has, without their values."""

    older: bool
    newer: bool
    ascending: bool


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger())


LIMIT = _number("limit")


def frame(page: Page) -> Frame:
    return Frame(page.max_id is not None, page.since_id is not None, page.min_id is not None)


def framed(statement: sa.Select[Any], key: Any, wanted: Frame) -> sa.Select[Any]:
    """The ids of a page, whose bounds are named parameters (see `values`)."""
    if wanted.older:
        statement = statement.where(key < _number("max_id"))
    if wanted.newer:
        statement = statement.where(key > _number("since_id"))
    if wanted.ascending:
        statement = statement.where(key > _number("min_id"))
    return statement.order_by(key.asc() if wanted.ascending else key.desc()).limit(LIMIT)


def values(page: Page) -> dict[str, int]:
    """The values of the parameters of a framed question."""
    bounds = {"max_id": page.max_id, "since_id": page.since_id, "min_id": page.min_id}
    return {"limit": max(1, page.limit), **{name: value for name, value in bounds.items() if value is not None}}
