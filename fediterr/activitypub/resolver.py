"""From an id to the thing: known already, or fetched once from its own server, checked, and stored.

The network is spoken to outside of any transaction; what comes back is stored in one of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, ActorKey
from fediterr.activitypub import actors, posts, vocabulary, voice
from fediterr.activitypub.models import FailedFetch, Host
from fediterr.core import clock, db, errors, guard, site
from fediterr.core.db import session, upsert
from fediterr.moderation import service as moderation
from fediterr.social import posts as said
from fediterr.social.models import Post

FORGET_FAILURE = timedelta(minutes=10)
FORGET_REFUSAL = timedelta(hours=6)
KEY_SECONDS = 4.0  # an inbox answers within five

_budget: ContextVar[list[int] | None] = ContextVar("budget", default=None)


@contextmanager
def budget(fetches: int) -> Iterator[None]:
    """At most so many fetches inside: what one activity of elsewhere may cost us."""
    token = _budget.set([fetches])
    try:
        yield
    finally:
        _budget.reset(token)


# --- documents -----------------------------------------------------------------------------------------------------


def fetch(uri: str, *, seconds: float | None = None) -> dict[str, Any]:
    """The ActivityPub document with that id, from the server that the id names.

    Refused when the server is not welcome, failed lately, or answers with something of another server.
    """
    document, url = _get(uri, seconds)
    identifier = document.get("id")
    if identifier == url or (identifier == uri and guard.same_host(uri, url)):
        return document
    if not isinstance(identifier, str) or not vocabulary.is_url(identifier):
        raise errors.Refused(f"{uri} has no id.")
    again, url = _get(identifier, seconds)  # an HTML address, or one that led elsewhere: ask at its own place
    if again.get("id") != identifier or not guard.same_host(identifier, url):
        raise errors.Refused(f"{uri} is not what it says it is.")
    return again


def _get(uri: str, seconds: float | None) -> tuple[dict[str, Any], str]:
    host = urlsplit(uri).netloc
    if site.is_here(uri) or not moderation.is_welcome(host):
        raise errors.Refused(f"{host} is not to be asked.")
    left = _budget.get()
    if left is not None:
        if left[0] <= 0:
            raise errors.Refused("Enough was fetched for one activity.")
        left[0] -= 1
    failed = session.get(FailedFetch, uri)
    if failed is not None and failed.until > clock.now():
        raise errors.Refused(failed.error) if failed.error else errors.Unreachable(f"{host} could not be asked.")
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
    return found.json, found.url


def _remember_failure(uri: str, problem: errors.Problem) -> None:
    soft = isinstance(problem, errors.Unreachable)
    until = clock.now() + (FORGET_FAILURE if soft else FORGET_REFUSAL)
    row = {"uri": uri, "error": "" if soft else problem.message or "refused", "until": until}
    with db.transaction():
        upsert(FailedFetch, [row], {"error": lambda new: new.error, "until": lambda new: new.until})


# --- actors --------------------------------------------------------------------------------------------------------


def account(uri: str) -> Account:
    """The account with that actor id, fetched when it is not known."""
    return accounts.by_uri(uri) or fetch_account(uri)


def fetch_account(uri: str, *, seconds: float | None = None) -> Account:
    """Fetch an actor, prove its handle by WebFinger both ways, store it."""
    actor = vocabulary.read_actor(fetch(uri, seconds=seconds))
    domain = _prove(actor)
    with db.transaction():
        return actors.store(actor, domain)


def _prove(actor: vocabulary.Actor) -> str:
    """The domain of an actor's handle: its own host, unless WebFinger there names another that confirms it."""
    host = urlsplit(actor.id).netloc.lower()
    try:
        jrd = _webfinger(actor.username, host, urlsplit(actor.id).scheme)
    except errors.Problem:
        return host  # software without WebFinger speaks for its own host all the same
    if not _names(jrd, actor.id):
        raise errors.Refused(f"{actor.username}@{host} is another actor.")
    handle = vocabulary.read_webfinger(jrd).handle
    name, _, domain = (handle or "").partition("@")
    if not domain or domain.lower() == host or name.lower() != actor.username.lower():
        return host
    try:
        confirmed = _webfinger(name, domain.lower(), urlsplit(actor.id).scheme)
    except errors.Problem:
        return host
    return domain.lower() if _names(confirmed, actor.id) else host


def _names(jrd: dict[str, Any], uri: str) -> bool:
    links = jrd.get("links")
    return any(
        isinstance(link, dict) and link.get("rel") == "self" and link.get("href") == uri
        for link in (links[:64] if isinstance(links, list) else [])
    )


def _webfinger(name: str, host: str, scheme: str) -> dict[str, Any]:
    if not moderation.is_welcome(host):
        raise errors.Refused(f"{host} is not to be asked.")
    with db.aside():
        resource = quote(f"acct:{name}@{host}", safe="@:")
        return voice.client().fetch_json(f"{scheme}://{host}/.well-known/webfinger?resource={resource}")


def fetch_key(key_id: str) -> ActorKey:
    """The key with that id, from the actor that lists it; Unauthorized when nobody does.

    Raises Unreachable when its server could not be asked just now, Gone when the actor was deleted.
    """
    document = fetch(key_id.split("#", maxsplit=1)[0], seconds=KEY_SECONDS)
    if vocabulary.kind(document) == "actor":
        fetched = vocabulary.read_actor(document)
        domain = _prove(fetched)
        with db.transaction():
            actors.store(fetched, domain)
    else:  # GoToSocial serves its keys apart; the owner must list them
        owner = vocabulary.one_id(document.get("owner")) or vocabulary.one_id(
            (document.get("publicKey") or {}).get("owner") if isinstance(document.get("publicKey"), dict) else None
        )
        if not owner or not guard.same_host(owner, key_id):
            raise errors.Unauthorized("This key has no owner.")
        fetch_account(owner, seconds=KEY_SECONDS)
    key = session.get(ActorKey, key_id)
    if key is None:
        raise errors.Unauthorized("No actor lists this key.")
    return key


# --- posts ---------------------------------------------------------------------------------------------------------


def fetch_post(uri: str, *, fresh: bool = False) -> Post:
    """Fetch a post and its author, and store it; a known one is brought up to date."""
    obj = vocabulary.read_object(fetch(uri))
    if obj.attributed_to is None or not vocabulary.same_origin(obj.attributed_to, obj.id):
        raise errors.Refused(f"{uri} has no author on its own server.")
    known = said.by_uri(obj.id)
    author = known.author if known else account(obj.attributed_to)
    if not author.active or said.is_buried(obj.id, author.uri):
        raise errors.Refused(f"{uri} is not wanted.")
    with db.transaction():
        if known is not None:
            posts.revise(obj, said.get(known.id))
            return said.get(known.id)
        return said.publish(accounts.get(author.id), posts.as_draft(obj, author, fresh=fresh))


def fill_thread(uri: str) -> None:
    """Fetch what a post answers, up to the first one, then the answers that the first one lists."""
    post = said.by_uri(uri)
    first = post
    for _ in range(site.settings().limits_thread_depth):
        if first is None or not first.in_reply_to_uri:
            break
        above = said.by_uri(first.in_reply_to_uri)
        if above is None and not site.is_here(first.in_reply_to_uri):
            above = fetch_post(first.in_reply_to_uri)
        if above is None:
            break
        first = above
    if first is not None and not first.local:
        _fetch_replies(first)


def _fetch_replies(post: Post) -> None:
    """The answers that a post's own server lists: ids only count, each is fetched from its own server."""
    replies = vocabulary.read_object(fetch(post.uri)).replies
    if replies is None:
        return
    if replies.document is None and not vocabulary.same_origin(replies.id, post.uri):
        return
    collection = vocabulary.read_collection(replies.document or fetch(replies.id or ""))
    items = list(collection.items)
    if collection.first is not None:
        page = collection.first.document or fetch(collection.first.id or "")
        first = vocabulary.read_collection(page)
        items += first.items
        if not items and first.next and vocabulary.same_origin(first.next, post.uri):
            items += vocabulary.read_collection(fetch(first.next)).items
    for item in items:
        if item.id and not site.is_here(item.id) and said.by_uri(item.id) is None:
            try:
                fetch_post(item.id)
            except (errors.NotFound, errors.Refused, errors.Invalid, errors.Unreachable):
                continue  # one answer less


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


def _by_handle(name: str, host: str) -> Account | None:
    for scheme in voice.client().schemes(host):
        try:
            jrd = _webfinger(name, host, scheme)
        except (errors.Unreachable, errors.Refused):
            continue
        link = vocabulary.read_webfinger(jrd).self_link
        return account(link) if link else None
    return None


def _by_address(address: str) -> Account | Post | None:
    found = accounts.by_uri(address) or said.by_uri(address)
    if found is not None or site.is_here(address):
        return found
    document = fetch(address)
    identifier = str(document["id"])
    if vocabulary.kind(document) == "actor":
        return account(identifier)
    post = said.by_uri(identifier) or fetch_post(identifier)
    with budget(site.settings().limits_fetches_per_activity):
        fill_thread(post.uri)
    return post
