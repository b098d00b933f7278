"""Telling people of here what others did that concerns them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, ids, paging
from fediterr.core.db import insert_once, session
from fediterr.social.models import Block, HiddenDomain, Mute, Notification, Post


def notify(account: Account, kind: str, sender: Account, post: Post | None = None, subject: str = "") -> None:
    """Tell `account` once that `sender` did `kind`, unless it wants to hear nothing from there."""
    if not account.local or not account.active or account.id == sender.id or _unwanted(account, sender):
        return
    row = {
        "id": ids.new(),
        "account_id": account.id,
        "from_id": sender.id,
        "kind": kind,
        "post_id": post.id if post else None,
        "subject": subject or (str(post.id) if post else ""),
        "created_at": clock.now(),
    }
    insert_once(Notification, row)


def withdraw(account_id: int, kind: str, sender_id: int, subject: str = "") -> None:
    """Take back what is no longer so (an unlike, a withdrawn request)."""
    wanted = sa.delete(Notification).where(
        Notification.account_id == account_id, Notification.from_id == sender_id, Notification.kind == kind
    )
    session.execute(wanted.where(Notification.subject == subject) if subject else wanted)


def listed(
    account: Account, page: paging.Page, kinds: list[str] | None = None, *, without: list[str] | None = None
) -> list[Notification]:
    """The notifications of an account, newest first, of those it has not blocked since and who are not closed."""
    statement = _of(account)
    if kinds:
        statement = statement.where(Notification.kind.in_(kinds))
    if without:
        statement = statement.where(Notification.kind.not_in(without))
    return paging.take(statement, Notification.id, page)


def _of(account: Account) -> sa.Select[Any]:
    blocked = sa.select(Block.target_id).where(Block.account_id == account.id)
    suspended = sa.select(Account.id).where(Account.suspended_at.is_not(None))
    wanted = (Notification.from_id.not_in(blocked), Notification.from_id.not_in(suspended))
    statement = sa.select(Notification).where(Notification.account_id == account.id, *wanted)
    return statement.options(joinedload(Notification.sender))


def get(account: Account, identifier: int) -> Notification:
    """One notification of an account; NotFound when it has none with that id."""
    found: Notification | None = session.scalar(_of(account).where(Notification.id == identifier))
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
