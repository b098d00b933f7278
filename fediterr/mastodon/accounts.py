"""Accounts: one's own, those one looks at, what they published, who follows them."""

from typing import Any

import sqlalchemy as sa
from flask import Response

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.social import follows, timelines
from fediterr.social.models.filters import Context

FIELDS = 8


def seen(identifier: int) -> Account:
    """The account with that id; NotFound when there is none, or when it is closed."""
    account = accounts.get(identifier)
    if not account.active:
        raise errors.NotFound("This account is closed.")
    return account


def people(listed: list[Account]) -> list[entities.Entity]:
    """Accounts as entities, for the one who asks."""
    viewer = Viewer.of(routes.viewer(), people=listed)
    return [entities.account(person, viewer) for person in listed]


# --- one's own -----------------------------------------------------------------------------------------------------


@routes.get("/api/v1/accounts/verify_credentials", "read:accounts profile")
def verify_credentials() -> Any:
    return _own()


@routes.put("/api/v1/accounts/update_credentials", "write:accounts")
def update_credentials() -> Any:
    """Change what one's profile says; what is not sent stays as it is."""
    sent = routes.sent()
    fields = sent.parts("fields_attributes")
    profile = accounts.Profile(
        display_name=sent.text("display_name"),
        note=sent.text("note"),
        locked=sent.flag("locked"),
        bot=sent.flag("bot"),
        discoverable=sent.flag("discoverable"),
        indexable=sent.flag("indexable"),
        fields=tuple((field.text("name") or "", field.text("value") or "") for field in fields[:FIELDS])
        if "fields_attributes" in sent
        else None,
    )
    if profile != accounts.Profile():
        accounts.update_profile(routes.me(), profile)
    return _own()


def _own() -> entities.Entity:
    me = routes.me()
    user = accounts.user_of(me)
    assert user is not None  # whoever holds a token is a user
    return entities.own_account(user, Viewer.of(me, people=[me]), requests=follows.count_requests(me))


# --- finding -------------------------------------------------------------------------------------------------------


@routes.get("/api/v1/accounts/lookup", "read:accounts", anyone=True)
def lookup() -> Any:
    """Whom a handle names among those that this server knows; nobody is asked."""
    account = accounts.by_handle(routes.sent().text("acct") or "")
    if account is None or not account.active:
        raise errors.NotFound("Nobody is called so.")
    return people([account])[0]


@routes.get("/api/v1/accounts", "read:accounts", anyone=True)
def several() -> Any:
    """The accounts with these ids, those that exist."""
    wanted = routes.sent().numbers("id")[: pages.ACCOUNTS]
    found = {each.id: each for each in session.scalars(sa.select(Account).where(Account.id.in_(wanted)))}
    return people([found[identifier] for identifier in dict.fromkeys(wanted) if identifier in found])


@routes.get("/api/v1/accounts/:id", "read:accounts", anyone=True)
def one(identifier: int) -> Any:
    """An account; of a closed one only what says that it is."""
    return people([accounts.get(identifier)])[0]


# --- what belongs to one -------------------------------------------------------------------------------------------


@routes.get("/api/v1/accounts/:id/statuses", "read:statuses", anyone=True)
def published(identifier: int) -> Response:
    sent, me, page = routes.sent(), routes.viewer(), pages.wanted()
    listed = timelines.of_account(
        seen(identifier),
        me,
        page,
        boosts=not sent.flag("exclude_reblogs"),
        replies=not sent.flag("exclude_replies"),
        pinned=bool(sent.flag("pinned")),
        media=bool(sent.flag("only_media")),
        tag=sent.text("tagged"),
    )
    return pages.answer(entities.statuses(listed, me, Context.ACCOUNT), listed, page)


@routes.get("/api/v1/accounts/:id/followers", "read:accounts", anyone=True)
def followers(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    listed = follows.followers(seen(identifier), page)
    return pages.answer(people([follow.follower for follow in listed]), listed, page)


@routes.get("/api/v1/accounts/:id/following", "read:accounts", anyone=True)
def following(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    listed = follows.following(seen(identifier), page)
    return pages.answer(people([follow.target for follow in listed]), listed, page)
