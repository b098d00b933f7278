"""Whom one might want to follow, and who is here at all."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind
from fediterr.core import clock
from fediterr.core.db import insert_once, session
from fediterr.social import blocks
from fediterr.social.models import DismissedSuggestion, Follow

MOST = 80


@dataclass
class Suggestion:
    account: Account
    sources: list[str] = field(default_factory=list)  # friends_of_friends, most_followed


def of(account: Account, limit: int) -> list[Suggestion]:
    """Whom those one follows follow, most of them first; then the most followed of all. Discoverable people only."""
    known = sa.select(Follow.target_id).where(Follow.follower_id == account.id)
    friends = known.where(Follow.accepted)
    dismissed = sa.select(DismissedSuggestion.target_id).where(DismissedSuggestion.account_id == account.id)
    wanted = (
        *_to_be_found(account),
        Account.id != account.id,
        Account.id.not_in(known),
        Account.id.not_in(dismissed),
        Account.moved_to_id.is_(None),
    )
    near = (
        sa.select(Account)
        .join(Follow, Follow.target_id == Account.id)
        .where(Follow.follower_id.in_(friends), Follow.accepted, *wanted)
        .group_by(Account.id)
        .order_by(sa.func.count().desc(), Account.followers_count.desc(), Account.id)
    )
    most = sa.select(Account).where(*wanted, Account.followers_count > 0)
    most = most.order_by(Account.followers_count.desc(), Account.id)
    found: dict[int, Suggestion] = {}
    for source, asked in (("friends_of_friends", near), ("most_followed", most)):
        for person in session.scalars(asked.limit(limit)):
            found.setdefault(person.id, Suggestion(person)).sources.append(source)
    return list(found.values())[:limit]


def dismiss(account: Account, target: Account) -> None:
    """Do not suggest this one again."""
    insert_once(DismissedSuggestion, {"account_id": account.id, "target_id": target.id})


def directory(viewer: Account | None, *, order: str, local: bool, limit: int, offset: int) -> list[Account]:
    """Who wants to be found: who published last (`active`) or came last (`new`) first."""
    listed = sa.select(Account).where(*_to_be_found(viewer), Account.last_post_at.is_not(None))
    if local:
        listed = listed.where(Account.local)
    by = Account.id.desc() if order == "new" else Account.last_post_at.desc()
    return list(session.scalars(listed.order_by(by, Account.id.desc()).offset(offset).limit(limit)))


def _to_be_found(viewer: Account | None) -> tuple[Any, ...]:
    """People who are open, want to be found, and whom the viewer does not keep away."""
    open_ = (
        Account.discoverable,
        Account.suspended_at.is_(None),
        Account.silenced_at.is_(None),
        Account.kind != Kind.APPLICATION,
    )
    if viewer is None:
        return open_
    return (*open_, Account.id.not_in(blocks.kept_away_from(viewer.id, clock.now())))
