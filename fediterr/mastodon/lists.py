"""Lists: one's own, who is on them."""

from typing import Any

from flask import Response

from fediterr.accounts import service as accounts
from fediterr.core.paging import Page
from fediterr.mastodon import accounts as people
from fediterr.mastodon import entities, pages, routes
from fediterr.social import lists
from fediterr.social.models import List, Replies

EVERYBODY = 10_000


def _shown(each: List) -> entities.Entity:
    return {"id": str(each.id), "title": each.title, "replies_policy": each.replies, "exclusive": each.exclusive}


@routes.get("/api/v1/lists", "read:lists")
def listed() -> Any:
    return [_shown(each) for each in lists.of(routes.me())]


@routes.post("/api/v1/lists", "write:lists")
def make() -> Any:
    sent = routes.sent()
    replies = sent.text("replies_policy") or Replies.LIST
    return _shown(lists.make(routes.me(), sent.text("title") or "", replies, exclusive=bool(sent.flag("exclusive"))))


@routes.get("/api/v1/lists/:id", "read:lists")
def one(identifier: int) -> Any:
    return _shown(lists.get(routes.me(), identifier))


@routes.put("/api/v1/lists/:id", "write:lists")
def change(identifier: int) -> Any:
    wanted, sent = lists.get(routes.me(), identifier), routes.sent()
    lists.change(wanted, sent.text("title"), sent.text("replies_policy"), exclusive=sent.flag("exclusive"))
    return _shown(wanted)


@routes.delete("/api/v1/lists/:id", "write:lists")
def remove(identifier: int) -> Any:
    lists.remove(lists.get(routes.me(), identifier))
    return {}


@routes.get("/api/v1/lists/:id/accounts", "read:lists")
def members(identifier: int) -> Response:
    """Who is on a list; `limit=0` asks for all of them."""
    wanted, page = lists.get(routes.me(), identifier), pages.wanted(pages.ACCOUNTS)
    if routes.sent().number("limit") == 0:
        page = Page(limit=EVERYBODY)
    found = lists.members(wanted, page)
    return pages.answer(people.people([each.account for each in found]), found, page)


@routes.post("/api/v1/lists/:id/accounts", "write:lists")
def add(identifier: int) -> Any:
    lists.add(lists.get(routes.me(), identifier), routes.sent().numbers("account_ids"))
    return {}


@routes.delete("/api/v1/lists/:id/accounts", "write:lists")
def take_off(identifier: int) -> Any:
    lists.take_off(lists.get(routes.me(), identifier), routes.sent().numbers("account_ids"))
    return {}


@routes.get("/api/v1/accounts/:id/lists", "read:lists")
def with_member(identifier: int) -> Any:
    return [_shown(each) for each in lists.with_member(routes.me(), accounts.get(identifier))]
