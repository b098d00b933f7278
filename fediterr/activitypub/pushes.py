"""Bringing messages to push services: for each application in order, again and again while its service is away.

Rows are the work, as for deliveries: a subscription that is due is leased, its messages are sent oldest first, and what
came of it is written down. A service that no longer knows an application ends its subscription.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import flask
import sqlalchemy as sa

from fediterr.accounts.models import Token
from fediterr.activitypub import voice
from fediterr.activitypub.client import Client
from fediterr.core import broker, clock, db, errors, site, webpush
from fediterr.core.db import session
from fediterr.social import pushes
from fediterr.social.models import Push, PushSubscription

log = logging.getLogger(__name__)

AT_ONCE = 8
LEASE = timedelta(minutes=3)  # longer than a whole parcel takes
PARCEL = 10  # messages of one application in one go
MINUTE = 60
PAUSES = [n * MINUTE for n in (1, 2, 5, 15, 30, 60, 120, 240)]  # after so many failures in a row


@dataclass(frozen=True)
class Parcel:
    """What waits for one application, oldest first."""

    subscription_id: int
    receiver: webpush.Receiver
    messages: list[tuple[int, str]]


@dataclass
class Outcome:
    """What came of a parcel."""

    subscription_id: int
    done: list[int] = field(default_factory=list)
    gone: bool = False
    failed: bool = False
    retry_after: int | None = None


def drain() -> None:
    """Send what is due until nothing is; what is left is hinted again by upkeep."""
    app: flask.Flask = flask.current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    send = _sender()
    while not broker.stopping.is_set() and (parcels := _take()):
        if len(parcels) == 1 or app.testing:
            outcomes = [send(parcel) for parcel in parcels]
        else:
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push") as pool:
                outcomes = list(pool.map(send, parcels))
        with db.transaction():
            for outcome in outcomes:
                _close(outcome)


# --- the database side ---------------------------------------------------------------------------------------------


def _take() -> list[Parcel]:
    """What waits for a few applications that are due, put off as a lease."""
    with db.transaction():
        db.exclusive("push")
        now = clock.now()
        due = sa.select(PushSubscription, Token.revoked_at).join(Token, Token.id == PushSubscription.token_id)
        due = due.where(PushSubscription.due_at <= now).order_by(PushSubscription.due_at).limit(AT_ONCE * 2)
        parcels = []
        for subscription, revoked_at in session.execute(due).all():
            if revoked_at is not None:
                session.delete(subscription)
                continue
            late = sa.delete(Push).where(Push.subscription_id == subscription.id, Push.created_at < now - pushes.KEEP)
            session.execute(late)
            waiting = sa.select(Push.id, Push.payload).where(Push.subscription_id == subscription.id)
            rows = session.execute(waiting.order_by(Push.id).limit(PARCEL))
            messages = [(identifier, payload) for identifier, payload in rows]
            subscription.due_at = now + LEASE if messages else None
            if messages:
                parcels.append(Parcel(subscription.id, _receiver(subscription), messages))
        return parcels


def _receiver(subscription: PushSubscription) -> webpush.Receiver:
    return webpush.Receiver(
        subscription.endpoint,
        bytes.fromhex(subscription.p256dh),
        bytes.fromhex(subscription.auth),
        standard=subscription.standard,
    )


def _close(outcome: Outcome) -> None:
    subscription = session.get(PushSubscription, outcome.subscription_id, populate_existing=True)
    if subscription is None:
        return  # the application left meanwhile
    if outcome.gone:
        session.delete(subscription)
        return
    session.execute(sa.delete(Push).where(Push.id.in_(outcome.done)))
    if outcome.failed:
        pause = outcome.retry_after or PAUSES[min(subscription.failures, len(PAUSES) - 1)]
        subscription.failures += 1
        subscription.due_at = clock.now() + timedelta(seconds=pause)
        return
    more = session.scalar(sa.select(sa.exists().where(Push.subscription_id == subscription.id)))
    subscription.failures, subscription.due_at = 0, clock.now() if more else None


# --- the network side ----------------------------------------------------------------------------------------------


def _sender() -> Callable[[Parcel], Outcome]:
    client, settings = voice.client(), site.settings()
    contact = f"mailto:{settings.contact_email}" if settings.contact_email else settings.base_url
    return lambda parcel: _send(client, parcel, settings.secret_key, contact)


def _send(client: Client, parcel: Parcel, secret: str, contact: str) -> Outcome:
    """Send messages in their order until one fails in a way that more tries may mend."""
    outcome = Outcome(parcel.subscription_id)
    for identifier, payload in parcel.messages:
        try:
            message = webpush.seal(payload.encode(), parcel.receiver, secret=secret, contact=contact, now=clock.now())
            answer = client.push(parcel.receiver.endpoint, message.body, message.headers)
        except errors.TooLarge:
            outcome.done.append(identifier)
            continue
        except errors.Unreachable:
            outcome.failed = True
            return outcome
        except errors.Problem:
            outcome.gone = True
            return outcome
        if 200 <= answer.status < 300 or answer.status == 413:
            outcome.done.append(identifier)
        elif 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
            log.info("a push service ended a subscription", extra={"status": answer.status})
            outcome.gone = True
            return outcome
        else:
            outcome.failed, outcome.retry_after = True, answer.retry_after(clock.now())
            return outcome
    return outcome
