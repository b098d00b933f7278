"""Coming to this server by an application, and proving an address."""

from typing import Any

from flask import Response, request

from fediterr.accounts import registration, tokens
from fediterr.core import clock, errors
from fediterr.mastodon import routes
from fediterr.moderation import entrance

SIGNED_UP_BY_ANOTHER = "This method is only available to the application the user originally signed-up with"


@routes.post("/api/v1/accounts", "write:accounts", application=True)
def register() -> Any:
    """Somebody registers; the application gets their token, which opens everything once they are let in."""
    sent, held = routes.sent(), routes.token()
    assert held is not None
    email = (sent.text("email") or "").strip()
    to_approve = entrance.admit(email, request.remote_addr)
    user = registration.register(
        registration.Request(
            name=sent.text("username") or "",
            email=email,
            password=sent.text("password") or "",
            agreement=bool(sent.flag("agreement")),
            language=sent.text("locale") or "",
            reason=sent.text("reason") or "",
            code=sent.text("invite_code") or "",
            ip=request.remote_addr,
            to_approve=to_approve,
            application=held.application,
        )
    )
    granted = held.application.scopes if held.application else held.scopes
    value = tokens.create(user, granted, application=held.application)
    return {
        "access_token": value,
        "token_type": "Bearer",
        "scope": granted,
        "created_at": int(clock.now().timestamp()),
    }


@routes.post("/api/v1/emails/confirmations", "write:accounts", application=True)
def send_again() -> Any:
    """Send the link that proves an address once more, to another address if one is given."""
    routes.me()
    held = routes.token()
    assert held is not None
    assert held.user is not None
    if held.application is None or held.application.id != held.user.application_id:
        raise errors.Forbidden(SIGNED_UP_BY_ANOTHER)
    registration.send_again(held.user, (routes.sent().text("email") or "").strip() or None)
    return {}


@routes.get("/api/v1/emails/check_confirmation", "read:accounts", application=True)
def is_confirmed() -> Response:
    """Whether the address is proved: a bare truth value."""
    routes.me()
    held = routes.token()
    return routes.as_json(held is not None and held.user is not None and held.user.confirmed_at is not None)
