"""Lists in parts: which part a client asks for, and the addresses of the parts before and after."""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import Response, request

from fediterr.core import site
from fediterr.core.paging import Page
from fediterr.mastodon import routes

STATUSES = 20
ACCOUNTS = 40
OWN_WORDS = ("max_id", "since_id", "min_id", "access_token")  # of an address, which its neighbours do not repeat


class Numbered(Protocol):
    @property
    def id(self) -> Any: ...


def wanted(usual: int = STATUSES) -> Page:
    """The part asked for; as many as usual when nothing is said, twice that at most."""
    sent = routes.sent()
    return Page(limit(usual), sent.number("max_id"), sent.number("since_id"), sent.number("min_id"))


def limit(usual: int) -> int:
    asked = routes.sent().number("limit")
    return min(asked, 2 * usual) if asked and asked > 0 else usual


def answer(shown: Any, rows: Sequence[Numbered], page: Page, *, before: str = "min_id") -> Response:
    """The part `rows` as it is shown, with the addresses of its neighbours (RFC 8288) as Mastodon writes them.

    Lists of people lead to what came after them by `before="since_id"`.
    """
    made = routes.as_json(shown)
    links = []
    if len(rows) >= page.limit:
        links.append(f'<{_address("max_id", rows[-1].id)}>; rel="next"')
    if rows:
        links.append(f'<{_address(before, rows[0].id)}>; rel="prev"')
    if links:
        made.headers["Link"] = ", ".join(links)
    return made


def _address(bound: str, identifier: int) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in OWN_WORDS]
    return f"{site.address(request.path)}?{urlencode([*kept, (bound, str(identifier))])}"
