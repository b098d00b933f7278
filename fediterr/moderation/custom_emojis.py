"""The emojis of this server: put and taken back by whoever looks after it, and written down."""

from fediterr.accounts.models import Account
from fediterr.moderation import journal
from fediterr.social import emojis, media
from fediterr.social.models import Emoji


def put(actor: Account | None, shortcode: str, kept: media.Kept, category: str = "") -> Emoji:
    """Give a kept picture a shortcode, in place of one that had it. Raises Invalid."""
    made = emojis.add(shortcode, kept, category=category)
    journal.write_down(actor, "put_emoji", shortcode)
    return made


def remove(actor: Account | None, shortcode: str) -> None:
    """Take an emoji back; posts that have it keep their text."""
    emojis.remove(shortcode)
    journal.write_down(actor, "remove_emoji", shortcode)
