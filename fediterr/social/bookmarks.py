"""Keep a post to find it again; nobody is told."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, ids, paging
from fediterr.core.db import insert_once, session
from fediterr.social.models import Bookmark, Post


def keep(account: Account, post: Post) -> None:
    insert_once(Bookmark, {"id": ids.new(), "account_id": account.id, "post_id": post.id, "created_at": clock.now()})


def drop(account: Account, post: Post) -> None:
    session.execute(sa.delete(Bookmark).where(Bookmark.account_id == account.id, Bookmark.post_id == post.id))


def kept_among(account: Account, identifiers: list[int]) -> set[int]:
    """Which of these posts an account has kept, for a whole page at once."""
    wanted = sa.select(Bookmark.post_id).where(Bookmark.account_id == account.id, Bookmark.post_id.in_(identifiers))
    return set(session.scalars(wanted))


def listed(account: Account, page: paging.Page) -> list[Bookmark]:
    """The bookmarks of an account, last kept first."""
    return paging.take(sa.select(Bookmark).where(Bookmark.account_id == account.id), Bookmark.id, page)
