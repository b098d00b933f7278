"""Who speaks for the authorities of here: people who publish in the name of an account to which nobody signs in."""

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind, Role, Speaker, User
from fediterr.core import errors
from fediterr.core.db import insert_once, session


def authorities() -> list[Account]:
    """The accounts of here that stand for an authority, by name."""
    mine = sa.select(Account).where(Account.local.is_(True), Account.kind == Kind.ORGANIZATION)
    return list(session.scalars(mine.where(Account.suspended_at.is_(None)).order_by(Account.name)))


def of(user: User | None) -> list[Account]:
    """In whose name somebody may publish, besides their own."""
    if user is None:
        return []
    mine = sa.select(Account).join(Speaker, Speaker.account_id == Account.id).where(Speaker.user_id == user.id)
    return list(session.scalars(mine.where(Account.suspended_at.is_(None)).order_by(Account.name)))


def may_speak(user: User | None, account: Account) -> bool:
    """Whether what an account publishes may come from that user: it is theirs, or they speak for it."""
    if user is None or not account.active:
        return False
    return account.id == user.account_id or session.get(Speaker, (user.id, account.id)) is not None


def for_authority(account: Account) -> list[User]:
    """Who speaks for an authority, the first first."""
    named = sa.select(User).join(Speaker, Speaker.user_id == User.id).where(Speaker.account_id == account.id)
    return list(session.scalars(named.order_by(Speaker.since, User.id)))


def everyone() -> dict[int, list[User]]:
    """By the id of each authority of here: who speaks for it."""
    found: dict[int, list[User]] = {}
    for each in session.scalars(sa.select(Speaker).order_by(Speaker.since, Speaker.user_id)):
        found.setdefault(each.account_id, []).append(each.user)
    return found


def grant(user: User, authority: Account) -> None:
    """Let somebody speak for an authority. Raises Invalid for what is none, or of elsewhere, and for a guest."""
    if not authority.local or authority.kind != Kind.ORGANIZATION or not authority.active:
        raise errors.Invalid("Only an authority of this server is spoken for.")
    if user.role == Role.GUEST:
        raise errors.Invalid("A guest of this server speaks for no authority of it.")
    insert_once(Speaker, {"user_id": user.id, "account_id": authority.id})


def revoke(user: User, authority: Account) -> None:
    """Somebody speaks for an authority no longer."""
    session.execute(sa.delete(Speaker).where(Speaker.user_id == user.id, Speaker.account_id == authority.id))
