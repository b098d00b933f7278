"""Leaving for good: asked for at once or in a week, done by a worker, step by step.

Afterwards one may read which servers were told, by a link that needs no sign-in.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts import identities, letters, tokens
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Role, User
from fediterr.core import clock, db, errors, jobs, storage
from fediterr.core.db import session
from fediterr.social import departures, erasure
from fediterr.social.models import Departure, Farewell

DELAY = timedelta(days=7)  # in which one may change one's mind
KEPT = timedelta(days=30)  # how long the link shows which servers were told
LEASE = timedelta(minutes=3)
LATER = timedelta(days=1)  # before the last administrator is looked at again

UNWELCOME = errors.Refused("This server is kept away here, or takes nothing any more: it was not told.")
REFUSED = errors.Refused("This server refused to hear of it.")
EXPIRED = errors.Unreachable("This server did not answer for days: it was not told.")


@dataclass(frozen=True)
class Server:
    """A server that has something of an account, and whether it was told: never is said with the reason."""

    host: str
    told_at: datetime | None
    problem: str | None


def has_no_password(user: User) -> bool:
    """Whether somebody came by a sign-in service and knows of no password of here."""
    return any(identity.founder for identity in identities.of(user))


def ask(user: User, *, at_once: bool) -> str:
    """Have one's account erased; the word of the link that shows it. Raises Conflict."""
    if _is_last_administrator(user):
        raise errors.Conflict("The last administrator stays one: name another first.")
    if of(user.account) is not None:
        raise errors.Conflict("This account is to be erased already.")
    word, now = secrets.token_urlsafe(24), clock.now()
    when = now if at_once else now + DELAY
    session.add(Departure(account_id=user.account_id, word_hash=tokens.hash_of(word), erase_at=when, due_at=when))
    session.flush()
    letters.departure(user, word, "" if at_once else when.date().isoformat())
    if at_once:
        accounts.close(user.account)
        jobs.later("departures")
    return word


def of(account: Account) -> Departure | None:
    """The departure of an account, if it is to leave."""
    return session.scalar(sa.select(Departure).where(Departure.account_id == account.id))


def by_word(word: str) -> Departure:
    """The departure that a link shows. Raises NotFound."""
    found = session.scalar(sa.select(Departure).where(Departure.word_hash == tokens.hash_of(word)))
    if found is None:
        raise errors.NotFound("This link shows nothing: the account stays, or it was erased long ago.")
    return found


def may_cancel(departure: Departure) -> bool:
    return departure.told_at is None and departure.account.active


def cancel(departure: Departure) -> None:
    """Stay. Raises Conflict when others were told already."""
    if not may_cancel(departure):
        raise errors.Conflict("It is too late: this account is being erased.")
    session.delete(departure)
    session.flush()


def servers(departure: Departure) -> list[Server]:
    """The servers that are told, by name; one that has several inboxes is told when all of them are."""
    rows: dict[str, list[Farewell]] = {}
    mine = sa.select(Farewell).where(Farewell.departure_id == departure.id).order_by(Farewell.host, Farewell.id)
    for row in session.scalars(mine):
        rows.setdefault(row.host, []).append(row)
    return [_server(host, of_host) for host, of_host in rows.items()]


def _server(host: str, rows: list[Farewell]) -> Server:
    told = [row.told_at for row in rows if row.told_at is not None]
    waits = any(row.told_at is None and row.problem is None for row in rows)
    problem = next((row.problem for row in rows if row.problem), None)
    return Server(host, max(told) if told and not waits else None, None if waits or told else problem)


def forget_old() -> None:
    """Forget who left a month ago, and who was told."""
    session.execute(sa.delete(Departure).where(Departure.erased_at < clock.now() - KEPT))


def _is_last_administrator(user: User | None) -> bool:
    return user is not None and user.role == Role.ADMIN and len(accounts.administrators()) == 1


# --- for the worker -------------------------------------------------------------------------------------------------


def take() -> int | None:
    """The departure whose hour has come, put off as a lease; None when none waits."""
    with db.transaction():
        db.exclusive("departures")
        due = sa.select(Departure).where(Departure.due_at <= clock.now()).order_by(Departure.due_at).limit(1)
        while (departure := session.scalar(due)) is not None:
            if departure.told_at is not None or not _is_last_administrator(accounts.user_of(departure.account)):
                departure.due_at = clock.now() + LEASE
                return departure.id
            departure.due_at = clock.now() + LATER  # the others left meanwhile
            session.flush()
        return None


def remember(departure: Departure, hosts: Mapping[str, str], deliveries: Mapping[str, int]) -> None:
    """The letters to these inboxes (with their hosts) are written; to those that have no delivery, none ever is."""
    for inbox, host in sorted(hosts.items()):
        row = Farewell(departure_id=departure.id, host=host, inbox=inbox, delivery_id=deliveries.get(inbox))
        row.problem = None if row.delivery_id is not None else UNWELCOME.message
        session.add(row)
    departure.told_at = clock.now()
    session.flush()


def note(told: Collection[int], failed: Mapping[int, str]) -> None:
    """What came of deliveries of farewells, by their ids."""
    if told:
        heard = sa.update(Farewell).where(Farewell.delivery_id.in_(told))
        session.execute(heard.values(told_at=clock.now(), delivery_id=None))
    for identifier, why in failed.items():
        unheard = sa.update(Farewell).where(Farewell.delivery_id == identifier)
        session.execute(unheard.values(problem=why, delivery_id=None))


def erase_next(identifier: int) -> bool:
    """The next step of an erasure, in one unit of work; whether there is another one. Twice does no harm."""
    with db.transaction():
        departure = session.get(Departure, identifier)
        if departure is None or departure.told_at is None or departure.erased_at is not None:
            return False
        departure.due_at = clock.now() + LEASE
        account = departure.account
        if departure.withdrawn_at is None:
            departures.withdraw_all(account)
            departure.withdrawn_at = clock.now()
            return True
        files, archives = erasure.files_of(account)
        if not erasure.erase_posts(account):
            erasure.erase_rest(account)
            departure.erased_at, departure.due_at = clock.now(), None
        kept = set[str]() if departure.erased_at else set(erasure.files_of(account)[0])
    _discard(set(files) - kept, archives if departure.erased_at else [])
    return departure.erased_at is None


def _discard(files: Collection[str], archives: Collection[str]) -> None:
    """After the rows: what a crash leaves here is swept away."""
    for name in files:
        storage.discard(name)
    for name in archives:
        storage.discard(name, storage.EXPORTS)
