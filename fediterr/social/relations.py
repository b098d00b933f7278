"""What there is between somebody and others: follows, requests, blocks, mutes; for many at once, in three questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import session
from fediterr.social.models import Block, Follow, Mute


@dataclass(frozen=True)
class Relation:
    """Seen from one account: my follow of the other and theirs of me, my mute, who blocks whom."""

    target_id: int
    follow: Follow | None
    followed: Follow | None
    mute: Mute | None
    blocking: bool
    blocked: bool


def between(account: Account, target_ids: Sequence[int]) -> list[Relation]:
    """What there is between an account and others, in the order asked for."""
    follows = session.scalars(
        sa.select(Follow).where(
            sa.or_(
                sa.and_(Follow.follower_id == account.id, Follow.target_id.in_(target_ids)),
                sa.and_(Follow.target_id == account.id, Follow.follower_id.in_(target_ids)),
            )
        )
    )
    follow_of = {(each.follower_id, each.target_id): each for each in follows}
    mutes = session.scalars(
        sa.select(Mute).where(
            Mute.account_id == account.id,
            Mute.target_id.in_(target_ids),
            sa.or_(Mute.ends_at.is_(None), Mute.ends_at > clock.now()),
        )
    )
    mute_of = {each.target_id: each for each in mutes}
    pairs = session.execute(
        sa.select(Block.account_id, Block.target_id).where(
            sa.or_(
                sa.and_(Block.account_id == account.id, Block.target_id.in_(target_ids)),
                sa.and_(Block.target_id == account.id, Block.account_id.in_(target_ids)),
            )
        )
    )
    blocks = {(by, whom) for by, whom in pairs}
    return [
        Relation(
            target_id=each,
            follow=follow_of.get((account.id, each)),
            followed=follow_of.get((each, account.id)),
            mute=mute_of.get(each),
            blocking=(account.id, each) in blocks,
            blocked=(each, account.id) in blocks,
        )
        for each in target_ids
    ]
