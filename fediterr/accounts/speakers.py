"""Who acts for the authorities of here, to whose accounts nobody signs in: their agents, and the office of each."""

import sqlalchemy as sa

from fediterr.accounts import tokens
from fediterr.accounts.models import Account, Kind, Office, Role, Speaker, User
from fediterr.core import errors
from fediterr.core.db import insert_once, session

ORDER = list(Office)  # least first


def authorities() -> list[Account]:
    """The accounts of here that stand for an authority, by name."""
    mine = sa.select(Account).where(Account.local.is_(True), Account.kind == Kind.ORGANIZATION)
    return list(session.scalars(mine.where(Account.suspended_at.is_(None)).order_by(Account.name)))


# --- what somebody may do ------------------------------------------------------------------------------------------


def offices_of(user: User | None) -> list[Speaker]:
    """The authorities that somebody acts for, each with their office, by name; a guest acts for none."""
    if user is None or user.role == Role.GUEST:
        return []
    mine = sa.select(Speaker).join(Account, Account.id == Speaker.account_id).where(Speaker.user_id == user.id)
    return list(session.scalars(mine.where(Account.suspended_at.is_(None)).order_by(Account.name)))


def of(user: User | None) -> list[Account]:
    """In whose name somebody may publish, besides their own."""
    return [each.account for each in offices_of(user) if each.office != Office.READ]


def office_of(user: User | None, account: Account) -> Office | None:
    """What somebody may do for an authority; None for who is no agent of it, for a guest, and while it is closed."""
    if user is None or user.role == Role.GUEST or not account.active:
        return None
    found = session.get(Speaker, (user.id, account.id))
    return Office(found.office) if found is not None else None


def may_speak(user: User | None, account: Account) -> bool:
    """Whether what an account publishes may come from that user: it is theirs, or they write for it."""
    if user is not None and account.id == user.account_id:
        return account.active
    return holds(user, account, Office.WRITE)


def holds(user: User | None, account: Account, least: Office) -> bool:
    """Whether somebody has that office for an authority, or one above it."""
    found = office_of(user, account)
    return found is not None and ORDER.index(found) >= ORDER.index(least)


# --- who acts for one ----------------------------------------------------------------------------------------------


def agents_of(account: Account) -> list[Speaker]:
    """Who acts for an authority, the first first."""
    named = sa.select(Speaker).where(Speaker.account_id == account.id)
    return list(session.scalars(named.order_by(Speaker.since, Speaker.user_id)))


def for_authority(account: Account) -> list[User]:
    """The same, as users."""
    return [each.user for each in agents_of(account)]


def managers_of(account: Account) -> list[User]:
    return [each.user for each in agents_of(account) if each.office == Office.MANAGE]


def everyone() -> dict[int, list[Speaker]]:
    """By the id of each authority of here: who acts for it."""
    found: dict[int, list[Speaker]] = {}
    for each in session.scalars(sa.select(Speaker).order_by(Speaker.since, Speaker.user_id)):
        found.setdefault(each.account_id, []).append(each)
    return found


def grant(user: User, authority: Account, office: str = Office.WRITE) -> None:
    """Let somebody act for an authority. Raises Invalid for what is none, or of elsewhere, and for a guest."""
    if not authority.local or authority.kind != Kind.ORGANIZATION or not authority.active:
        raise errors.Invalid("Only an authority of this server is spoken for.")
    if office not in set(Office):
        raise errors.Invalid(f"There is no office {office}: choose read, write or manage.")
    if user.role == Role.GUEST:
        raise errors.Invalid("A guest of this server speaks for no authority of it.")
    if not insert_once(Speaker, {"user_id": user.id, "account_id": authority.id, "office": office}):
        found = session.get_one(Speaker, (user.id, authority.id))
        found.office = office
        session.flush()
    if office == Office.READ:
        tokens.revoke_for(user, authority)


def revoke(user: User, authority: Account) -> None:
    """Somebody acts for an authority no longer."""
    found = session.get(Speaker, (user.id, authority.id))
    if found is not None:
        session.delete(found)
        session.flush()
        tokens.revoke_for(user, authority)
