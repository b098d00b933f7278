"""How a route of the client API is made: its address, its scope, who asks, what was sent, what is answered.

Addresses are written as Mastodon documents them, `:id` and all. A route without a scope cannot be made.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import flask
from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from fediterr.accounts import scopes, speakers, tokens
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Office, Role, Token, User
from fediterr.core import errors
from fediterr.mastodon import params

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"  # in place of a scope: no token is looked at
PLACES = {":id": "<id:identifier>", ":quoting_id": "<id:quoting>", ":item": "<id:item>", ":name": "<name>"}
PLACES |= {":date": "<day>", ":group_key": "<group_key>"}

blueprint = Blueprint("mastodon", __name__)


class Identifier(BaseConverter):
    """A number that a database can hold; with anything else the address does not exist."""

    regex = r"\d{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)


@blueprint.record_once
def _know_places(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, flask.Flask)
    state.app.url_map.converters["id"] = Identifier


class Access(NamedTuple):
    """What a token must hold; `anyone` may ask without a token, and sees what everybody may see.

    With a `role`, only people of that role or above. With `application`, tokens are let in too that speak for nobody,
    or for somebody who was not let in yet.
    """

    scope: str
    anyone: bool = False
    role: Role | None = None
    application: bool = False


ACCESS: dict[str, Access] = {}  # by endpoint


def get(rule: str, scope: str, **access: Any) -> Callable[[View], View]:
    return _route(("GET",), rule, Access(scope, **access))


def post(rule: str, scope: str, **access: Any) -> Callable[[View], View]:
    return _route(("POST",), rule, Access(scope, **access))


def put(rule: str, scope: str, **access: Any) -> Callable[[View], View]:
    """An update: some clients say PUT and some PATCH."""
    return _route(("PUT", "PATCH"), rule, Access(scope, **access))


def delete(rule: str, scope: str, **access: Any) -> Callable[[View], View]:
    return _route(("DELETE",), rule, Access(scope, **access))


def _route(methods: tuple[str, ...], rule: str, access: Access) -> Callable[[View], View]:
    def register(view: View) -> View:
        endpoint = f"{view.__module__.rpartition('.')[2]}-{view.__name__}"
        address = "/".join(PLACES.get(part, part) for part in rule.split("/"))
        blueprint.add_url_rule(address, endpoint, _answering(view), methods=methods, strict_slashes=False)
        ACCESS[f"{blueprint.name}.{endpoint}"] = access
        return view

    return register


def _answering(view: Callable[..., Any]) -> Callable[..., Response]:
    def answer(**places: Any) -> Response:
        if any(isinstance(place, str) and params.UNSTORABLE.search(place) for place in places.values()):
            raise errors.NotFound("There is no such page.")
        made = view(**places)
        return made if isinstance(made, Response) else as_json(made)

    return answer


def as_json(value: Any) -> Response:
    return Response(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")), content_type="application/json; charset=utf-8"
    )


def plain(words: str) -> Response:
    return Response(words, content_type="text/plain; charset=utf-8")


# --- who asks ------------------------------------------------------------------------------------------------------


def authorize() -> None:
    """Let the request in, or say why not: Unauthorized without a good token, Forbidden without the scope."""
    access = ACCESS.get(request.endpoint or "")
    if access is None:
        raise errors.Forbidden("This action is not allowed")
    flask.g.token = None
    if access.scope == PUBLIC:
        return
    value = given_token()
    if value is None and access.anyone:
        return
    flask.g.token = admit(value or "", access)


def given_token() -> str | None:
    """The token of the request: in its header, else among what was sent; None when it brings none at all."""
    header = request.headers.get("Authorization")
    if header is not None:
        kind, _, value = header.partition(" ")
        return value.strip() if kind.lower() == "bearer" else ""
    try:
        return sent().text("access_token")
    except errors.Invalid:
        return None


def admit(value: str, access: Access) -> Token:
    """The token with that value, if it may do what `access` asks for; in the words that clients know if not."""
    found = tokens.by_value(value) if value else None
    if found is None:
        raise errors.Unauthorized("The access token is invalid")
    if not scopes.allow(found.scopes, access.scope):
        raise errors.Forbidden("This action is outside the authorized scopes")
    if found.user is None:
        if not access.application and not access.anyone:
            raise errors.Conflict("This method requires an authenticated user")
        return found
    if not found.user.is_open:
        raise errors.Forbidden("Your login is currently disabled")
    if not access.application:
        if found.user.confirmed_at is None:
            raise errors.Forbidden("Your login is missing a confirmed e-mail address")
        if found.user.approved_at is None:
            raise errors.Forbidden("Your login is currently pending approval")
    if found.authority is not None:
        _require_office(found.user, found.authority, access)
    if access.role is not None and not accounts.ranks(found.user, access.role):
        raise errors.Forbidden("This action is not allowed")
    return found


def _require_office(user: User, authority: Account, access: Access) -> None:
    """An application that acts for an authority does what its user may there, and never moderates."""
    if access.role is not None:
        raise errors.Forbidden("This action is not allowed")
    if not speakers.may_speak(user, authority):
        raise errors.Unauthorized("The access token is invalid")
    subject = (request.endpoint or "").partition(".")[2].partition("-")[0] if flask.has_request_context() else ""
    if subject == "profile" and request.method != "GET" and not speakers.holds(user, authority, Office.MANAGE):
        raise errors.Forbidden("This action is not allowed")


def token() -> Token | None:
    """The token that came with the request."""
    found: Token | None = flask.g.get("token")
    return found


def viewer() -> Account | None:
    """Whose token came with the request; None when there was none."""
    found = token()
    return found.account if found else None


def me() -> Account:
    """Whose token came with the request; Unauthorized when there was none."""
    account = viewer()
    if account is None:
        raise errors.Unauthorized("This method requires an authenticated user")
    return account


# --- what was sent -------------------------------------------------------------------------------------------------


def sent() -> params.Params:
    """All that came with the request."""
    if "params" not in flask.g:
        flask.g.params = params.read(request)
    found: params.Params = flask.g.params
    return found
