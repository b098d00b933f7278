"""Preview cards: the first page that a post links to, as that page introduces itself."""

import html
import re
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.core import clock, ids, site, text
from fediterr.core.db import insert_once, session
from fediterr.core.webpage import Introduction
from fediterr.social.models import Post, PreviewCard

CURRENT = timedelta(days=14)  # after which a page is asked again, when somebody links to it again

_QUOTED = re.compile(r'<p class="quote-inline">.*?</p>')
_LINK = re.compile(r'<a href="([^"]*)"(?: class="([^"]*)")? rel="([^"]*)"')


def first_link(post: Post) -> str | None:
    """The first address that a post leads to, of neither a person nor a hashtag nor what it quotes nor this server."""
    named = {address for mention in post.mentions for address in (mention.account.url, mention.account.uri)}
    named.add(post.quote_uri or "")
    for address in [post.link or "", *_links(post.content)]:
        page = address.partition("#")[0]
        if page not in named and _leads_elsewhere(page):
            return page
    return None


def _links(content: str) -> list[str]:
    """Those of a post, whose HTML is always written in one way (see `markup.link`)."""
    return [
        html.unescape(address)
        for address, classes, rel in _LINK.findall(_QUOTED.sub("", content))
        if not {"mention", "hashtag"} & set(classes.split()) and "tag" not in rel.split()
    ]


def _leads_elsewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    good = parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= text.URL
    return good and not site.is_here(address)


def by_url(address: str) -> PreviewCard | None:
    return session.scalar(sa.select(PreviewCard).where(PreviewCard.url == address.partition("#")[0]))


def get(identifier: int) -> PreviewCard | None:
    return session.get(PreviewCard, identifier)


def attach(post: Post) -> PreviewCard | None:
    """Give a post the card of the page it links to, which may be empty as yet; None when it links to nothing."""
    address = first_link(post)
    if address is None:
        post.card_id = None
        return None
    row = {"id": ids.new(), "url": address, "kind": "link", "fetched_at": None}
    blank = ("title", "description", "author_name", "author_url", "provider_name", "provider_url", "embed_url")
    row |= dict.fromkeys((*blank, "image_description"), "") | {"width": 0, "height": 0}
    insert_once(PreviewCard, row)
    card = by_url(address)
    assert card is not None
    post.card_id = card.id
    return card


def is_current(card: PreviewCard) -> bool:
    return card.fetched_at is not None and card.fetched_at > clock.now() - CURRENT


def forget_unused() -> None:
    """Forget the pages that no post links to any more, and that nobody asked for lately."""
    linked = sa.select(Post.card_id).where(Post.card_id.is_not(None))
    old = (PreviewCard.id < ids.first_at(clock.now() - CURRENT), PreviewCard.id.not_in(linked))
    session.execute(sa.delete(PreviewCard).where(*old))


def fill(card: PreviewCard, said: Introduction | None) -> None:
    """Take over what the page says; of one that says nothing, or is no page, nothing is shown."""
    card.fetched_at = clock.now()
    for name, value in asdict(said or Introduction(title="")).items():
        setattr(card, name, value)
    session.flush()
