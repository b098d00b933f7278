"""Looking for accounts as moderators do: by where they are, how they stand, who they are."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import STAFF, Account, Invitation, Kind, User, Visit
from fediterr.core import paging
from fediterr.core.db import session
from fediterr.moderation import complaints

STATUSES = ("active", "pending", "disabled", "sensitized", "silenced", "suspended")


@dataclass(frozen=True)
class Wanted:
    """What an account must be; empty: whatever it is."""

    origin: str = ""  # local, remote
    status: str = ""
    staff: bool = False
    roles: tuple[str, ...] | None = None
    invited_by: int | None = None
    username: str = ""
    display_name: str = ""
    words: str = ""  # in one name or the other
    by_domain: str = ""
    email: str = ""
    ip: str = ""


def listed(wanted: Wanted, page: paging.Page) -> list[Account]:
    """Accounts of people, last come first; Invalid for a word that means nothing."""
    statement = sa.select(Account).where(Account.kind != Kind.APPLICATION, *_of_account(wanted))
    if user := _of_user(wanted):
        statement = statement.join(User, User.account_id == Account.id).where(*user)
    return paging.take(statement, Account.id, page)


def users_of(listed: Sequence[Account]) -> dict[int, User]:
    """How people sign in to these accounts, by the account: those of here."""
    here = [account.id for account in listed if account.local]
    return {user.account_id: user for user in session.scalars(sa.select(User).where(User.account_id.in_(here)))}


def waiting() -> int:
    """How many proved their address and wait to be let in."""
    wanted = sa.select(sa.func.count(User.id)).where(User.approved_at.is_(None), User.confirmed_at.is_not(None))
    return session.scalar(wanted) or 0


def _of_account(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.origin not in ("", "local", "remote"):
        raise complaints.unlisted("Origin")
    if wanted.origin:
        found.append(Account.local.is_(wanted.origin == "local"))
    if wanted.status not in ("", *STATUSES):
        raise complaints.unlisted("Status")
    standing: dict[str, sa.ColumnElement[bool]] = {
        "active": Account.suspended_at.is_(None),
        "sensitized": Account.sensitized_at.is_not(None),
        "silenced": Account.silenced_at.is_not(None),
        "suspended": Account.suspended_at.is_not(None),
    }
    if wanted.status in standing:
        found.append(standing[wanted.status])
    for column, words in ((Account.name, wanted.username), (Account.display_name, wanted.display_name)):
        if words:
            found.append(sa.func.lower(column).contains(words.strip().removeprefix("@").lower(), autoescape=True))
    if words := wanted.words.strip().removeprefix("@").lower():
        names = (Account.name, Account.display_name)
        found.append(sa.or_(*(sa.func.lower(each).contains(words, autoescape=True) for each in names)))
    if wanted.by_domain:
        found.append(Account.domain == wanted.by_domain.strip().lower())
    return found


def _of_user(wanted: Wanted) -> list[Any]:
    """What only accounts of here have."""
    found: list[Any] = []
    if wanted.status == "pending":
        found.append(User.approved_at.is_(None))
    if wanted.status == "disabled":
        found.append(User.disabled_at.is_not(None))
    if wanted.staff:
        found.append(User.role.in_(STAFF))
    if wanted.roles is not None:
        found.append(User.role.in_(wanted.roles))
    if wanted.invited_by is not None:
        found.append(User.invitation_id.in_(sa.select(Invitation.id).where(Invitation.account_id == wanted.invited_by)))
    if wanted.email:
        found.append(sa.func.lower(User.email).contains(wanted.email.strip().lower(), autoescape=True))
    if wanted.ip:
        here = sa.exists().where(Visit.user_id == User.id, Visit.ip == _address(wanted.ip))
        found.append(sa.or_(here, User.sign_up_ip == _address(wanted.ip)))
    return found


def _address(ip: str) -> str:
    try:
        return str(ipaddress.ip_address(ip.strip()))
    except ValueError:
        raise complaints.malformed("IP") from None
