"""Carrying out the lists that people bring along: who and what they name is looked up, one after the other."""

import logging
import time
from urllib.parse import urlsplit

from fediterr.activitypub import resolver
from fediterr.core import broker, db, errors
from fediterr.social import csv_files, imports

SECONDS = 50.0  # for one import, before another one has its turn
FETCHES = 6  # documents that one line may cost
NOBODY = (csv_files.DOMAINS,)  # kinds for which nothing is looked up

log = logging.getLogger(__name__)


def run() -> None:
    """Carry out what waits, until nothing does."""
    while not broker.stopping.is_set() and (identifier := imports.take()) is not None:
        _carry_out(identifier)
        imports.rest(identifier)


def _carry_out(identifier: int) -> None:
    until, silent = time.monotonic() + SECONDS, set[str]()
    while time.monotonic() < until and not broker.stopping.is_set():
        if imports.clear_next(identifier):
            continue
        task = imports.next_task(identifier)
        if task is None:
            return
        _do(task, silent)
        db.give_way()


def _do(task: imports.Task, silent: set[str]) -> None:
    """One line; the lines about a server that has just not answered wait, too."""
    host = _host(task.subject)
    try:
        if host in silent:
            raise errors.Unreachable  # noqa: TRY301 (as if it had been asked)
        with resolver.budget(FETCHES):
            target = _find(task)
        imports.carry_out(task, target)
    except errors.Unreachable:
        db.end()
        silent.add(host)
        imports.put_off(task)
    except errors.Problem as problem:
        db.end()
        imports.fail(task, problem)
    except Exception:
        log.exception("a line of an import was not done", extra={"line": task.line_id})
        db.end()
        imports.fail(task, None)
    finally:
        db.end()


def _find(task: imports.Task) -> int | None:
    """The id of whom or what a line names."""
    if task.kind in NOBODY:
        return None
    try:
        found = resolver.post(task.subject) if task.kind == csv_files.BOOKMARKS else resolver.named(task.subject)
        return found.id
    finally:
        db.end()


def _host(subject: str) -> str:
    return urlsplit(subject).netloc if "://" in subject else subject.rpartition("@")[2]
