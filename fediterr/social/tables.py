"""Whom somebody follows, blocks, mutes, lists and what they keep, as CSV: the files that Mastodon writes and reads."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import session
from fediterr.social.models import Block, Bookmark, Follow, HiddenDomain, List, ListMember, Mute, Post

Row = tuple[object, ...]


@dataclass(frozen=True)
class Table:
    """One file: its name, its header (Mastodon gives some none), its rows and how many they are."""

    filename: str
    header: tuple[str, ...]
    rows: Callable[[Account], Iterable[Row]]
    count: Callable[[Account], int]


def written(table: Table, account: Account) -> str:
    """The whole file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if table.header:
        writer.writerow(table.header)
    writer.writerows([_plain(value) for value in row] for row in table.rows(account))
    return text.getvalue()


def _plain(value: object) -> object:
    return ("false", "true")[value] if isinstance(value, bool) else value


def _handle(name: str, domain: str) -> str:
    return f"{name}@{domain}"


# --- rows, the last first -------------------------------------------------------------------------------------------


def _people(mine: sa.ColumnElement[bool], other: InstrumentedAttribute[Any], *more: Any) -> Iterable[Any]:
    model = other.class_
    asked = sa.select(Account.name, Account.domain, *more).join(model, other == Account.id).where(mine)
    return session.execute(asked.order_by(model.id.desc())).all()


def _following(account: Account) -> Iterable[Row]:
    mine = sa.and_(Follow.follower_id == account.id, Follow.accepted)
    more = (Follow.boosts, Follow.notify, Follow.languages)
    for name, domain, boosts, notify, languages in _people(mine, Follow.target_id, *more):
        yield _handle(name, domain), boosts, notify, ", ".join(languages or [])


def _followers(account: Account) -> Iterable[Row]:
    mine = sa.and_(Follow.target_id == account.id, Follow.accepted)
    return ((_handle(name, domain),) for name, domain in _people(mine, Follow.follower_id))


def _blocked(account: Account) -> Iterable[Row]:
    mine = Block.account_id == account.id
    return ((_handle(name, domain),) for name, domain in _people(mine, Block.target_id))


def _mine_muted(account: Account) -> sa.ColumnElement[bool]:
    return sa.and_(Mute.account_id == account.id, sa.or_(Mute.ends_at.is_(None), Mute.ends_at > clock.now()))


def _muted(account: Account) -> Iterable[Row]:
    rows = _people(_mine_muted(account), Mute.target_id, Mute.notifications)
    return ((_handle(name, domain), hidden) for name, domain, hidden in rows)


def _domains(account: Account) -> Iterable[Row]:
    mine = sa.select(HiddenDomain.domain).where(HiddenDomain.account_id == account.id)
    return ((domain,) for domain in session.scalars(mine.order_by(HiddenDomain.id.desc())).all())


def _bookmarks(account: Account) -> Iterable[Row]:
    kept = sa.select(Post.uri).join(Bookmark, Bookmark.post_id == Post.id).where(Bookmark.account_id == account.id)
    return ((uri,) for uri in session.scalars(kept.order_by(Bookmark.id.desc())).all())


def _lists(account: Account) -> Iterable[Row]:
    on = (
        sa.select(List.title, Account.name, Account.domain)
        .join(ListMember, ListMember.list_id == List.id)
        .join(Account, Account.id == ListMember.account_id)
        .where(List.account_id == account.id)
        .order_by(List.id, ListMember.id)
    )
    return ((title, _handle(name, domain)) for title, name, domain in session.execute(on).all())


# --- how many -------------------------------------------------------------------------------------------------------


def _counted(model: Any, mine: Callable[[Account], sa.ColumnElement[bool]]) -> Callable[[Account], int]:
    def count(account: Account) -> int:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(mine(account))) or 0

    return count


FOLLOWING = Table(
    "following_accounts.csv",
    ("Account address", "Show boosts", "Notify on new posts", "Languages"),
    _following,
    _counted(Follow, lambda account: sa.and_(Follow.follower_id == account.id, Follow.accepted)),
)
FOLLOWERS = Table(
    "followers.csv",
    ("Account address",),
    _followers,
    _counted(Follow, lambda account: sa.and_(Follow.target_id == account.id, Follow.accepted)),
)
LISTS = Table("lists.csv", (), _lists, _counted(List, lambda account: List.account_id == account.id))
BLOCKED = Table("blocked_accounts.csv", (), _blocked, _counted(Block, lambda account: Block.account_id == account.id))
MUTED = Table("muted_accounts.csv", ("Account address", "Hide notifications"), _muted, _counted(Mute, _mine_muted))
DOMAINS = Table(
    "blocked_domains.csv", (), _domains, _counted(HiddenDomain, lambda account: HiddenDomain.account_id == account.id)
)
BOOKMARKS = Table(
    "bookmarks.csv", (), _bookmarks, _counted(Bookmark, lambda account: Bookmark.account_id == account.id)
)
TABLES = {
    table.filename.removesuffix(".csv"): table
    for table in (FOLLOWING, FOLLOWERS, LISTS, BLOCKED, MUTED, DOMAINS, BOOKMARKS)
}
