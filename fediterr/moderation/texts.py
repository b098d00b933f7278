"""Texts of the operator: the extended description, the privacy policy, the terms of service with their dates."""

import importlib.resources
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, markup, site, text
from fediterr.core.db import session
from fediterr.moderation import complaints, journal
from fediterr.moderation.models import Text

WRITTEN_AT = datetime(2026, 11, 24, tzinfo=UTC)  # the texts that stand in for those of an operator
LANGUAGES = ("fr", "en")


class Kind(StrEnum):
    DESCRIPTION = "extended_description"
    PRIVACY = "privacy_policy"
    TERMS = "terms_of_service"


class Said(NamedTuple):
    """A text as it is read."""

    content: str
    updated_at: datetime


def as_html(words: str) -> str:
    """What was typed, as HTML: it may be HTML already, else a blank line makes a paragraph."""
    return words if words.lstrip().startswith("<") else text.compose(words, mentions={}, tag_url=site.tag_page)


def as_typed(html: str) -> str:
    """A text as it can be typed again: plain when that says all of it."""
    plain = text.plain(html)
    return plain if as_html(plain) == html else html


def put(kind: Kind, html: str, *, effective_on: date | None = None, actor: Account | None = None) -> Text:
    """Give a text the place of the one before; terms of another date stand beside those there are."""
    content = text.clean(html)
    if not text.plain(content):
        raise complaints.blank("Text")
    if len(html) > text.LIMIT:
        raise complaints.too_long("Text", text.LIMIT)
    day = (effective_on or today()) if kind == Kind.TERMS else date.min.replace(year=1970)
    found = session.scalar(sa.select(Text).where(Text.kind == kind, Text.effective_on == day))
    made = found or Text(kind=kind, effective_on=day)
    made.content, made.updated_at = content, clock.now()
    session.add(made)
    journal.write_down(actor, f"write_{kind}", day.isoformat() if kind == Kind.TERMS else kind)
    return made


def forget(kind: Kind, *, effective_on: date | None = None, actor: Account | None = None) -> None:
    """Take a text away; terms of one date, or all of them."""
    wanted = sa.delete(Text).where(Text.kind == kind)
    session.execute(wanted.where(Text.effective_on == effective_on) if effective_on else wanted)
    journal.write_down(actor, f"forget_{kind}", effective_on.isoformat() if effective_on else kind)


def every() -> list[Text]:
    """All that were written, by kind and date."""
    return list(session.scalars(sa.select(Text).order_by(Text.kind, Text.effective_on)))


def description() -> Said:
    """What the operator says about this server at length; in one sentence when nothing was written."""
    short = site.settings().description
    return _of(Kind.DESCRIPTION) or Said(f"<p>{markup.escape(short)}</p>" if short else "", WRITTEN_AT)


def privacy_policy(language: str) -> Said:
    """Never empty: people have a right to know."""
    return _of(Kind.PRIVACY) or Said(_default(Kind.PRIVACY, language), WRITTEN_AT)


def _of(kind: Kind) -> Said | None:
    found = session.scalar(sa.select(Text).where(Text.kind == kind).order_by(Text.effective_on.desc()).limit(1))
    return Said(found.content, found.updated_at) if found else None


def _default(kind: Kind, language: str) -> str:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    file = importlib.resources.files("fediterr") / "moderation" / "defaults" / f"{kind}.{chosen}.html"
    return text.clean(file.read_text(encoding="utf-8"))


# --- terms of service ----------------------------------------------------------------------------------------------


def terms(day: date | None = None) -> Text:
    """The terms of that date; without one those in force, else the next. NotFound when there are none."""
    if day is not None:
        found = session.scalar(sa.select(Text).where(Text.kind == Kind.TERMS, Text.effective_on == day))
    else:
        every = all_terms()
        past = [each for each in every if each.effective_on <= today()]
        found = past[-1] if past else next(iter(every), None)
    if found is None:
        raise errors.NotFound("There are no such terms.")
    return found


def successor(of: Text) -> Text | None:
    """The terms that take the place of these."""
    return next((each for each in all_terms() if each.effective_on > of.effective_on), None)


def today() -> date:
    return clock.now().date()


def all_terms() -> list[Text]:
    """Every version, by its date."""
    return list(session.scalars(sa.select(Text).where(Text.kind == Kind.TERMS).order_by(Text.effective_on)))
