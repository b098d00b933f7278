"""Followers collections that agree (FEP-8fcf): a digest travels with followers-only posts, so that drift is mended."""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import outbox, resolver, vocabulary
from fediterr.core import db, errors, ids, site
from fediterr.social import follows

HEADER = "Collection-Synchronization"
_FIELD = re.compile(r'(collectionId|url|digest)="([^"]{1,2048})"')


def digest(uris: list[str]) -> str:
    """The XOR of the SHA-256 of each id, in hexadecimal."""
    total = 0
    for uri in uris:
        total ^= int.from_bytes(hashlib.sha256(uri.encode()).digest(), "big")
    return f"{total:064x}"


def header(author: Account, inbox: str) -> dict[str, str]:
    """What goes with a followers-only activity to that inbox."""
    parts = urlsplit(inbox)
    found = follows.followers_on(author, f"{parts.scheme}://{parts.netloc}")
    url = f"{author.uri}/followers_synchronization"
    return {HEADER: f'collectionId="{author.followers_uri}", url="{url}", digest="{digest(found)}"'}


def partial(author: Account, asker: Account) -> dict[str, Any]:
    """The followers of `author` that live on the asker's server."""
    parts = urlsplit(asker.uri)
    return {
        "id": f"{author.uri}/followers_synchronization",
        "type": "OrderedCollection",
        "orderedItems": follows.followers_on(author, f"{parts.scheme}://{parts.netloc}"),
    }


def differs(text: str, sender: Account) -> str | None:
    """Where to read a collection that is not as we know it, by a received header; None when all agrees."""
    named = dict(_FIELD.findall(text[:8192]))
    url = named.get("url")
    if named.get("collectionId") != sender.followers_uri or not vocabulary.same_origin(url, sender.uri):
        return None
    same = named.get("digest", "").lower() == digest(follows.followers_on(sender, site.settings().base_url))
    return None if same else url


def mend(subject: str) -> None:
    """Fetch which of ours follow an account by its server's word, and make it so: an errand, "actor url"."""
    uri, _, url = subject.partition(" ")
    account = accounts.by_uri(uri)
    if account is None or account.local:
        return
    collection = resolver.fetch_collection(url, resolver.WHOLE)
    if collection.document.keys().isdisjoint(("items", "orderedItems")) or collection.next:
        raise errors.Refused("This list of followers is not whole.")
    theirs = {item.id for item in collection.items if item.id and site.is_here(item.id)}
    with db.transaction():
        account = accounts.get(account.id)
        ours = follows.local_followers(account)
        for follower in ours:
            follow = follows.find(follower, account) if follower.uri not in theirs else None
            if follow is not None:
                follows.forget(follow)
        for missing in sorted(theirs - {follower.uri for follower in ours}):
            _undo_unknown(missing, account)


def _undo_unknown(uri: str, account: Account) -> None:
    """They count somebody of ours who does not follow: tell them so."""
    follower = accounts.by_uri(uri)
    if follower is None or not follower.local:
        return
    pending = follows.find(follower, account)
    if pending is not None:
        follows.accept(pending)
        return
    follow_uri = site.activity_uri(ids.new())
    follow = {"id": follow_uri, "type": "Follow", "actor": follower.uri, "object": account.uri}
    document = outbox.wrap("Undo", follower, follow, uri=f"{follow_uri}#undo", to=[account.uri])
    outbox.send(document, follower, to=[account])
