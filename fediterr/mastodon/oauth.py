"""OAuth 2 as programs speak it: a token for a code or for an application, giving it back, what can be asked here.

The page on which people allow an application is `web/authorization.py`.
"""

from typing import Any
from urllib.parse import unquote

from flask import Response, request

from fediterr.accounts import oauth, scopes
from fediterr.core import site
from fediterr.mastodon import entities, routes
from fediterr.mastodon.viewer import Viewer

NOT_YOURS = {"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"}


@routes.post("/oauth/token", routes.PUBLIC)
def token() -> Response:
    return _answer(oauth.server.create_token_response(_asked()))


@routes.post("/oauth/revoke", routes.PUBLIC)
def revoke() -> Response:
    """Take a token back; only the application that holds it may."""
    answer = oauth.server.create_endpoint_response(oauth.Revocation.ENDPOINT_NAME, _asked())
    refused = answer.status >= 400
    return _answer(oauth.Answer(403, NOT_YOURS, []) if refused else answer)


def _asked() -> oauth.Request:
    """What was sent, and who sends it: by HTTP Basic or among the values."""
    sent = routes.sent()
    values = {name: sent.text(name) or "" for name in sent.values}
    client = request.authorization
    if client is not None and client.type == "basic":
        values["client_id"], values["client_secret"] = unquote(client.username or ""), unquote(client.password or "")
    return oauth.Request(values)


def _answer(answer: oauth.Answer) -> Response:
    made = routes.as_json(answer.body)
    made.status_code = answer.status
    made.headers["Cache-Control"] = "no-store"
    if answer.status == 401:
        made.headers["WWW-Authenticate"] = 'Basic realm="fediterr"'
    return made


@routes.get("/oauth/userinfo", "profile read:accounts")
def userinfo() -> Any:
    """Who gave the token, in the words of OpenID Connect."""
    shown = entities.account(routes.me(), Viewer.of(None, people=[routes.me()]))
    return {
        "iss": site.address("/"),
        "sub": shown["uri"],
        "name": shown["display_name"],
        "preferred_username": shown["username"],
        "profile": shown["url"],
        "picture": shown["avatar"],
    }


@routes.get("/.well-known/oauth-authorization-server", routes.PUBLIC)
def metadata() -> Any:
    """RFC 8414."""
    return {
        "issuer": site.address("/"),
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": site.address("/oauth/authorize"),
        "token_endpoint": site.address("/oauth/token"),
        "app_registration_endpoint": site.address("/api/v1/apps"),
        "revocation_endpoint": site.address("/oauth/revoke"),
        "userinfo_endpoint": site.address("/oauth/userinfo"),
        "scopes_supported": list(scopes.ALL),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(oauth.GRANTS),
        "token_endpoint_auth_methods_supported": oauth.SECRET_WAYS,
        "code_challenge_methods_supported": ["S256"],
    }
