"""An account is going for good: what it did to the things of others is undone."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.social import follows
from fediterr.social.models import Like, Post


def withdraw_all(account: Account) -> None:
    """Its follows end, and its likes, boosts and answers no longer count; the rows go with the account itself."""
    follows.end_all(account)
    liked = sa.select(Like.post_id).where(Like.account_id == account.id)
    _change(liked, likes_count=Post.likes_count - 1)
    boosted = sa.select(Post.boost_of_id).where(Post.author_id == account.id, Post.boost_of_id.is_not(None))
    _change(boosted, boosts_count=Post.boosts_count - 1)
    answer = aliased(Post)
    mine = sa.select(answer.in_reply_to_id).where(answer.author_id == account.id, answer.in_reply_to_id.is_not(None))
    number = (
        sa.select(sa.func.count(answer.id))
        .where(answer.author_id == account.id, answer.in_reply_to_id == Post.id)
        .correlate(Post)
        .scalar_subquery()
    )
    _change(mine, replies_count=Post.replies_count - number)


def _change(ids: sa.Select[Any], **counts: object) -> None:
    changed = sa.update(Post).where(Post.id.in_(ids)).values(**counts)
    session.execute(changed.execution_options(synchronize_session=False))
