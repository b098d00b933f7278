"""From the handle in an address to the account it names."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors


def find(handle: str) -> Account:
    """Somebody this server knows; Gone when the account of here is closed."""
    account = accounts.by_handle(handle)
    if account is None or (not account.local and not account.active):
        raise errors.NotFound("There is no such account.")
    if not account.active:
        raise errors.Gone("This account is closed.")
    accounts.require_arrived(account)
    return account
