"""Figures of this server for those who look after it: measures, dimensions, retention."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from fediterr.accounts.models import Role
from fediterr.core import clock, errors, text
from fediterr.mastodon import admin_entities, routes
from fediterr.mastodon.entities import Entity
from fediterr.mastodon.instance import language_name
from fediterr.moderation import complaints, figures, shares

USUAL = timedelta(days=29)
LIMIT = 10
KEYS = 50


@routes.post("/api/v1/admin/measures", "admin:read", role=Role.MODERATOR)
def measures() -> Any:
    """A number for each day of a period, under each of the names that are asked for."""
    period = _period()
    found = (figures.measure(key, period, _about(key)) for key in routes.sent().texts("keys")[:KEYS])
    return [_measure(each) for each in found if each is not None]


def _measure(found: figures.Measure) -> Entity:
    made: Entity = {
        "key": found.key,
        "unit": found.unit,
        "total": str(found.total),
        "previous_total": str(found.previous),
        "data": [{"date": admin_entities.midnight(day), "value": str(value)} for day, value in found.by_day.items()],
    }
    return {**made, "human_value": human_bytes(found.total)} if found.unit == "bytes" else made


@routes.post("/api/v1/admin/dimensions", "admin:read", role=Role.MODERATOR)
def dimensions() -> Any:
    """What makes up the whole, under each of the names that are asked for."""
    sent, period = routes.sent(), _period()
    limit = sent.number("limit") or LIMIT
    found = {key: shares.shares(key, period, _about(key), limit) for key in sent.texts("keys")[:KEYS]}
    return [
        {"key": key, "data": [_share(key, each) for each in parts]} for key, parts in found.items() if parts is not None
    ]


def _share(key: str, share: shares.Share) -> Entity:
    name = share.name or (language_name(share.key) if key.endswith("languages") else "")
    made: Entity = {"key": share.key, "human_key": name or share.key, "value": str(share.value)}
    if key == "software_versions":
        made["human_value"] = str(share.value)
    if share.unit == "bytes":
        made |= {"unit": "bytes", "human_value": human_bytes(int(share.value))}
    return made


@routes.post("/api/v1/admin/retention", "admin:read", role=Role.MODERATOR)
def retention() -> Any:
    """Of those who came in each period, how many were here in each period since."""
    frequency = routes.sent().text("frequency") or "day"
    if frequency not in ("day", "month"):
        raise complaints.unlisted("Frequency")
    return [
        {
            "period": admin_entities.midnight(cohort.start),
            "frequency": frequency,
            "data": [
                {
                    "date": admin_entities.midnight(day),
                    "rate": active / cohort.size if cohort.size else 0.0,
                    "value": str(active),
                }
                for day, active in cohort.active.items()
            ],
        }
        for cohort in figures.retention(_period(figures.RETENTION), monthly=frequency == "month")
    ]


def _period(longest: timedelta = figures.LONGEST) -> figures.Period:
    today = clock.now().date()
    last = _day("end_at") or today
    first = _day("start_at") or max(last, date(1970, 2, 1)) - USUAL
    return figures.Period.of(first, last, longest)


def _day(name: str) -> date | None:
    words = (routes.sent().text(name) or "").strip()
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        raise errors.Invalid("Invalid date supplied") from None


def _about(key: str) -> figures.About:
    """What a figure is about comes under its own name: a hashtag, or a server."""
    part = routes.sent().part(key)
    return figures.About(
        tag=text.fold_tag(part.text("id") or ""),
        domain=(part.text("domain") or "").strip().lower(),
        with_subdomains=bool(part.flag("include_subdomains")),
    )


def human_bytes(number: int) -> str:
    """`1.5 MB`, as people read it."""
    size, unit = float(number), "Bytes"
    for unit in ("Bytes", "KB", "MB", "GB", "TB"):
        if size < 1024 or unit == "TB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if size == int(size) else f"{size:.1f} {unit}"
