"""Draining deliveries: lease a host, send its rows oldest first, write down what came of it.

One thread speaks to the database, many to the network. Each turn of the loop is one transaction: it closes what came
back and leases what is next. A worker that dies leaves its leases to expire and its rows to be sent again, with the
same id and bytes. Time lives in `hosts.due_at`; a host that fails is left alone longer and longer (the breaker), and
what is older than the keep time is closed and counted.
"""

import hashlib
import logging
import os
import random
import secrets
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.activitypub import synchronization, voice
from fediterr.activitypub.client import Answer, Client, Signer
from fediterr.activitypub.models import Activity, DeadInbox, Delivery, Host
from fediterr.core import broker, clock, db, errors, site
from fediterr.core.db import db_in, db_now, session
from fediterr.moderation import service as moderation
from fediterr.social import leaving

log = logging.getLogger(__name__)

MINUTE = 60
# Seconds to leave a host alone after so many failures in a row; then the last, again and again.
SCHEDULE = [n * MINUTE for n in (1, 2, 5, 15, 30, 60, 120, 240, 480, 720)]
JITTER = 0.2
LEASE = 60  # seconds; longer than a slice and its last request
CRASHES = 3
NOT_FOUND = (3, timedelta(days=3))  # so many 404 over that long: the inbox is dead
RETRY_CAP = 24 * 3600
KNOCK_AGAIN = (400, 401, 403)  # an answer that may mean "I do not understand this signature"
SCHEMES = ("cavage", "rfc9421")


@dataclass(frozen=True)
class Letter:
    """One row, with all that sending it needs: senders do not ask the database."""

    delivery_id: int
    inbox: str
    body: bytes
    digest: bytes
    signer: Signer
    headers: dict[str, str]


@dataclass(frozen=True)
class Slice:
    """The next rows of a leased host."""

    host: str
    scheme: str | None
    letters: list[Letter]
    watched: frozenset[int] = frozenset()  # rows of which somebody wants to know what came of them


@dataclass
class Report:
    """What came of a slice: rows that are closed, and whether the host failed."""

    host: str
    delivered: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    gone: list[tuple[str, int]] = field(default_factory=list)  # (inbox, status)
    failed: str | None = None
    retry_after: int | None = None
    scheme: str | None = None
    watched: frozenset[int] = frozenset()


def drain(executor: Executor | None = None, seconds: float = 50) -> None:
    """Send what is due until nothing is, or the time is over; what is left is hinted again by upkeep."""
    owner = f"{_machine()}{os.getpid()}:{secrets.token_hex(4)}"
    slots = site.settings().delivery_slots
    own_pool = executor or ThreadPoolExecutor(slots, thread_name_prefix="deliver")
    send = _sender()
    until = time.monotonic() + seconds
    running: set[Future[Report]] = set()
    finished: list[Report] = []
    try:
        while True:
            more = time.monotonic() < until and not broker.stopping.is_set()
            slices = turn(owner, finished, slots - len(running) if more else 0)
            finished = []
            running |= {own_pool.submit(send, part) for part in slices}
            if not running:
                return
            done, running = wait(running, timeout=LEASE, return_when=FIRST_COMPLETED)
            finished = [future.result() for future in done]
    finally:
        if executor is None:
            own_pool.shutdown(wait=True)


# --- the database side ---------------------------------------------------------------------------------------------


def turn(owner: str, finished: Iterable[Report], slots: int) -> list[Slice]:
    """Close what came back, lease up to `slots` hosts, in one transaction."""
    with db.transaction():
        _close(owner, list(finished))
        return _slices(_lease(owner, slots)) if slots > 0 else []


def _lease(owner: str, slots: int) -> list[Host]:
    free = sa.or_(Host.lease_until.is_(None), Host.lease_until < db_now())
    due = sa.select(Host.name).where(Host.due_at <= clock.now(), free).order_by(Host.due_at).limit(slots)
    if db.dialect() == "postgresql":
        due = due.with_for_update(skip_locked=True)
    taken = session.scalars(
        sa.update(Host)
        .where(Host.name.in_(due))
        .values(lease_owner=owner, lease_until=db_in(LEASE))
        .returning(Host)
        .execution_options(populate_existing=True)
    )
    return list(taken)


def _machine() -> str:
    return f"{socket.gethostname()}:"


def release_dead() -> None:
    """Give back the leases of workers of this machine that are no more, without waiting for them to expire."""
    owners = session.scalars(
        sa.select(Host.lease_owner).where(Host.lease_owner.startswith(_machine(), autoescape=True)).distinct()
    )
    dead = [owner for owner in owners if owner and not _lives(int(owner.removeprefix(_machine()).split(":")[0]))]
    if dead:
        leased = sa.update(Host).where(Host.lease_owner.in_(dead))
        session.execute(leased.values(lease_owner=None, lease_until=None))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _slices(hosts: list[Host]) -> list[Slice]:
    """The oldest rows of each of these hosts; a host with none left is let go."""
    rows: dict[str, list[tuple[Delivery, Activity]]] = {host.name: [] for host in hosts}
    if not hosts:
        return []
    place = sa.func.row_number().over(partition_by=Delivery.host, order_by=Delivery.id)
    waiting = sa.and_(Delivery.host.in_(list(rows)), Delivery.set_aside_at.is_(None))
    oldest = sa.select(Delivery.id, place.label("place")).where(waiting).subquery()
    found = (
        sa.select(Delivery, Activity)
        .join(oldest, oldest.c.id == Delivery.id)
        .join(Activity, Activity.id == Delivery.activity_id)
        .where(oldest.c.place <= site.settings().delivery_slice)
        .order_by(Delivery.id)
    )
    for delivery, activity in session.execute(found):
        rows[delivery.host].append((delivery, activity))
    welcome = moderation.welcome_among(set(rows))
    signers: dict[int, Signer] = {}
    parts = [_slice(host, rows[host.name], host.name in welcome, signers) for host in hosts]
    return [part for part in parts if part is not None]


def _slice(
    host: Host, rows: list[tuple[Delivery, Activity]], welcome: bool, signers: dict[int, Signer]
) -> Slice | None:
    """What to send to a host; what is too old, or not to be sent there any more, is closed and counted."""
    keep = clock.now() - timedelta(days=site.settings().delivery_keep_days)
    closing = [delivery.id for delivery, _ in rows if not welcome or delivery.created_at < keep]
    if closing:
        lost = leaving.EXPIRED if welcome else leaving.UNWELCOME
        unheard = [delivery.id for delivery, activity in rows if activity.watched and delivery.id in closing]
        leaving.note((), dict.fromkeys(unheard, lost.message))
        _forget(closing)
        host.expired += len(closing)
        rows = [row for row in rows if row[0].id not in closing]
    if not rows:
        _let_go(host, None)
        return None
    first = rows[0][0]
    if first.crash_claims >= CRASHES:
        first.set_aside_at = clock.now()
        log.error("delivery set aside", extra={"delivery": first.id, "host": host.name})
        rows = rows[1:]
    else:
        first.crash_claims += 1
    watched = frozenset(delivery.id for delivery, activity in rows if activity.watched)
    letters = [_letter(delivery, activity, signers) for delivery, activity in rows]
    return Slice(host.name, host.scheme, letters, watched)


def _letter(delivery: Delivery, activity: Activity, signers: dict[int, Signer]) -> Letter:
    author = accounts.get(activity.author_id)
    if author.id not in signers:
        signers[author.id] = voice.signer(author)
    body = activity.body.encode()
    return Letter(
        delivery_id=delivery.id,
        inbox=delivery.inbox,
        body=body,
        digest=hashlib.sha256(body).digest(),
        signer=signers[author.id],
        headers=synchronization.header(author, delivery.inbox) if activity.to_followers else {},
    )


def _close(owner: str, reports: list[Report]) -> None:
    """Write down what came of slices, as far as their leases are still ours."""
    if not reports:
        return
    names = [report.host for report in reports]
    leased = sa.select(Host).where(Host.name.in_(names), Host.lease_owner == owner)
    hosts = {host.name: host for host in session.scalars(leased.execution_options(populate_existing=True))}
    ours = [report for report in reports if report.host in hosts]
    for report in ours:
        if report.watched:
            refused = [identifier for identifier, _ in report.refused if identifier in report.watched]
            told = report.watched.intersection(report.delivered)
            leaving.note(told, dict.fromkeys(refused, leaving.REFUSED.message))
    closed = [identifier for report in ours for identifier in report.delivered]
    _forget(closed + [identifier for report in ours for identifier, _ in report.refused])
    waiting = sa.select(Delivery.host).where(Delivery.host.in_(names), Delivery.set_aside_at.is_(None))
    pending = set(session.scalars(waiting.distinct()))
    for report in ours:
        _note(hosts[report.host], report, pending=report.host in pending)


def _note(host: Host, report: Report, *, pending: bool) -> None:
    host.delivered += len(report.delivered)
    host.refused += len(report.refused)
    host.scheme = report.scheme or host.scheme
    for inbox, status in report.gone:
        _count_gone(inbox, status)
    if report.failed is None:
        host.failures, host.failing_since = 0, None
        if report.delivered:
            host.last_success_at = clock.now()
        _let_go(host, clock.now() if pending else None)
        return
    host.failures += 1
    host.failing_since = host.failing_since or clock.now()
    host.last_error = report.failed[:500]
    session.execute(
        sa.update(Delivery)
        .where(Delivery.host == host.name, Delivery.crash_claims > 0)
        .values(crash_claims=0, tries=Delivery.tries + 1)
        .execution_options(synchronize_session=False)
    )
    _let_go(host, clock.now() + timedelta(seconds=pause(host.failures, report.retry_after)))


def pause(failures: int, retry_after: int | None) -> float:
    """Seconds to leave a host alone after so many failures in a row."""
    if retry_after is not None:
        return min(retry_after, RETRY_CAP)
    base = SCHEDULE[min(failures, len(SCHEDULE)) - 1]
    return base * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (spreads load, guards nothing)


def _let_go(host: Host, due_at: datetime | None) -> None:
    host.due_at, host.lease_owner, host.lease_until = due_at, None, None


def _forget(identifiers: list[int]) -> None:
    """Rows that are closed go, and an activity with its last row (upkeep takes those that slip through)."""
    if not identifiers:
        return
    closed = sa.delete(Delivery).where(Delivery.id.in_(identifiers)).returning(Delivery.activity_id)
    apart = {"synchronize_session": False}
    activities = set(session.scalars(closed, execution_options=apart))
    empty = ~sa.exists().where(Delivery.activity_id == Activity.id)
    session.execute(sa.delete(Activity).where(Activity.id.in_(activities), empty), execution_options=apart)


def _count_gone(inbox: str, status: int) -> None:
    """410 ends an inbox at once, 404 when it was said three times over three days."""
    now = clock.now()
    row = session.get(DeadInbox, inbox) or DeadInbox(inbox=inbox, count=0, first_at=now)
    row.count += 1
    often, long = NOT_FOUND
    if status == 410 or (row.count >= often and now - row.first_at >= long):
        row.dead_at = now
    session.add(row)


# --- the network side ----------------------------------------------------------------------------------------------


def _sender() -> Callable[[Slice], Report]:
    client, settings = voice.client(), site.settings()
    return lambda part: send_slice(client, part, settings.delivery_slice_seconds)


def send_slice(client: Client, part: Slice, seconds: float) -> Report:
    """Send rows in their order until one fails in a way that more tries may mend, or the time slice is over."""
    report = Report(part.host, watched=part.watched)
    scheme, until = part.scheme, time.monotonic() + seconds
    for letter in part.letters:
        try:
            answer, scheme = _post(client, letter, scheme)
        except errors.Refused as problem:
            report.refused.append((letter.delivery_id, problem.message))
            continue
        except errors.Problem as problem:
            report.failed = problem.message or "unreachable"
            break
        if 200 <= answer.status < 300:
            report.delivered.append(letter.delivery_id)
            report.scheme = scheme
        elif answer.status == 429 or answer.status >= 500 or answer.status == 408:
            report.failed = f"answered {answer.status}"
            report.retry_after = answer.retry_after(clock.now())
            break
        else:
            report.refused.append((letter.delivery_id, f"answered {answer.status}"))
            if answer.status in (404, 410):
                report.gone.append((letter.inbox, answer.status))
        if time.monotonic() >= until:
            break
    return report


def _post(client: Client, letter: Letter, scheme: str | None) -> tuple[Answer, str | None]:
    """Knock with the scheme that host is known for; when that is refused, once with the other."""
    first = scheme or SCHEMES[0]
    answer = _knock(client, letter, first)
    if answer.status not in KNOCK_AGAIN:
        return answer, first
    other = SCHEMES[1] if first == SCHEMES[0] else SCHEMES[0]
    second = _knock(client, letter, other)
    return (second, other) if 200 <= second.status < 300 else (answer, scheme)


def _knock(client: Client, letter: Letter, scheme: str) -> Answer:
    return client.post(
        letter.inbox,
        letter.body,
        signer=letter.signer,
        scheme=scheme,  # type: ignore[arg-type]
        body_sha256=letter.digest,
        headers=letter.headers,
    )
