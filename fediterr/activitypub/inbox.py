"""What other servers say: who said it, stored once, handled later, and `UNDERSTOOD`: which activity goes to whom."""

import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, ActorKey
from fediterr.activitypub import (
    actors,
    announced,
    follows,
    groups,
    interactions,
    known,
    moderation,
    moderators,
    posts,
    proofs,
    quotes,
    resolver,
    signatures,
    vocabulary,
)
from fediterr.activitypub.models import Host, Received
from fediterr.core import broker, clock, db, errors, jobs, keys, site
from fediterr.core.db import insert_once, session, upsert
from fediterr.moderation import service as rules
from fediterr.social import blocks, likes
from fediterr.social import posts as said
from fediterr.social import quotes as shown

log = logging.getLogger(__name__)

Handler = Callable[[vocabulary.Activity, Account], None]
BATCH = 10  # some tens of milliseconds: on SQLite nobody else writes meanwhile
CRASHES = 3  # a row that stopped its worker so often is set aside
WAIT = timedelta(hours=24)
RETRY_AFTER = 300  # seconds
REFRESH = timedelta(days=3)  # who speaks to us is looked at again when our picture is older


def politely_ignore(activity: vocabulary.Activity, sender: Account) -> None:
    """Nothing follows here: we do not know this kind of activity, or have no use for it."""


# By type, and by the type of its object where that decides; "*" is any other.
UNDERSTOOD: dict[tuple[str, str], Handler] = {
    ("Create", "*"): posts.receive_create,
    ("Update", "actor"): actors.receive_update,
    ("Update", "*"): posts.receive_update,
    ("Delete", "actor"): actors.receive_delete,
    ("Delete", "QuoteAuthorization"): quotes.receive_revocation,
    ("Delete", "*"): moderators.receive_delete,
    ("Announce", "*"): announced.receive_announce,
    ("Like", "*"): interactions.receive_like,
    ("EmojiReact", "*"): interactions.receive_like,
    ("Follow", "*"): follows.receive_follow,
    ("Accept", "QuoteRequest"): quotes.receive_accept,
    ("Accept", "*"): follows.receive_accept,
    ("Reject", "QuoteRequest"): quotes.receive_reject,
    ("Reject", "*"): follows.receive_reject,
    ("QuoteRequest", "*"): quotes.receive_request,
    ("Undo", "Follow"): follows.receive_undo_follow,
    ("Undo", "Like"): interactions.receive_undo_like,
    ("Undo", "EmojiReact"): interactions.receive_undo_like,
    ("Undo", "Announce"): interactions.receive_undo_announce,
    ("Undo", "Block"): moderators.receive_undo_block,
    ("Undo", "Lock"): moderators.receive_undo_lock,
    ("Undo", "Delete"): moderators.receive_undo_delete,
    ("Undo", "*"): interactions.receive_undo,
    ("Block", "*"): moderators.receive_block,
    ("Lock", "*"): moderators.receive_lock,
    ("Flag", "*"): moderation.receive_flag,
    ("Move", "*"): actors.receive_move,
    ("Add", "*"): moderators.receive_add,
    ("Remove", "*"): moderators.receive_remove,
    ("Listen", "*"): politely_ignore,
}


# --- who says so ---------------------------------------------------------------------------------------------------


def authenticate(message: signatures.Message) -> Account:
    """Who signed this request; Unauthorized when nobody provably did, Unreachable when their key cannot be had now."""
    signature = signatures.read(message, now=clock.now().timestamp(), window=site.settings().signature_window_seconds)
    host = urlsplit(signature.key_id).netloc
    if not host or site.is_here(signature.key_id):
        raise errors.Unauthorized("This key is not of another server.")
    if not rules.is_welcome(host):
        raise errors.Forbidden("This server is not welcome here.")
    key = session.get(ActorKey, signature.key_id)
    if key is None:
        key = _fetch(signature.key_id)
        signatures.check(signature, key.pem)
    else:
        key = _check_known(signature, key)
    if not key.account.active:
        raise errors.Forbidden("This account is not welcome here.")
    if signature.scheme == "rfc9421":
        _remember_scheme(host)
    return key.account


def _fetch(key_id: str) -> ActorKey:
    """The key as its server gives it now; NotFound, Gone, TooMany, Unreachable, or else Unauthorized."""
    try:
        return resolver.fetch_key(key_id)
    except errors.Unreachable as problem:
        wait = problem.retry_after or RETRY_AFTER
        raise errors.Unreachable("The key cannot be fetched just now.", retry_after=wait) from problem
    except (errors.NotFound, errors.TooMany, errors.Unauthorized):
        raise
    except errors.Problem as problem:
        raise errors.Unauthorized(f"The key cannot be had: {problem.message}") from problem


def _check_known(signature: signatures.Signature, key: ActorKey) -> ActorKey:
    """With a key we have; when it does not fit, the actor may have a new one: one look, then not for a while."""
    try:
        signatures.check(signature, key.pem)
    except errors.Unauthorized:
        key = _fetch(key.id)
        signatures.check(signature, key.pem)
    return key


def departed(message: signatures.Message, activity: vocabulary.Activity) -> Account | None:
    """Whose farewell this is, when the key that signed it has just been found gone (410) at its own place."""
    signature = signatures.read(message, now=clock.now().timestamp(), window=site.settings().signature_window_seconds)
    if activity.object is None or not signature.key_id.partition("#")[0] == activity.actor == activity.object.id:
        return None
    account = accounts.by_uri(activity.actor)
    return account if account is not None and not account.local else None


def _remember_scheme(host: str) -> None:
    """A server that signs by RFC 9421 understands it too: what we send there is signed so from now on."""
    if session.scalar(sa.select(Host.scheme).where(Host.name == host)) != "rfc9421":
        with db.transaction():
            row = {"name": host, "scheme": "rfc9421", "seen_at": clock.now()}
            upsert(Host, [row], {"scheme": lambda new: new.scheme})


def speaker(activity: vocabulary.Activity, signer: Account) -> Account:
    """Whose word an activity is: its signer's own, or its actor's when it carries that actor's proof (FEP-8b32)."""
    if not vocabulary.same_origin(activity.id, activity.actor):
        raise errors.Invalid("The id of an activity lies on the server of its actor.")
    if activity.actor == signer.uri:
        return signer
    method = proofs.verification_method(activity.document)
    if method is None or not vocabulary.same_origin(method, activity.actor) or site.is_here(activity.actor):
        raise errors.Unauthorized("The signer is not the actor.")
    if not rules.is_welcome(urlsplit(activity.actor).netloc):
        raise errors.Forbidden("This server is not welcome here.")
    try:
        actor = resolver.speaker(activity.actor, method)
    except errors.Unreachable as problem:
        wait = problem.retry_after or RETRY_AFTER
        raise errors.Unreachable("The actor cannot be fetched just now.", retry_after=wait) from problem
    except errors.TooMany:
        raise
    except errors.Problem as problem:
        raise errors.Unauthorized("The actor cannot be had.") from problem
    listed = {key["id"]: key["multibase"] for key in actor.assertion_keys}
    if method not in listed or not actor.active:
        raise errors.Unauthorized("The actor does not list the key of this proof.")
    try:
        proofs.verify(activity.document, keys.from_multibase(listed[method]))
    except errors.Invalid as problem:
        raise errors.Unauthorized("The key of this proof is no key.") from problem
    return actor


# --- storing -------------------------------------------------------------------------------------------------------


def accept(actor_uri: str, activity: vocabulary.Activity, body: bytes) -> bool:
    """Store a verified activity once; whether it is new. The caller commits before it says yes."""
    row = {
        "actor_uri": actor_uri,
        "activity_uri": activity.id,
        "document": body.decode("utf-8"),
        "arrived_at": clock.now(),
        "due_at": clock.now(),
        "tries": 0,
    }
    new = insert_once(Received, row) == 1
    if new:
        jobs.later("receive")
    return new


# --- handling ------------------------------------------------------------------------------------------------------


def drain() -> None:
    """Handle what was received, in its order, in batches of one transaction each."""
    while not broker.stopping.is_set() and handle_batch():
        db.give_way()


def handle_batch() -> int:
    """Handle the next few activities; each on its own, so that one bad one spoils nothing. How many were taken."""
    with db.transaction():
        db.exclusive("receive")
        waiting = (
            sa.select(Received)
            .where(Received.document.is_not(None), Received.wants.is_(None), Received.set_aside_at.is_(None))
            .order_by(Received.id)
            .limit(BATCH)
        )
        rows = list(session.scalars(waiting))
        uris = [row.actor_uri for row in rows]
        held = known.among(uris)  # so that each is read once
        for row in rows:
            _handle_row(row)
        del held
        _wake({urlsplit(uri).netloc for uri in uris})
        return len(rows)


def _wake(hosts: set[str]) -> None:
    """A host that speaks to us is up again: what waits for it is due now."""
    if not hosts:
        return
    asleep = sa.select(Host).where(Host.name.in_(hosts), Host.due_at > clock.now(), Host.failures > 0)
    for host in session.scalars(asleep):
        host.due_at = clock.now()
        jobs.later("deliver")


def _handle_row(row: Received) -> None:
    try:
        with session.begin_nested():
            activity = vocabulary.read_activity(vocabulary.parse(row.document or ""))
            sender = known.account(row.actor_uri)
            if sender.fetched_at is not None and clock.now() - sender.fetched_at > REFRESH:
                known.ask_for("account", sender.uri)
            handle(activity, sender)
            session.flush()
    except known.Missing as missing:
        _wait_for(row, missing)
    except errors.Problem as problem:
        row.document, row.error = None, problem.message or type(problem).__name__
        log.info("activity refused", extra={"activity": row.activity_uri, "actor": row.actor_uri, "why": row.error})
    except Exception:
        row.tries += 1
        row.error = "it broke its handler"
        log.exception("activity broke its handler", extra={"activity": row.activity_uri, "tries": row.tries})
        if row.tries >= CRASHES:
            row.set_aside_at = clock.now()
    else:
        row.document = None


def _wait_for(row: Received, missing: known.Missing) -> None:
    """Put an activity off until what it needs was fetched, unless that was tried enough."""
    in_vain = missing.seen_at is not None and missing.seen_at >= row.arrived_at
    if in_vain or clock.now() - row.arrived_at > WAIT or row.tries >= CRASHES:
        row.document, row.error = None, f"{missing.uri} is not as it would have to be"
        log.info("activity refused", extra={"activity": row.activity_uri, "actor": row.actor_uri, "why": row.error})
    else:
        row.wants, row.tries = missing.uri, row.tries + 1
        known.ask_for(missing.kind, missing.uri)


def handle(activity: vocabulary.Activity, sender: Account) -> None:
    """Give an activity to whoever understands it."""
    handler = UNDERSTOOD.get((activity.type, _object_kind(activity))) or UNDERSTOOD.get((activity.type, "*"))
    concerned = groups.concerned(activity) if activity.type in groups.PASSED_ON else []
    (handler or politely_ignore)(activity, sender)
    groups.pass_on(activity, sender, concerned)


def _object_kind(activity: vocabulary.Activity) -> str:
    """The type of the object; "actor" when it is one; of what is named by its address alone, what we know under it."""
    inner = activity.object
    if inner is None:
        return "*"
    if inner.id == activity.actor or inner.type in vocabulary.ACTOR_TYPES:
        return "actor"
    if activity.type == "Undo" and inner.id and ("Undo", inner.type) not in UNDERSTOOD:
        return _known_kind(inner.id)
    if inner.type is None and inner.id:
        return _known_of_quotes(activity.type, inner.id)
    return inner.type or "*"


def _known_of_quotes(kind: str, uri: str) -> str:
    if kind in ("Accept", "Reject") and shown.by_request(uri) is not None:
        return "QuoteRequest"
    return "QuoteAuthorization" if kind == "Delete" and shown.by_authorization(uri) else "*"


def _known_kind(uri: str) -> str:
    for kind, find in (
        ("Follow", follows.find_asked),
        ("Like", likes.by_uri),
        ("Announce", said.by_uri),
        ("Block", blocks.by_uri),
    ):
        if find(uri) is not None:
            return kind
    return "*"
