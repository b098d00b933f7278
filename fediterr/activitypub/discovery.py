"""How others find this server and who lives on it: WebFinger, host-meta, NodeInfo."""

from datetime import timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

import flask
import sqlalchemy as sa
from flask import Blueprint, Response, request

from fediterr.accounts import registration
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, User
from fediterr.activitypub import directories, vocabulary
from fediterr.core import clock, errors, site
from fediterr.core.db import session
from fediterr.social.models import Post

blueprint = Blueprint("discovery", __name__)

NODEINFO = "http://nodeinfo.diaspora.software/ns/schema"
FEATURES = ["fep-8b32", "fep-8fcf", "fep-521a", "fep-1b12", "fep-2c59", "rfc9421", "ft-authorities", directories.FORMER]


@blueprint.after_request
def open_to_all(response: Response) -> Response:
    """Pages of other sites may ask: this is public by nature."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET"
        response.headers["Access-Control-Allow-Headers"] = "*"
    return response


@blueprint.get("/.well-known/webfinger", strict_slashes=False)
def webfinger() -> Response:
    """RFC 7033, for `acct:name@domain` and for the addresses of an actor."""
    resource = request.args.get("resource", "")
    if not resource:
        raise errors.Invalid("Say which resource.")
    account = _named(resource)
    if account is None or not account.local:
        raise errors.NotFound("Nobody here is called so.")
    if not account.active:
        raise errors.Gone("This account is closed.")
    accounts.require_arrived(account)
    answer = flask.jsonify(
        subject=f"acct:{account.full_handle}",
        aliases=[account.url, account.uri],
        links=[
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": account.url},
            {"rel": "self", "type": vocabulary.CONTENT_TYPE, "href": account.uri},
            {
                "rel": "http://ostatus.org/schema/1.0/subscribe",
                "template": site.address("/authorize_interaction?uri={uri}"),
            },
        ],
    )
    answer.content_type = "application/jrd+json; charset=utf-8"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _named(resource: str) -> Account | None:
    if resource.startswith(("https://", "http://")):
        name = resource.removeprefix(site.address("/@"))
        if name != resource and "/" not in name:
            return accounts.by_handle(name)
        return accounts.by_uri(resource)
    handle = resource.removeprefix("acct:").removeprefix("@")
    name, _, domain = handle.partition("@")
    settings = site.settings()
    if domain.lower() not in (settings.handle_domain.lower(), settings.host.lower()):
        return None
    if name.lower() in (settings.host.lower(), settings.handle_domain.lower(), "instance"):
        return accounts.instance_actor()
    return accounts.by_handle(name)


@blueprint.get("/.well-known/host-meta", strict_slashes=False)
def host_meta() -> Response:
    template = site.address("/.well-known/webfinger?resource={uri}")
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="application/jrd+json" template={quoteattr(template)}/>\n</XRD>\n'
    )
    return Response(xml, content_type="application/xrd+xml; charset=utf-8")


@blueprint.get("/.well-known/host-meta.json", strict_slashes=False)
def host_meta_json() -> Response:
    template = site.address("/.well-known/webfinger?resource={uri}")
    return flask.jsonify(links=[{"rel": "lrdd", "type": "application/jrd+json", "template": template}])


@blueprint.get("/.well-known/nodeinfo", strict_slashes=False)
def nodeinfo_links() -> Response:
    links = [
        {"rel": f"{NODEINFO}/{version}", "href": site.address(f"/nodeinfo/{version}")} for version in ("2.1", "2.0")
    ]
    application = {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": site.address("/actor")}
    return flask.jsonify(links=[*links, application])  # FEP-2677


@blueprint.get("/nodeinfo/<version>", strict_slashes=False)
def nodeinfo(version: str) -> Response:
    if version not in ("2.0", "2.1"):
        raise errors.NotFound("There is no such version of NodeInfo.")
    settings = site.settings()
    software: dict[str, Any] = {"name": "fediterr", "version": site.version()}
    if version == "2.1":
        software["homepage"] = settings.base_url
    answer = flask.jsonify(
        version=version,
        software=software,
        protocols=["activitypub"],
        services={"inbound": [], "outbound": []},
        openRegistrations=registration.is_open(),
        usage={
            "users": {
                "total": session.scalar(sa.select(sa.func.count(User.id))),
                "activeMonth": _active(days=30),
                "activeHalfyear": _active(days=180),
            },
            "localPosts": session.scalar(
                sa.select(sa.func.count(Post.id)).where(Post.local, Post.boost_of_id.is_(None))
            ),
        },
        metadata={
            "nodeName": settings.name,
            "nodeDescription": settings.description,
            "fediterr": _as_peer(),
        },
    )
    answer.content_type = f'application/json; profile="{NODEINFO}/{version}#"; charset=utf-8'
    answer.headers["Cache-Control"] = "public, max-age=1800"
    return answer


def _as_peer() -> dict[str, Any]:
    """What other servers of ours ask for: what this one can do, for which territory, and who lives on it."""
    said = {"version": site.version(), "features": FEATURES, "authorities": directories.address()}
    code = directories.territory()
    return {**said, "territory": code} if code else said


def _active(*, days: int) -> int:
    """How many people of here have published something lately."""
    lately = Account.last_post_at > clock.now() - timedelta(days=days)
    return session.scalar(sa.select(sa.func.count(Account.id)).where(Account.local, lately)) or 0
