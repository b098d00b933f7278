"""Notifications as groups: the likes of one post, the boosts of one post, new followers, each told as one thing.

A group stands on a page where its newest notification of that page is; one that goes on further down stands on the
next page again, with the rest. So pages never depend on each other, and nothing is told twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from fediterr.accounts.models import Account
from fediterr.core import errors, paging
from fediterr.core.db import Moment, session
from fediterr.social.models import Notification
from fediterr.social.notifications import ALL, GROUPABLE, Choice, chosen

SAMPLES = 8  # whose pictures are shown
ALONE = "ungrouped-"
_other = aliased(Notification)


@dataclass(frozen=True)
class Group:
    """What is told as one thing; `head` stands for it on this page, whose part of it goes from `min_id` to `max_id`."""

    key: str
    head: Notification
    count: int
    most_recent_id: int
    min_id: int
    max_id: int
    latest_at: datetime
    sample_ids: list[int]  # of accounts, the newest first


def listed(account: Account, page: paging.Page, choice: Choice = ALL, kinds: Sequence[str] = GROUPABLE) -> list[Group]:
    """The notifications of an account, newest first; those of these kinds by groups."""
    heads = paging.take(_heads(account, page, choice, kinds), Notification.id, page)
    return _whole(account, heads, choice, kinds, _span(page, heads))


def count_since(
    account: Account, identifier: int, limit: int, choice: Choice = ALL, kinds: Sequence[str] = GROUPABLE
) -> int:
    """How many groups have something newer, up to `limit`."""
    page = paging.Page(since_id=identifier)
    newer = _heads(account, page, choice, kinds).where(Notification.id > identifier)
    heads = newer.options().with_only_columns(Notification.id).limit(limit).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(heads)) or 0


def get(account: Account, key: str) -> Group:
    """One group of an account; NotFound when it has none with that key."""
    newest = _of_key(account, key).order_by(Notification.id.desc()).limit(1)
    head = session.scalar(newest.options(joinedload(Notification.sender)))
    if head is None:
        raise errors.NotFound("There is no such notification.")
    kinds = () if key.startswith(ALONE) else GROUPABLE
    return _whole(account, [head], Choice(filtered=True), kinds, (None, None))[0]


def members(account: Account, key: str, page: paging.Page) -> list[Notification]:
    """The notifications of a group, newest first, with who caused them."""
    return paging.take(_of_key(account, key).options(joinedload(Notification.sender)), Notification.id, page)


def dismiss(account: Account, key: str) -> None:
    """Forget a whole group."""
    get(account, key)
    wanted = _of_key(account, key).with_only_columns(Notification.id)
    session.execute(sa.delete(Notification).where(Notification.id.in_(wanted)))


def _heads(account: Account, page: paging.Page, choice: Choice, kinds: Sequence[str]) -> sa.Select[Any]:
    """Those that stand for their group: the first that one meets on the way that this page goes."""
    same = [*chosen(account, choice, _other), _other.group_key == Notification.group_key]
    if page.max_id is not None:
        same.append(_other.id < page.max_id)
    if page.min_id is not None:
        same += [_other.id > page.min_id, _other.id < Notification.id]
    else:
        same.append(_other.id > Notification.id)
    heads = sa.select(Notification).where(
        *chosen(account, choice),
        sa.or_(Notification.group_key.is_(None), Notification.kind.not_in(kinds), ~sa.exists().where(*same)),
    )
    return heads.options(joinedload(Notification.sender))


def _span(page: paging.Page, heads: list[Notification]) -> tuple[int | None, int | None]:
    """Between which ids, both on it, a page goes; None: as far as there are any."""
    full = len(heads) >= page.limit
    before = page.max_id - 1 if page.max_id is not None else None
    if page.min_id is not None:
        return page.min_id + 1, heads[0].id if full else before
    after = page.since_id + 1 if page.since_id is not None else None
    return heads[-1].id if full else after, before


def _whole(
    account: Account,
    heads: list[Notification],
    choice: Choice,
    kinds: Sequence[str],
    span: tuple[int | None, int | None],
) -> list[Group]:
    """The groups that these stand for: how many are in each, and who; two questions for the whole page."""
    keys = {head.group_key for head in heads if head.group_key and head.kind in kinds}
    sizes = _sizes(account, keys, choice, span) if keys else {}
    samples = _samples(account, keys, choice) if keys else {}
    groups = []
    for head in heads:
        if head.group_key is not None and head.kind in kinds:
            groups.append(Group(head.group_key, head, *sizes[head.group_key], samples[head.group_key]))
        else:
            alone = Group(f"{ALONE}{head.id}", head, 1, head.id, head.id, head.id, head.created_at, [head.from_id])
            groups.append(alone)
    return groups


def _sizes(
    account: Account, keys: set[str], choice: Choice, span: tuple[int | None, int | None]
) -> dict[str, tuple[int, int, int, int, datetime]]:
    """Of each group: how many there are, the newest; and of its part on the page, the oldest, the newest, when."""
    told, (lowest, highest) = Notification, span
    here = [told.id >= lowest] if lowest is not None else []
    here += [told.id <= highest] if highest is not None else []

    def on_page(column: Any) -> Any:
        return sa.case((sa.and_(sa.true(), *here), column))

    figures = sa.select(
        told.group_key,
        sa.func.count(),
        sa.func.max(told.id),
        sa.func.min(on_page(told.id)),
        sa.func.max(on_page(told.id)),
        sa.func.max(on_page(told.created_at), type_=Moment()),
    )
    found = session.execute(figures.where(*chosen(account, choice), told.group_key.in_(keys)).group_by(told.group_key))
    return {key: tuple(values) for key, *values in found}


def _samples(account: Account, keys: set[str], choice: Choice) -> dict[str, list[int]]:
    """Who was last in each group."""
    told = Notification
    place = sa.func.row_number().over(partition_by=told.group_key, order_by=told.id.desc()).label("place")
    all_ = sa.select(told.group_key, told.from_id, place).where(*chosen(account, choice), told.group_key.in_(keys))
    ranked = all_.subquery()
    wanted = sa.select(ranked.c.group_key, ranked.c.from_id).where(ranked.c.place <= SAMPLES)
    found: dict[str, list[int]] = {}
    for key, from_id in session.execute(wanted.order_by(ranked.c.place)):
        found.setdefault(key, []).append(from_id)
    return found


def _of_key(account: Account, key: str) -> sa.Select[Any]:
    wanted = sa.select(Notification).where(*chosen(account, Choice(filtered=True)))
    if not key.startswith(ALONE):
        return wanted.where(Notification.group_key == key)
    number = key.removeprefix(ALONE)
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise errors.NotFound("There is no such notification.")
    return wanted.where(Notification.id == int(number))
