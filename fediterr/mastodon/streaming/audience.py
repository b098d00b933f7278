"""Who is told of something that happened, and in which words: what the client API would show each of them now.

Every question about a post is one that the timelines answer too, asked for this one post: there is no second rule.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import text
from fediterr.core.paging import Page
from fediterr.mastodon import entities
from fediterr.mastodon.streaming import channels
from fediterr.mastodon.streaming.carrier import Happening
from fediterr.social import posts, timelines
from fediterr.social.models import Post, Visibility
from fediterr.social.models.filters import Context


@dataclass(frozen=True)
class Interest:
    """A stream that somebody listens to: what is shown there, each sees with their own eyes."""

    account_id: int
    channel: str
    argument: str = ""  # a hashtag, folded, or the id of a list


@dataclass(frozen=True)
class Telling:
    """What is told to all who listen with this interest."""

    interest: Interest
    event: str
    payload: str | None  # None: the event has none


@dataclass
class Interests:
    """All that is listened to at one moment, by stream."""

    by_channel: dict[str, set[Interest]] = field(default_factory=dict)

    def of(self, *names: str) -> Iterator[Interest]:
        for name in names:
            yield from self.by_channel.get(name, ())


def tell(happening: Happening, interests: Interests) -> list[Telling]:
    """What follows from something that happened, for those who listen."""
    told = TOLD.get(happening.kind)
    return list(told(happening.values, interests)) if told else []


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- posts ---------------------------------------------------------------------------------------------------------


def _published(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    return _shown(values["post_id"], "update", interests)


def _edited(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    return _shown(values["post_id"], "status.update", interests)


def _shown(post_id: int, event: str, interests: Interests) -> Iterator[Telling]:
    post = posts.by_id(post_id)
    if post is None:
        return
    asked = list(_worth_asking(post, interests))
    people = accounts.many({interest.account_id for interest in asked})
    written: dict[tuple[int, str], str | None] = {}  # by viewer and context of filters
    for interest in asked:
        viewer = people.get(interest.account_id)
        if viewer is None or not (found := _asked(post, interest, viewer)):
            continue
        key = viewer.id, (context := _context(interest.channel))
        if key not in written:
            shown = entities.statuses(found, viewer, context)
            written[key] = as_json(shown[0]) if shown else None
        if (payload := written[key]) is not None:
            yield Telling(interest, event, payload)


def _context(name: str) -> str:
    return Context.HOME if name in (channels.USER, channels.LIST) else Context.PUBLIC


def _worth_asking(post: Post, interests: Interests) -> Iterator[Interest]:
    """Whose question about this post may have an answer: the others are spared, not refused."""
    nearby = timelines.near(post.author_id, post.tags) if interests.by_channel.get(channels.USER) else set()
    yield from (interest for interest in interests.of(channels.USER) if interest.account_id in nearby)
    yield from interests.of(channels.LIST)
    if post.visibility != Visibility.PUBLIC or post.boost_of_id is not None:
        return
    yield from interests.of(*channels.PUBLIC)
    tags = {text.fold_tag(tag) for tag in post.tags}
    names = (channels.HASHTAG, channels.LOCAL_HASHTAG) if post.local else (channels.HASHTAG,)
    yield from (interest for interest in interests.of(*names) if interest.argument in tags)


def _asked(post: Post, interest: Interest, viewer: Account) -> list[Post]:
    """The timeline behind a stream, as its listener sees it, as far as it holds this one post."""
    page = Page(limit=1, max_id=post.id + 1, since_id=post.id - 1)
    if interest.channel == channels.USER:
        return timelines.home(viewer, page)
    if interest.channel in channels.PUBLIC:
        return timelines.public(viewer, page, **channels.PUBLIC[interest.channel])
    return timelines.tagged(interest.argument, viewer, page)


def _deleted(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    """The post is gone, and with it who saw it: its id is told wherever it may have been shown."""
    payload = str(values["post_id"])
    nearby = timelines.near(values["author_id"], values["tags"]) | set(values["reader_ids"])
    gone = [interest for interest in interests.of(channels.USER) if interest.account_id in nearby]
    gone += interests.of(channels.LIST)
    if values["visibility"] == Visibility.PUBLIC:
        here = "remote" if values["local"] else "local"
        gone += (each for each in interests.of(*channels.PUBLIC) if here not in each.channel)
        tags = {text.fold_tag(tag) for tag in values["tags"]}
        names = (channels.HASHTAG, channels.LOCAL_HASHTAG) if values["local"] else (channels.HASHTAG,)
        gone += (each for each in interests.of(*names) if each.argument in tags)
    return (Telling(interest, "delete", payload) for interest in gone)


# --- what concerns one person --------------------------------------------------------------------------------------


def _changed_filters(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    for interest in interests.of(channels.USER):
        if interest.account_id == values["account_id"]:
            yield Telling(interest, "filters_changed", None)


TOLD = {
    "published": _published,
    "edited": _edited,
    "deleted": _deleted,
    "filters_changed": _changed_filters,
}
