"""All checks, in the order in which they are shown; those that look outside are made side by side, in bounded time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import sqlalchemy as sa
from flask import Flask
from flask.globals import app_ctx

from fediterr.core.checks import given, machine, public, work
from fediterr.core.checks.findings import Finding

Check = Callable[[], Iterator[Finding]]
Found = dict[str, list[Finding] | None]  # by the name of a check; None when one before had to be well first

SECONDS = 9  # for all of them

# What holds before the server runs.
SETTINGS: dict[str, Check] = {
    "data directory": given.check_data_dir,
    "database": given.check_database,
    "schema": given.check_schema,
    "broker": given.check_broker,
    "redis": given.check_redis,
    "mail": given.check_mail,
    "address": given.check_address,
    "secret key": given.check_secret,
}
# What holds once it runs. In each row, those that follow are made when those before are well.
ROWS: tuple[dict[str, Check], ...] = (
    {
        "address": given.check_address,
        "name": public.check_name,
        "certificate": public.check_certificate,
        "answer": public.check_answer,
    },
    {"mail": given.check_mail},
    {"worker": work.check_worker, "queue": work.check_queue},
    {"broker": given.check_broker, "redis": given.check_redis},
    {"database": given.check_database, "schema": given.check_schema, "clock": machine.check_clock},
    {"data directory": given.check_data_dir, "disk": machine.check_disk, "secret key": given.check_secret},
)


def run() -> Found:
    """Make all checks of a server that runs."""
    app = app_ctx.app
    pool = ThreadPoolExecutor(len(ROWS), "checks")
    found: Found = {name: None for row in ROWS for name in row}
    rows: list[Future[None]] = [pool.submit(_walk, app, row, found) for row in ROWS]
    late = wait(rows, SECONDS).not_done
    pool.shutdown(wait=False)
    for row, future in zip(ROWS, rows, strict=True):
        if future in late:
            name = next((each for each in row if found[each] is None), "")
            found |= {name: [_slow()]} if name else {}
        else:
            future.result()
    return found


def _walk(app: Flask, row: dict[str, Check], found: Found) -> None:
    with app.app_context():
        for name, look in row.items():
            try:
                found[name] = findings = list(look())
            except sa.exc.DBAPIError:
                return  # told by the check of the database
            if any(each.stops for each in findings):
                return


def _slow() -> Finding:
    return Finding(f"There was no answer in {SECONDS} seconds.", "Try again; else look at the network of this machine.")
