"""Hashtags: how much they are used, following them, showing them on one's profile."""

from typing import Any

from flask import Response

from fediterr.core import errors, text
from fediterr.mastodon import accounts, entities, pages, routes
from fediterr.social import tags


def shown(names: list[str]) -> list[entities.Entity]:
    """Hashtags as the one who asks sees them, in as many questions as for one."""
    me, folded = routes.viewer(), [text.fold_tag(name) for name in names]
    history = tags.history(folded)
    followed = tags.followed_among(me, folded) if me else set()
    featured = tags.featured_among(me, folded) if me else set()
    made = []
    for name, tag in zip(names, folded, strict=True):
        entity = entities.tag(name, history[tag])
        made.append(entity if me is None else {**entity, "following": tag in followed, "featuring": tag in featured})
    return made


@routes.get("/api/v1/tags/:name", "read:follows", anyone=True)
def one(name: str) -> Any:
    return shown([_named(name)])[0]


@routes.post("/api/v1/tags/:name/follow", "write:follows")
def follow(name: str) -> Any:
    tags.follow(routes.me(), _named(name))
    return one(name)


@routes.post("/api/v1/tags/:name/unfollow", "write:follows")
def unfollow(name: str) -> Any:
    tags.unfollow(routes.me(), name)
    return one(name)


@routes.post("/api/v1/tags/:name/feature", "write:accounts")
def feature(name: str) -> Any:
    tags.feature(routes.me(), _named(name))
    return one(name)


@routes.post("/api/v1/tags/:name/unfeature", "write:accounts")
def unfeature(name: str) -> Any:
    folded = text.fold_tag(name)
    tags.unfeature(routes.me(), next((each for each in tags.featured(routes.me()) if each.folded == folded), None))
    return one(name)


@routes.get("/api/v1/followed_tags", "read:follows")
def followed() -> Response:
    page = pages.wanted(100)
    listed = tags.followed(routes.me(), page)
    return pages.answer(shown([each.name for each in listed]), listed, page)


def _named(name: str) -> str:
    """A hashtag in an address: what is none is not there."""
    try:
        return tags.named(name)
    except errors.Invalid as problem:
        raise errors.NotFound(problem.message) from problem


# --- on one's profile ----------------------------------------------------------------------------------------------


@routes.get("/api/v1/featured_tags", "read:accounts")
def featured() -> Any:
    return accounts.shown_tags(routes.me())


@routes.post("/api/v1/featured_tags", "write:accounts")
def show() -> Any:
    name = routes.sent().text("name") or ""
    if not name.strip():
        raise errors.Invalid("Tag can't be blank")
    made = tags.feature(routes.me(), name.strip())
    return entities.featured_tag(made, tags.use_of(routes.me(), [made.folded]))


@routes.delete("/api/v1/featured_tags/:id", "write:accounts")
def hide(identifier: int) -> Any:
    tags.unfeature(routes.me(), tags.shown(routes.me(), identifier))
    return {}


@routes.get("/api/v1/featured_tags/suggestions", "read:accounts")
def suggestions() -> Any:
    return shown(tags.suggested(routes.me()))
