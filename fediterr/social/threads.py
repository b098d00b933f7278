"""Threads that somebody wants to be told nothing of."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, paging
from fediterr.core.db import insert_once, session
from fediterr.social.models import MutedThread, Post


def mute(account: Account, post: Post) -> None:
    """Hear nothing more of the thread that a post is part of."""
    insert_once(MutedThread, {"account_id": account.id, "thread_id": _of(post), "created_at": clock.now()})


def unmute(account: Account, post: Post) -> None:
    hear_again(account, _of(post))


def muted(account: Account, page: paging.Page) -> list[MutedThread]:
    """The threads an account wants to hear nothing of, the last begun first."""
    mine = sa.select(MutedThread).where(MutedThread.account_id == account.id)
    return paging.take(mine, MutedThread.thread_id, page)


def hear_again(account: Account, thread_id: int) -> None:
    """Be told again of a thread, even of one whose posts are gone."""
    session.execute(
        sa.delete(MutedThread).where(MutedThread.account_id == account.id, MutedThread.thread_id == thread_id)
    )


def is_muted(account: Account, post: Post) -> bool:
    return session.get(MutedThread, (account.id, _of(post))) is not None


def join(identifiers: list[int], into: int) -> None:
    """Threads turn out to be parts of one: whoever muted a part has muted the whole."""
    accounts = session.scalars(
        sa.select(MutedThread.account_id).where(MutedThread.thread_id.in_(identifiers)).distinct()
    ).all()
    if accounts:
        session.execute(sa.delete(MutedThread).where(MutedThread.thread_id.in_(identifiers)))
        rows = [{"account_id": each, "thread_id": into, "created_at": clock.now()} for each in accounts]
        insert_once(MutedThread, rows)


def _of(post: Post) -> int:
    return post.thread_id or post.id
