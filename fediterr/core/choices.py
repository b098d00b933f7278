"""What administrators choose on the pages: settings kept in the database, over the defaults.

The operator's file and the environment win: what they give is `Settings.fixed`, shown on the pages, not changed there.
Every process reads the choices again after a few seconds; the one that changes them, after the commit.
"""

import dataclasses
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from fediterr.core import db, errors, memory
from fediterr.core import settings as given
from fediterr.core.db import Model, session
from fediterr.core.settings import Settings

LATELY = 5  # seconds for which a process trusts what it read
MEMORY = "choices"
CHOOSABLE = frozenset(
    {
        "name",
        "description",
        "place",
        "territory_code",
        "contact_email",
        "language",
        "registrations",
        "require_second_factor",
        "federation_mode",
        "show_domain_blocks",
        "accent_color",
        "logo",
        "legal_publisher",
        "legal_publisher_address",
        "legal_director",
        "legal_host",
        "legal_dpo",
        "legal_accessibility_state",
        "legal_accessibility_rate",
        "legal_accessibility_date",
        "legal_accessibility_auditor",
        "legal_accessibility_gaps",
        "legal_accessibility_burden",
        "legal_accessibility_exempt",
        "legal_accessibility_contact",
        "legal_accessibility_plan",
        "legal_accessibility_year_plan",
        "legal_ecodesign",
    }
)


class Choice(Model):
    """One setting that an administrator has chosen, as text."""

    __tablename__ = "choices"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def over(base: Settings) -> Settings:
    """These settings with what was chosen."""
    until, found = memory.recall(MEMORY, (0.0, base))
    if time.monotonic() < until:
        return found  # type: ignore[no-any-return]
    found = dataclasses.replace(base, **_read(base))
    memory.keep(MEMORY, (time.monotonic() + LATELY, found))
    return found


def _read(base: Settings) -> dict[str, Any]:
    """What was chosen and is not fixed; nothing where the database is away, or older than its choices."""
    try:
        with db.glance() as connection:
            rows = connection.execute(sa.select(Choice.name, Choice.value)).all()
    except sa.exc.SQLAlchemyError:
        return {}
    return {name: given.read(name, value) for name, value in rows if name in CHOOSABLE - base.fixed}


def put(base: Settings, chosen: dict[str, str]) -> None:
    """Choose these settings, by their texts; one that is as it is already is left alone.

    Raises Invalid for a value that does not suit, Conflict for what the operator's file or the environment fixes.
    """
    for name, value in chosen.items():
        if name not in CHOOSABLE:
            raise ValueError(f"{name} is not chosen on pages")
        if given.read(name, value) == getattr(over(base), name):
            continue
        if name in base.fixed:
            raise errors.Conflict("This is fixed by the settings file or the environment of this server.")
        session.merge(Choice(name=name, value=value))
    session.flush()
    session.info["chosen"] = True


@event.listens_for(session, "after_commit")
def _renew(committed: Session) -> None:
    if committed.info.pop("chosen", False):
        memory.forget(MEMORY)
