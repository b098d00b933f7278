"""Lists that people bring along: shown first, then carried out line by line by a worker; twice does no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, db, errors, ids, jobs
from fediterr.core.db import session
from fediterr.social import blocks, bookmarks, csv_files, domains, follows, lists, posts
from fediterr.social.models import (
    Block,
    Bookmark,
    Follow,
    HiddenDomain,
    Import,
    ImportLine,
    List,
    ListMember,
    Mute,
    Outcome,
    Post,
)
from fediterr.social.visibility import visible

SHOWN = timedelta(days=1)  # how long a list waits for its owner to say yes
KEPT = timedelta(days=30)  # how long what came of it is shown
LEASE = timedelta(minutes=3)  # renewed with each line
PAUSES = (timedelta(minutes=5), timedelta(minutes=30))  # before a server that did not answer is asked again
CLEARED = 50  # of what is taken away in one unit of work


def propose(account: Account, data: bytes, filename: str, *, kind: str = "", overwrite: bool = False) -> Import:
    """Read a file and keep what it asks for, until its owner says yes. Raises Invalid, TooLarge, Conflict."""
    if under_way(account) is not None:
        raise errors.Conflict("An import is under way already: wait for its end, or stop it.")
    read = csv_files.read(data, filename, kind)
    session.execute(sa.delete(Import).where(Import.account_id == account.id, Import.confirmed_at.is_(None)))
    made = Import(account_id=account.id, kind=read.kind, overwrite=overwrite, filename=filename[:200])
    made.refused, made.refused_count = [list(each) for each in read.refused], read.refused_count
    session.add(made)
    session.flush()
    rows = [
        {"id": ids.new(), "import_id": made.id, "number": line.number, "subject": line.subject, "more": line.more}
        for line in read.lines
    ]
    if rows:
        session.execute(sa.insert(ImportLine), rows)
    return made


def get(account: Account, identifier: int) -> Import:
    """An import of this account. Raises NotFound."""
    found = session.get(Import, identifier)
    if found is None or found.account_id != account.id:
        raise errors.NotFound("There is no such import.")
    return found


def of(account: Account) -> list[Import]:
    """The imports of an account, the last first."""
    return list(session.scalars(sa.select(Import).where(Import.account_id == account.id).order_by(Import.id.desc())))


def under_way(account: Account) -> Import | None:
    return session.scalar(sa.select(Import).where(Import.account_id == account.id, Import.due_at.is_not(None)))


def counts(import_: Import) -> dict[str, int]:
    """How many lines came to what."""
    grouped = sa.select(ImportLine.outcome, sa.func.count()).where(ImportLine.import_id == import_.id)
    found: dict[str, int] = dict(session.execute(grouped.group_by(ImportLine.outcome)).all())
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


def lines(import_: Import, outcome: str, most: int) -> list[ImportLine]:
    """The first lines that came to something."""
    mine = sa.select(ImportLine).where(ImportLine.import_id == import_.id, ImportLine.outcome == outcome)
    return list(session.scalars(mine.order_by(ImportLine.number).limit(most)))


def confirm(import_: Import) -> None:
    """Its owner says yes: a worker begins."""
    if import_.is_shown_only:
        import_.confirmed_at = import_.due_at = clock.now()
        session.flush()
        jobs.later("import")


def cancel(import_: Import) -> None:
    """What is done stays done, the rest is left."""
    import_.due_at, import_.cancelled_at = None, clock.now()
    session.flush()


def retry(import_: Import) -> None:
    """Try again the lines that failed, and those that were left. Raises Conflict."""
    if under_way(import_.account) is not None:
        raise errors.Conflict("An import is under way already: wait for its end, or stop it.")
    failed = sa.update(ImportLine).where(ImportLine.import_id == import_.id, ImportLine.outcome == Outcome.FAILED)
    session.execute(failed.values(outcome=Outcome.WAITING, problem="", tries=0, due_at=clock.now()))
    import_.due_at, import_.finished_at, import_.cancelled_at = clock.now(), None, None
    import_.confirmed_at = import_.confirmed_at or clock.now()
    session.flush()
    jobs.later("import")


def forget(import_: Import) -> None:
    session.delete(import_)
    session.flush()


def forget_old() -> None:
    """Lists that nobody said yes to, and what came of the others long ago."""
    now = clock.now()
    session.execute(sa.delete(Import).where(Import.confirmed_at.is_(None), Import.created_at < now - SHOWN))
    over = sa.func.coalesce(Import.finished_at, Import.cancelled_at)
    session.execute(sa.delete(Import).where(over < now - KEPT))


# --- what the list does not name ------------------------------------------------------------------------------------


def _people_lost(import_: Import, mine: sa.ColumnElement[bool], model: type[Follow | Block | Mute]) -> sa.Select[Any]:
    handle = sa.func.lower(Account.name + "@" + Account.domain)
    return (
        sa.select(model.target_id)
        .join(Account, Account.id == model.target_id)
        .where(mine, handle.not_in(_named(import_)))
    )


def _named(import_: Import) -> sa.Select[Any]:
    return sa.select(sa.func.lower(ImportLine.subject)).where(ImportLine.import_id == import_.id)


def _lost(import_: Import) -> sa.Select[Any]:
    """The ids of what an import that overwrites takes away."""
    me = import_.account_id
    match import_.kind:
        case csv_files.FOLLOWING:
            return _people_lost(import_, Follow.follower_id == me, Follow)
        case csv_files.BLOCKING:
            return _people_lost(import_, Block.account_id == me, Block)
        case csv_files.MUTING:
            return _people_lost(import_, Mute.account_id == me, Mute)
        case csv_files.DOMAINS:
            mine = sa.select(HiddenDomain.id).where(HiddenDomain.account_id == me)
            return mine.where(HiddenDomain.domain.not_in(_named(import_)))
        case csv_files.BOOKMARKS:
            kept = sa.select(Bookmark.post_id).join(Post, Post.id == Bookmark.post_id).where(Bookmark.account_id == me)
            return kept.where(sa.func.lower(Post.uri).not_in(_named(import_)))
        case _:
            line_list = ImportLine.more["list"].as_string()
            same = sa.exists().where(
                ImportLine.import_id == import_.id,
                line_list == List.title,
                sa.func.lower(ImportLine.subject) == sa.func.lower(Account.name + "@" + Account.domain),
            )
            return (
                sa.select(ListMember.id)
                .join(List, List.id == ListMember.list_id)
                .join(Account, Account.id == ListMember.account_id)
                .where(List.account_id == me, ~same)
            )


def count_lost(import_: Import) -> int:
    """How much an import that overwrites takes away."""
    return session.scalar(sa.select(sa.func.count()).select_from(_lost(import_).subquery())) or 0


def _lose(import_: Import, identifier: int) -> None:
    me = import_.account
    match import_.kind:
        case csv_files.FOLLOWING:
            follow = follows.find(me, accounts.get(identifier))
            if follow is not None:
                follows.leave(follow)
        case csv_files.BLOCKING:
            blocks.unblock(me, accounts.get(identifier))
        case csv_files.MUTING:
            blocks.unmute(me, accounts.get(identifier))
        case csv_files.DOMAINS:
            session.execute(sa.delete(HiddenDomain).where(HiddenDomain.id == identifier))
        case csv_files.BOOKMARKS:
            session.execute(sa.delete(Bookmark).where(Bookmark.account_id == me.id, Bookmark.post_id == identifier))
        case _:
            session.execute(sa.delete(ListMember).where(ListMember.id == identifier))


# --- what is said of a line that failed ------------------------------------------------------------------------------

SILENT = errors.Unreachable("The other server does not answer.")
UNWELCOME = errors.Refused("The other server refuses, or is kept away here.")
GONE = errors.NotFound("This is found nowhere: it was deleted, or there is a mistake in it.")
BROKEN = errors.Conflict("This line could not be carried out.")


def _said(problem: errors.Problem | None) -> str:
    """Why, in words for whoever reads the list."""
    if problem is None:
        return BROKEN.message
    if isinstance(problem, errors.NotFound):
        return GONE.message
    return UNWELCOME.message if isinstance(problem, errors.Refused) else problem.message or BROKEN.message


# --- for the worker -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A line to be carried out."""

    line_id: int
    import_id: int
    kind: str
    subject: str


def take() -> int | None:
    """The import that waits longest, put off as a lease; None when none waits."""
    with db.transaction():
        db.exclusive("import")
        due = sa.select(Import).where(Import.due_at <= clock.now()).order_by(Import.due_at).limit(1)
        import_ = session.scalar(due)
        if import_ is None:
            return None
        import_.due_at = clock.now() + LEASE
        return import_.id


def clear_next(identifier: int) -> bool:
    """Take away some of what the list does not name, when it overwrites; whether there may be more."""
    with db.transaction():
        import_ = session.get(Import, identifier)
        if import_ is None or not import_.is_under_way or not import_.overwrite or import_.cleared_at is not None:
            return False
        lost = list(session.scalars(_lost(import_).limit(CLEARED)))
        for each in lost:
            _lose(import_, each)
        if not lost:
            import_.cleared_at = clock.now()
        import_.due_at = clock.now() + LEASE
        return bool(lost)


def next_task(identifier: int) -> Task | None:
    """The next line of an import that may be tried now."""
    wanted = (
        sa.select(ImportLine.id, ImportLine.import_id, Import.kind, ImportLine.subject)
        .join(Import, Import.id == ImportLine.import_id)
        .where(
            Import.id == identifier,
            Import.due_at.is_not(None),
            ImportLine.outcome == Outcome.WAITING,
            ImportLine.due_at <= clock.now(),
        )
        .order_by(ImportLine.number)
        .limit(1)
    )
    row = session.execute(wanted).first()
    db.end()
    return Task(*row) if row else None


def carry_out(task: Task, target: int | None) -> None:
    """Do what a line asks for with whom or what it names. Raises whatever the verb raises."""
    with db.transaction():
        line = _waiting(task)
        if line is not None:
            me = accounts.get(_import(task).account_id)
            line.outcome = Outcome.DONE if DO[task.kind](me, line, target) else Outcome.ALREADY


def fail(task: Task, problem: errors.Problem | None) -> None:
    """A line comes to nothing; no problem: nobody knows why."""
    with db.transaction():
        line = _waiting(task)
        if line is not None:
            line.outcome, line.problem = Outcome.FAILED, _said(problem)


def put_off(task: Task) -> None:
    """The server does not answer: the line is tried again later, a few times."""
    with db.transaction():
        line = _waiting(task)
        if line is None:
            return
        if line.tries >= len(PAUSES):
            line.outcome, line.problem = Outcome.FAILED, SILENT.message
        else:
            line.due_at = clock.now() + PAUSES[line.tries]
            line.tries += 1


def rest(identifier: int) -> None:
    """Nothing more may be tried now: the import is over, or waits."""
    with db.transaction():
        import_ = session.get(Import, identifier)
        if import_ is None or not import_.is_under_way:
            return
        waiting = ImportLine.import_id == identifier, ImportLine.outcome == Outcome.WAITING
        import_.due_at = session.scalar(sa.select(sa.func.min(ImportLine.due_at)).where(*waiting))
        if import_.due_at is None:
            import_.finished_at = clock.now()
        elif import_.due_at <= clock.now():
            jobs.later("import")


def _import(task: Task) -> Import:
    found = session.get(Import, task.import_id)
    if found is None:
        raise errors.NotFound("There is no such import.")
    return found


def _waiting(task: Task) -> ImportLine | None:
    """The line, if it is still to be done; the lease of its import is renewed."""
    import_, line = session.get(Import, task.import_id), session.get(ImportLine, task.line_id)
    if import_ is None or line is None or not import_.is_under_way or line.outcome != Outcome.WAITING:
        return None
    import_.due_at = clock.now() + LEASE
    return line


# --- what each kind does: whether anything changed ------------------------------------------------------------------


def _follow(me: Account, line: ImportLine, target: int | None) -> bool:
    other, wanted = accounts.get(target or 0), line.more
    before = follows.find(me, other)
    same = before is not None and (before.boosts, before.notify, before.languages or []) == (
        wanted["boosts"], wanted["notify"], wanted["languages"],
    )  # fmt: skip
    if not same:
        follows.ask(me, other, boosts=wanted["boosts"], notify=wanted["notify"], languages=wanted["languages"])
    return not same


def _block(me: Account, _line: ImportLine, target: int | None) -> bool:
    other = accounts.get(target or 0)
    if blocks.find(me, other) is not None:
        return False
    blocks.block(me, other)
    return True


def _mute(me: Account, line: ImportLine, target: int | None) -> bool:
    hidden = line.more["notifications"]
    mine = sa.exists().where(Mute.account_id == me.id, Mute.target_id == target, Mute.notifications.is_(hidden))
    if session.scalar(sa.select(mine)):
        return False
    blocks.mute(me, accounts.get(target or 0), notifications=hidden)
    return True


def _hide(me: Account, line: ImportLine, _target: int | None) -> bool:
    mine = sa.exists().where(HiddenDomain.account_id == me.id, HiddenDomain.domain == line.subject)
    if session.scalar(sa.select(mine)):
        return False
    domains.hide(me, line.subject)
    return True


def _keep(me: Account, _line: ImportLine, target: int | None) -> bool:
    post = posts.by_id(target or 0)
    if post is None or not session.scalar(sa.select(sa.exists().where(Post.id == post.id, visible(me)))):
        raise errors.NotFound("There is no such post.")
    if session.scalar(sa.select(sa.exists().where(Bookmark.account_id == me.id, Bookmark.post_id == post.id))):
        return False
    bookmarks.keep(me, post)
    return True


def _list(me: Account, line: ImportLine, target: int | None) -> bool:
    other, title = accounts.get(target or 0), line.more["list"]
    wanted = next((each for each in lists.of(me) if each.title == title), None) or lists.make(me, title)
    on = sa.exists().where(ListMember.list_id == wanted.id, ListMember.account_id == other.id)
    if session.scalar(sa.select(on)):
        return False
    if other.id != me.id and follows.find(me, other) is None:
        follows.ask(me, other)
    lists.add(wanted, [other.id])
    return True


DO: dict[str, Callable[[Account, ImportLine, int | None], bool]] = {
    csv_files.FOLLOWING: _follow,
    csv_files.BLOCKING: _block,
    csv_files.MUTING: _mute,
    csv_files.DOMAINS: _hide,
    csv_files.BOOKMARKS: _keep,
    csv_files.LISTS: _list,
}
