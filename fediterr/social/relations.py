"""What there is between somebody and others, for many at once, in a fixed number of questions; notes about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts.models import Account
from fediterr.core import clock, errors
from fediterr.core.db import insert_once, session
from fediterr.social.models import Block, Endorsement, Follow, HiddenDomain, Mute, Note

NOTE = 2000  # characters


@dataclass(frozen=True)
class Relation:
    """Seen from one account: my follow of the other and theirs of me, my mute, who blocks whom, what I keep of them."""

    target_id: int
    follow: Follow | None
    followed: Follow | None
    mute: Mute | None
    blocking: bool
    blocked: bool
    domain_hidden: bool
    endorsed: bool
    note: str


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
    hidden = sa.select(HiddenDomain.domain).where(HiddenDomain.account_id == account.id)
    there = set(session.scalars(sa.select(Account.id).where(Account.id.in_(target_ids), Account.domain.in_(hidden))))
    mine = Endorsement.account_id == account.id
    shown = set(session.scalars(sa.select(Endorsement.target_id).where(mine, Endorsement.target_id.in_(target_ids))))
    written = sa.select(Note.target_id, Note.comment).where(Note.account_id == account.id)
    note_of = dict(session.execute(written.where(Note.target_id.in_(target_ids))).all())
    return [
        Relation(
            target_id=each,
            follow=follow_of.get((account.id, each)),
            followed=follow_of.get((each, account.id)),
            mute=mute_of.get(each),
            blocking=(account.id, each) in blocks,
            blocked=(each, account.id) in blocks,
            domain_hidden=each in there,
            endorsed=each in shown,
            note=note_of.get(each, ""),
        )
        for each in target_ids
    ]


def note(account: Account, target: Account, comment: str) -> None:
    """Write down what one wants to remember of somebody; nothing: forget it. Raises Invalid."""
    if len(comment) > NOTE:
        raise errors.Invalid(f"Comment is too long (maximum is {NOTE} characters)")
    session.execute(sa.delete(Note).where(Note.account_id == account.id, Note.target_id == target.id))
    if comment.strip():
        insert_once(Note, {"account_id": account.id, "target_id": target.id, "comment": comment})


def familiar_followers(account: Account, target_ids: Sequence[int]) -> dict[int, list[Account]]:
    """Whom `account` follows among the followers of each of these, last come first."""
    followed = sa.select(Follow.target_id).where(Follow.follower_id == account.id, Follow.accepted)
    both = sa.select(Follow.target_id, Account).join(Account, Account.id == Follow.follower_id)
    wanted = both.join(target := aliased(Account), target.id == Follow.target_id).where(
        Follow.target_id.in_(target_ids),
        Follow.accepted,
        Follow.follower_id.in_(followed),
        Account.suspended_at.is_(None),
        ~Account.hide_collections,
        ~target.hide_collections,
    )
    found: dict[int, list[Account]] = {identifier: [] for identifier in target_ids}
    for target_id, follower in session.execute(wanted.order_by(Follow.id.desc())):
        found[target_id].append(follower)
    return found
