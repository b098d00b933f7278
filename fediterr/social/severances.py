"""Follows that end all at once, because a server is shut out: each of here that loses some is told of it, once."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import facts
from fediterr.core.db import session
from fediterr.social import follows, notifications
from fediterr.social.models import Follow, Severance

PART = 1000


@dataclass(frozen=True)
class FollowsSevered(facts.Fact):
    severance_id: int


def sever(ended: Sequence[Follow], kind: str, target: str) -> None:
    """End these follows between here and elsewhere: the ones of here leave, the others are sent away."""
    here = _of_here({each.follower_id for each in ended})
    lost: dict[int, Severance] = {}
    for follow in ended:
        leaves = follow.follower_id in here
        account_id = follow.follower_id if leaves else follow.target_id
        row = Severance(account_id=account_id, kind=kind, target=target, followers_count=0, following_count=0)
        counted = lost.setdefault(account_id, row)
        if follow.accepted:
            counted.following_count += leaves
            counted.followers_count += not leaves
        (follows.leave if leaves else follows.refuse)(follow)
    made = [each for each in lost.values() if each.followers_count + each.following_count]
    session.add_all(made)
    session.flush()
    for each in made:
        facts.tell(FollowsSevered(each.id))


def _of_here(people: set[int]) -> set[int]:
    """Asked in parts: a server that is shut out may be large, and a question of a database is not."""
    ordered, found = sorted(people), set[int]()
    for start in range(0, len(ordered), PART):
        part = sa.select(Account.id).where(Account.id.in_(ordered[start : start + PART]), Account.local)
        found.update(session.scalars(part))
    return found


def tell_severed(fact: FollowsSevered) -> None:
    severance = session.get(Severance, fact.severance_id)
    if severance is not None:
        account = accounts.get(severance.account_id)
        notifications.notify(account, "severed_relationships", account, subject=str(severance.id))
