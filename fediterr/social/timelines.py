"""Lists of posts as somebody sees them: home, public, of an account, of a hashtag, a thread.

The home timeline is a question, not a copy: unfollowing, blocking and deleting are right at once.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from fediterr.accounts.models import Account
from fediterr.core import text
from fediterr.core.db import session
from fediterr.core.paging import Page, take
from fediterr.social import blocks
from fediterr.social.models import Follow, Medium, Pin, Post, PostTag, Visibility
from fediterr.social.visibility import visible

THREAD_LIMIT = 500


def _whole() -> list[Any]:
    """What a page of posts needs, loaded for the whole page at once."""
    boosted = joinedload(Post.boost_of)
    return [
        joinedload(Post.author),
        boosted.joinedload(Post.author),
        *(selectinload(part) for part in (Post.mentions, Post.media, Post.poll)),
        *(boosted.selectinload(part) for part in (Post.mentions, Post.media, Post.poll)),
    ]


def _posts(viewer: Account | None) -> sa.Select[Any]:
    statement = sa.select(Post).where(visible(viewer)).options(*_whole())
    if viewer is None:
        return statement
    boosted = aliased(Post)
    away = blocks.kept_away(viewer)
    return statement.where(
        Post.author_id.not_in(away),
        sa.or_(
            Post.boost_of_id.is_(None),
            sa.exists().where(boosted.id == Post.boost_of_id, boosted.author_id.not_in(away)),
        ),
    )


def home(viewer: Account, page: Page) -> list[Post]:
    """Posts of those one follows and one's own; answers to strangers are left out."""
    followed = sa.select(Follow.target_id).where(Follow.follower_id == viewer.id, Follow.accepted)
    without_boosts = followed.where(~Follow.boosts)
    authors = sa.union_all(followed, sa.select(sa.literal(viewer.id))).subquery()
    known = sa.select(authors.c[0])
    return take(
        _posts(viewer).where(
            Post.author_id.in_(known),
            sa.or_(Post.in_reply_to_account_id.is_(None), Post.in_reply_to_account_id.in_(known)),
            sa.or_(Post.boost_of_id.is_(None), Post.author_id.not_in(without_boosts)),
            sa.or_(Post.visibility != Visibility.DIRECT, Post.author_id != viewer.id),
        ),
        Post.id,
        page,
    )


def public(
    viewer: Account | None, page: Page, *, local: bool = False, remote: bool = False, media: bool = False
) -> list[Post]:
    """Public posts that answer nobody, of this server or of all that it knows."""
    silenced = sa.select(Account.id).where(Account.silenced_at.is_not(None))
    statement = _posts(viewer).where(
        Post.visibility == Visibility.PUBLIC,
        Post.boost_of_id.is_(None),
        Post.in_reply_to_uri.is_(None),
        Post.author_id.not_in(silenced),
    )
    if local or remote:
        statement = statement.where(Post.local.is_(local))
    if media:
        statement = statement.where(_has_media())
    return take(statement, Post.id, page)


def of_account(
    account: Account,
    viewer: Account | None,
    page: Page,
    *,
    boosts: bool = True,
    replies: bool = True,
    pinned: bool = False,
    media: bool = False,
    tag: str | None = None,
) -> list[Post]:
    """What an account published, as far as the viewer may see it."""
    statement = _posts_even_if_muted(viewer).where(Post.author_id == account.id)
    if not boosts:
        statement = statement.where(Post.boost_of_id.is_(None))
    if not replies:
        statement = statement.where(sa.or_(Post.in_reply_to_uri.is_(None), Post.in_reply_to_account_id == account.id))
    if pinned:
        statement = statement.join(Pin, Pin.post_id == Post.id)
    if media:
        statement = statement.where(_has_media())
    if tag:
        statement = statement.join(PostTag, PostTag.post_id == Post.id).where(PostTag.tag == text.fold_tag(tag))
    return take(statement, Post.id, page)


def _has_media() -> sa.ColumnElement[bool]:
    return sa.exists().where(Medium.post_id == Post.id)


def _posts_even_if_muted(viewer: Account | None) -> sa.Select[Any]:
    return sa.select(Post).where(visible(viewer)).options(*_whole())


def tagged(tag: str, viewer: Account | None, page: Page) -> list[Post]:
    """Public posts with a hashtag."""
    statement = _posts(viewer).join(PostTag, PostTag.post_id == Post.id)
    return take(statement.where(PostTag.tag == text.fold_tag(tag), Post.visibility == Visibility.PUBLIC), Post.id, page)


def thread(post: Post, viewer: Account | None) -> tuple[list[Post], list[Post]]:
    """What a post answers, oldest first, and the answers below it in reading order; each as far as visible."""
    everything = session.scalars(
        _posts(viewer).where(Post.thread_id == post.thread_id).order_by(Post.id).limit(THREAD_LIMIT)
    ).unique()
    known = {each.id: each for each in everything}
    ancestors: list[Post] = []
    above = known.get(post.in_reply_to_id or 0)
    while above is not None and above not in ancestors:
        ancestors.append(above)
        above = known.get(above.in_reply_to_id or 0)
    return ancestors[::-1], _below(post, known)


def _below(post: Post, known: dict[int, Post]) -> list[Post]:
    answers: dict[int, list[Post]] = {}
    for each in known.values():
        if each.in_reply_to_id:
            answers.setdefault(each.in_reply_to_id, []).append(each)
    ordered: list[Post] = []
    waiting = answers.pop(post.id, [])[::-1]
    while waiting:
        each = waiting.pop()
        ordered.append(each)
        waiting.extend(answers.pop(each.id, [])[::-1])
    return ordered


def whole(identifiers: list[int], viewer: Account | None) -> list[Post]:
    """These posts with all that shows them, in the order asked for, without those the viewer may not see."""
    found = session.scalars(
        sa.select(Post).where(Post.id.in_(identifiers), visible(viewer)).options(*_whole())
    ).unique()
    by_id = {post.id: post for post in found}
    return [by_id[identifier] for identifier in identifiers if identifier in by_id]
