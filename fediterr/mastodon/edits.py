"""Edits: say a post anew, see what was typed, and how it read before."""

from typing import Any

from fediterr.core import errors
from fediterr.mastodon import attachments, drafts, entities, routes, statuses
from fediterr.mastodon.viewer import Viewer
from fediterr.social import media, posts
from fediterr.social.models import Medium, Post, Revision


@routes.put("/api/v1/statuses/:id", "write:statuses")
def edit(identifier: int) -> Any:
    sent = routes.sent()
    words = drafts.words(sent)
    statuses.own(identifier)
    drafts.look_up_mentioned(words)
    me, post = routes.me(), statuses.own(identifier)
    if post.boost_of_id:
        raise errors.Forbidden("This action is not allowed")
    draft = drafts.changed(me, sent, post)
    posts.edit(post, posts.compose(me, words, draft))
    return statuses.show(identifier)


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
