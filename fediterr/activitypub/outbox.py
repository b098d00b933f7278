"""From something said to one delivery per inbox: final bytes, fixed id, rows in the same transaction."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import proofs, vocabulary
from fediterr.activitypub.models import Activity, DeadInbox, Delivery, Host
from fediterr.core import clock, jobs
from fediterr.core.db import insert_once, session, upsert
from fediterr.moderation import service as moderation
from fediterr.social.models import Follow

Document = dict[str, Any]


def wrap(
    kind: str,
    author: Account,
    obj: Any,
    *,
    uri: str,
    to: Iterable[str] = (),
    cc: Iterable[str] = (),
    **more: Any,
) -> Document:
    """An activity; `send` gives it its context."""
    document: Document = {"id": uri, "type": kind, "actor": author.uri, "object": obj}
    if to := list(to):
        document["to"] = to
    if cc := list(cc):
        document["cc"] = cc
    return document | more


def send(
    document: Document,
    author: Account,
    *,
    to: Iterable[Account] = (),
    followers: bool = False,
    digest: bool = False,
    as_it_is: bool = False,
    without: str = "",
    farewell: bool = False,
    inboxes: Iterable[str] = (),
    watched: bool = False,
) -> Activity | None:
    """Queue an activity for these accounts (and the followers of its author), one row per inbox.

    `digest`: each delivery carries the digest of the followers on that host (FEP-8fcf). `as_it_is`: somebody else's
    activity, passed on with their proof. `without`: a host that has it already. `farewell`: also for those who
    were suspended here, who would otherwise not know that a follow has ended. `inboxes`: more of them, by address.
    `watched`: what comes of each delivery is written down. Returns None when there is nobody to send it to.
    """
    inboxes = set(inboxes) | {inbox_of(account) for account in to if not account.local and (account.active or farewell)}
    if followers:
        inboxes |= set(_followers_inboxes(author))
    hosts = {inbox: urlsplit(inbox).netloc for inbox in inboxes if inbox}
    hosts = {inbox: host for inbox, host in hosts.items() if host != without}
    welcome = moderation.welcome_among(set(hosts.values()))
    dead = _dead(list(hosts))
    wanted = sorted(inbox for inbox, host in hosts.items() if host in welcome and inbox not in dead)
    if not wanted:
        return None
    activity = Activity(
        uri=document["id"],
        author_id=author.id,
        body=json.dumps(document if as_it_is else _proven(document, author), ensure_ascii=False, separators=(",", ":")),
        to_followers=digest,
        watched=watched,
    )
    session.add(activity)
    session.flush()
    now = clock.now()
    insert_once(
        Delivery,
        [{"activity_id": activity.id, "host": hosts[inbox], "inbox": inbox, "created_at": now} for inbox in wanted],
    )
    rows = [{"name": host, "due_at": now, "seen_at": now} for host in sorted({hosts[inbox] for inbox in wanted})]
    upsert(Host, rows, {"due_at": lambda new: sa.func.coalesce(Host.due_at, new.due_at)})
    jobs.later("deliver")
    return activity


def inbox_of(account: Account) -> str:
    return account.shared_inbox or account.inbox


def _followers_inboxes(author: Account) -> Iterable[str]:
    inbox = sa.func.coalesce(Account.shared_inbox, Account.inbox)
    return session.scalars(
        sa.select(inbox)
        .join(Follow, Follow.follower_id == Account.id)
        .where(Follow.target_id == author.id, Follow.accepted, ~Account.local, Account.suspended_at.is_(None))
        .distinct()
    )


def _dead(inboxes: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(inboxes), 500):
        part = inboxes[start : start + 500]
        found.update(
            session.scalars(sa.select(DeadInbox.inbox).where(DeadInbox.inbox.in_(part), DeadInbox.dead_at.is_not(None)))
        )
    return found


def _proven(document: Document, author: Account) -> Document:
    """As it travels: what is for anybody, or for a community, with a proof, so that others can pass it on."""
    readers = [*document.get("to", []), *document.get("cc", [])]
    if vocabulary.PUBLIC in readers or "audience" in document:
        return prove(document, author)
    return {"@context": vocabulary.context(document), **document}


def prove(document: Document, author: Account) -> Document:
    """With an object integrity proof (FEP-8b32): nobody has to take the word of who passes it on."""
    complete = {"@context": vocabulary.context(document, proven=True), **document}
    return proofs.add(
        complete,
        private_pem=accounts.key_pair(author).ed25519,
        verification_method=author.assertion_keys[0]["id"],
        created=vocabulary.datetime_out(clock.now().replace(microsecond=0)),  # Fedify reads whole seconds
    )
