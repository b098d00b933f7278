"""OAuth 2 as Authlib speaks it, over our applications: the code flow with PKCE, client credentials, revocation.

Values come in, an `Answer` goes out; how they travel is the business of the doors.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.base import invalid_error_characters
from authlib.oauth2.rfc6749 import (
    AuthorizationCodeMixin,
    ClientMixin,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from fediterr.accounts import applications, scopes, tokens
from fediterr.accounts.models import Account, Application, Grant, User
from fediterr.core import clock

SECRET_WAYS = ["client_secret_basic", "client_secret_post"]
READ_WAY = ["client_secret_post"]  # a door reads either, and hands both on in the same form
FREE = ("state",)  # what a client may write as it likes, since it is only handed back
STRANGE = "?"

__all__ = ["GRANTS", "SECRET_WAYS", "Answer", "OAuth2Error", "Request", "server"]


class Answer(NamedTuple):
    """What is answered: a status, JSON or nothing, headers."""

    status: int
    body: Any
    headers: list[tuple[str, str]]


class Request(OAuth2Request):  # type: ignore[misc] # Authlib ships no types
    """What a client sent; in place of what RFC 6749 lets no value be made of, one that means nothing."""

    authority: Account | None = None  # for which somebody lets the application act, instead of for themselves

    def __init__(self, values: Mapping[str, str]) -> None:
        # Whether our address is secure is proved elsewhere (`fediterr check`); Authlib looks at these letters only.
        super().__init__("POST", "https://localhost")
        said = {name: value for name, value in values.items() if value}
        strange = {name for name, value in said.items() if name not in FREE and invalid_error_characters(value)}
        self.values = {"scope": scopes.DEFAULT} | said | dict.fromkeys(strange, STRANGE)
        self.payload = BasicOAuth2Payload(self.values)

    @property
    def form(self) -> dict[str, str]:
        return self.values


class Client(ClientMixin):  # type: ignore[misc]
    """An application as Authlib asks about it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def get_client_id(self) -> str:
        return self.application.client_id

    def get_default_redirect_uri(self) -> str | None:
        """The one that is meant by saying none, when there is one only."""
        known = self.application.redirect_uris
        return str(known[0]) if len(known) == 1 else None

    def get_allowed_scope(self, scope: str) -> str | None:
        return scope if scopes.cover(self.application.scopes, scope) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.application.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return applications.knows_secret(self.application, client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in READ_WAY

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANTS


class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A grant as Authlib asks about it."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant

    def get_redirect_uri(self) -> str:
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        return self.grant.scopes


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Somebody lets an application act for them, on a page of ours."""

    TOKEN_ENDPOINT_AUTH_METHODS = READ_WAY

    def generate_authorization_code(self) -> str:
        request = self.request
        redirect_uri = request.payload.redirect_uri or ""  # to be repeated with the code, if it was said at all
        challenge = request.payload.data.get("code_challenge")
        application = request.client.application
        return applications.allow(
            application, request.user, redirect_uri, request.scope, challenge, authority=request.authority
        )

    def save_authorization_code(self, code: str, request: Request) -> None:
        """It is kept as soon as it is made."""

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        grant = applications.redeem(code, client.application)
        return Code(grant) if grant else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Remember that it was used, to notice when it comes again."""
        authorization_code.grant.used_at = clock.now()

    def authenticate_user(self, authorization_code: Code) -> User | None:
        user = authorization_code.grant.user
        return user if user.may_sign_in else None


class Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE by S256; the method `plain` protects nobody."""

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        sent = grant.request.payload.data
        if sent.get("code_challenge") and sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The code_challenge_method must be S256.")

    def get_authorization_code_challenge(self, authorization_code: Code) -> str | None:
        return authorization_code.grant.code_challenge

    def get_authorization_code_challenge_method(self, authorization_code: Code) -> str:
        return "S256"


class ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc]
    """An application for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = READ_WAY

    def validate_token_request(self) -> None:
        super().validate_token_request()
        if self.request.client.get_allowed_scope(self.request.payload.scope) is None:
            raise InvalidScopeError


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """A token is taken back by the application that holds it; one that is not known was taken back already."""

    CLIENT_AUTH_METHODS = READ_WAY

    def authenticate_token(self, request: Request, client: Client) -> Any:
        token = tokens.by_value(request.values.get("token", ""))
        if token is not None and token.application_id != client.application.id:
            raise InvalidGrantError
        return token

    def revoke_token(self, token: Any, request: Request) -> None:
        tokens.revoke(token)


class Server(AuthorizationServer):  # type: ignore[misc]
    """Keeps nothing between two requests."""

    def query_client(self, client_id: str) -> Client | None:
        found = applications.by_client_id(client_id)
        return Client(found) if found else None

    def create_oauth2_request(self, request: Request) -> Request:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        return Answer(status, body, headers)

    def handle_error_response(self, request: Request, error: OAuth2Error) -> Answer:
        if isinstance(error, InvalidClientError):
            error.status_code = 401
            error.description = "The client is unknown, or its secret is wrong or missing."
        status, body, headers = error(None)
        return Answer(status, dict(body) if body else None, headers)

    def send_signal(self, name: str, *args: Any, **more: Any) -> None:
        """Nobody listens."""

    def generate_token(self, grant_type: str, client: Client, **more: Any) -> dict[str, Any]:
        """A token that lasts until it is taken back, as Mastodon's do; made when it is saved."""
        return {"token_type": "Bearer", "scope": more["scope"], "created_at": int(clock.now().timestamp())}

    def save_token(self, token: dict[str, Any], request: Request) -> None:
        code = request.authorization_code
        token["access_token"] = tokens.create(
            request.user,
            token["scope"],
            application=request.client.application,
            grant=code.grant if code else None,
        )


GRANTS = (CodeGrant.GRANT_TYPE, ClientCredentials.GRANT_TYPE)
server = Server(scopes_supported=list(scopes.ALL))
server.register_grant(CodeGrant, [Challenge(required=False)])
server.register_grant(ClientCredentials)
server.register_endpoint(Revocation)
