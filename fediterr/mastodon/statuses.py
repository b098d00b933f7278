"""Statuses: publish, read, edit, delete, and what one does with those of others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, request

from fediterr.accounts.models import Account
from fediterr.core import clock, errors
from fediterr.core.db import insert_once, session
from fediterr.mastodon import accounts, drafts, entities, pages, routes, scheduled
from fediterr.mastodon.models import IdempotencyKey
from fediterr.mastodon.viewer import Viewer
from fediterr.social import bookmarks, likes, posts, scheduling, threads, timelines, visibility
from fediterr.social.models import Post
from fediterr.social.models.filters import Context

KEPT = timedelta(hours=24)  # how long an Idempotency-Key is remembered
KEY = 255  # characters of one


def show(identifier: int) -> entities.Entity:
    """A post as the one who asks sees it; NotFound when there is nothing to see."""
    found = timelines.whole([identifier], routes.viewer())
    if not found:
        raise errors.NotFound("There is no such post.")
    return entities.status(found[0], Viewer.of(routes.viewer(), found))


def seen(identifier: int) -> Post:
    """The post with that id, or the one that this boost shows, if the one who asks may see it."""
    found = visibility.seen(routes.viewer(), identifier)
    return found.boost_of or found


def own(identifier: int) -> Post:
    found = visibility.seen(routes.me(), identifier)
    if found.author_id != routes.me().id:
        raise errors.NotFound("There is no such post of yours.")
    return found


# --- publishing ----------------------------------------------------------------------------------------------------


@routes.post("/api/v1/statuses", "write:statuses")
def publish() -> Any:
    """Publish at once, or write down for later. A key sent again answers with what it made the first time."""
    sent = routes.sent()
    words = drafts.words(sent)
    drafts.look_up_mentioned(words)
    me, key = routes.me(), request.headers.get("Idempotency-Key", "")[:KEY]
    claimed = _claim(me, key) if key else None
    if claimed is not None and claimed.post_id:
        return show(claimed.post_id)
    if claimed is not None and claimed.scheduled_id:
        return scheduled.show(scheduling.get(me, claimed.scheduled_id))
    due_at, draft = drafts.due_at(sent), drafts.new(me, sent, token.application if (token := routes.token()) else None)
    if due_at is not None:
        row = scheduled.write_down(me, words, draft, due_at, key)
        _remember(me, key, scheduled_id=row.id)
        return scheduled.show(row)
    draft = posts.compose(me, words, draft)
    if reached := drafts.unexpected(me, draft, sent):
        return _refuse_unexpected(reached)
    post = posts.publish(me, draft)
    _remember(me, key, post_id=post.id)
    return show(post.id)


def _refuse_unexpected(reached: list[Account]) -> Response:
    made = routes.as_json(
        {"error": "Post would be sent to unexpected accounts", "unexpected_accounts": accounts.people(reached)}
    )
    made.status_code = 422
    return made


def _remember(account: Account, key: str, **made: int) -> None:
    if key:
        mine = (IdempotencyKey.account_id == account.id, IdempotencyKey.key == key)
        session.execute(sa.update(IdempotencyKey).where(*mine).values(**made))


def _claim(account: Account, key: str) -> IdempotencyKey | None:
    """What this key has made already; else the key is ours until the request ends, and others wait."""
    old = IdempotencyKey.created_at < clock.now() - KEPT
    session.execute(sa.delete(IdempotencyKey).where(IdempotencyKey.account_id == account.id, old))
    if insert_once(IdempotencyKey, {"account_id": account.id, "key": key, "created_at": clock.now()}):
        return None
    return session.get(IdempotencyKey, (account.id, key))


@routes.delete("/api/v1/statuses/:id", "write:statuses")
def delete(identifier: int) -> Any:
    """Delete a post; what was typed comes back, to be written anew, and its files can be used again."""
    post = own(identifier)
    shown = {**show(identifier), "text": entities.source(post)["text"]}
    if post.boost_of_id:
        posts.unboost(post)
    else:
        posts.delete(post, keep_files=not routes.sent().flag("delete_media"))
    return shown


# --- reading -------------------------------------------------------------------------------------------------------


@routes.get("/api/v1/statuses", "read:statuses", anyone=True)
def several() -> Any:
    """The posts with these ids, those that the one who asks may see."""
    wanted = list(dict.fromkeys(routes.sent().numbers("id")))[: pages.STATUSES]
    return entities.statuses(timelines.whole(wanted, routes.viewer()), routes.viewer())


@routes.get("/api/v1/statuses/:id", "read:statuses", anyone=True)
def one(identifier: int) -> Any:
    return show(identifier)


@routes.get("/api/v1/statuses/:id/context", "read:statuses", anyone=True)
def context(identifier: int) -> Any:
    me = routes.viewer()
    above, below = timelines.thread(seen(identifier), me)
    viewer = Viewer.of(me, [*above, *below], context=Context.THREAD)
    parts = {"ancestors": above, "descendants": below}
    return {
        name: [entities.status(post, viewer) for post in part if not viewer.hides(post)] for name, part in parts.items()
    }


@routes.get("/api/v1/statuses/:id/favourited_by", "read:accounts", anyone=True)
def favourited_by(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    listed = likes.of_post(seen(identifier), page)
    return pages.answer(accounts.people([like.account for like in listed]), listed, page, before="since_id")


@routes.get("/api/v1/statuses/:id/reblogged_by", "read:accounts", anyone=True)
def reblogged_by(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    listed = posts.boosts_of(seen(identifier), routes.viewer(), page)
    return pages.answer(accounts.people([boost.author for boost in listed]), listed, page, before="since_id")


@routes.get("/api/v1/statuses/:id/card", "read:statuses", anyone=True)
def card(identifier: int) -> Any:
    """What older applications ask for apart."""
    return show(seen(identifier).id)["card"] or {}


@routes.post("/api/v1/statuses/:id/translate", "read:statuses")
def translate(identifier: int) -> Any:
    """Nothing is translated here, as the page of the server tells."""
    seen(identifier)
    raise errors.Forbidden("This action is not allowed")


# --- what one does with a post -------------------------------------------------------------------------------------


@routes.post("/api/v1/statuses/:id/favourite", "write:favourites")
def favourite(identifier: int) -> Any:
    return _do(identifier, likes.like)


@routes.post("/api/v1/statuses/:id/unfavourite", "write:favourites")
def unfavourite(identifier: int) -> Any:
    return _do(identifier, likes.unlike)


@routes.post("/api/v1/statuses/:id/bookmark", "write:bookmarks")
def bookmark(identifier: int) -> Any:
    return _do(identifier, bookmarks.keep)


@routes.post("/api/v1/statuses/:id/unbookmark", "write:bookmarks")
def unbookmark(identifier: int) -> Any:
    return _do(identifier, bookmarks.drop)


@routes.post("/api/v1/statuses/:id/mute", "write:mutes")
def mute(identifier: int) -> Any:
    return _do(identifier, threads.mute)


@routes.post("/api/v1/statuses/:id/unmute", "write:mutes")
def unmute(identifier: int) -> Any:
    return _do(identifier, threads.unmute)


@routes.post("/api/v1/statuses/:id/pin", "write:accounts")
def pin(identifier: int) -> Any:
    return _do(identifier, posts.pin)


@routes.post("/api/v1/statuses/:id/unpin", "write:accounts")
def unpin(identifier: int) -> Any:
    return _do(identifier, posts.unpin)


def _do(identifier: int, verb: Callable[[Account, Post], object]) -> entities.Entity:
    post = seen(identifier)
    verb(routes.me(), post)
    return show(post.id)


@routes.post("/api/v1/statuses/:id/reblog", "write:statuses")
def reblog(identifier: int) -> Any:
    wanted = routes.sent().text("visibility") or drafts.usual(routes.me()).visibility.replace("direct", "private")
    boost = posts.boost(routes.me(), seen(identifier), visibility_=drafts.VISIBILITIES.get(wanted))
    return show(boost.id)


@routes.post("/api/v1/statuses/:id/unreblog", "write:statuses")
def unreblog(identifier: int) -> Any:
    post = seen(identifier)
    if boost := posts.find_boost(routes.me(), post):
        posts.unboost(boost)
    return show(post.id)
