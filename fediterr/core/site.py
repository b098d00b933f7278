"""This server: its settings, and the addresses of what lives on it."""

from functools import cache
from importlib import metadata
from urllib.parse import quote

import flask

from fediterr.core import choices
from fediterr.core.settings import Settings

EXTENSION = "fediterr.settings"
LIVE = "/api/v1/streaming"  # where live updates are asked for: not the application answers there


def settings() -> Settings:
    """The settings of the running application, with what administrators have chosen on its pages."""
    return choices.over(given())


def given() -> Settings:
    """The settings of the running application as the operator gave them."""
    found: Settings = flask.current_app.extensions[EXTENSION]
    return found


def address(path: str) -> str:
    """The absolute address of a path of this server."""
    return settings().base_url + path


def account_uri(name: str) -> str:
    """The id of a local actor."""
    return address(f"/actors/{name}")


def account_page(name: str) -> str:
    return address(f"/@{name}")


def post_uri(identifier: int) -> str:
    """The id of a local post."""
    return address(f"/posts/{identifier}")


def post_page(name: str, identifier: int) -> str:
    return address(f"/@{name}/{identifier}")


def activity_uri(identifier: int) -> str:
    """The id of an activity that has no object of its own to be named after (a Follow, a Like, an Accept…)."""
    return address(f"/activities/{identifier}")


def authorization_uri(identifier: int) -> str:
    """The id of what says that a quote of a local post is agreed to (FEP-044f)."""
    return address(f"/quote_authorizations/{identifier}")


def media_address(path: str) -> str:
    """Where a file of the store is handed out."""
    return f"{settings().media_url}/media/{path}"


def tag_page(tag: str) -> str:
    return address(f"/tags/{quote(tag)}")


def is_here(uri: str) -> bool:
    """Whether an id or address belongs to this server."""
    base = settings().base_url
    return uri == base or uri.startswith(base + "/")


def is_own_host(host: str) -> bool:
    """Whether a host is this server's own, or the domain of its handles."""
    return host.lower() in (settings().host.lower(), settings().handle_domain.lower())


@cache
def version() -> str:
    """The version of this software; `unknown` in a checkout that was not installed."""
    try:
        return metadata.version("fediterr")
    except metadata.PackageNotFoundError:
        return "unknown"
