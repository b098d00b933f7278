"""Proving the machine: room on its disk, and a clock that is right."""

import ctypes
import shutil
import sys
from collections.abc import Iterator

import sqlalchemy as sa

from fediterr.core import clock, db, site
from fediterr.core.checks.findings import Finding

ROOM = 1 << 30  # bytes of a disk below which files soon have none
DRIFT = 30  # seconds between two clocks of one server
TIMEX = 1024  # bytes: more than the structure that the kernel fills in
UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def check_disk() -> Iterator[Finding]:
    if not site.settings().data_dir.is_dir():
        return  # told by the check of the data directory
    free = shutil.disk_usage(site.settings().data_dir).free
    if free < ROOM:
        yield Finding(
            f"Only {free >> 20} MiB are free on the disk of the data directory.",
            "Make room, or put the data directory on a larger disk: without room nothing is kept any more.",
        )


def check_clock() -> Iterator[Finding]:
    """Signatures and links hold for a while only: a clock that is wrong refuses what is right."""
    if db.dialect() == "postgresql":
        with db.glance() as connection:
            apart = abs((connection.execute(sa.text("SELECT now()")).scalar_one() - clock.now()).total_seconds())
        if apart > DRIFT:
            yield Finding(
                f"The clocks of this machine and of its database are {round(apart)} seconds apart.",
                "Have both follow the time of the network (NTP), for instance with chrony or systemd-timesyncd.",
            )
    if _is_left_alone():
        yield Finding(
            "The clock of this machine does not follow the time of the network.",
            "Turn that on, for instance with `timedatectl set-ntp true`: other servers refuse a clock that is wrong.",
            stops=False,
        )


def _is_left_alone() -> bool:
    """Whether the kernel says that nothing corrects its clock; it is asked, and nothing is set."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX)) == UNSYNCHRONISED)
