"""Where posts of here were before their author moved here: what leads to the old place leads to them."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import insert_once, session
from fediterr.social import posts
from fediterr.social.models import Bookmark, FormerId, Like, Post


def find(uri: str) -> Post | None:
    """The post with that id, or that had it at its former place."""
    return posts.by_uri(uri) or moved(uri)


def moved(uri: str) -> Post | None:
    """The post of here that had that id, or that page, at its former place."""
    return session.scalar(sa.select(Post).join(FormerId, FormerId.post_id == Post.id).where(FormerId.uri == uri))


def is_known(uri: str) -> bool:
    return session.get(FormerId, uri) is not None


def ids_of(post: Post) -> list[str]:
    """Its addresses at its former place."""
    return list(session.scalars(sa.select(FormerId.uri).where(FormerId.post_id == post.id).order_by(FormerId.uri)))


def remember(post: Post, uris: list[str]) -> None:
    """A post was at these addresses before; copies of it that came from there give way to it."""
    insert_once(FormerId, [{"uri": uri, "post_id": post.id} for uri in dict.fromkeys(uris)])
    for uri in uris:
        copy = posts.by_uri(uri)
        if copy is not None and not copy.local:
            _replace(copy, post)


def _replace(copy: Post, post: Post) -> None:
    """What was answered to a copy, or done with it, is so to the post itself; the copy does not come back."""
    answered = sa.update(Post).where(Post.in_reply_to_id == copy.id)
    session.execute(answered.values(in_reply_to_id=post.id, in_reply_to_account_id=post.author_id))
    threaded = sa.update(Post).where(Post.thread_id == copy.id, Post.id != copy.id)
    session.execute(threaded.values(thread_id=post.thread_id))
    session.execute(sa.update(Post).where(Post.boost_of_id == copy.id).values(boost_of_id=post.id))
    for table in (Like, Bookmark):
        session.execute(sa.update(table).where(table.post_id == copy.id).values(post_id=post.id))
    for name in ("likes_count", "boosts_count", "replies_count"):
        setattr(post, name, getattr(post, name) + getattr(copy, name))
    if copy.in_reply_to_id is not None:
        above = sa.update(Post).where(Post.id == copy.in_reply_to_id)
        session.execute(above.values(replies_count=Post.replies_count - 1))
    counted = sa.update(Account).where(Account.id == copy.author_id)
    session.execute(counted.values(posts_count=Account.posts_count - 1))
    posts.bury(copy.uri, copy.author.uri)
    session.flush()
    session.expire(copy)
    session.delete(copy)
    session.flush()
