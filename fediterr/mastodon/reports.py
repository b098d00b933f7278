"""Bringing an account before the moderators."""

from typing import Any

from fediterr.accounts import service as accounts
from fediterr.mastodon import entities, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation import service as moderation
from fediterr.social import timelines


@routes.post("/api/v1/reports", "write:reports")
def report() -> Any:
    sent, me = routes.sent(), routes.me()
    target = accounts.get(sent.number("account_id") or 0)
    shown = [post for post in timelines.whole(sent.numbers("status_ids"), me) if post.author_id == target.id]
    made = moderation.report(
        me,
        target,
        comment=sent.text("comment") or "",
        post_uris=[post.uri for post in shown],
        forward=bool(sent.flag("forward")),
    )
    assert made is not None  # only a report with an id of elsewhere can be known already
    return entities.report(made, target, [post.id for post in shown], Viewer.of(me, people=[target]))
