"""What is done now and then: look for work whose hint was lost, clear what is old, close what is over."""

import os
import socket
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import applications, once, registration, sessions, visits
from fediterr.activitypub import delivery, directories, inquiries, representations, software
from fediterr.activitypub.models import Activity, Delivery, Errand, FailedFetch, Host, Received
from fediterr.core import beats, broker, clock, copies, db, facts, jobs, mail, site, storage
from fediterr.core.db import session
from fediterr.mastodon.streaming import carrier
from fediterr.moderation import claims
from fediterr.social import (
    blocks,
    cards,
    exports,
    imports,
    index,
    leaving,
    media,
    polls,
    pushes,
    scheduling,
    summaries,
    trends,
)
from fediterr.social.models import Departure, Export, Import, Medium, PushSubscription, Tombstone
from fediterr.territories import imports as territory_imports
from fediterr.territories import loading

# Seconds between two runs; the scheduler sends a hint for each.
PERIODIC: dict[str, float] = {
    "sweep": 5,
    "publish_scheduled": 10,
    "heartbeat": 30,
    "close_polls": 30,
    "clear": 3600,
    "index": 3600,
    "trends": 300,
    "twins": 3600,  # does nothing unless territories or weights have changed
    "summaries": 900,
}

TOMBSTONES = timedelta(days=365)
QUIET_HOSTS = timedelta(days=90)
REST = timedelta(hours=1)


def sweep() -> None:
    """Ask again for whatever is due: hints may have been lost, the rows were not."""
    with db.transaction():
        delivery.release_dead()
        carrier.forget()
        waiting = {
            "react": sa.exists().where(facts.Told.set_aside_at.is_(None)),
            "receive": sa.exists().where(
                Received.document.is_not(None), Received.wants.is_(None), Received.set_aside_at.is_(None)
            ),
            "errands": sa.exists().where(Errand.due_at <= clock.now()),
            "develop": sa.exists().where(Medium.due_at <= clock.now()),
            "export": sa.exists().where(Export.due_at <= clock.now()),
            "import": sa.exists().where(Import.due_at <= clock.now()),
            "departures": sa.exists().where(Departure.due_at <= clock.now()),
            "deliver": sa.exists().where(Host.due_at <= clock.now()),
            "mail": sa.exists().where(mail.Letter.due_at <= clock.now()),
            "push": sa.exists().where(PushSubscription.due_at <= clock.now()),
            "directory": loading.is_due(),
        }
        _wake_forgotten_hosts()
        for name, condition in waiting.items():
            if session.scalar(sa.select(condition)):
                jobs.later(name)


def _wake_forgotten_hosts() -> None:
    """A host with rows and no time: a worker emptied it just as a row came."""
    has_rows = sa.exists().where(Delivery.host == Host.name, Delivery.set_aside_at.is_(None))
    session.execute(sa.update(Host).where(Host.due_at.is_(None), has_rows).values(due_at=clock.now()))


def clear() -> None:
    """Forget what is old: answered activities, gone posts, failed look-ups, hosts that were never heard of again."""
    now = clock.now()
    kept = now - timedelta(days=site.settings().received_keep_days)
    with db.transaction():
        session.execute(sa.delete(Received).where(Received.arrived_at < kept))
        session.execute(sa.delete(Tombstone).where(Tombstone.deleted_at < now - TOMBSTONES, ~Tombstone.was_local))
        session.execute(sa.delete(FailedFetch).where(FailedFetch.until < now))
        session.execute(sa.delete(Activity).where(~sa.exists().where(Delivery.activity_id == Activity.id)))
        rested = sa.update(Delivery).where(Delivery.set_aside_at < now - REST)
        session.execute(rested.values(set_aside_at=None, crash_claims=0))
        session.execute(
            sa.delete(Host).where(
                Host.due_at.is_(None),
                Host.seen_at < now - QUIET_HOSTS,
                ~sa.exists().where(Delivery.host == Host.name),
            )
        )
        media.forget_unused()
        cards.forget_unused()
        applications.forget_old_codes()
        registration.forget_unproved()
        blocks.forget_ended()
        visits.forget_old()
        sessions.forget_old()
        once.forget_old()
        pushes.forget_old()
        software.ask_around()
        directories.ask_around()
        inquiries.ask_around()
        representations.ask_around()
        claims.forget_old()
        exports.forget_old()
        imports.forget_old()
        leaving.forget_old()
    media.sweep(storage.SHELVES[now.hour :: 24])  # each shelf once a day
    copies.sweep(site.settings().limits_copies)
    exports.sweep()
    territory_imports.sweep(storage.SHELVES[now.hour :: 24])
    db.end()


def close_polls() -> None:
    with db.transaction():
        polls.close_ended()


def publish_scheduled() -> None:
    """Publish the posts whose hour has come, each in one unit of work with the end of its row: once, or not yet."""
    busy = True
    while busy and not broker.stopping.is_set():
        with db.transaction():
            db.exclusive("scheduled")
            busy = scheduling.publish_next()
        db.give_way()


def file_missing() -> None:
    """File for search what was published before there was an index, and what a failed reaction left out."""
    while not broker.stopping.is_set() and index.file_missing():
        db.give_way()


def refresh_trends() -> None:
    with db.transaction():
        trends.refresh()


def send_summaries() -> None:
    """Send the weekly summaries of communities, each in one unit of work with the note that it was sent."""
    busy = True
    while busy and not broker.stopping.is_set():
        with db.transaction():
            db.exclusive("summaries")
            busy = summaries.send_next()
        db.give_way()


def heartbeat() -> None:
    """Leave a mark that this worker still takes its hints."""
    with db.transaction():
        beats.beat(f"{socket.gethostname()}:{os.getpid()}")
