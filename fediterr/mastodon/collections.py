"""Collections: accounts that somebody of here recommends together."""

from typing import Any

from flask import Response

from fediterr.accounts import service as accounts
from fediterr.core import errors, site
from fediterr.mastodon import accounts as people
from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.params import Params
from fediterr.social import collections
from fediterr.social.models import Collection, CollectionItem


def shown(made: Collection) -> entities.Entity:
    """A collection with the places in it; its members come beside it."""
    members = collections.members(made)
    owner, identifier = made.account_id, made.id
    return {
        "id": str(identifier),
        "account_id": str(owner),
        "uri": site.address(f"/collections/{identifier}"),
        "url": None,
        "name": made.name,
        "description": made.description,
        "language": made.language,
        "local": True,
        "sensitive": made.sensitive,
        "discoverable": made.discoverable,
        "tag": entities.named_tag(made.tag) if made.tag else None,
        "created_at": entities.moment(made.created_at),
        "updated_at": entities.moment(made.updated_at),
        "item_count": len(members),
        "items": [_item(each) for each in members],
    }


def _item(member: CollectionItem) -> entities.Entity:
    return {
        "id": str(member.id),
        "account_id": str(member.account_id),
        "state": member.state,
        "created_at": entities.moment(member.created_at),
    }


@routes.post("/api/v1/collections", "write:accounts")
def make() -> Any:
    me, sent = routes.me(), routes.sent()
    wanted = list(dict.fromkeys(sent.numbers("account_ids")))
    known = accounts.many(set(wanted))
    if len(known) != len(wanted):
        raise errors.NotFound("There is no such account.")
    made = collections.make(me, _plan(sent), [known[identifier] for identifier in wanted])
    return {"collection": shown(made)}


@routes.get("/api/v1/collections/:id", "read:accounts", anyone=True)
def one(identifier: int) -> Any:
    """A collection, with its owner and its members as accounts."""
    found = collections.get(identifier, routes.viewer())
    owner = accounts.get(found.account_id)
    within = people.people(list(dict.fromkeys([owner, *collections.people_of(found)])))
    return {"collection": shown(found), "accounts": within}


@routes.put("/api/v1/collections/:id", "write:accounts")
def change(identifier: int) -> Any:
    found = collections.own(routes.me(), identifier)
    collections.change(found, _plan(routes.sent()))
    return {"collection": shown(found)}


@routes.delete("/api/v1/collections/:id", "write:accounts")
def remove(identifier: int) -> Any:
    collections.remove(collections.own(routes.me(), identifier))
    return Response()


@routes.post("/api/v1/collections/:id/items", "write:accounts")
def add(identifier: int) -> Any:
    me = routes.me()
    found = collections.own(me, identifier)
    item = collections.add(me, found, people.seen(routes.sent().number("account_id") or 0))
    return {"collection_item": _item(item)}


@routes.delete("/api/v1/collections/:id/items/:item", "write:accounts")
def take_out(identifier: int, item: int) -> Any:
    found = collections.own(routes.me(), identifier)
    collections.take_out(found, collections.item(found, item))
    return Response()


@routes.post("/api/v1/collections/:id/items/:item/revoke", "write:accounts")
def revoke(identifier: int, item: int) -> Any:
    """Take oneself out of somebody's collection."""
    me = routes.me()
    collections.revoke(me, collections.item(collections.get(identifier, me), item))
    return Response()


@routes.get("/api/v1/accounts/:id/collections", "read:accounts", anyone=True)
def of_account(identifier: int) -> Any:
    owner, (limit, offset) = people.seen(identifier), _part()
    return _listed(collections.of(owner, routes.viewer(), limit, offset))


@routes.get("/api/v1/accounts/:id/in_collections", "read:accounts")
def with_account(identifier: int) -> Any:
    """The collections that one is in oneself; who else is in which is not told so."""
    me, (limit, offset) = routes.me(), _part()
    if identifier != me.id:
        raise errors.NotFound("One asks for oneself only.")
    return _listed(collections.with_member(me, limit, offset))


def _part() -> tuple[int, int]:
    return pages.limit(pages.ACCOUNTS), max(0, routes.sent().number("offset") or 0)


def _listed(found: list[Collection]) -> entities.Entity:
    return {"collections": [shown(each) for each in found]}


def _plan(sent: Params) -> collections.Plan:
    return collections.Plan(
        name=sent.text("name"),
        description=sent.text("description"),
        language=sent.text("language"),
        tag=sent.text("tag_name"),
        sensitive=sent.flag("sensitive"),
        discoverable=sent.flag("discoverable"),
    )
