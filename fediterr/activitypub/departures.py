"""Accounts that leave for good: the servers that have something of them are told, then all is erased."""

import logging
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.activitypub import actors, known, outbox
from fediterr.activitypub.models import Delivery
from fediterr.core import broker, db
from fediterr.core.db import session
from fediterr.social import leaving
from fediterr.social.models import Departure

log = logging.getLogger(__name__)


def run() -> None:
    """See to those whose hour has come, step by step: each is one unit of work, so that a kill loses nothing."""
    while not broker.stopping.is_set() and (identifier := leaving.take()) is not None:
        try:
            _tell(identifier)
            while not broker.stopping.is_set() and leaving.erase_next(identifier):
                db.give_way()
        except Exception:
            log.exception("a departure did not go on", extra={"departure": identifier})
            db.end()


def _tell(identifier: int) -> None:
    """Close the account and write the letters, once."""
    with db.transaction():
        departure = session.get(Departure, identifier)
        if departure is None or departure.told_at is not None:
            return
        account = departure.account
        accounts.close(account)
        inboxes = known.inboxes_near(account)
        activity = outbox.send(actors.as_delete(account), account, inboxes=inboxes, watched=True)
        mine = sa.select(Delivery.inbox, Delivery.id).where(Delivery.activity_id == (activity.id if activity else 0))
        deliveries: dict[str, int] = dict(session.execute(mine).all())
        leaving.remember(departure, {inbox: urlsplit(inbox).netloc for inbox in inboxes}, deliveries)
