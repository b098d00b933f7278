"""Custom emojis of this server: small pictures with a shortcode, written as `:shortcode:` in a text."""

import re

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.social import media
from fediterr.social.models import Emoji

SHORTCODE = re.compile(r"[a-z0-9_]{2,30}")
WRITTEN = re.compile(r"(?<![\w:]):([a-z0-9_]{2,30}):(?![\w:])")
SIZE = 256 * 1024  # bytes


def add(shortcode: str, kept: media.Kept, *, category: str = "") -> Emoji:
    """Give a kept picture a shortcode, in place of one that had it. Raises Invalid."""
    if not SHORTCODE.fullmatch(shortcode):
        raise errors.Invalid("A shortcode has 2 to 30 small letters, digits or underscores.")
    if kept.type.kind != "image" or kept.size > SIZE:
        raise errors.Invalid(f"An emoji is a picture of at most {SIZE // 1024} KiB.")
    if session.get(Emoji, shortcode) is not None:
        remove(shortcode)
    medium = media.attach(accounts.instance_actor(), kept, f":{shortcode}:")
    emoji = Emoji(shortcode=shortcode, medium_id=medium.id, medium=medium, category=category.strip()[:100] or None)
    session.add(emoji)
    session.flush()
    return emoji


def remove(shortcode: str) -> None:
    """Take an emoji back; posts that have it keep their text."""
    found = session.get(Emoji, shortcode)
    if found is None:
        raise errors.NotFound("There is no such emoji.")
    medium = found.medium
    session.delete(found)
    session.flush()
    media.discard(medium)


def listed() -> list[Emoji]:
    return list(session.scalars(sa.select(Emoji).order_by(Emoji.shortcode)))


def used_in(words: str) -> list[dict[str, str]]:
    """The emojis of this server that a text names, each once, as a post keeps them."""
    named = set(WRITTEN.findall(words))
    if not named:
        return []
    found = session.scalars(sa.select(Emoji).where(Emoji.shortcode.in_(named)).order_by(Emoji.shortcode))
    return [
        {"shortcode": each.shortcode, "url": media.address(each.medium), "media_type": each.medium.media_type or ""}
        for each in found
    ]
