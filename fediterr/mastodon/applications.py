"""Applications: registering one, and what one may know of itself."""

from typing import Any

from fediterr.accounts import applications, scopes
from fediterr.accounts.models import Application
from fediterr.core import errors, site, webpush
from fediterr.mastodon import entities, routes


@routes.post("/api/v1/apps", routes.PUBLIC)
def register() -> Any:
    """A new application, with its secret."""
    sent = routes.sent()
    wanted = " ".join(sent.texts("scopes")) or " ".join(sent.texts("scope"))
    addresses = [address for words in sent.texts("redirect_uris") for address in words.split()]
    made = applications.register(sent.text("client_name") or "", addresses, wanted, sent.text("website"))
    secret = {"client_id": made.application.client_id, "client_secret": made.secret, "client_secret_expires_at": 0}
    return _application(made.application) | secret


@routes.get("/api/v1/apps/verify_credentials", scopes.ANY, application=True)
def verify() -> Any:
    """The application that holds the token."""
    token = routes.token()
    if token is None or token.application is None:
        raise errors.NotFound("This token belongs to no application.")
    return _application(token.application)


def _application(application: Application) -> entities.Entity:
    return {
        "id": str(application.id),
        "name": application.name,
        "website": application.website,
        "scopes": application.scopes.split(),
        "redirect_uri": "\n".join(application.redirect_uris),
        "redirect_uris": application.redirect_uris,
        "vapid_key": webpush.public_key(site.settings().secret_key),
    }
