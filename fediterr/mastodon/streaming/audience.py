"""Who is told of something that happened, and in which words: what the client API would show each of them now.

Every question about a post is one that the timelines answer too, asked for this one post: there is no second rule.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import errors, text
from fediterr.core.paging import Page
from fediterr.mastodon import announcements as shown_announcements
from fediterr.mastodon import conversations as shown_conversations
from fediterr.mastodon import entities, telling
from fediterr.mastodon.streaming import channels
from fediterr.mastodon.streaming.carrier import Happening
from fediterr.moderation import announcements
from fediterr.social import conversations, lists, notifications, posts, timelines
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


def tell(happening: Happening, interests: Interests) -> Iterator[Telling]:
    """What follows from something that happened, for those who listen, one after the other."""
    told = TOLD.get(happening.kind)
    with contextlib.suppress(errors.NotFound):  # whom or what it speaks of has gone meanwhile
        yield from told(happening.values, interests) if told else ()


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
    yield from _lists_with(post.author_id, interests)
    if post.visibility != Visibility.PUBLIC or post.boost_of_id is not None:
        return
    yield from interests.of(*channels.PUBLIC)
    tags = {text.fold_tag(tag) for tag in post.tags}
    hashtags = interests.of(channels.HASHTAG, channels.LOCAL_HASHTAG)
    yield from (interest for interest in hashtags if interest.argument in tags)


def _lists_with(author_id: int, interests: Interests) -> list[Interest]:
    listening = list(interests.of(channels.LIST))
    holding = lists.holding(author_id) if listening else set()
    return [interest for interest in listening if int(interest.argument) in holding]


def _asked(post: Post, interest: Interest, viewer: Account) -> list[Post]:
    """The timeline behind a stream, as its listener sees it, as far as it holds this one post."""
    page = Page(limit=1, max_id=post.id + 1, since_id=post.id - 1)
    if interest.channel == channels.USER:
        return timelines.home(viewer, page)
    if interest.channel == channels.LIST:
        return timelines.of_list(lists.get(viewer, int(interest.argument)), viewer, page)
    if interest.channel in channels.PUBLIC:
        return timelines.public(viewer, page, languages=(), **channels.PUBLIC[interest.channel])
    return timelines.tagged(interest.argument, viewer, page, local=interest.channel == channels.LOCAL_HASHTAG)


def _deleted(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    """The post is gone, and with it who saw it: its id is told wherever it may have been shown."""
    payload = str(values["post_id"])
    nearby = timelines.near(values["author_id"], values["tags"]) | set(values["reader_ids"])
    gone = [interest for interest in interests.of(channels.USER) if interest.account_id in nearby]
    gone += _lists_with(values["author_id"], interests)
    if values["visibility"] == Visibility.PUBLIC:
        here = "remote" if values["local"] else "local"
        gone += (each for each in interests.of(*channels.PUBLIC) if here not in each.channel)
        tags = {text.fold_tag(tag) for tag in values["tags"]}
        names = (channels.HASHTAG, channels.LOCAL_HASHTAG) if values["local"] else (channels.HASHTAG,)
        gone += (each for each in interests.of(*names) if each.argument in tags)
    return (Telling(interest, "delete", payload) for interest in gone)


# --- what concerns one person --------------------------------------------------------------------------------------


def _notified(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    listening = _of_person(values, interests, channels.NOTIFICATIONS)
    if not listening:
        return
    person = accounts.get(values["account_id"])
    told = notifications.get(person, values["notification_id"])
    for shown in telling.shown(person, [told], hiding=True):
        yield from (Telling(interest, "notification", as_json(shown)) for interest in listening)


def _merged(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    for interest in _of_person(values, interests, channels.NOTIFICATIONS):
        yield Telling(interest, "notifications_merged", "1")


def _said_in_private(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    if listening := _of_person(values, interests, channels.DIRECT):
        person = accounts.get(values["account_id"])
        [shown] = shown_conversations.shown(person, [conversations.get(person, values["conversation_id"])])
        yield from (Telling(interest, "conversation", as_json(shown)) for interest in listening)


def _changed_filters(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    for interest in _of_person(values, interests, channels.USER):
        yield Telling(interest, "filters_changed", None)


def _of_person(values: dict[str, Any], interests: Interests, name: str) -> list[Interest]:
    return [interest for interest in interests.of(name) if interest.account_id == values["account_id"]]


# --- what everybody here is told -----------------------------------------------------------------------------------


def _announced(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    people = accounts.many({interest.account_id for interest in interests.of(channels.USER)})
    for interest in interests.of(channels.USER):
        found = _announcement(values, people.get(interest.account_id))
        if found is not None:
            yield Telling(interest, "announcement", as_json(shown_announcements.announcement(found)))


def _withdrawn(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    for interest in interests.of(channels.USER):
        yield Telling(interest, "announcement.delete", str(values["announcement_id"]))


def _answered(values: dict[str, Any], interests: Interests) -> Iterator[Telling]:
    """How many chose an emoji: the same for everybody, so it is counted once, with the eyes of any of them."""
    listening = list(interests.of(channels.USER))
    viewer = next(iter(accounts.many({interest.account_id for interest in listening[:1]}).values()), None)
    found = _announcement(values, viewer)
    if found is None:
        return
    told: dict[str, Any] = {"name": values["name"], "count": 0}
    for each in found.reactions:
        if each.name == values["name"]:
            told = shown_announcements.reaction(each)
    told.pop("me", None)
    payload = as_json({**told, "announcement_id": str(values["announcement_id"])})
    yield from (Telling(interest, "announcement.reaction", payload) for interest in listening)


def _announcement(values: dict[str, Any], viewer: Account | None) -> announcements.Shown | None:
    listed = announcements.current(viewer) if viewer else []
    return next((each for each in listed if each.announcement.id == values["announcement_id"]), None)


TOLD = {
    "published": _published,
    "edited": _edited,
    "deleted": _deleted,
    "notified": _notified,
    "notifications_merged": _merged,
    "said_in_private": _said_in_private,
    "filters_changed": _changed_filters,
    "announced": _announced,
    "withdrawn": _withdrawn,
    "answered": _answered,
}
