"""Films and sounds that were sent and wait to be written anew: a worker takes them up, one after the other.

The row stands before the work begins. A worker that dies leaves it to be taken up again when its lease is over.
"""

import logging
from datetime import timedelta

import sqlalchemy as sa

from fediterr.core import broker, clock, db, errors, storage
from fediterr.core.db import session
from fediterr.social import media
from fediterr.social.models import Medium

LEASE = timedelta(minutes=3)  # longer than one film may take
TRIES = 3

log = logging.getLogger(__name__)


def run() -> None:
    """Develop what waits, until nothing does."""
    while not broker.stopping.is_set() and (taken := _take()):
        _develop(*taken)


def _take() -> tuple[int, str] | None:
    """The file that waits longest, put off as a lease; None when none waits."""
    with db.transaction():
        db.exclusive("develop")
        due = sa.select(Medium).where(Medium.due_at <= clock.now()).order_by(Medium.due_at).limit(1)
        while (medium := session.scalar(due)) is not None:
            if medium.tries < TRIES and medium.raw is not None:
                medium.tries += 1
                medium.due_at = clock.now() + LEASE
                return medium.id, medium.raw
            _give_up(medium)  # it has stopped its workers again and again
        return None


def _give_up(medium: Medium) -> None:
    medium.raw = medium.due_at = None
    session.flush()


def _develop(identifier: int, raw: str) -> None:
    try:
        kept = media.develop(raw)
    except (errors.TooMany, errors.Unreachable):
        return  # its lease brings it back
    except errors.Problem:
        kept = None
    except Exception:
        log.exception("a file was not developed", extra={"id": identifier})
        return
    finally:
        db.end()
    with db.transaction():
        medium = session.get(Medium, identifier)
        if medium is None or medium.raw != raw:
            return  # taken back meanwhile, or done by another: what was made is swept away
        if kept is not None:
            media.fill(medium, kept)
        _give_up(medium)
    storage.discard(raw)
