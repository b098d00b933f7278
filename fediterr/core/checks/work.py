"""Proving the work behind: a worker is there, and nothing waits for long."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from fediterr.core import beats, clock, facts, mail
from fediterr.core.checks.findings import Finding
from fediterr.core.db import session

SILENCE = timedelta(minutes=3)  # a worker gives a sign of life every thirty seconds
BEHIND = timedelta(minutes=10)


def check_worker() -> Iterator[Finding]:
    last = beats.last()
    if last is None:
        yield Finding(
            "No worker has given a sign of life yet.",
            "Run `fediterr serve`, or `fediterr worker` and `fediterr scheduler` beside the web part; wait a minute.",
        )
    elif clock.now() - last > SILENCE:
        yield Finding(
            f"No worker has given a sign of life since {last:%Y-%m-%d %H:%M} (UTC).",
            "Start `fediterr worker` and `fediterr scheduler` again, and look into their log.",
        )


def check_queue() -> Iterator[Finding]:
    oldest = session.scalar(sa.select(sa.func.min(facts.Told.told_at)).where(facts.Told.set_aside_at.is_(None)))
    if oldest is not None and clock.now() - oldest > BEHIND:
        minutes = int((clock.now() - oldest).total_seconds() // 60)
        yield Finding(
            f"Work waits for {minutes} minutes.", "Look whether the worker is there, or give it more threads."
        )
    late = session.scalar(sa.select(sa.func.count(mail.Letter.id)).where(mail.Letter.tries > 1)) or 0
    if late:
        yield Finding(
            f"The mail server refused {late} letters, which are tried again.", "Look at what it said, in the log."
        )
