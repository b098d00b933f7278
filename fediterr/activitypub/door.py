"""The addresses that other servers call: inboxes, actors, objects, collections."""

import json
import logging
from typing import Any

import flask
import sqlalchemy as sa
from flask import Blueprint, Response, request

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import (
    actors,
    inbox,
    interactions,
    known,
    posts,
    signatures,
    synchronization,
    vocabulary,
)
from fediterr.core import db, errors, paging, site
from fediterr.core.db import session
from fediterr.social import follows, timelines
from fediterr.social import posts as said
from fediterr.social.models import Post, Visibility

blueprint = Blueprint("activitypub", __name__)
log = logging.getLogger(__name__)

PAGE = 20
MANY = 100
STATUS = {
    errors.Invalid: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.Gone: 410,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Refused: 403,
    errors.Unreachable: 503,
}


@blueprint.errorhandler(errors.Problem)
def answer_problem(problem: errors.Problem) -> Response:
    """A problem in the words of HTTP."""
    db.end()
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 400)
    answer = flask.jsonify(error=problem.message or type(problem).__name__)
    answer.status_code = status
    if problem.retry_after is not None or status == 503:
        answer.headers["Retry-After"] = str(problem.retry_after or 300)
    if request.method == "POST":
        log.info("inbox refused", extra={"status": status, "why": problem.message, "path": request.path})
    return answer


def wants_activity() -> bool:
    """Whether the asker prefers the ActivityStreams form of an address to its page."""
    accept = request.accept_mimetypes
    forms = [vocabulary.CONTENT_TYPE, "application/ld+json"]
    best = accept.best_match([*forms, "text/html"], default="text/html")
    return best in forms and accept[best] > 0


def answer(document: dict[str, Any], *, private: bool = False) -> Response:
    if "@context" not in document:
        document = {"@context": vocabulary.CONTEXT, **document}
    made = Response(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        content_type=f"{vocabulary.CONTENT_TYPE}; charset=utf-8",
    )
    made.headers["Vary"] = "Accept, Signature, Signature-Input"
    made.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=60"
    return made


# --- inboxes -------------------------------------------------------------------------------------------------------


@blueprint.post("/inbox")
def shared_inbox() -> tuple[str, int]:
    return _receive()


@blueprint.post("/actor/inbox")
def instance_inbox() -> tuple[str, int]:
    return _receive()


@blueprint.post("/actors/<name>/inbox")
def personal_inbox(name: str) -> tuple[str, int]:
    owner = accounts.local(name)
    if not owner.active:
        raise errors.Gone("This account is closed.")
    return _receive()


def _receive() -> tuple[str, int]:
    """Verify, then store, then say yes: 202 is given when the row is on disk."""
    body = _body()
    message = _message(body)
    try:
        signer = inbox.authenticate(message)
    except errors.Gone:
        return _farewell(body)
    activity = vocabulary.read_activity(vocabulary.parse(body))
    actor = inbox.speaker(activity, signer)
    out_of_step = synchronization.HEADER in request.headers and synchronization.differs(
        request.headers[synchronization.HEADER], actor
    )
    actor_uri = actor.uri
    db.begin_writing()
    inbox.accept(actor_uri, activity, body)
    if out_of_step:
        known.ask_for("followers", actor_uri)
    db.commit()
    return "", 202


def _farewell(body: bytes) -> tuple[str, int]:
    """The signer's key is gone for good: a Delete of an actor that we never knew needs nothing; nothing else is true."""
    activity = vocabulary.read_activity(vocabulary.parse(body))
    if activity.type == "Delete" and activity.object is not None and activity.object.id == activity.actor:
        return "", 202
    raise errors.Unauthorized("This key is gone.")


def _body() -> bytes:
    most = site.settings().limits_body
    if (request.content_length or 0) > most:
        raise errors.TooLarge(f"At most {most} bytes are read.")
    body = request.stream.read(most + 1)
    if len(body) > most:
        raise errors.TooLarge(f"At most {most} bytes are read.")
    return body


def _message(body: bytes = b"") -> signatures.Message:
    """The request as its sender must have signed it: at our public address, with the path as it came."""
    raw: str = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    if not raw.startswith("/"):
        raw = request.full_path if request.query_string else request.path
    return signatures.Message(request.method, site.settings().base_url + raw, dict(request.headers), body)


# --- who asks ------------------------------------------------------------------------------------------------------


def asker() -> Account | None:
    """Who signed this fetch; None when nobody did and none is asked for."""
    signed = "Signature" in request.headers or "Signature-Input" in request.headers
    if not signed and not site.settings().authorized_fetch:
        return None
    if not signed:
        raise errors.Unauthorized("Fetches must be signed here.")
    try:
        return inbox.authenticate(_message())
    except (errors.Unauthorized, errors.Unreachable):
        if site.settings().authorized_fetch:
            raise
        return None  # what anybody may read needs no signature


# --- actors --------------------------------------------------------------------------------------------------------


@blueprint.get("/actor")
def instance_actor() -> Response:
    return answer(actors.as_actor(accounts.instance_actor()))


@blueprint.get("/actors/<name>")
def actor(name: str) -> Response | Any:
    account = _local(name)
    if not wants_activity():
        return flask.redirect(account.url)
    try:
        asker()
    except errors.Unauthorized:
        return answer(actors.as_stub(account), private=True)
    return answer(actors.as_actor(account), private=site.settings().authorized_fetch)


def _local(name: str) -> Account:
    account = accounts.local(name)
    if not account.active:
        raise errors.Gone("This account is closed.")
    return account


@blueprint.get("/actors/<name>/outbox")
def actor_outbox(name: str) -> Response:
    """Public posts and boosts, newest first."""
    account, viewer = _local(name), asker()
    if not _page():
        return answer(_collection(account.outbox or "", account.posts_count))
    max_id = request.args.get("max_id", type=int)
    listed = timelines.of_account(account, viewer, paging.Page(limit=PAGE, max_id=max_id))
    items = [interactions.as_announce(each) if each.boost_of_id else posts.as_create(each) for each in listed]
    for item in items:
        del item["@context"]
    following = f"{account.outbox}?page=true&max_id={listed[-1].id}" if len(listed) == PAGE else None
    return answer(_collection_page(account.outbox or "", items, following), private=viewer is not None)


@blueprint.get("/actors/<name>/followers")
def actor_followers(name: str) -> Response:
    account, _ = _local(name), asker()
    if not _page():
        return answer(_collection(account.followers_uri or "", account.followers_count))
    listed = follows.followers(account, paging.Page(limit=PAGE, max_id=request.args.get("max_id", type=int)))
    return _people(account.followers_uri or "", [(each.id, each.follower.uri) for each in listed])


@blueprint.get("/actors/<name>/following")
def actor_following(name: str) -> Response:
    account, _ = _local(name), asker()
    if not _page():
        return answer(_collection(account.following_uri or "", account.following_count))
    listed = follows.following(account, paging.Page(limit=PAGE, max_id=request.args.get("max_id", type=int)))
    return _people(account.following_uri or "", [(each.id, each.target.uri) for each in listed])


def _people(address: str, listed: list[tuple[int, str]]) -> Response:
    following = f"{address}?page=true&max_id={listed[-1][0]}" if len(listed) == PAGE else None
    return answer(_collection_page(address, [uri for _, uri in listed], following))


@blueprint.get("/actors/<name>/followers_synchronization")
def followers_synchronization(name: str) -> Response:
    account, viewer = _local(name), asker()
    if viewer is None:
        raise errors.Unauthorized("Only the server asked about may know (FEP-8fcf): sign your request.")
    return answer(synchronization.partial(account, viewer), private=True)


@blueprint.get("/actors/<name>/featured")
def featured(name: str) -> Response:
    account, viewer = _local(name), asker()
    items = [posts.as_object(post) for post in said.pinned(account, viewer)]
    return answer(_whole(account.featured_uri or "", items), private=viewer is not None)


@blueprint.get("/actors/<name>/featured-tags")
def featured_tags(name: str) -> Response:
    account, _ = _local(name), asker()
    items = [
        {"type": "Hashtag", "name": f"#{tag.name}", "href": site.tag_page(tag.folded)}
        for tag in said.featured_tags(account)
    ]
    return answer({**_whole(account.featured_tags_uri or "", items), "type": "Collection"})


# --- posts ---------------------------------------------------------------------------------------------------------


@blueprint.get("/posts/<int:identifier>")
def post(identifier: int) -> Response | Any:
    if not wants_activity():
        found = said.by_id(identifier)
        if found is not None and found.local and found.url:
            return flask.redirect(found.url)
    try:
        return answer(posts.as_object(_post(identifier)), private=_is_private())
    except errors.Gone:
        uri = site.post_uri(identifier)
        made = answer({"id": uri, "type": "Tombstone"})
        made.status_code = 410
        return made


@blueprint.get("/posts/<int:identifier>/activity")
def create(identifier: int) -> Response:
    return answer(posts.as_create(_post(identifier)), private=_is_private())


@blueprint.get("/posts/<int:identifier>/replies")
def replies(identifier: int) -> Response:
    """Ids of the public answers to a post, wherever they live."""
    found = _post(identifier)
    address = f"{found.uri}/replies"
    if not _page():
        return answer(posts.as_first_page(address))
    answers = sa.select(Post.uri).where(
        Post.in_reply_to_id == found.id, Post.visibility.in_((Visibility.PUBLIC, Visibility.UNLISTED))
    )
    items = list(session.scalars(answers.order_by(Post.id).limit(MANY)))
    page = {"id": f"{address}?page=true", "type": "CollectionPage", "partOf": address, "items": items}
    return answer(page, private=_is_private())


@blueprint.get("/posts/<int:identifier>/likes")
def post_likes(identifier: int) -> Response:
    found = _post(identifier)
    return answer({"id": f"{found.uri}/likes", "type": "Collection", "totalItems": found.likes_count})


@blueprint.get("/posts/<int:identifier>/shares")
def post_shares(identifier: int) -> Response:
    found = _post(identifier)
    return answer({"id": f"{found.uri}/shares", "type": "Collection", "totalItems": found.boosts_count})


@blueprint.get("/contexts/<int:identifier>")
def context(identifier: int) -> Response:
    """All public posts of a thread that we know (FEP-7888, FEP-f228)."""
    asker()
    thread = sa.select(Post.uri).where(
        Post.thread_id == identifier,
        Post.boost_of_id.is_(None),
        Post.visibility.in_((Visibility.PUBLIC, Visibility.UNLISTED)),
    )
    items = list(session.scalars(thread.order_by(Post.id).limit(MANY)))
    if not items:
        raise errors.NotFound("There is no such thread.")
    return answer(_whole(site.address(f"/contexts/{identifier}"), items))


def _post(identifier: int) -> Post:
    flask.g.viewer = asker()
    return posts.may_fetch(flask.g.viewer, identifier)


def _is_private() -> bool:
    return flask.g.viewer is not None or site.settings().authorized_fetch


# --- collections ---------------------------------------------------------------------------------------------------


def _page() -> bool:
    return "page" in request.args


def _collection(address: str, total: int) -> dict[str, Any]:
    return {"id": address, "type": "OrderedCollection", "totalItems": total, "first": f"{address}?page=true"}


def _collection_page(address: str, items: list[Any], following: str | None) -> dict[str, Any]:
    page = {
        "id": f"{address}?{request.query_string.decode('ascii', 'replace')}",
        "type": "OrderedCollectionPage",
        "partOf": address,
        "orderedItems": items,
    }
    return {**page, "next": following} if following else page


def _whole(address: str, items: list[Any]) -> dict[str, Any]:
    return {"id": address, "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}
