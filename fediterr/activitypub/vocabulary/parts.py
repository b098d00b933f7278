"""What only some objects have: a poll, a place, the details of an event."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fediterr.activitypub.vocabulary import shapes
from fediterr.activitypub.vocabulary.shapes import Document, Limits

_DURATION: Final = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d{1,9})?S)?)?")


@dataclass(frozen=True, slots=True)
class PollOption:
    name: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A Question: `multiple` when one may choose several; `closed` says it is over even when nobody says since when."""

    options: tuple[PollOption, ...]
    multiple: bool
    ends_at: datetime | None
    closed: bool
    closed_at: datetime | None
    voters: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event is held: degrees for the coordinates, one line for the address."""

    name: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    url: str | None


@dataclass(frozen=True, slots=True)
class EventDetails:
    """What Mobilizon, Gancio and FEP-8a8e say of an event besides its date and place."""

    status: str | None
    join_mode: str | None
    timezone: str | None
    online: bool
    capacity: int | None
    participants: int | None
    participation_url: str | None


@dataclass(frozen=True, slots=True)
class QuotePolicy:
    """Whose quotes are accepted at once, and whose are looked at first: ids of actors and collections (FEP-044f)."""

    automatic: tuple[str, ...]
    manual: tuple[str, ...]


def quote_policy(value: object, limits: Limits) -> QuotePolicy | None:
    """What an `interactionPolicy` says of quotes; None when it says nothing. GoToSocial first called it `always`."""
    said = value.get("canQuote") if isinstance(value, dict) else None
    if not isinstance(said, dict):
        return None
    at_once, later = said.get("automaticApproval", said.get("always")), said.get("manualApproval")
    if later is None:
        later = said.get("approvalRequired", said.get("withApproval"))
    return QuotePolicy(shapes.recipients(at_once, limits.recipients), shapes.recipients(later, limits.recipients))


def poll(document: Document, limits: Limits) -> Poll | None:
    """The poll of a Question; None when it offers nothing to choose."""
    multiple = bool(document.get("anyOf"))
    options = []
    for entry in shapes.many(document.get("anyOf") or document.get("oneOf"))[: limits.poll_options]:
        name = shapes.line(entry.get("name"), limits.name) if isinstance(entry, dict) else None
        if name:
            votes = shapes.total(entry.get("replies"))
            if votes is None:
                votes = shapes.count(entry.get("_misskey_votes")) or 0
            options.append(PollOption(name, votes))
    if not options:
        return None
    closed = document.get("closed")
    closed_at = shapes.moment(closed)
    return Poll(
        options=tuple(options),
        multiple=multiple,
        ends_at=shapes.moment(document.get("endTime")),
        closed=closed is True or closed_at is not None,
        closed_at=closed_at,
        voters=shapes.count(document.get("votersCount")),
    )


def place(value: object, limits: Limits) -> Place | None:
    """A place from its name, a Place, or a list of them (the first that says something)."""
    for entry in shapes.many(value)[:8]:
        if isinstance(entry, str) and (name := shapes.line(entry, limits.name)):
            return Place(name, None, None, None, None)
        if isinstance(entry, dict):
            found = Place(
                name=shapes.line(entry.get("name"), limits.name),
                address=_address(entry.get("address"), limits),
                latitude=_degrees(entry.get("latitude"), 90),
                longitude=_degrees(entry.get("longitude"), 180),
                url=shapes.web_url(entry.get("url")),
            )
            if found.name or found.address or found.url or found.latitude is not None:
                return found
    return None


def _address(value: object, limits: Limits) -> str | None:
    """A postal address (schema.org) on one line, as one would write it on a letter."""
    if not isinstance(value, dict):
        return shapes.line(value, limits.name)
    value = shapes.require(value)
    street, code, town, region, country = (
        shapes.line(value.get(name), limits.name)
        for name in ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
    )
    parts = (street, " ".join(filter(None, (code, town))), region, country)
    return ", ".join(filter(None, parts))[: limits.name] or None


def _degrees(value: object, most: int) -> float | None:
    """Degrees, as a number or as Pixelfed's string."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, str))
        or (isinstance(value, str) and len(value) > 24)
    ):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if -most <= degrees <= most else None


def event(document: Document) -> EventDetails:
    """The details of an Event, each None when nothing is said."""
    # Mobilizon says 0 for "as many as wish to come".
    capacity = shapes.count(document.get("maximumAttendeeCapacity")) or None
    return EventDetails(
        status=shapes.line(document.get("eventStatus") or document.get("status"), 64),
        join_mode=shapes.line(document.get("joinMode"), 64),
        timezone=shapes.line(document.get("timezone"), 64),
        online=document.get("isOnline") is True,
        capacity=capacity,
        participants=shapes.count(document.get("participantCount")),
        participation_url=shapes.web_url(document.get("externalParticipationUrl")),
    )


def duration(value: object) -> int | None:
    """Seconds, from `PT19M5S` (ISO 8601)."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) and len(value) < 64 else None
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
