"""Scheduled statuses: those that wait for their hour, moved and taken back."""

from datetime import datetime
from typing import Any

from flask import Response

from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.mastodon import attachments, drafts, entities, pages, routes
from fediterr.social import quotes, scheduling
from fediterr.social.drafts import Draft
from fediterr.social.models import Medium, ScheduledPost, Visibility


def write_down(me: Account, words: str, draft: Draft, due_at: datetime, key: str) -> ScheduledPost:
    sent = routes.sent()
    allowed = sent.texts("allowed_mentions") if "allowed_mentions" in sent else None
    seconds = drafts.poll_seconds(sent.part("poll"))
    also = {"idempotency": key or None, "allowed_mentions": allowed}
    return scheduling.schedule(me, words, draft, due_at, poll_seconds=seconds, **also)


@routes.get("/api/v1/scheduled_statuses", "read:statuses")
def listed() -> Response:
    page = pages.wanted()
    rows = scheduling.listed(routes.me(), page)
    files = scheduling.files(rows)
    return pages.answer([_shown(row, files.get(row.id, [])) for row in rows], rows, page)


@routes.get("/api/v1/scheduled_statuses/:id", "read:statuses")
def one(identifier: int) -> Any:
    return show(scheduling.get(routes.me(), identifier))


@routes.put("/api/v1/scheduled_statuses/:id", "write:statuses")
def move(identifier: int) -> Any:
    """Only its hour can be changed."""
    row = scheduling.get(routes.me(), identifier)
    if "scheduled_at" in routes.sent():
        due_at = drafts.due_at(routes.sent())
        if due_at is None:
            raise errors.Invalid("A post is scheduled at least five minutes ahead.")
        scheduling.reschedule(row, due_at)
    return show(row)


@routes.delete("/api/v1/scheduled_statuses/:id", "write:statuses")
def cancel(identifier: int) -> Any:
    scheduling.cancel(scheduling.get(routes.me(), identifier))
    return {}


def show(row: ScheduledPost) -> entities.Entity:
    return _shown(row, scheduling.files([row]).get(row.id, []))


def _shown(row: ScheduledPost, files: list[Medium]) -> entities.Entity:
    wishes = row.wishes
    poll, visibility = wishes["poll"], wishes["visibility"]
    return {
        "id": str(row.id),
        "scheduled_at": entities.moment(row.due_at),
        "params": {
            "text": wishes["text"],
            "media_ids": [str(medium.id) for medium in files] or None,
            "sensitive": wishes["sensitive"],
            "spoiler_text": wishes["warning"],
            "visibility": "private" if visibility == Visibility.FOLLOWERS else visibility,
            "language": wishes["language"],
            "scheduled_at": None,
            "poll": poll
            and {
                "options": poll["options"],
                "expires_in": str(poll["seconds"]),
                "multiple": poll["multiple"],
                "hide_totals": poll["hide_totals"],
            },
            "idempotency": wishes["idempotency"],
            "with_rate_limit": False,
            "application_id": wishes["application_id"],
            "allowed_mentions": wishes["allowed_mentions"],
            "in_reply_to_id": str(wishes["in_reply_to_id"]) if wishes["in_reply_to_id"] else None,
            "quoted_status_id": str(wishes["quoted_id"]) if wishes.get("quoted_id") else None,
            "quote_approval_policy": quotes.name_of(wishes.get("quote_policy")),
        },
        "media_attachments": [attachments.medium(medium) for medium in files],
    }
