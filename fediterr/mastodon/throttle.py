"""How much an application may ask, in Mastodon's numbers, and what it is told of that with every answer."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import flask
from flask import Response, request

from fediterr.core import clock, errors, limits, site
from fediterr.mastodon import routes

MINUTE = 60
MEDIA = re.compile(r"/api/v[12]/media/?")
DELETED = re.compile(r"/api/v1/statuses/\d+(/unreblog)?/?")


class Limit(NamedTuple):
    """At most so many requests in so many seconds, of those for which `key` names somebody."""

    name: str
    most: int
    seconds: int
    key: Callable[[], str | None]


def _token() -> str | None:
    token = routes.token()
    return str(token.id) if token else None


def _user() -> str | None:
    token = routes.token()
    return str(token.user_id) if token and token.user_id else None


def _place() -> str:
    return limits.network_of(request.remote_addr)


def _stranger() -> str | None:
    return _place() if routes.token() is None else None


def _sender_of_files() -> str | None:
    return _user() if request.method == "POST" and MEDIA.fullmatch(request.path) else None


def _deleter() -> str | None:
    found = DELETED.fullmatch(request.path)
    return _user() if found and request.method == ("POST" if found[1] else "DELETE") else None


def _posts_to(path: str) -> bool:
    return request.method == "POST" and request.path.rstrip("/") == path


def _registrar() -> str | None:
    return _place() if _posts_to("/api/v1/apps") else None


def _newcomer() -> str | None:
    return _place() if _posts_to("/api/v1/accounts") else None


def _addressee() -> str | None:
    return _user() if _posts_to("/api/v1/emails/confirmations") else None


LIMITS = (
    Limit("api by token", 300, 5 * MINUTE, _token),
    Limit("api by user", 1500, 5 * MINUTE, _user),
    Limit("api by place", 300, 5 * MINUTE, _stranger),
    Limit("files by user", 30, 30 * MINUTE, _sender_of_files),
    Limit("deletes by user", 30, 30 * MINUTE, _deleter),
    Limit("applications by place", 5, 10 * MINUTE, _registrar),
    Limit("accounts by place", 5, 30 * MINUTE, _newcomer),
    Limit("letters by user", 5, 30 * MINUTE, _addressee),
)


def admit() -> None:
    """Count this request; TooMany when it is one too many."""
    if not site.settings().rate_limits:
        return
    flask.g.taken = nearest = min(_taken(), key=lambda taken: taken.left)
    if nearest.wait:
        raise errors.TooMany("Too many requests", retry_after=math.ceil(nearest.wait))


def _taken() -> Iterator[limits.Taken]:
    for limit in LIMITS:
        key = limit.key()
        if key is not None:
            yield limits.count(limit.name, key, most=limit.most, seconds=limit.seconds)


def tell(response: Response) -> None:
    """What is left, of the limit that is nearest."""
    taken: limits.Taken | None = flask.g.get("taken")
    if taken is not None:
        ends = (clock.now() + timedelta(seconds=taken.ends)).astimezone(UTC)
        response.headers["X-RateLimit-Limit"] = str(taken.most)
        response.headers["X-RateLimit-Remaining"] = str(taken.left)
        response.headers["X-RateLimit-Reset"] = _written(ends)


def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
