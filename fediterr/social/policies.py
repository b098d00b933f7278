"""From whom somebody wants to hear: what is let through, kept back or dropped, and who asks to be heard."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import STAFF, Account, Kind, User
from fediterr.core import clock, errors, facts, ids, paging
from fediterr.core.db import insert_once, session
from fediterr.social.models import (
    Follow,
    Mention,
    Notification,
    NotificationPermission,
    NotificationPolicy,
    NotificationRequest,
    Post,
    Visibility,
)

ACCEPT, FILTER, DROP = "accept", "filter", "drop"
# Told whatever the policy says: they speak of one's own doings, or come with a role.
ALWAYS = {"admin.report", "admin.sign_up", "moderation_warning", "poll", "quoted_update", "severed_relationships"}
ALWAYS |= {"update"}
WORDS = {"mention", "quote"}  # what somebody asks to be heard by
NEW_ACCOUNT = timedelta(days=30)
NEW_FOLLOWER = timedelta(days=3)
MANY = 100  # counted no further
BOTS = (Kind.SERVICE, Kind.APPLICATION)


@dataclass(frozen=True)
class NotificationsMerged(facts.Fact):
    """What had been kept back is among the notifications now."""

    account_id: int
    from_ids: list[int]


@dataclass(frozen=True)
class Changes:
    """Changes to a policy; None leaves a sort as it is."""

    for_not_following: str | None = None
    for_not_followers: str | None = None
    for_new_accounts: str | None = None
    for_private_mentions: str | None = None
    for_limited_accounts: str | None = None
    for_bots: str | None = None


def of(account: Account) -> NotificationPolicy:
    """The policy of an account; until it chooses, only accounts that moderators limited wait."""
    found = session.get(NotificationPolicy, account.id)
    return found or NotificationPolicy(
        account_id=account.id,
        for_not_following=ACCEPT,
        for_not_followers=ACCEPT,
        for_new_accounts=ACCEPT,
        for_private_mentions=ACCEPT,
        for_limited_accounts=FILTER,
        for_bots=ACCEPT,
    )


def change(account: Account, changes: Changes) -> NotificationPolicy:
    policy = of(account)
    for field in fields(changes):
        value = getattr(changes, field.name)
        if value is not None:
            if value not in (ACCEPT, FILTER, DROP):
                raise errors.Invalid("A policy is accept, filter or drop.")
            setattr(policy, field.name, value)
    session.add(policy)
    session.flush()
    return policy


def judge(account: Account, kind: str, sender: Account, post: Post | None) -> str:
    """What the policy of an account makes of something told: accept, filter or drop."""
    if kind in ALWAYS or account.id == sender.id:
        return ACCEPT
    policy = of(account)
    asked: tuple[tuple[str, Callable[[], bool]], ...] = (
        (policy.for_limited_accounts, lambda: sender.silenced_at is not None and not _follows(account, sender)),
        (policy.for_not_following, lambda: not _follows(account, sender)),
        (policy.for_not_followers, lambda: not _follows(sender, account, for_at_least=NEW_FOLLOWER)),
        (policy.for_new_accounts, lambda: sender.created_at > clock.now() - NEW_ACCOUNT),
        (policy.for_private_mentions, lambda: _is_unasked_for(account, kind, sender, post)),
        (policy.for_bots, lambda: sender.kind in BOTS and not _follows(account, sender)),
    )
    verdicts = {verdict for verdict, holds in asked if verdict != ACCEPT and holds()}
    if not verdicts or _is_permitted(account, sender) or (kind in WORDS and _is_staff_to(account, sender)):
        return ACCEPT
    return DROP if DROP in verdicts else FILTER


def _follows(follower: Account, target: Account, *, for_at_least: timedelta = timedelta()) -> bool:
    wanted = sa.exists().where(
        Follow.follower_id == follower.id,
        Follow.target_id == target.id,
        Follow.accepted,
        Follow.created_at <= clock.now() - for_at_least,
    )
    return bool(session.scalar(sa.select(wanted)))


def _is_unasked_for(account: Account, kind: str, sender: Account, post: Post | None) -> bool:
    """Private words of a stranger who was not spoken to in that thread."""
    if kind != "mention" or post is None or post.visibility != Visibility.DIRECT or _follows(account, sender):
        return False
    spoken_to = sa.exists().where(
        Post.thread_id == post.thread_id,
        Post.author_id == account.id,
        Mention.post_id == Post.id,
        Mention.account_id == sender.id,
    )
    return not session.scalar(sa.select(spoken_to))


def _is_permitted(account: Account, sender: Account) -> bool:
    return session.get(NotificationPermission, (account.id, sender.id)) is not None


def _is_staff_to(account: Account, sender: Account) -> bool:
    """Moderators of here are heard by those who are none."""
    if not sender.local:
        return False
    roles = dict(
        session.execute(sa.select(User.account_id, User.role).where(User.account_id.in_((account.id, sender.id)))).all()
    )
    return roles.get(sender.id) in STAFF and roles.get(account.id) not in STAFF


# --- those who ask to be heard -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A request, with how much was kept back and the last of it that has words."""

    request: NotificationRequest
    count: int
    last_post_id: int | None


def keep_back(account_id: int, kind: str, from_id: int) -> None:
    """Something was kept back: when it has words, its author asks to be heard."""
    if kind not in WORDS:
        return
    now = clock.now()
    row = {"id": ids.new(), "account_id": account_id, "from_id": from_id, "created_at": now, "updated_at": now}
    if not insert_once(NotificationRequest, row):
        between = (NotificationRequest.account_id == account_id, NotificationRequest.from_id == from_id)
        session.execute(sa.update(NotificationRequest).where(*between).values(updated_at=now))


def requests(account: Account, page: paging.Page) -> list[Asked]:
    """Who asks to be heard, last first."""
    return _with_counts(account, paging.take(_requests(account), NotificationRequest.id, page))


def request(account: Account, identifier: int) -> Asked:
    """One request to an account; NotFound when it has none with that id."""
    found = session.scalar(_requests(account).where(NotificationRequest.id == identifier))
    if found is None:
        raise errors.NotFound("There is no such request.")
    return _with_counts(account, [found])[0]


def _requests(account: Account) -> sa.Select[Any]:
    open_ = sa.select(Account.id).where(Account.suspended_at.is_(None))
    wanted = sa.select(NotificationRequest).where(
        NotificationRequest.account_id == account.id, NotificationRequest.from_id.in_(open_)
    )
    return wanted.options(joinedload(NotificationRequest.sender))


def _with_counts(account: Account, found: list[NotificationRequest]) -> list[Asked]:
    kept = (
        sa.select(Notification.from_id, sa.func.count(), sa.func.max(Notification.post_id))
        .where(Notification.account_id == account.id, Notification.filtered, Notification.kind.in_(WORDS))
        .where(Notification.from_id.in_([each.from_id for each in found]))
        .group_by(Notification.from_id)
    )
    counts = {from_id: (count, last) for from_id, count, last in session.execute(kept)} if found else {}
    return [Asked(each, *counts.get(each.from_id, (0, None))) for each in found]


def pending(account: Account) -> tuple[int, int]:
    """How many ask to be heard, and how much of theirs was kept back."""
    asking = _requests(account).with_only_columns(NotificationRequest.from_id).limit(MANY).subquery()
    kept = sa.select(sa.func.count()).where(
        Notification.account_id == account.id, Notification.filtered, Notification.from_id.in_(sa.select(asking.c[0]))
    )
    asked = sa.select(sa.select(sa.func.count()).select_from(asking).scalar_subquery(), kept.scalar_subquery())
    people, things = session.execute(asked).one()
    return people, min(things, MANY)


def accept(account: Account, identifiers: list[int]) -> None:
    """Hear these: what was kept back is told now, and what comes later at once."""
    senders = _asking(account, identifiers)
    if not senders:
        return
    now = clock.now()
    rows = [{"account_id": account.id, "from_id": sender, "created_at": now} for sender in senders]
    insert_once(NotificationPermission, rows)
    kept = sa.update(Notification).where(
        Notification.account_id == account.id, Notification.filtered, Notification.from_id.in_(senders)
    )
    session.execute(kept.values(filtered=False).execution_options(synchronize_session=False))
    _close(account, senders)
    facts.tell(NotificationsMerged(account.id, senders))


def dismiss(account: Account, identifiers: list[int]) -> None:
    """Forget these, and what was kept back of theirs; the next thing they say asks again."""
    senders = _asking(account, identifiers)
    kept = sa.delete(Notification).where(
        Notification.account_id == account.id, Notification.filtered, Notification.from_id.in_(senders)
    )
    session.execute(kept)
    _close(account, senders)


def _asking(account: Account, identifiers: list[int]) -> list[int]:
    wanted = sa.select(NotificationRequest.from_id)
    mine = wanted.where(NotificationRequest.account_id == account.id, NotificationRequest.id.in_(identifiers))
    return list(session.scalars(mine))


def _close(account: Account, senders: list[int]) -> None:
    answered = sa.delete(NotificationRequest).where(
        NotificationRequest.account_id == account.id, NotificationRequest.from_id.in_(senders)
    )
    session.execute(answered)
