"""Lists of posts as somebody sees them: home, public, of an account, of a hashtag, a thread.

The home timeline is a question, not a copy: unfollowing, blocking and deleting are right at once.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from fediterr.accounts.models import Account
from fediterr.core import clock, text
from fediterr.core.db import Moment, session
from fediterr.core.paging import Page, take
from fediterr.social import blocks
from fediterr.social.models import Follow, FollowedTag, Medium, Mention, Pin, Poll, Post, PostTag, Visibility
from fediterr.social.visibility import visible, visible_to

THREAD_LIMIT = 500


def complete(posts: Sequence[Post]) -> list[Post]:
    """Load what showing these posts needs, for all of them at once: authors, what is boosted, mentions, files, polls.

    One question each, whatever the number of posts. Loader options ask the same things twice (of the posts and of those
    they boost), in wider rows, and cost three times as much to prepare.
    """
    posts = list(posts)
    boosted_ids = {post.boost_of_id for post in posts if post.boost_of_id is not None}
    boosted = session.scalars(sa.select(Post).where(Post.id.in_(boosted_ids))).all() if boosted_ids else ()
    proper = {post.id: post for post in (*posts, *boosted)}
    people = _authors({post.author_id for post in proper.values()})
    shown = [post.id for post in proper.values() if post.boost_of_id is None]
    parts = {part: _parts_of(shown, part) for part in (Mention, Medium, Poll)} if shown else {}
    for post in proper.values():
        set_committed_value(post, "author", people[post.author_id])
        set_committed_value(post, "boost_of", proper.get(post.boost_of_id or 0))
        set_committed_value(post, "mentions", parts[Mention].get(post.id, []) if parts else [])
        set_committed_value(post, "media", parts[Medium].get(post.id, []) if parts else [])
        set_committed_value(post, "poll", next(iter(parts[Poll].get(post.id, [])), None) if parts else None)
    return posts


def _authors(identifiers: set[int]) -> dict[int, Account]:
    """Read anew even when known: what was counted in the database meanwhile is not in memory."""
    wanted = sa.select(Account).where(Account.id.in_(identifiers)).execution_options(populate_existing=True)
    return {account.id: account for account in session.scalars(wanted)} if identifiers else {}


_ORDER: dict[Any, tuple[Any, ...]] = {
    Mention: (Mention.account_id,),
    Medium: (Medium.position, Medium.id),
    Poll: (Poll.id,),
}


def _parts_of(identifiers: list[int], part: Any) -> dict[int, list[Any]]:
    """The mentions, files or polls of posts, by the id of the post."""
    found: dict[int, list[Any]] = {}
    for each in session.scalars(sa.select(part).where(part.post_id.in_(identifiers)).order_by(*_ORDER[part])):
        found.setdefault(each.post_id, []).append(each)
    return found


def _page(wanted: sa.Select[Any], page: Page) -> list[Post]:
    """The posts of a page: first their ids alone, because a database sorts narrow rows, and posts are wide."""
    return _load(take(wanted, Post.id, page))


def _load(identifiers: Sequence[int]) -> list[Post]:
    found = {post.id: post for post in session.scalars(sa.select(Post).where(Post.id.in_(identifiers)))}
    return complete([found[identifier] for identifier in identifiers if identifier in found])


_boosted = aliased(Post)


def _posts(viewer: Account | None) -> sa.Select[Any]:
    """Ids of posts that the viewer may see and wants to."""
    if viewer is None:
        return sa.select(Post.id).where(visible(None))
    return _posts_for(viewer.id, clock.now())


def _posts_for(viewer_id: Any, now: Any) -> sa.Select[Any]:
    away = blocks.kept_away_from(viewer_id, now)
    return sa.select(Post.id).where(
        visible_to(viewer_id),
        Post.author_id.not_in(away),
        sa.or_(
            Post.boost_of_id.is_(None),
            sa.exists().where(_boosted.id == Post.boost_of_id, _boosted.author_id.not_in(away)),
        ),
    )


def home(viewer: Account, page: Page) -> list[Post]:
    """Posts of those one follows and one's own; answers to strangers are left out."""
    return _load(take(_home(), Post.id, page, {"viewer": viewer.id, "now": clock.now()}))


@cache
def _home() -> sa.Select[Any]:
    """The question of `home`, made once: writing it down takes longer than the database needs to answer."""
    viewer, now = sa.bindparam("viewer", type_=Post.id.type), sa.bindparam("now", type_=Moment())
    followed = sa.select(Follow.target_id).where(Follow.follower_id == viewer, Follow.accepted)
    without_boosts = followed.where(~Follow.boosts)
    authors = sa.union_all(followed, sa.select(viewer)).subquery()
    known = sa.select(authors.c[0])
    return _posts_for(viewer, now).where(
        Post.author_id.in_(known),
        sa.or_(Post.in_reply_to_account_id.is_(None), Post.in_reply_to_account_id.in_(known)),
        sa.or_(Post.boost_of_id.is_(None), Post.author_id.not_in(without_boosts)),
        sa.or_(Post.visibility != Visibility.DIRECT, Post.author_id != viewer),
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
    return _page(statement, page)


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
    return _page(statement, page)


def _has_media() -> sa.ColumnElement[bool]:
    return sa.exists().where(Medium.post_id == Post.id)


def _posts_even_if_muted(viewer: Account | None) -> sa.Select[Any]:
    return sa.select(Post.id).where(visible(viewer))


def tagged(tag: str, viewer: Account | None, page: Page) -> list[Post]:
    """Public posts with a hashtag."""
    statement = _posts(viewer).join(PostTag, PostTag.post_id == Post.id)
    return _page(statement.where(PostTag.tag == text.fold_tag(tag), Post.visibility == Visibility.PUBLIC), page)


def thread(post: Post, viewer: Account | None) -> tuple[list[Post], list[Post]]:
    """What a post answers, oldest first, and the answers below it in reading order; each as far as visible."""
    everything = _posts(viewer).where(Post.thread_id == post.thread_id).order_by(Post.id).limit(THREAD_LIMIT)
    known = {each.id: each for each in _load(session.scalars(everything).all())}
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
    seen = set(session.scalars(sa.select(Post.id).where(Post.id.in_(identifiers), visible(viewer))))
    return _load([identifier for identifier in identifiers if identifier in seen])


def near(author_id: int, tags: Iterable[str] = ()) -> set[int]:
    """Who of here may find at home what this author publishes with these hashtags: all whom `home` shows it, and more.

    A quick question for everybody at once, which spares most of them the exact one; who widens `home` widens this.
    """
    followers = sa.select(Follow.follower_id).join(Account, Account.id == Follow.follower_id)
    found = set(session.scalars(followers.where(Follow.target_id == author_id, Follow.accepted, Account.local)))
    folded = [text.fold_tag(tag) for tag in tags]
    if folded:
        found.update(session.scalars(sa.select(FollowedTag.account_id).where(FollowedTag.folded.in_(folded))))
    return found | {author_id}
