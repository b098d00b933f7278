"""Completing profiles: the pinned posts of one of elsewhere; links proven by rel=me, for everybody."""

from contextlib import suppress
from html.parser import HTMLParser

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, resolver, vocabulary, voice
from fediterr.core import db, errors, text
from fediterr.core.db import session
from fediterr.social import follows, posts

PINS_READ = 10
PAGE_BYTES = 512 * 1024


def complete(uri: str) -> None:
    """Read the pinned posts of an actor and check the links of its profile."""
    account = accounts.by_uri(uri)
    if account is None:
        return
    if not account.local and account.featured_uri and vocabulary.same_origin(account.featured_uri, account.uri):
        with suppress(errors.Problem):  # a profile without pinned posts is complete, too
            _read_pins(account)
    _check_links(account)


def _read_pins(account: Account) -> None:
    collection = resolver.fetch_collection(account.featured_uri or "")
    wanted = []
    for item in collection.items[:PINS_READ]:
        if item.id and vocabulary.same_origin(item.id, account.uri):
            with suppress(errors.Problem):  # one pinned post less
                post = posts.by_uri(item.id) or resolver.fetch_post(item.id)
                if post.author_id == account.id:
                    wanted.append(post.id)
    with db.transaction():
        account = accounts.get(account.id)
        before = {post.id: post for post in posts.pinned(account, account)}
        for identifier in wanted[::-1]:
            if identifier not in before:
                posts.pin(account, posts.get(identifier))
        for identifier, post in before.items():
            if identifier not in wanted:
                posts.unpin(account, post)


def _check_links(account: Account) -> None:
    """A field whose page links back with rel=me is proven."""
    proven = []
    for field in account.fields[:8]:
        url = text.plain(field["value"]).strip()
        if field.get("verified_at") or not url.startswith("https://"):
            continue
        with suppress(errors.Problem):
            if points_back(url, {account.url, account.uri}):
                proven.append(field["value"])
    if proven:
        with db.transaction():
            accounts.verify_fields(session.merge(account), proven)


def points_back(url: str, addresses: set[str]) -> str | None:
    """Where the page was found at last, when it points to one of these addresses with rel=me. Raises Problems."""
    with db.aside():
        answer = voice.client().get(url, accept="text/html", limit=PAGE_BYTES)
    if answer.status >= 500 or answer.status == 429:  # it says nothing of its links today
        raise errors.Unreachable(f"{url} answers {answer.status}")
    return answer.url if answer.status == 200 and _links_back(answer.body, addresses) else None


def _links_back(page: bytes, addresses: set[str]) -> bool:
    reader = _MeLinks()
    reader.feed(page.decode("utf-8", "replace"))
    return bool(reader.found & addresses)


class _MeLinks(HTMLParser):
    """Collects the targets of links with rel=me."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in ("a", "link") and "me" in (named.get("rel") or "").lower().split():
            self.found.add(named.get("href") or "")


def ask_to_complete(fact: accounts.AccountUpdated) -> None:
    """A profile changed: its links are proven anew."""
    account = accounts.get(fact.account_id)
    if any(not field.get("verified_at") for field in account.fields):
        known.ask_for("profile", account.uri)


def ask_to_read(fact: follows.FollowAccepted) -> None:
    """Somebody of here follows somebody of elsewhere: the rest of their profile is worth reading."""
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if follower.local and not target.local:
        known.ask_for("profile", target.uri)
