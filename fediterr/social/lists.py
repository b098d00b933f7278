"""Lists of some of those one follows: made, changed, filled."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import errors, paging
from fediterr.core.db import session
from fediterr.social.models import Follow, List, ListMember, Replies

TITLE = 256  # characters
MOST = 50  # lists of one account


def make(account: Account, title: str, replies: str = Replies.LIST, *, exclusive: bool = False) -> List:
    """Raises Invalid."""
    mine = sa.select(sa.func.count()).select_from(List).where(List.account_id == account.id)
    if (session.scalar(mine) or 0) >= MOST:
        raise errors.Invalid(f"You have reached the maximum number of lists: {MOST}.")
    made = List(account_id=account.id)
    change(made, title, replies, exclusive=exclusive)
    session.add(made)
    session.flush()
    return made


def change(
    wanted: List, title: str | None = None, replies: str | None = None, *, exclusive: bool | None = None
) -> None:
    """Change a list; None leaves a thing as it is. Raises Invalid."""
    if title is not None:
        if not title.strip():
            raise errors.Invalid("Title can't be blank")
        if len(title) > TITLE:
            raise errors.Invalid(f"Title is too long (maximum is {TITLE} characters)")
        wanted.title = title.strip()
    if replies is not None:
        if replies not in set(Replies):
            raise errors.Invalid("Replies policy is not included in the list")
        wanted.replies = replies
    if exclusive is not None:
        wanted.exclusive = exclusive


def of(account: Account) -> list[List]:
    return list(session.scalars(sa.select(List).where(List.account_id == account.id).order_by(List.id)))


def get(account: Account, identifier: int) -> List:
    """A list of this account; NotFound for those of others, in the same words."""
    found = session.get(List, identifier)
    if found is None or found.account_id != account.id:
        raise errors.NotFound("There is no such list.")
    return found


def remove(wanted: List) -> None:
    session.delete(wanted)
    session.flush()


def with_member(account: Account, member: Account) -> list[List]:
    """The lists of an account that somebody is on."""
    on = sa.select(ListMember.list_id).where(ListMember.account_id == member.id)
    return list(
        session.scalars(sa.select(List).where(List.account_id == account.id, List.id.in_(on)).order_by(List.id))
    )


def holding(member_id: int) -> set[int]:
    """The ids of all lists, of anybody here, that somebody is on."""
    return set(session.scalars(sa.select(ListMember.list_id).where(ListMember.account_id == member_id)))


# --- members -------------------------------------------------------------------------------------------------------


def members(wanted: List, page: paging.Page) -> list[ListMember]:
    """Who is on a list, last added first."""
    on = sa.select(ListMember).where(ListMember.list_id == wanted.id).options(joinedload(ListMember.account))
    return paging.take(on, ListMember.id, page)


def add(wanted: List, identifiers: Sequence[int]) -> None:
    """Put people on a list whom its owner follows, or asked to. Raises NotFound, Invalid when they are there."""
    mine = sa.select(Follow.target_id, Follow.id).where(Follow.follower_id == wanted.account_id)
    followed = dict(session.execute(mine.where(Follow.target_id.in_(identifiers))).all())
    if any(each not in followed and each != wanted.account_id for each in identifiers):
        raise errors.NotFound("Only those whom one follows can be on a list.")
    there = sa.select(ListMember.account_id).where(ListMember.list_id == wanted.id)
    if session.scalars(there.where(ListMember.account_id.in_(identifiers))).first() is not None:
        raise errors.Invalid("Account has already been taken")
    for each in dict.fromkeys(identifiers):
        session.add(ListMember(list_id=wanted.id, account_id=each, follow_id=followed.get(each)))
    session.flush()


def take_off(wanted: List, identifiers: Sequence[int]) -> None:
    on = ListMember.list_id == wanted.id
    session.execute(sa.delete(ListMember).where(on, ListMember.account_id.in_(identifiers)))
