"""Communities in lists, and their threads in the order of the last answers."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import clock, words
from fediterr.core.db import session
from fediterr.social import blocks, membership, timelines
from fediterr.social.models import Community, CommunityMember, CommunityPost, Follow, Joining, Post, Standing
from fediterr.social.visibility import visible


class Scope(Enum):
    """Which communities a list is of."""

    MINE = auto()
    HERE = auto()
    ELSEWHERE = auto()


@dataclass(frozen=True)
class Listed:
    """A community as a list shows it; of elsewhere nothing is known but its account."""

    account: Account
    community: Community | None
    is_mine: bool
    members: int


def listed(viewer: Account | None, scope: Scope, begun: str, limit: int, offset: int = 0) -> list[Listed]:
    """Communities with a word of their name that begins so, those with most members first."""
    wanted = sa.select(Account).where(
        Account.kind == Kind.GROUP, Account.suspended_at.is_(None), Account.moved_to_id.is_(None), ~accounts.awaited()
    )
    mine = _mine(viewer)
    if scope is Scope.MINE:
        wanted = wanted.where(Account.id.in_(mine))
    else:
        wanted = wanted.where(Account.local.is_(scope is Scope.HERE), Account.silenced_at.is_(None))
        hidden = sa.select(Community.account_id).where(Community.private, Community.joining == Joining.INVITATION)
        wanted = wanted.where(sa.or_(Account.id.not_in(hidden), Account.id.in_(mine)))
        if viewer is not None:
            wanted = wanted.where(Account.id.not_in(blocks.kept_away_from(viewer.id, clock.now())))
    for word in words.read(begun):
        wanted = wanted.where(Account.sought.contains(f" {word.form}", autoescape=True))
    order = (Account.followers_count.desc(), Account.sought, Account.id)
    found = list(session.scalars(wanted.order_by(*order).offset(offset).limit(limit)))
    return _as_listed(found, set(session.scalars(mine)) if viewer else set())


def _mine(viewer: Account | None) -> sa.Select[Any]:
    """Ids of the communities that somebody is in."""
    who = viewer.id if viewer else None
    here = sa.select(CommunityMember.community_id.label("id")).where(
        CommunityMember.account_id == who, CommunityMember.standing == Standing.IN
    )
    followed = sa.select(Follow.target_id.label("id")).join(Account, Account.id == Follow.target_id)
    elsewhere = followed.where(
        Follow.follower_id == who, Follow.accepted, Account.kind == Kind.GROUP, Account.local.is_(False)
    )
    return sa.select(sa.union_all(here, elsewhere).subquery().c.id)


def _as_listed(found: list[Account], mine: set[int]) -> list[Listed]:
    identifiers = [account.id for account in found]
    kept = {each.account_id: each for each in session.scalars(sa.select(Community).where(_among(identifiers)))}
    number = sa.select(CommunityMember.community_id, sa.func.count()).where(
        CommunityMember.community_id.in_(identifiers), CommunityMember.standing == Standing.IN
    )
    members: dict[int, int] = dict(session.execute(number.group_by(CommunityMember.community_id)).all())
    return [
        Listed(
            each, kept.get(each.id), each.id in mine, members.get(each.id, 0) if each.local else each.followers_count
        )
        for each in found
    ]


def _among(identifiers: list[int]) -> sa.ColumnElement[bool]:
    return Community.account_id.in_(identifiers)


def last_answered(group: Account, viewer: Account | None, limit: int, offset: int = 0) -> list[Post]:
    """What begins the threads of a community, as far as the viewer may see it: the one answered last first."""
    answer = aliased(Post)
    last = sa.func.max(sa.func.coalesce(answer.id, Post.id))
    wanted = (
        sa.select(Post.id)
        .join(CommunityPost, CommunityPost.post_id == Post.id)
        .outerjoin(answer, sa.and_(answer.thread_id == Post.id, visible(viewer, answer)))
        .where(CommunityPost.community_id == group.id, CommunityPost.removed_at.is_(None))
        .where(Post.in_reply_to_uri.is_(None), visible(viewer))
    )
    if viewer is not None:
        wanted = wanted.where(Post.author_id.not_in(blocks.kept_away_from(viewer.id, clock.now())))
    listed = wanted.group_by(Post.id).order_by(last.desc()).offset(offset).limit(limit)
    return timelines.load(list(session.scalars(listed)))


def moderated_by(account: Account, identifiers: Collection[int]) -> set[int]:
    """Which of these communities somebody moderates, of here and of elsewhere."""
    mine = sa.select(CommunityMember.community_id).where(
        CommunityMember.community_id.in_(identifiers),
        CommunityMember.account_id == account.id,
        CommunityMember.standing == Standing.IN,
        CommunityMember.rank.in_(membership.MODERATORS),
    )
    return set(session.scalars(mine))


def beside(group: Account) -> list[Account]:
    """The communities that carry one, and those that it carries (FEP-d36d), by name."""
    carriers = sa.select(Follow.follower_id).where(Follow.target_id == group.id, Follow.accepted)
    carried = sa.select(Follow.target_id).where(Follow.follower_id == group.id, Follow.accepted)
    wanted = sa.select(Account).where(
        Account.kind == Kind.GROUP,
        Account.suspended_at.is_(None),
        sa.or_(Account.id.in_(carriers), Account.id.in_(carried)),
    )
    return list(session.scalars(wanted.order_by(Account.sought, Account.id)))
