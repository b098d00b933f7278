"""The addresses that other servers call: inboxes, actors, objects, collections."""

import json
import logging
from typing import Any

import flask
import sqlalchemy as sa
from flask import Blueprint, Response, request

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import (
    actors,
    authorities,
    directories,
    inbox,
    interactions,
    known,
    moderators,
    objects,
    posts,
    quotes,
    signatures,
    synchronization,
    vocabulary,
)
from fediterr.core import db, errors, paging, site
from fediterr.core.db import session
from fediterr.social import communities, follows, former, tags, timelines, visibility
from fediterr.social import posts as said
from fediterr.social.models import Post

blueprint = Blueprint("activitypub", __name__)
log = logging.getLogger(__name__)

DOCUMENTS = (vocabulary.CONTENT_TYPE, "application/ld+json")
PAGES = ("text/html", "application/xhtml+xml")
PAGE = 20
MANY = 100


class Unreadable(errors.Invalid):
    """A body of a kind that we do not read."""


STATUS = {
    Unreadable: 415,
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
    status = next((STATUS[kind] for kind in STATUS if issubclass(type(problem), kind)), 400)
    answer = flask.jsonify(error=problem.message or type(problem).__name__)
    answer.status_code = status
    if problem.retry_after is not None or status == 503:
        answer.headers["Retry-After"] = str(problem.retry_after or 300)
    if request.method == "POST":
        log.info("inbox refused", extra={"status": status, "why": problem.message, "path": request.path})
    return answer


def wants_activity(*, at_page: bool = False) -> bool:
    """Whether the asker prefers the ActivityStreams form; who takes anything gets what lives at that address."""
    named: dict[str, float] = {}
    for kind, quality in request.accept_mimetypes:  # a `profile` makes no difference here
        name = kind.partition(";")[0].strip().lower()
        named[name] = max(quality, named.get(name, 0))
    anything = named.get("*/*", 0 if named else 1)

    def wish(*kinds: str) -> float:
        return max(named.get(kind, named.get(kind.partition("/")[0] + "/*", anything)) for kind in kinds)

    document, page = wish(*DOCUMENTS), wish(*PAGES)
    return document > page or (document == page > 0 and not at_page)


def answer(document: dict[str, Any]) -> Response:
    """A document as it travels; what depends on who asks is kept by nobody on the way."""
    private = flask.g.get("viewer") is not None or site.settings().authorized_fetch
    if "@context" not in document:
        document = {"@context": vocabulary.context(document), **document}
    made = Response(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        content_type=f"{vocabulary.CONTENT_TYPE}; charset=utf-8",
    )
    made.headers["Vary"] = "Accept, Signature, Signature-Input"
    made.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=60"
    return made


def _to_page(address: str) -> Response:
    made = flask.redirect(address)
    made.headers["Vary"] = "Accept"
    assert isinstance(made, Response)
    return made


@blueprint.before_app_request
def answer_at_pages() -> Response | None:
    """The pages of people and posts are documents, too, for whoever prefers that."""
    if request.method not in ("GET", "HEAD") or not request.path.startswith("/@"):
        return None
    if not wants_activity(at_page=True):
        return None
    name, _, identifier = request.path[2:].partition("/")
    if "@" in name or not (identifier.isdecimal() or not identifier):
        return None
    try:
        return post(int(identifier)) if identifier else actor(name)
    except errors.Problem as problem:
        return answer_problem(problem)


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
    _require_json()
    body = _body()
    message = _message(body)
    try:
        signer = inbox.authenticate(message)
    except errors.NotFound as problem:
        return _farewell(message, problem)
    activity = vocabulary.read_activity(vocabulary.parse(body))
    actor = inbox.speaker(activity, signer)
    header = request.headers.get(synchronization.HEADER)
    list_to_read = synchronization.differs(header, actor) if header and actor.id == signer.id else None
    _store(actor.uri, activity, body, list_to_read)
    return "", 202


def _store(actor_uri: str, activity: vocabulary.Activity, body: bytes, list_to_read: str | None = None) -> None:
    with db.transaction():
        inbox.accept(actor_uri, activity, body)
        if list_to_read:
            known.ask_for("followers", f"{actor_uri} {list_to_read}")


def _farewell(message: signatures.Message, problem: errors.NotFound) -> tuple[str, int]:
    """The signer is not there (any more): a Delete of itself is true when its own server has just said so."""
    activity = vocabulary.read_activity(vocabulary.parse(message.body))
    if activity.type != "Delete" or activity.object is None or activity.object.id != activity.actor:
        raise errors.Unauthorized("The key is not there.") from problem
    account = inbox.departed(message, activity) if isinstance(problem, errors.Gone) else None
    if account is not None:
        _store(account.uri, activity, message.body)
    return "", 202


def _require_json() -> None:
    """ActivityPub names two media types; some software only says that it is JSON, or nothing."""
    named = request.mimetype
    if named and named not in (vocabulary.CONTENT_TYPE, "application/ld+json", "application/json"):
        raise Unreadable("Activities are sent as application/activity+json.")


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
    flask.g.viewer = None
    in_authorization = request.headers.get("Authorization", "")[:10].lower() == "signature "
    signed = "Signature" in request.headers or "Signature-Input" in request.headers or in_authorization
    needed = site.settings().authorized_fetch
    if not signed:
        if needed:
            raise errors.Unauthorized("Fetches must be signed here.")
        return None
    try:
        flask.g.viewer = inbox.authenticate(_message())
    except errors.NotFound as problem:
        if needed:
            raise errors.Unauthorized("The key is not there.") from problem
    except (errors.Unauthorized, errors.Unreachable, errors.TooMany):
        if needed:
            raise
    viewer: Account | None = flask.g.viewer  # without: what anybody may read needs no signature
    return viewer


# --- actors --------------------------------------------------------------------------------------------------------


@blueprint.get("/actor")
def instance_actor() -> Response:
    """Open to all: whoever checks our signatures needs it before anything else."""
    return answer(actors.as_actor(accounts.instance_actor()))


@blueprint.get("/actor/outbox")
def instance_outbox() -> Response:
    return answer(_whole(site.address("/actor/outbox"), []))


@blueprint.get("/actor/authorities")
def instance_authorities() -> Response:
    """The authorities of this server that let themselves be found, for the directories of the others."""
    asker()
    place = directories.address()
    if not _page():
        return answer(_collection(place, directories.total()))
    page = paging.Page(limit=MANY, max_id=request.args.get("max_id", type=int))
    listed = directories.listed(page)
    following = f"{place}?page=true&max_id={listed[-1].account_id}" if len(listed) == MANY else None
    return answer(_collection_page(place, [directories.as_item(each) for each in listed], following))


@blueprint.get("/actors/<name>")
def actor(name: str) -> Response:
    account = _local(name)
    if not wants_activity():
        return _to_page(account.url)
    try:
        asker()
    except (errors.Unauthorized, errors.Unreachable, errors.TooMany):
        return answer(actors.as_stub(account))
    return answer(actors.as_actor(account))


def _local(name: str) -> Account:
    account = accounts.local(name)
    if not account.active:
        raise errors.Gone("This account is closed.")
    accounts.require_arrived(account)
    return account


def _open(name: str) -> Account:
    """An account whose lists anybody may read: of a private community nobody reads who is in it, and what they say."""
    account = _local(name)
    if communities.is_private(account):
        raise errors.NotFound("There is no such list.")
    return account


@blueprint.get("/actors/<name>/outbox")
def actor_outbox(name: str) -> Response:
    """Public posts and boosts, newest first."""
    account, viewer = _open(name), asker()
    if not _page():
        return answer(_collection(account.outbox or "", account.posts_count))
    max_id = request.args.get("max_id", type=int)
    listed = timelines.of_account(account, viewer, paging.Page(limit=PAGE, max_id=max_id))
    items = [interactions.as_announce(each) if each.boost_of_id else objects.as_create(each) for each in listed]
    following = f"{account.outbox}?page=true&max_id={listed[-1].id}" if len(listed) == PAGE else None
    return answer(_collection_page(account.outbox or "", items, following))


@blueprint.get("/actors/<name>/followers")
def actor_followers(name: str) -> Response:
    account, _ = _open(name), asker()
    if account.hide_collections:
        return answer(_count(account.followers_uri or "", account.followers_count))
    if not _page():
        return answer(_collection(account.followers_uri or "", account.followers_count))
    listed = follows.followers(account, paging.Page(limit=PAGE, max_id=request.args.get("max_id", type=int)))
    return _people(account.followers_uri or "", [(each.id, each.follower.uri) for each in listed])


@blueprint.get("/actors/<name>/following")
def actor_following(name: str) -> Response:
    account, _ = _open(name), asker()
    if account.hide_collections:
        return answer(_count(account.following_uri or "", account.following_count))
    if not _page():
        return answer(_collection(account.following_uri or "", account.following_count))
    listed = follows.following(account, paging.Page(limit=PAGE, max_id=request.args.get("max_id", type=int)))
    return _people(account.following_uri or "", [(each.id, each.target.uri) for each in listed])


def _people(address: str, listed: list[tuple[int, str]]) -> Response:
    following = f"{address}?page=true&max_id={listed[-1][0]}" if len(listed) == PAGE else None
    return answer(_collection_page(address, [uri for _, uri in listed], following))


@blueprint.get("/actors/<name>/agents")
def actor_agents(name: str) -> Response:
    """Who works for an authority, of those who say so."""
    account, _ = _local(name), asker()
    uris = authorities.agents_of(account)
    return answer({**_whole(f"{account.uri}/agents", uris), "type": "Collection", "items": uris})


@blueprint.get("/actors/<name>/followers_synchronization")
def followers_synchronization(name: str) -> Response:
    account, viewer = _local(name), asker()
    if viewer is None:
        raise errors.Unauthorized("Only the server asked about may know (FEP-8fcf): sign your request.")
    return answer(synchronization.partial(account, viewer))


@blueprint.get("/actors/<name>/featured")
def featured(name: str) -> Response:
    account, viewer = _open(name), asker()
    listed = [*said.pinned(account, viewer), *communities.pinned(account, viewer)]
    items = [objects.as_object(post) if post.local else post.uri for post in listed]
    return answer(_whole(account.featured_uri or "", items))


@blueprint.get("/actors/<name>/moderators")
def group_moderators(name: str) -> Response:
    """Who looks after a community of here (FEP-1b12)."""
    account, _ = _open(name), asker()
    if account.kind != Kind.GROUP:
        raise errors.NotFound("There is no such community.")
    return answer(moderators.as_collection(account))


@blueprint.get("/actors/<name>/featured-tags")
def featured_tags(name: str) -> Response:
    account, _ = _local(name), asker()
    items = [
        {"type": "Hashtag", "name": f"#{tag.name}", "href": site.tag_page(tag.folded)} for tag in tags.featured(account)
    ]
    return answer({**_whole(account.featured_tags_uri or "", items), "type": "Collection"})


# --- posts ---------------------------------------------------------------------------------------------------------


@blueprint.get("/posts/<int:identifier>")
def post(identifier: int) -> Response:
    try:
        found = _post(identifier)
    except errors.Gone:
        made = answer({"id": site.post_uri(identifier), "type": "Tombstone"})
        made.status_code = 410
        return made
    if not wants_activity() and found.url:
        return _to_page(found.url)
    return answer(objects.as_object(found))


@blueprint.get("/posts/<int:identifier>/activity")
def create(identifier: int) -> Response:
    return answer(objects.as_create(_post(identifier)))


@blueprint.get("/posts/<int:identifier>/replies")
def replies(identifier: int) -> Response:
    """Ids of the public answers to a post, wherever they live."""
    found = _post(identifier)
    address = f"{found.uri}/replies"
    if not _page():
        return answer(objects.as_first_page(address))
    answers = sa.select(Post.uri).where(Post.in_reply_to_id == found.id, visibility.visible(None))
    items = list(session.scalars(answers.order_by(Post.id).limit(MANY)))
    page = {"id": f"{address}?page=true", "type": "CollectionPage", "partOf": address, "items": items}
    return answer(page)


@blueprint.get("/posts/<int:identifier>/likes")
def post_likes(identifier: int) -> Response:
    found = _post(identifier)
    return answer({"id": f"{found.uri}/likes", "type": "Collection", "totalItems": found.likes_count})


@blueprint.get("/posts/<int:identifier>/shares")
def post_shares(identifier: int) -> Response:
    found = _post(identifier)
    return answer({"id": f"{found.uri}/shares", "type": "Collection", "totalItems": found.boosts_count})


@blueprint.get("/quote_authorizations/<int:identifier>")
def quote_authorization(identifier: int) -> Response:
    """That the author of a post of here agrees to be quoted (FEP-044f)."""
    asker()
    return answer(quotes.as_authorization(quotes.may_fetch(identifier)))


@blueprint.get("/contexts/<int:identifier>")
def context(identifier: int) -> Response:
    """All public posts of a thread that we know (FEP-7888, FEP-f228)."""
    asker()
    thread = sa.select(Post.uri).where(
        Post.thread_id == identifier, Post.boost_of_id.is_(None), visibility.visible(None)
    )
    items = list(session.scalars(thread.order_by(Post.id).limit(MANY)))
    if not items:
        raise errors.NotFound("There is no such thread.")
    return answer(_whole(site.address(f"/contexts/{identifier}"), items))


def _post(identifier: int) -> Post:
    return posts.may_fetch(asker(), identifier)


@blueprint.get("/former")
def former_place() -> Response:
    """From the address that a post had before its author moved here to the one that it has now."""
    viewer = asker()
    found = former.moved(request.args.get("uri", "")[:2000])
    if found is None or not visibility.can_see(viewer, found):
        raise errors.NotFound("No post that came along had that address.")
    return _to_page(found.uri if wants_activity() else found.url or found.uri)


# --- collections ---------------------------------------------------------------------------------------------------


def _page() -> bool:
    return "page" in request.args


def _collection(address: str, total: int) -> dict[str, Any]:
    return {"id": address, "type": "OrderedCollection", "totalItems": total, "first": f"{address}?page=true"}


def _count(address: str, total: int) -> dict[str, Any]:
    """A collection whose owner keeps to themselves who is in it."""
    return {"id": address, "type": "OrderedCollection", "totalItems": total}


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
