"""How this server speaks to others: its one HTTP client, and who signs."""

import flask

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub.client import Client, Signer

EXTENSION = "fediterr.client"


def client() -> Client:
    found: Client = flask.current_app.extensions[EXTENSION]
    return found


def signer(account: Account) -> Signer:
    """The HTTP signature key of an account of here."""
    return Signer(key_id=f"{account.uri}#main-key", private_pem=accounts.key_pair(account).rsa)


def instance_signer() -> Signer:
    """The server's own key: it signs whatever is fetched, so that nobody's reading is told."""
    return signer(accounts.instance_actor())
