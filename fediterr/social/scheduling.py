"""Posts that wait for their hour: written down, moved, taken back, published once."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, errors, paging
from fediterr.core.db import session
from fediterr.social import posts, visibility
from fediterr.social.drafts import Draft, PollDraft
from fediterr.social.models import Medium, Post, ScheduledPost

log = logging.getLogger(__name__)

SOONEST = timedelta(minutes=5)
MOST = 300  # of one account
MOST_A_DAY = 25
TRIES = 3
REST = timedelta(minutes=10)  # between two tries


def schedule(
    account: Account, words: str, draft: Draft, due_at: datetime, *, poll_seconds: int = 0, **also: Any
) -> ScheduledPost:
    """Write down a post for later, as if it were published now: what is wrong with it is told now. Raises Invalid.

    A poll lasts from the moment when it is published; `also` is kept with the rest.
    """
    _require_room(account, due_at)
    posts.compose(account, words, draft)
    poll = draft.poll
    row = ScheduledPost(
        account_id=account.id,
        due_at=due_at,
        wishes={
            "text": words,
            "title": draft.title,
            "community_id": draft.community.id if draft.community else None,
            "warning": draft.warning,
            "sensitive": draft.sensitive,
            "language": draft.language,
            "visibility": draft.visibility,
            "in_reply_to_id": draft.in_reply_to.id if draft.in_reply_to else None,
            "quoted_id": draft.quoted.id if draft.quoted else None,
            "quote_policy": draft.quote_policy,
            "application_id": draft.application_id,
            "poll": poll
            and {
                "options": list(poll.options),
                "multiple": poll.multiple,
                "hide_totals": poll.hide_totals,
                "seconds": poll_seconds,
            },
            **also,
        },
    )
    session.add(row)
    session.flush()
    for position, upload in enumerate(draft.uploads):
        upload.scheduled_id, upload.position = row.id, position
    session.flush()
    return row


def reschedule(row: ScheduledPost, due_at: datetime) -> None:
    """Raises Invalid."""
    if due_at != row.due_at:
        account = accounts.get(row.account_id)
        _require_room(account, due_at, besides=row)
        row.due_at, row.tries, row.set_aside_at, row.problem = due_at, 0, None, None
        session.flush()


def cancel(row: ScheduledPost) -> None:
    """Forget it; its files wait for another post a while."""
    for medium in files([row]).get(row.id, []):
        medium.scheduled_id, medium.created_at = None, clock.now()
    session.flush()
    session.delete(row)
    session.flush()


def _require_room(account: Account, due_at: datetime, besides: ScheduledPost | None = None) -> None:
    if due_at < clock.now() + SOONEST:
        raise errors.Invalid("A post is scheduled at least five minutes ahead.")
    others = sa.select(sa.func.count()).where(ScheduledPost.account_id == account.id)
    if besides is not None:
        others = others.where(ScheduledPost.id != besides.id)
    elif (session.scalar(others) or 0) >= MOST:
        raise errors.Invalid(f"At most {MOST} posts can be scheduled.")
    day = due_at.replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = others.where(ScheduledPost.due_at >= day, ScheduledPost.due_at < day + timedelta(days=1))
    if (session.scalar(same_day) or 0) >= MOST_A_DAY:
        raise errors.Invalid(f"At most {MOST_A_DAY} posts can be scheduled for one day.")


# --- finding -------------------------------------------------------------------------------------------------------


def get(account: Account, identifier: int) -> ScheduledPost:
    """A post that this account scheduled. Raises NotFound."""
    row = session.get(ScheduledPost, identifier)
    if row is None or row.account_id != account.id:
        raise errors.NotFound("There is no such post.")
    return row


def listed(account: Account, page: paging.Page) -> list[ScheduledPost]:
    """What an account scheduled, last written first."""
    return paging.take(sa.select(ScheduledPost).where(ScheduledPost.account_id == account.id), ScheduledPost.id, page)


def files(rows: Sequence[ScheduledPost]) -> dict[int, list[Medium]]:
    """The files of scheduled posts, by the id of the post, for a whole page at once."""
    found: dict[int, list[Medium]] = {}
    wanted = sa.select(Medium).where(Medium.scheduled_id.in_([row.id for row in rows]))
    for medium in session.scalars(wanted.order_by(Medium.position, Medium.id)):
        found.setdefault(medium.scheduled_id or 0, []).append(medium)
    return found


# --- when the hour has come ----------------------------------------------------------------------------------------


def publish_next() -> bool:
    """Publish one post whose hour has come; whether there was any.

    What cannot be published stays where its author finds it, with the reason; it is tried again a few times.
    """
    now = clock.now()
    wanted = sa.select(ScheduledPost).where(
        ScheduledPost.due_at <= now,
        sa.or_(
            ScheduledPost.set_aside_at.is_(None),
            sa.and_(ScheduledPost.set_aside_at < now - REST, ScheduledPost.tries < TRIES),
        ),
    )
    row = session.scalar(wanted.order_by(ScheduledPost.due_at, ScheduledPost.id).limit(1))
    if row is None:
        return False
    try:
        with session.begin_nested():
            _publish(row)
    except Exception as problem:
        log.exception("a scheduled post could not be published", extra={"id": row.id, "tries": row.tries + 1})
        row.tries, row.set_aside_at, row.problem = row.tries + 1, now, str(problem) or type(problem).__name__
        session.flush()
    return True


def _publish(row: ScheduledPost) -> Post:
    """The row goes with the same commit with which the post comes."""
    account, wishes = accounts.get(row.account_id), row.wishes
    if not account.active:
        raise errors.Forbidden("This account is closed.")
    answered, quoted, poll = wishes["in_reply_to_id"], wishes.get("quoted_id"), wishes["poll"]
    uploads = tuple(files([row]).get(row.id, []))
    for upload in uploads:
        upload.scheduled_id = None
    community = wishes.get("community_id")
    draft = Draft(
        title=wishes.get("title"),
        community=accounts.get(community) if community else None,
        visibility=wishes["visibility"],
        in_reply_to=visibility.seen(account, answered) if answered else None,
        quoted=visibility.seen(account, quoted) if quoted else None,
        quote_policy=wishes.get("quote_policy"),
        warning=wishes["warning"],
        sensitive=wishes["sensitive"],
        language=wishes["language"],
        uploads=uploads,
        poll=PollDraft(
            tuple(poll["options"]),
            multiple=poll["multiple"],
            hide_totals=poll["hide_totals"],
            ends_at=clock.now() + timedelta(seconds=poll["seconds"]),
        )
        if poll
        else None,
        application_id=wishes["application_id"],
    )
    post = posts.publish(account, posts.compose(account, wishes["text"], draft))
    session.delete(row)
    session.flush()
    return post
