"""Bringing an account before the moderators."""

from typing import Any

from fediterr.accounts import service as accounts
from fediterr.mastodon import entities, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.moderation import reports
from fediterr.social import timelines


@routes.post("/api/v1/reports", "write:reports")
def report() -> Any:
    sent, me = routes.sent(), routes.me()
    target = accounts.get(sent.number("account_id") or 0)
    shown = [post for post in timelines.whole(sent.numbers("status_ids"), me) if post.author_id == target.id]
    made = reports.report(
        me,
        target,
        comment=sent.text("comment") or "",
        post_uris=[post.uri for post in shown],
        category=sent.text("category") or "other",
        rule_ids=sent.numbers("rule_ids"),
        forward=bool(sent.flag("forward")),
        forward_to=sent.texts("forward_to_domains"),
    )
    assert made is not None  # only a report with an id of elsewhere can be known already
    return entities.report(made, target, [post.id for post in shown], Viewer.of(me, people=[target]))
