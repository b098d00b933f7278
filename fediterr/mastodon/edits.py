"""Edits: say a post anew, see what was typed, and how it read before."""

import base64
from typing import Any

from fediterr.core import db, errors, site
from fediterr.mastodon import attachments, drafts, entities, routes, statuses
from fediterr.mastodon.params import Params
from fediterr.mastodon.viewer import Viewer
from fediterr.social import media, posts
from fediterr.social.models import Medium, Post, Revision


@routes.put("/api/v1/statuses/:id", "write:statuses")
def edit(identifier: int) -> Any:
    sent = routes.sent()
    words = drafts.words(sent)
    statuses.own(identifier)
    drafts.look_up_mentioned(words)
    pictures = _thumbnails(sent)
    me, post = routes.me(), statuses.own(identifier)
    if post.boost_of_id:
        raise errors.Forbidden("This action is not allowed")
    draft = drafts.changed(me, sent, post)
    posts.edit(post, posts.compose(me, words, draft))
    for medium in post.media:
        if medium.id in pictures and medium.kind in media.HEARD:
            media.illustrate(medium, pictures[medium.id])
    return statuses.show(identifier)


def _thumbnails(sent: Params) -> dict[int, media.Preview]:
    """New pictures to stand for films and sounds, which come as `data:image/png;base64,…`, by the id of the file."""
    said = {each.number("id"): each.text("thumbnail") or "" for each in sent.parts("media_attributes")}
    given = {each: data for each, data in said.items() if each is not None and data}
    if not given:
        return {}
    media.admit(routes.me())
    with db.aside():  # drawing a picture anew takes its time
        most = site.settings().limits_media_per_post
        return {each: media.keep_preview(_decoded(data)) for each, data in list(given.items())[:most]}


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data.partition(";base64,")[2], validate=True)
    except ValueError:
        raise errors.Invalid("This picture is broken, or too large.") from None


@routes.get("/api/v1/statuses/:id/history", "read:statuses", anyone=True)
def history(identifier: int) -> Any:
    post = statuses.seen(identifier)
    return _history(post, posts.revisions(post), Viewer.of(routes.viewer(), [post]))


@routes.get("/api/v1/statuses/:id/source", "read:statuses")
def source(identifier: int) -> Any:
    return entities.source(statuses.seen(identifier))


def _history(post: Post, revisions: list[Revision], viewer: Viewer) -> list[entities.Entity]:
    """How a post has read, first as first published, last as it reads now."""
    files = media.as_they_were([each.media for each in revisions])
    written = [
        {
            "content": each.content,
            "spoiler_text": each.warning,
            "sensitive": each.sensitive,
            "created_at": entities.moment(each.written_at),
            **_beside(post, shown, each.poll_options, viewer),
        }
        for each, shown in zip(revisions, files, strict=True)
    ]
    now = {
        "content": entities.content(post),
        "spoiler_text": post.warning,
        "sensitive": post.sensitive,
        "created_at": entities.moment(post.edited_at or post.published_at),
        **_beside(post, post.media, post.poll.options if post.poll else [], viewer),
    }
    return [*written, now]


def _beside(post: Post, files: list[Medium], options: list[str], viewer: Viewer) -> entities.Entity:
    """What stands beside the words of each edit."""
    made = {
        "account": entities.account(post.author, viewer),
        "media_attachments": [attachments.medium(each) for each in files],
        "emojis": entities.emojis(post.emojis),
    }
    return {**made, "poll": {"options": [{"title": title} for title in options]}} if options else made
