"""How far somebody has read: their home timeline, their notifications."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import session, upsert
from fediterr.social.models import Marker

HOME, NOTIFICATIONS = "home", "notifications"


def of(account: Account, timelines: list[str]) -> list[Marker]:
    """The markers that an account has set on these lists."""
    wanted = sa.select(Marker).where(Marker.account_id == account.id, Marker.timeline.in_(timelines))
    return list(session.scalars(wanted.order_by(Marker.timeline).execution_options(populate_existing=True)))


def put(account: Account, places: dict[str, int]) -> list[Marker]:
    """Remember how far an account has read in each of these lists.

    Written in one statement that also counts the version: whoever comes second is second, and nobody is refused.
    """
    now = clock.now()
    known = {name: identifier for name, identifier in places.items() if name in (HOME, NOTIFICATIONS)}
    rows = [
        {"account_id": account.id, "timeline": name, "last_read_id": identifier, "version": 0, "updated_at": now}
        for name, identifier in known.items()
    ]
    if rows:
        changes = {
            "last_read_id": lambda new: new.last_read_id,
            "version": lambda _new: Marker.version + 1,
            "updated_at": lambda new: new.updated_at,
        }
        upsert(Marker, rows, changes)
    return of(account, list(known))


def last_read(account: Account, timeline: str) -> int:
    """The id of the last thing an account has read in a list; 0 before it says."""
    found = session.get(Marker, (account.id, timeline))
    return found.last_read_id if found else 0
