"""Search: people, posts, hashtags; what is not known is fetched when the client asks for that."""

import re
from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import errors, site
from fediterr.mastodon import accounts as shown
from fediterr.mastodon import entities, pages, routes, tags
from fediterr.social import former, names, posts, timelines
from fediterr.social import search as found
from fediterr.social.models import Post

MISSING = "param is missing or the value is empty: q"
UNSIGNED = "Search queries {} are not supported without authentication"
_PAGE = re.compile(r"/@(?P<name>[\w.-]+)(?:/(?P<post>\d{1,18}))?/?")


@routes.get("/api/v2/search", "read:search", anyone=True)
def search() -> Any:
    answer = _answer()
    return {**answer, "hashtags": tags.shown(answer["hashtags"])}


@routes.get("/api/v1/search", "read:search")
def search_as_before() -> Any:
    """The first form: hashtags are names only."""
    return _answer()


@routes.get("/api/v1/accounts/search", "read:accounts")
def search_accounts() -> Any:
    words = _words()
    named = _named(words) if words else None
    return shown.people(_people(words, named if isinstance(named, Account) else None, pages.ACCOUNTS))


def _answer() -> dict[str, list[Any]]:
    """All that is found, of one kind or (offset or not) of every kind."""
    sent, me, words = routes.sent(), routes.viewer(), _words()
    if not words:
        raise errors.Problem(MISSING)
    if me is None and sent.number("offset"):
        raise errors.Unauthorized(UNSIGNED.format("pagination"))
    if me is None and sent.flag("resolve"):
        raise errors.Unauthorized(UNSIGNED.format("that resolve remote resources"))
    kind, named = sent.text("type"), _named(words)
    answer: dict[str, list[Any]] = {"accounts": [], "statuses": [], "hashtags": []}
    if isinstance(named, Post):
        if kind in (None, "statuses"):
            answer["statuses"] = entities.statuses(timelines.whole([named.id], me), me)
        return answer
    if kind in (None, "accounts") and not words.startswith("#"):
        answer["accounts"] = shown.people(_people(words, named, pages.STATUSES))
    if kind in (None, "statuses") and me is not None and not _is_address(words):
        listed = found.posts(me, words, pages.wanted(), offset=_offset(kind), author_id=sent.number("account_id"))
        answer["statuses"] = entities.statuses(listed, me)
    if kind in (None, "hashtags"):
        reviewed = site.settings().trends_review and bool(sent.flag("exclude_unreviewed"))
        answer["hashtags"] = names.tags(words, pages.limit(pages.STATUSES), _offset(kind), reviewed=reviewed)
    return answer


def _words() -> str:
    return (routes.sent().text("q") or "").strip()[: found.LONGEST]


def _offset(kind: str | None) -> int:
    """How many to pass over: only in a list of one kind."""
    return min(max(0, routes.sent().number("offset") or 0), 10**6) if kind else 0


def _is_address(words: str) -> bool:
    return words.startswith(("https://", "http://"))


def _named(words: str) -> Account | Post | None:
    """What a handle or an address names exactly; asked of its server when the client wants that and has a token."""
    handle = not _is_address(words) and "@" in words.removeprefix("@") and " " not in words
    if _is_address(words) and site.is_here(words):
        return here(words.removeprefix(site.settings().base_url)) or resolver.look_up(words)
    if not (_is_address(words) or handle):
        return None
    if routes.viewer() is not None and routes.sent().flag("resolve") and not routes.sent().number("offset"):
        return resolver.look_up(words)
    return former.find(words) or accounts.by_uri(words) if _is_address(words) else accounts.by_handle(words)


def here(path: str) -> Account | Post | None:
    """What a page of this server shows."""
    match = _PAGE.fullmatch(path)
    if not match:
        return None
    return posts.by_id(int(match["post"])) if match["post"] else accounts.by_handle(match["name"])


def _people(words: str, first: Account | None, usual: int) -> list[Account]:
    """Who was named exactly, then others that match."""
    sent, limit = routes.sent(), pages.limit(usual)
    offset, followed = _offset("accounts"), bool(sent.flag("following"))
    matching = [] if "/" in words else names.people(routes.viewer(), words, limit, offset, followed_only=followed)
    named = [first] if first is not None and first.active and not offset and not followed else []
    return list(dict.fromkeys([*named, *matching]))[:limit]
