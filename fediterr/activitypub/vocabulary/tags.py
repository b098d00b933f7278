"""What a text names: people mentioned, hashtags, custom emojis, and other objects linked to (FEP-e232)."""

import re
from dataclasses import dataclass
from typing import Final

from fediterr.activitypub.vocabulary import files, shapes
from fediterr.activitypub.vocabulary.shapes import Document, Limits

_SHORTCODE: Final = re.compile(r"[\w.+@-]{1,200}")


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone mentioned: their id, and their name as written (Smithereen gives none)."""

    href: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Emoji:
    """A custom emoji: its shortcode without colons, and its picture."""

    shortcode: str
    url: str


@dataclass(frozen=True, slots=True)
class TagLink:
    """An object linked to from the text (FEP-e232)."""

    href: str
    rel: tuple[str, ...]
    name: str | None
    media_type: str | None


@dataclass(frozen=True, slots=True)
class Tags:
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[str, ...] = ()
    emojis: tuple[Emoji, ...] = ()
    links: tuple[TagLink, ...] = ()


_NONE: Final = Tags()


def read(value: object, limits: Limits) -> Tags:
    """The tags of a document sorted by what they are; unknown and broken ones are left out."""
    if not value:
        return _NONE
    mentions: dict[str, Mention] = {}
    hashtags: dict[str, str] = {}
    emojis: dict[str, Emoji] = {}
    found_links: dict[str, TagLink] = {}
    for tag in shapes.many(value)[: limits.tags]:
        if not isinstance(tag, dict):
            continue
        match shapes.type_of(tag.get("type")):
            case "Mention":
                if href := shapes.one_id(tag.get("href")):
                    mentions.setdefault(href, Mention(href, shapes.line(tag.get("name"), limits.name)))
            case "Hashtag":
                if word := _hashtag(tag.get("name"), limits):
                    hashtags.setdefault(word.casefold(), word)
            case "Emoji":
                if emoji := _emoji(tag, limits):
                    emojis.setdefault(emoji.shortcode, emoji)
            case "Link":
                for link in files.links(tag, limits):
                    found_links.setdefault(link.href, TagLink(link.href, link.rel, link.name, link.media_type))
    return Tags(tuple(mentions.values()), tuple(hashtags.values()), tuple(emojis.values()), tuple(found_links.values()))


def _hashtag(name: object, limits: Limits) -> str | None:
    """The word without #, whole or not at all: a hashtag cut short is another hashtag."""
    word = shapes.line(name, limits.hashtag + 2)
    word = word.removeprefix("#") if word else None
    return word if word and len(word) <= limits.hashtag and word.isprintable() and " " not in word else None


def _emoji(tag: Document, limits: Limits) -> Emoji | None:
    shortcode = (shapes.line(tag.get("name"), limits.name) or "").strip(":")
    url = files.picture(tag.get("icon"), limits)
    return Emoji(shortcode, url) if url and _SHORTCODE.fullmatch(shortcode) else None
