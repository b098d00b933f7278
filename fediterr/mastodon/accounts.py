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
from fediterr.social import blocks, follows, relations, tags, timelines
from fediterr.social.models.filters import Context


def seen(identifier: int) -> Account:
    """The account with that id; NotFound when there is none, or when it is closed."""
    account = accounts.get(identifier)
    if not account.active:
        raise errors.NotFound("This account is closed.")
    accounts.require_arrived(account)
    return account


def people(listed: list[Account]) -> list[entities.Entity]:
    """Accounts as entities, for the one who asks."""
    viewer = Viewer.of(routes.viewer(), people=listed)
    return [entities.account(person, viewer) for person in listed]


# --- finding -------------------------------------------------------------------------------------------------------


@routes.get("/api/v1/accounts/lookup", "read:accounts", anyone=True)
def lookup() -> Any:
    """Whom a handle names among those that this server knows; nobody is asked."""
    account = accounts.by_handle(routes.sent().text("acct") or "")
    if account is None or not account.active:
        raise errors.NotFound("Nobody is called so.")
    accounts.require_arrived(account)
    return people([account])[0]


@routes.get("/api/v1/accounts", "read:accounts", anyone=True)
def several() -> Any:
    """The accounts with these ids, those that exist."""
    wanted = routes.sent().numbers("id")[: pages.ACCOUNTS]
    found = {
        each.id: each for each in session.scalars(sa.select(Account).where(Account.id.in_(wanted), ~accounts.awaited()))
    }
    return people([found[identifier] for identifier in dict.fromkeys(wanted) if identifier in found])


@routes.get("/api/v1/accounts/:id", "read:accounts", anyone=True)
def one(identifier: int) -> Any:
    """An account; of a closed one only what says that it is."""
    account = accounts.get(identifier)
    accounts.require_arrived(account)
    return people([account])[0]


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
        direct=not sent.flag("exclude_direct"),
    )
    return pages.answer(entities.statuses(listed, me, Context.ACCOUNT), listed, page)


@routes.get("/api/v1/accounts/:id/followers", "read:accounts", anyone=True)
def followers(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    account = _open_to_me(identifier)
    listed = follows.followers(account, page, routes.viewer()) if account else []
    return pages.answer(people([follow.follower for follow in listed]), listed, page)


@routes.get("/api/v1/accounts/:id/following", "read:accounts", anyone=True)
def following(identifier: int) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    account = _open_to_me(identifier)
    listed = follows.following(account, page, routes.viewer()) if account else []
    return pages.answer(people([follow.target for follow in listed]), listed, page)


def _open_to_me(identifier: int) -> Account | None:
    """The account, if it shows whom it follows and who follows it to the one who asks."""
    account, me = seen(identifier), routes.viewer()
    if me is not None and me.id == account.id:
        return account
    blocked = me is not None and blocks.find(account, me) is not None
    return None if account.hide_collections or blocked else account


# --- what it shows of others ---------------------------------------------------------------------------------------


@routes.get("/api/v1/accounts/:id/featured_tags", "read:accounts", anyone=True)
def featured_tags(identifier: int) -> Any:
    account = seen(identifier)
    return shown_tags(account)


def shown_tags(account: Account) -> list[entities.Entity]:
    """The hashtags on a profile."""
    featured = tags.featured(account)
    use = tags.use_of(account, [each.folded for each in featured])
    return [entities.featured_tag(each, use) for each in featured]


@routes.get("/api/v1/accounts/:id/identity_proofs", "read:accounts", anyone=True)
def identity_proofs(identifier: int) -> Any:
    """Nobody has any, here or on Mastodon: links of profiles are proven instead."""
    seen(identifier)
    return []


@routes.get("/api/v1/accounts/familiar_followers", "read:follows")
def familiar_followers() -> Any:
    """Who of those one follows follows these accounts, too."""
    asked = list(dict.fromkeys(routes.sent().numbers("id")[: pages.ACCOUNTS]))
    known = accounts.many(set(asked))
    wanted = [each for each in asked if each in known]
    found = relations.familiar_followers(routes.me(), wanted)
    viewer = Viewer.of(routes.me(), people=[each for every in found.values() for each in every])
    return [
        {"id": str(identifier), "accounts": [entities.account(each, viewer) for each in every]}
        for identifier, every in found.items()
    ]
