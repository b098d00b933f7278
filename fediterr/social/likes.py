"""Like, and take it back."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import errors, facts, ids, paging, site
from fediterr.core.db import insert_once, session
from fediterr.social import notifications, visibility
from fediterr.social.models import Like, Post


@dataclass(frozen=True)
class PostLiked(facts.Fact):
    account_id: int
    post_id: int
    uri: str


@dataclass(frozen=True)
class LikeUndone(facts.Fact):
    account_id: int
    post_id: int
    uri: str


def find(account: Account, post: Post) -> Like | None:
    return session.scalar(sa.select(Like).where(Like.account_id == account.id, Like.post_id == post.id))


def by_uri(uri: str) -> Like | None:
    return session.scalar(sa.select(Like).where(Like.uri == uri))


def liked_among(account: Account, identifiers: list[int]) -> set[int]:
    """Which of these posts an account likes, for a whole page at once."""
    wanted = sa.select(Like.post_id).where(Like.account_id == account.id, Like.post_id.in_(identifiers))
    return set(session.scalars(wanted))


def of_post(post: Post, page: paging.Page) -> list[Like]:
    """Who likes a post, newest first."""
    listed = sa.select(Like).where(Like.post_id == post.id).options(joinedload(Like.account))
    return paging.take(listed, Like.id, page)


def of_account(account: Account, page: paging.Page) -> list[Like]:
    """What an account likes, last liked first."""
    return paging.take(sa.select(Like).where(Like.account_id == account.id), Like.id, page)


def like(account: Account, post: Post, *, uri: str = "", emoji: str | None = None) -> None:
    """Like a post one may see; twice is once."""
    if not visibility.can_see(account, post):
        raise errors.NotFound("There is no such post.")
    identifier = ids.new()
    uri = uri or site.activity_uri(identifier)
    row = {"id": identifier, "account_id": account.id, "post_id": post.id, "uri": uri, "emoji": emoji}
    if insert_once(Like, row):
        session.execute(sa.update(Post).where(Post.id == post.id).values(likes_count=Post.likes_count + 1))
        facts.tell(PostLiked(account.id, post.id, uri))


def unlike(account: Account, post: Post) -> None:
    found = find(account, post)
    if not found:
        return
    session.delete(found)
    session.flush()
    session.execute(sa.update(Post).where(Post.id == post.id).values(likes_count=Post.likes_count - 1))
    notifications.withdraw(post.author_id, "favourite", account.id, str(post.id))
    facts.tell(LikeUndone(account.id, post.id, found.uri))
