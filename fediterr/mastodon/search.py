"""Search: people, posts by their address, hashtags; what is not known is fetched when the client asks for that."""

import re
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import resolver
from fediterr.core import errors, site, text
from fediterr.core.db import session
from fediterr.mastodon import accounts as shown
from fediterr.mastodon import entities, pages, routes, tags
from fediterr.social import posts, timelines
from fediterr.social.models import Follow, Post, PostTag, Visibility

LONGEST = 2000  # characters of a question
_PAGE = re.compile(r"/@(?P<name>[\w.-]+)(?:/(?P<post>\d{1,18}))?/?")


@routes.get("/api/v2/search", "read:search", anyone=True)
def search() -> Any:
    sent = routes.sent()
    words, kind = _words(), sent.text("type")
    found = _named(words)
    answer: dict[str, list[entities.Entity]] = {"accounts": [], "statuses": [], "hashtags": []}
    if isinstance(found, Post):
        if kind in (None, "statuses"):
            answer["statuses"] = entities.statuses(timelines.whole([found.id], routes.viewer()), routes.viewer())
        return answer
    if kind in (None, "accounts"):
        answer["accounts"] = shown.people(_people(words, found))
    if kind in (None, "hashtags"):
        answer["hashtags"] = tags.shown(_tags(words))
    return answer


@routes.get("/api/v1/accounts/search", "read:accounts")
def search_accounts() -> Any:
    words = _words()
    found = _named(words)
    return shown.people(_people(words, found if isinstance(found, Account) else None))


def _words() -> str:
    words = (routes.sent().text("q") or "").strip()[:LONGEST]
    if not words:
        raise errors.Invalid("There is nothing to look for.")
    return words


def _named(words: str) -> Account | Post | None:
    """What a handle or an address names exactly; asked of its server when the client wants that and has a token."""
    address = words.startswith(("https://", "http://"))
    handle = not address and "@" in words.removeprefix("@") and " " not in words
    if address and site.is_here(words):
        return _here(words.removeprefix(site.settings().base_url)) or resolver.look_up(words)
    if not (address or handle):
        return None
    if routes.viewer() is not None and routes.sent().flag("resolve") and not routes.sent().number("offset"):
        return resolver.look_up(words)
    return posts.by_uri(words) or accounts.by_uri(words) if address else accounts.by_handle(words)


def _here(path: str) -> Account | Post | None:
    """What a page of this server shows."""
    match = _PAGE.fullmatch(path)
    if not match:
        return None
    return posts.by_id(int(match["post"])) if match["post"] else accounts.by_handle(match["name"])


def _people(words: str, first: Account | None) -> list[Account]:
    """Who was named exactly, then others that match."""
    sent = routes.sent()
    limit, offset = pages.limit(pages.ACCOUNTS), max(0, sent.number("offset") or 0)
    matching = [] if "/" in words else accounts.search(words, limit, offset)
    people = [each for each in dict.fromkeys([first, *matching]) if each is not None and each.active]
    if sent.flag("following"):
        asked = sa.select(Follow.target_id).where(Follow.follower_id == routes.me().id, Follow.accepted)
        followed = set(session.scalars(asked.where(Follow.target_id.in_([each.id for each in people]))))
        people = [each for each in people if each.id in followed]
    return people[:limit]


def _tags(words: str) -> list[str]:
    """Hashtags of public posts that begin so, as they are filed."""
    folded = text.fold_tag(words)
    if not folded or not re.fullmatch(r"\w+", folded):
        return []
    listed = (
        sa.select(PostTag.tag)
        .join(Post, Post.id == PostTag.post_id)
        .where(PostTag.tag.startswith(folded, autoescape=True), Post.visibility == Visibility.PUBLIC)
        .distinct()
        .order_by(PostTag.tag)
        .limit(pages.limit(pages.STATUSES))
    )
    return list(session.scalars(listed))
