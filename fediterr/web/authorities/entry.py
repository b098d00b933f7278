"""Who may open the pages of an authority of here."""

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Kind, Office, Role
from fediterr.core import errors
from fediterr.web import session


def find(handle: str) -> Account:
    """The authority of here with that name; NotFound for anybody else."""
    account = accounts.by_handle(handle)
    if account is None or not account.local or account.kind != Kind.ORGANIZATION or not account.active:
        raise errors.NotFound("There is no such account.")
    return account


def require(handle: str, least: Office = Office.READ) -> tuple[Account, Account]:
    """The authority, and the person who has that office for it, or one above. Forbidden for others."""
    person, authority = session.person(), find(handle)
    user = session.require_user()
    if speakers.office_of(user, authority) is None:
        raise errors.Forbidden("This page is for those who act for this authority.")
    if not speakers.holds(user, authority, least):
        raise errors.Forbidden("Only those who manage this authority change this.")
    return authority, person


def require_reader(handle: str) -> Account:
    """The authority, for its agents, and for those who moderate here."""
    user, authority = session.require_user(), find(handle)
    if speakers.office_of(user, authority) is None and not accounts.ranks(user, Role.MODERATOR):
        raise errors.Forbidden("This page is for those who act for this authority.")
    return authority
