"""What this server knows already. Handlers ask here and never wait for the network: what is not known is `Missing`."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub.models import Errand
from fediterr.core import clock, jobs
from fediterr.core.db import insert_once, session
from fediterr.social import posts
from fediterr.social.models import Post


class Missing(Exception):
    """Something must be fetched before this can be handled."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.uri = uri


def account(uri: str) -> Account:
    found = accounts.by_uri(uri)
    if found is None:
        raise Missing(uri)
    return found


def post(uri: str) -> Post:
    """The post with that id; also when the id is that of the Create which carried a local one."""
    found = posts.by_uri(uri.removesuffix("/activity"))
    if found is None:
        raise Missing(uri)
    return found


def among(uris: list[str] | tuple[str, ...]) -> list[Account]:
    """Those of these actors that are known, in the order given."""
    if not uris:
        return []
    found = {each.uri: each for each in session.scalars(sa.select(Account).where(Account.uri.in_(set(uris))))}
    return [found[uri] for uri in dict.fromkeys(uris) if uri in found]


def ask_for(kind: str, subject: str) -> None:
    """Send somebody to ask another server, soon; once for each subject."""
    insert_once(Errand, {"kind": kind, "subject": subject, "due_at": clock.now(), "tries": 0})
    jobs.later("errands")
