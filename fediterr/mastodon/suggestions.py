"""Whom one might follow, and who is here: suggestions and the directory."""

from typing import Any

from fediterr.accounts import service as accounts
from fediterr.mastodon import accounts as people
from fediterr.mastodon import pages, routes
from fediterr.social import suggestions

# What the older form of a source says in the newer one's place.
OLDER = {"friends_of_friends": "past_interactions", "most_followed": "global"}


@routes.get("/api/v1/suggestions", "read:accounts")
def first() -> Any:
    """The older form: the accounts alone."""
    found = suggestions.of(routes.me(), pages.limit(pages.ACCOUNTS))
    return people.people([each.account for each in found])


@routes.get("/api/v2/suggestions", "read:accounts")
def second() -> Any:
    found = suggestions.of(routes.me(), pages.limit(pages.ACCOUNTS))
    shown = people.people([each.account for each in found])
    return [
        {"source": OLDER[each.sources[0]], "sources": each.sources, "account": account}
        for each, account in zip(found, shown, strict=True)
    ]


@routes.delete("/api/v1/suggestions/:id", "write:accounts")
def dismiss(identifier: int) -> Any:
    suggestions.dismiss(routes.me(), accounts.get(identifier))
    return {}


@routes.get("/api/v1/directory", "read:accounts", anyone=True)
def directory() -> Any:
    sent = routes.sent()
    listed = suggestions.directory(
        routes.viewer(),
        order=sent.text("order") or "active",
        local=bool(sent.flag("local")),
        limit=pages.limit(pages.ACCOUNTS),
        offset=max(0, sent.number("offset") or 0),
    )
    return people.people(listed)
