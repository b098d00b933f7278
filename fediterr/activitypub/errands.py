"""Asking other servers what can wait: objects that activities speak of, the rest of threads, pinned posts, proofs."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import flask
import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.activitypub import (
    cards,
    directories,
    inquiries,
    moderators,
    profiles,
    quotes,
    representations,
    resolver,
    software,
    synchronization,
    vocabulary,
    votes,
)
from fediterr.activitypub.models import Errand, Received
from fediterr.core import broker, clock, db, errors, jobs, site
from fediterr.core.db import session
from fediterr.social import former

log = logging.getLogger(__name__)

AT_ONCE = 8
LEASE = timedelta(minutes=2)  # longer than a whole budget of fetches is likely to take
TRIES = 6


def fetch_object(uri: str) -> None:
    """Something that an activity speaks of: an actor or a post."""
    if accounts.by_uri(uri) is None and former.find(uri) is None:
        document = resolver.fetch(uri)
        if vocabulary.kind(document) == "actor":
            resolver.fetch_account(uri)
        else:
            resolver.fetch_post(uri, fresh=True)


def tell_counts(uri: str) -> None:
    """Tell the votes that a poll of here has by now: once for all that came meanwhile."""
    with db.transaction():
        votes.send_counts(uri)


KINDS: dict[str, Callable[[str], object]] = {
    "object": fetch_object,
    "account": resolver.refresh_account,
    "post": resolver.fetch_post,
    "thread": resolver.fill_thread,
    "profile": profiles.complete,
    "quote": quotes.verify,
    "followers": synchronization.mend,
    "counts": tell_counts,
    "card": cards.fetch_card,
    "moderators": moderators.read,
    "software": software.learn,
    "authority": inquiries.look_into,
    "directory": directories.read,
    "claim": representations.check_claim,
    "website": representations.check_authority,
}


def run() -> None:
    """Do what is due, several at once, until nothing is; each has its own budget of fetches."""
    app: flask.Flask = flask.current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    while not broker.stopping.is_set() and (batch := _take()):
        if len(batch) == 1 or app.testing:
            for errand in batch:
                _do(*errand)
            continue
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(partial(_do_in, app), batch))


def _take() -> list[tuple[int, str, str]]:
    """A few errands, put off as a lease: a worker that dies leaves them to be done again."""
    with db.transaction():
        db.exclusive("errands")
        due = sa.select(Errand).where(Errand.due_at <= clock.now()).order_by(Errand.due_at).limit(AT_ONCE * 2)
        batch = []
        for errand in session.scalars(due):
            errand.tries += 1
            errand.due_at = clock.now() + LEASE
            batch.append((errand.id, errand.kind, errand.subject))
        return batch


def _do_in(app: flask.Flask, errand: tuple[int, str, str]) -> None:
    with app.app_context():
        _do(*errand)


def _do(identifier: int, kind: str, subject: str) -> None:
    try:
        with resolver.budget(site.settings().limits_fetches_per_activity):
            KINDS[kind](subject)
    except errors.Unreachable as problem:
        _put_off(identifier, subject, problem.message)
    except errors.Problem as problem:
        _finish(identifier, subject, problem.message or "refused")
    except Exception:
        log.exception("errand failed", extra={"kind": kind, "subject": subject})
        _put_off(identifier, subject, "it broke")
    else:
        _finish(identifier, subject, None)


def _put_off(identifier: int, subject: str, message: str) -> None:
    with db.transaction():
        errand = session.get(Errand, identifier)
        if errand is None:
            return
        if errand.tries < TRIES:
            errand.due_at = clock.now() + timedelta(minutes=2 ** (2 * errand.tries))  # 4 min … about 17 h
            return
    _finish(identifier, subject, message)


def _finish(identifier: int, subject: str, problem: str | None) -> None:
    """The errand is over; activities that waited for it go on, or are closed with the reason."""
    with db.transaction():
        db.exclusive("receive")  # no activity may begin to wait for this while it ends
        session.execute(sa.delete(Errand).where(Errand.id == identifier))
        waiting = sa.update(Received).where(Received.wants == subject)
        if problem is None:
            session.execute(waiting.values(wants=None))
        else:
            session.execute(waiting.values(wants=None, document=None, error=problem))
        jobs.later("receive")
