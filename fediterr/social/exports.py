"""Archives of all that somebody has: asked for, taken up by a worker, kept for a week, then forgotten.

The row stands before the work begins. A worker that dies leaves it to be taken up again when its lease is over; the
archive is then made anew.
"""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import letters
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, db, errors, jobs, storage
from fediterr.core.db import session
from fediterr.social.models import Export

FORMATS = ("zip", "tar")
KEPT = timedelta(days=7)
PAUSE = timedelta(days=1)  # between two archives of one account
LEASE = timedelta(minutes=3)  # renewed whenever some more is done
AGAIN = timedelta(minutes=15)  # before it is tried again where the disk was full
TRIES = 3
UNPROMISED = timedelta(minutes=10)  # how long a file may lie here before its row is there


def broken() -> errors.Problem:
    """What is said of an archive that came to nothing, and nobody knows why."""
    return errors.Unreachable("The archive could not be made: ask for it again.")


def of(account: Account) -> Export | None:
    """The archive of an account: being made, ready, or come to nothing."""
    return session.scalar(sa.select(Export).where(Export.account_id == account.id).order_by(Export.id.desc()).limit(1))


def may_ask(export: Export | None) -> bool:
    """Whether there may be a new one, after this one."""
    return export is None or export.problem is not None or clock.now() - export.asked_at >= PAUSE


def ask(account: Account, format_: str = "zip") -> Export:
    """Have an archive made; the one before goes. Raises Conflict, TooMany, Invalid."""
    if format_ not in FORMATS:
        raise errors.Invalid("An archive is a zip or a tar.")
    before = of(account)
    if before is not None and before.is_made:
        raise errors.Conflict("Your archive is being made already.")
    if not may_ask(before):
        raise errors.TooMany("An archive is made once a day at most.")
    session.execute(sa.delete(Export).where(Export.account_id == account.id))
    made = Export(account_id=account.id, format=format_, due_at=clock.now())
    session.add(made)
    session.flush()
    jobs.later("export")
    return made


def ready(account: Account) -> Export:
    """The archive that may be fetched. Raises NotFound."""
    found = of(account)
    if found is None or found.path is None:
        raise errors.NotFound("There is no archive: have one made.")
    return found


def remove(account: Account) -> None:
    """Do without an archive: one that is being made, or before its time. That one was made today still counts."""
    found = of(account)
    if found is None:
        return
    if found.is_made:
        session.delete(found)
    else:
        found.path, found.size = None, 0
    session.flush()
    jobs.later("export")


# --- for the worker -------------------------------------------------------------------------------------------------


def take() -> tuple[int, int, str] | None:
    """The archive that waits longest, put off as a lease: its row, whose it is, its format; None when none waits."""
    with db.transaction():
        db.exclusive("export")
        due = sa.select(Export).where(Export.due_at <= clock.now()).order_by(Export.due_at).limit(1)
        while (export := session.scalar(due)) is not None:
            if export.tries < TRIES:
                export.tries += 1
                export.done = 0
                export.due_at = clock.now() + LEASE
                return export.id, export.account_id, export.format
            _give_up(export, broken().message)  # it has stopped its workers again and again
        return None


def report(identifier: int, done: int, total: int) -> bool:
    """So much is done: the lease is renewed. False when nobody wants the archive any more."""
    with db.transaction():
        mine = sa.update(Export).where(Export.id == identifier, Export.due_at.is_not(None))
        changed = session.execute(mine.values(done=done, total=total, due_at=clock.now() + LEASE))
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def finish(identifier: int, path: str, size: int) -> None:
    """The archive lies in the store: its owner is told."""
    with db.transaction():
        export = session.get(Export, identifier)
        if export is None or export.due_at is None:
            return  # nobody wants it any more: the file is swept away
        export.path, export.size, export.done = path, size, export.total
        export.due_at, export.problem, export.finished_at = None, None, clock.now()
        user = accounts.user_of(accounts.get(export.account_id))
        if user is not None:
            letters.archive_ready(user)


def put_off(identifier: int, problem: str) -> None:
    """It cannot be made just now: it is tried again, a few times."""
    with db.transaction():
        export = session.get(Export, identifier)
        if export is None or export.due_at is None:
            return
        if export.tries >= TRIES:
            _give_up(export, problem)
        else:
            export.due_at = clock.now() + AGAIN


def give_back(identifier: int) -> None:
    """The worker ends: another one may begin at once."""
    with db.transaction():
        mine = sa.update(Export).where(Export.id == identifier, Export.due_at.is_not(None))
        session.execute(mine.values(due_at=clock.now(), tries=Export.tries - 1))


def _give_up(export: Export, problem: str) -> None:
    export.due_at, export.problem, export.finished_at = None, problem, clock.now()
    session.flush()


# --- forgetting -----------------------------------------------------------------------------------------------------


def forget_old() -> None:
    """Forget what was made a week ago."""
    session.execute(sa.delete(Export).where(Export.finished_at < clock.now() - KEPT))


def sweep() -> int:
    """Take away the files that no row promises any more; how many."""
    return storage.sweep(storage.SHELVES, _in_use, storage.EXPORTS, UNPROMISED)


def _in_use(names: list[str]) -> Collection[str]:
    return set(session.scalars(sa.select(Export.path).where(Export.path.in_(names))))
