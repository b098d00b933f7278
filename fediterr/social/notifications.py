"""Telling people of here what others did that concerns them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, paging
from fediterr.core.db import insert_once, session
from fediterr.social import policies, threads
from fediterr.social.models import Block, HiddenDomain, Mute, Notification, Post

GROUPABLE = ("favourite", "reblog", "follow", "admin.sign_up")
SPAN = 12  # hours that one group may last
FROM_ONESELF = {"poll", "severed_relationships", "moderation_warning"}


@dataclass(frozen=True)
class NotificationMade(facts.Fact):
    """Somebody of here was told something, and hears of it at once."""

    notification_id: int
    account_id: int


@dataclass(frozen=True)
class Choice:
    """Which of the notifications of an account are asked for."""

    kinds: tuple[str, ...] = ()  # all
    without: tuple[str, ...] = ()
    sender_id: int | None = None
    filtered: bool = False  # also what the policy keeps back


ALL = Choice()


def notify(account: Account, kind: str, sender: Account, post: Post | None = None, subject: str = "") -> None:
    """Tell `account` once that `sender` did `kind`, unless it wants to hear nothing from there."""
    if not account.local or not account.active or (account.id == sender.id and kind not in FROM_ONESELF):
        return
    found = verdict(account, kind, sender, post)
    if found == policies.DROP:
        return
    filtered = found == policies.FILTER
    identifier, now = ids.new(), clock.now()
    row = {
        "id": identifier,
        "account_id": account.id,
        "from_id": sender.id,
        "kind": kind,
        "post_id": post.id if post else None,
        "subject": subject or (str(post.id) if post else ""),
        "group_key": None if filtered else _group_key(account, kind, post, now),
        "filtered": filtered,
        "created_at": now,
    }
    if not insert_once(Notification, row):
        return
    if filtered:
        policies.keep_back(account.id, kind, sender.id)
    else:
        facts.tell(NotificationMade(identifier, account.id))


def verdict(account: Account, kind: str, sender: Account, post: Post | None) -> str:
    """Whether an account wants to hear of something: what it keeps away altogether, then what its policy says."""
    if (post is not None and threads.is_muted(account, post)) or _unwanted(account, sender):
        return policies.DROP
    return policies.judge(account, kind, sender, post)


def _group_key(account: Account, kind: str, post: Post | None, now: datetime) -> str | None:
    """The key of the group that this joins, or of one that begins with this hour."""
    if kind not in GROUPABLE:
        return None
    recent = sa.select(Notification.group_key).where(
        Notification.account_id == account.id,
        Notification.id >= ids.first_at(now - timedelta(hours=SPAN)),
        Notification.kind == kind,
        Notification.group_key.is_not(None),
        Notification.post_id == post.id if post else sa.true(),
    )
    last = session.scalar(recent.order_by(Notification.id.desc()).limit(1))
    hour = int(now.timestamp()) // 3600
    begun = int(last.rpartition("-")[2]) if last else 0
    about = f"{kind}-{post.id}" if post else kind
    return f"{about}-{begun if hour < begun + SPAN else hour}"


def withdraw(account_id: int, kind: str, sender_id: int, subject: str = "") -> None:
    """Take back what is no longer so (an unlike, a withdrawn request)."""
    wanted = sa.delete(Notification).where(
        Notification.account_id == account_id, Notification.from_id == sender_id, Notification.kind == kind
    )
    session.execute(wanted.where(Notification.subject == subject) if subject else wanted)


def listed(account: Account, page: paging.Page, choice: Choice = ALL) -> list[Notification]:
    """The notifications of an account, newest first."""
    return paging.take(_of(account, choice), Notification.id, page)


def count_since(account: Account, identifier: int, limit: int, choice: Choice = ALL) -> int:
    """How many notifications of an account are newer, up to `limit`."""
    newer = sa.select(Notification.id).where(*chosen(account, choice), Notification.id > identifier)
    return session.scalar(sa.select(sa.func.count()).select_from(newer.limit(limit).subquery())) or 0


def chosen(account: Account, choice: Choice, told: Any = Notification) -> list[sa.ColumnElement[bool]]:
    """Conditions: those asked for, of senders whom the account has not blocked since and who are not closed."""
    blocked = sa.select(Block.target_id).where(Block.account_id == account.id)
    suspended = sa.select(Account.id).where(Account.suspended_at.is_not(None))
    wanted = [told.account_id == account.id, told.from_id.not_in(blocked), told.from_id.not_in(suspended)]
    if not choice.filtered:
        wanted.append(~told.filtered)
    if choice.kinds:
        wanted.append(told.kind.in_(choice.kinds))
    if choice.without:
        wanted.append(told.kind.not_in(choice.without))
    if choice.sender_id is not None:
        wanted.append(told.from_id == choice.sender_id)
    return wanted


def _of(account: Account, choice: Choice) -> sa.Select[Any]:
    return sa.select(Notification).where(*chosen(account, choice)).options(joinedload(Notification.sender))


def get(account: Account, identifier: int) -> Notification:
    """One notification of an account; NotFound when it has none with that id."""
    found: Notification | None = session.scalar(
        _of(account, Choice(filtered=True)).where(Notification.id == identifier)
    )
    if found is None:
        raise errors.NotFound("There is no such notification.")
    return found


def dismiss(account: Account, identifier: int) -> None:
    session.delete(get(account, identifier))
    session.flush()


def clear(account: Account) -> None:
    """Forget all notifications of an account."""
    session.execute(sa.delete(Notification).where(Notification.account_id == account.id))


def _unwanted(account: Account, sender: Account) -> bool:
    blocked = sa.exists().where(Block.account_id == account.id, Block.target_id == sender.id)
    muted = sa.exists().where(
        Mute.account_id == account.id,
        Mute.target_id == sender.id,
        Mute.notifications,
        sa.or_(Mute.ends_at.is_(None), Mute.ends_at > clock.now()),
    )
    hidden = sa.exists().where(HiddenDomain.account_id == account.id, HiddenDomain.domain == sender.domain)
    return bool(session.scalar(sa.select(sa.or_(blocked, muted, hidden))))
