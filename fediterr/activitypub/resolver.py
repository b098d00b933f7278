"""From an id to the thing: known already, or fetched once from its own server, checked, and stored.

The network is spoken to outside of any transaction; what comes back is stored in one of its own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, ActorKey
from fediterr.activitypub import actors, known, objects, posts, vocabulary, voice
from fediterr.activitypub.models import FailedFetch, Host
from fediterr.core import clock, db, errors, guard, limits, site
from fediterr.core.db import session, upsert
from fediterr.moderation import service as moderation
from fediterr.social import former
from fediterr.social import posts as said
from fediterr.social.models import Post

FORGET_FAILURE = timedelta(minutes=5)
FORGET_REFUSAL = timedelta(hours=1)
KEY_SECONDS = 4.0  # an inbox answers within five
KEYS_PER_ACTOR = {"most": 2, "seconds": 300}  # the first one, and one more when the key has changed
KEYS_PER_HOST = {"most": 10, "seconds": 60}
REPLY_PAGES = 3
WHOLE = replace(vocabulary.LIMITS, items=50_000)  # of a list that must be read whole or not at all

# What a failed fetch is remembered as.
FAILURES: dict[str, type[errors.Problem]] = {
    kind.__name__: kind for kind in (errors.Unreachable, errors.Gone, errors.NotFound, errors.Refused)
}

_budget: ContextVar[list[int] | None] = ContextVar("budget", default=None)


@contextmanager
def budget(fetches: int) -> Iterator[None]:
    """At most so many fetches inside: what one activity of elsewhere may cost us."""
    token = _budget.set([fetches])
    try:
        yield
    finally:
        _budget.reset(token)


def _spend() -> None:
    left = _budget.get()
    if left is not None:
        if left[0] <= 0:
            raise errors.Refused("Enough was fetched for one activity.")
        left[0] -= 1


def _is_spent() -> bool:
    left = _budget.get()
    return left is not None and left[0] <= 0


# --- documents -----------------------------------------------------------------------------------------------------


def fetch(uri: str, *, seconds: float | None = None) -> dict[str, Any]:
    """The ActivityPub document with that id, from the server that the id names.

    Raises Refused when the server is not welcome, refused lately, or answers with something of another server;
    NotFound, Gone and Unreachable as it answered.
    """
    document, url = _get(uri, seconds)
    identifier = document.get("id")
    if identifier == url or (identifier == uri and guard.same_host(uri, url)):
        return document
    if not isinstance(identifier, str) or not vocabulary.origin(identifier):
        raise errors.Refused(f"{uri} has no id.")
    again, url = _get(identifier, seconds)  # an HTML address, or one that led elsewhere: ask at its own place
    if again.get("id") != identifier or not guard.same_host(identifier, url):
        raise errors.Refused(f"{uri} is not what it says it is.")
    return again


def fetch_collection(uri: str, limits_: vocabulary.Limits = vocabulary.LIMITS) -> vocabulary.Collection:
    """A collection or a page of one. Its authority is the address it came from: some give theirs another id."""
    document, url = _get(uri, None)
    if not guard.same_host(uri, url):
        raise errors.Refused(f"{uri} leads to another server.")
    return vocabulary.read_collection(document, limits_)


def _get(uri: str, seconds: float | None) -> tuple[dict[str, Any], str]:
    host = urlsplit(uri).netloc
    if site.is_here(uri) or not moderation.is_welcome(host):
        raise errors.Refused(f"{host} is not to be asked.")
    _spend()
    _recall_failure(uri)
    scheme = session.scalar(sa.select(Host.scheme).where(Host.name == host)) or "cavage"
    signer = voice.instance_signer()
    with db.aside():
        try:
            found = voice.client().fetch(uri, signer=signer, scheme=scheme, seconds=seconds)  # type: ignore[arg-type]
        except (errors.Unreachable, errors.Refused, errors.NotFound) as problem:
            _remember_failure(uri, problem)
            raise
    if not guard.same_host(found.url, uri) and not guard.same_host(found.url, str(found.json.get("id"))):
        raise errors.Refused(f"{uri} leads to another server.")
    if not moderation.is_welcome(urlsplit(found.url).netloc):
        raise errors.Refused(f"{uri} leads to a server that is not to be asked.")
    return found.json, found.url


def _recall_failure(uri: str) -> None:
    """Raise again what came of asking for this lately."""
    failed = session.get(FailedFetch, uri)
    if failed is None or failed.until <= clock.now():
        return
    name, _, message = failed.error.partition(": ")
    kind = FAILURES.get(name, errors.Refused)
    wait = int((failed.until - clock.now()).total_seconds()) + 1 if kind is errors.Unreachable else None
    raise kind(message, retry_after=wait)


def _remember_failure(uri: str, problem: errors.Problem) -> None:
    pause = FORGET_FAILURE if isinstance(problem, errors.Unreachable) else FORGET_REFUSAL
    row = {"uri": uri, "error": f"{type(problem).__name__}: {problem.message}", "until": clock.now() + pause}
    with db.transaction():
        upsert(FailedFetch, [row], {"error": lambda new: new.error, "until": lambda new: new.until})


# --- actors --------------------------------------------------------------------------------------------------------


def account(uri: str) -> Account:
    """The account with that actor id, fetched when it is not known."""
    return accounts.by_uri(uri) or fetch_account(uri)


def fetch_account(uri: str) -> Account:
    """Fetch an actor, prove its handle by WebFinger both ways, store it."""
    return store_actor(vocabulary.read_actor(fetch(uri)))


def store_actor(actor: vocabulary.Actor) -> Account:
    """The same for one that was fetched at its own place."""
    domain, _ = _prove(actor, None)
    with db.transaction():
        return actors.store(actor, domain)


def speaker(uri: str, method: str) -> Account:
    """The account with that actor id while an inbox waits: as bounded as the fetch of a key.

    Also looked at again when it lists no such verification method (FEP-521a), since it may have a new one.
    """
    found = accounts.by_uri(uri)
    if found is None or method not in {key["id"] for key in found.assertion_keys}:
        _recall_failure(uri)
        _count_key(uri)
        until = time.monotonic() + KEY_SECONDS
        found = _store_quickly(vocabulary.read_actor(fetch(uri, seconds=KEY_SECONDS)), until)
    return found


def _store_quickly(actor: vocabulary.Actor, until: float) -> Account:
    """Store an actor; a handle that could not be proven in time is proven later."""
    domain, sure = _prove(actor, until)
    with db.transaction():
        if not sure:
            known.ask_for("account", actor.id)
        return actors.store(actor, domain)


def refresh_account(uri: str) -> None:
    """Read again who somebody is; when their server says that they are gone, they are gone here too."""
    try:
        fetch_account(uri)
    except errors.Gone:
        with db.transaction():
            known_ = accounts.by_uri(uri)
            if known_ is not None and not known_.local:
                actors.forget(known_)


def _prove(actor: vocabulary.Actor, until: float | None) -> tuple[str, bool]:
    """The domain of an actor's handle, and whether that is sure: its own host, unless WebFinger there names another
    domain that confirms it. `until` (seconds of `time.monotonic`) ends the asking."""
    host = urlsplit(actor.id).netloc.lower()
    scheme = urlsplit(actor.id).scheme
    before = accounts.by_uri(actor.id)
    same_name = before is not None and before.name == actor.username
    fallback = before.domain if before is not None and same_name else host
    try:
        jrd = _webfinger(actor.username, host, scheme, until)
    except errors.Unreachable:
        return fallback, False
    except errors.Problem:
        return host, True  # software without WebFinger speaks for its own host all the same
    if not _names(jrd, actor.id):
        raise errors.Refused(f"{actor.username}@{host} is another actor.")
    name, _, domain = (vocabulary.read_webfinger(jrd).handle or "").partition("@")
    if not domain or domain == host or name.lower() != actor.username.lower():
        return host, True
    try:
        confirmed = _webfinger(name, domain, scheme, until)
    except errors.Unreachable:
        return fallback, False
    except errors.Problem:
        return host, True
    return (domain if _names(confirmed, actor.id) else host), True


def _names(jrd: dict[str, Any], uri: str) -> bool:
    links = jrd.get("links")
    return any(
        isinstance(link, dict) and link.get("rel") == "self" and link.get("href") == uri
        for link in (links[:64] if isinstance(links, list) else [])
    )


def _webfinger(name: str, host: str, scheme: str, until: float | None = None) -> dict[str, Any]:
    if site.is_own_host(host) or not moderation.is_welcome(host):
        raise errors.Refused(f"{host} is not to be asked.")
    _spend()
    left = None if until is None else until - time.monotonic()
    if left is not None and left <= 0:
        raise errors.Unreachable(f"{host} was not asked in time.")
    resource = quote(f"acct:{name}@{host}", safe="@:")
    with db.aside():
        return voice.client().fetch_json(f"{scheme}://{host}/.well-known/webfinger?resource={resource}", seconds=left)


def fetch_key(key_id: str) -> ActorKey:
    """The key with that id, from the actor that lists it; Unauthorized when nobody does.

    Raises Unreachable when its server could not be asked just now, NotFound or Gone as it answered, TooMany when its
    server has been asked for many keys already.
    """
    address = key_id.partition("#")[0]
    _recall_failure(address)
    _count_key(address)
    until = time.monotonic() + KEY_SECONDS
    document = fetch(address, seconds=KEY_SECONDS)
    if vocabulary.kind(document) != "actor":  # a key that is served apart: its owner must list it
        held = document.get("publicKey")
        owner = vocabulary.one_id(document.get("owner") or (held.get("owner") if isinstance(held, dict) else None))
        if not owner or not guard.same_host(owner, key_id):
            raise errors.Unauthorized("This key has no owner.")
        document = fetch(owner, seconds=max(0.1, until - time.monotonic()))
    _store_quickly(vocabulary.read_actor(document), until)
    key = session.get(ActorKey, key_id)
    if key is None:
        raise errors.Unauthorized("No actor lists this key.")
    return key


def _count_key(address: str) -> None:
    """Bounds what strangers can make us fetch by signing: by actor, and by server."""
    if limits.wait_for("keys of an actor", address, **KEYS_PER_ACTOR):
        raise errors.Unauthorized("This key was fetched a moment ago, and does not fit.")
    if site.settings().rate_limits:
        wait = limits.wait_for("keys of a server", urlsplit(address).netloc.lower(), **KEYS_PER_HOST)
        if wait:
            raise errors.TooMany("Too many keys of this server are unknown.", retry_after=int(wait) + 1)


# --- posts ---------------------------------------------------------------------------------------------------------


def fetch_post(uri: str, *, fresh: bool = False) -> Post:
    """Fetch a post and its author, and store it; a known one is brought up to date, or deleted when it is gone."""
    try:
        document = fetch(uri)
    except errors.Gone:
        _forget_post(uri)
        raise
    if vocabulary.kind(document) != "object":
        raise errors.Refused(f"{uri} is not a post.")
    obj = vocabulary.read_object(document)
    if obj.type == "Tombstone":
        _forget_post(obj.id)
        raise errors.Gone(f"{uri} was deleted.")
    if obj.attributed_to is None or not vocabulary.same_origin(obj.attributed_to, obj.id):
        raise errors.Refused(f"{uri} has no author on its own server.")
    before = said.by_uri(obj.id)
    author = before.author if before else account(obj.attributed_to)
    if not author.active or said.is_buried(obj.id, author.uri) or obj.is_vote:
        raise errors.Refused(f"{uri} is not wanted.")
    with db.transaction():
        author = accounts.get(author.id)
        if before is not None and (post := said.by_id(before.id)) is not None:
            posts.revise(obj, post)
            return post
        return said.publish(author, objects.as_draft(obj, author, fresh=fresh))


def _forget_post(uri: str) -> None:
    with db.transaction():
        post = said.by_uri(uri)
        if post is not None and not post.local:
            said.delete(post)


def fill_thread(uri: str) -> None:
    """Fetch what a post answers, up to the first one, then the answers that the first one lists."""
    first = said.by_uri(uri)
    seen: set[int] = set()
    while first is not None and first.in_reply_to_uri and len(seen) < site.settings().limits_thread_depth:
        seen.add(first.id)
        above = former.find(first.in_reply_to_uri) or _try_post(first.in_reply_to_uri)
        if above is None or above.id in seen:
            break
        first = above
    if first is not None and not first.local:
        _fetch_replies(first)


def _try_post(uri: str) -> Post | None:
    """A post less is no harm to a thread."""
    try:
        return None if site.is_here(uri) or _is_spent() else fetch_post(uri)
    except errors.Problem:
        return None


def _fetch_replies(post: Post) -> None:
    """The answers that a post's own server lists: ids only count, each is fetched from its own server."""
    replies = vocabulary.read_object(fetch(post.uri)).replies
    if replies is None:
        return
    page = _page(replies, post)
    for _ in range(REPLY_PAGES + 1):
        if page is None:
            return
        for item in page.items:
            if item.id and said.by_uri(item.id) is None:
                _try_post(item.id)
        following = page.first or (vocabulary.Ref(page.next, None, None) if page.next else None)
        page = _page(following, post) if following else None


def _page(ref: vocabulary.Ref, post: Post) -> vocabulary.Collection | None:
    """A page that is embedded, or lies on the post's own server."""
    if ref.document is not None and not ref.document.keys().isdisjoint(("items", "orderedItems", "first", "next")):
        return vocabulary.read_collection(ref.document)
    if not vocabulary.same_origin(ref.id, post.uri) or _is_spent():
        return None
    return fetch_collection(ref.id or "")


# --- looking up ----------------------------------------------------------------------------------------------------


def look_up(text: str) -> Account | Post | None:
    """Whatever a handle or an address leads to, here or elsewhere; None when nothing does."""
    text = text.strip()
    try:
        if text.startswith(("https://", "http://")):
            return _by_address(text)
        handle = text.removeprefix("@")
        name, at, host = handle.partition("@")
        if not name:
            return None
        return accounts.by_handle(handle) or (_by_handle(name, host.lower()) if at else None)
    except (errors.NotFound, errors.Refused, errors.Unreachable, errors.Invalid, errors.Unauthorized):
        return None


def named(handle: str) -> Account:
    """Who is known as `name@domain`, asked for at that server when we do not know. Raises as the server answers."""
    name, _, host = handle.removeprefix("@").partition("@")
    found = accounts.by_handle(handle)
    if found is None and (not host or site.is_own_host(host)):
        raise errors.NotFound("There is no such account.")
    return found or _by_handle(name, host.lower())


def post(uri: str) -> Post:
    """The post with that id, fetched when it is not known. Raises as its server answers."""
    found = former.find(uri)
    if found is None and site.is_here(uri):
        raise errors.NotFound("There is no such post.")
    return found or fetch_post(uri)


def _by_handle(name: str, host: str) -> Account:
    problem: errors.Problem = errors.NotFound("There is no such account.")
    for scheme in voice.client().schemes(host):
        try:
            jrd = _webfinger(name, host, scheme)
        except (errors.Unreachable, errors.Refused) as said_:
            problem = said_
            continue
        link = vocabulary.read_webfinger(jrd).self_link
        if not link:
            break
        return account(link)
    raise problem


def subscribe_address(handle: str, uri: str) -> str | None:
    """Where the server of somebody of elsewhere lets them follow, answer or relay what has this id.

    None when that server does not answer, or has no such page.
    """
    name, _, host = handle.strip().removeprefix("@").partition("@")
    if not name or not host or "@" in host:
        return None
    try:
        for scheme in voice.client().schemes(host.lower()):
            with suppress(errors.Unreachable, errors.Refused):
                template = vocabulary.read_webfinger(_webfinger(name, host.lower(), scheme)).subscribe_template
                address = (template or "").replace("{uri}", quote(uri, safe=""))
                return address if urlsplit(address).scheme in ("https", scheme) else None
    except (errors.NotFound, errors.Invalid, errors.Unauthorized, ValueError):
        return None
    return None


def _by_address(address: str) -> Account | Post | None:
    found = accounts.by_uri(address) or former.find(address)
    if found is not None or site.is_here(address):
        return found
    document = fetch(address)
    identifier = str(document["id"])
    if vocabulary.kind(document) == "actor":
        return account(identifier)
    post = said.by_uri(identifier) or fetch_post(identifier)
    with budget(site.settings().limits_fetches_per_activity), suppress(errors.Problem):
        fill_thread(post.uri)  # what is missing of it is no reason not to show the post
    return post
