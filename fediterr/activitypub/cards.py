"""Asking the pages that posts link to how they introduce themselves."""

import secrets

from fediterr.activitypub import known, voice
from fediterr.core import db, errors, webpage
from fediterr.social import cards, posts

PATIENCE = 60  # seconds within which a post of elsewhere gets its card: not every server asks at once


def ask_for_card(fact: posts.PostPublished | posts.PostEdited) -> None:
    """Only of what everybody may read: a page learns nothing of what was said among a few."""
    post = posts.by_id(fact.post_id)
    if post is None or not post.is_public or post.boost_of_id:
        return
    card = cards.attach(post)
    if card is not None and not cards.is_current(card) and (not isinstance(fact, posts.PostPublished) or fact.fresh):
        known.ask_for("card", str(card.id), after=0 if post.local else 1 + secrets.randbelow(PATIENCE))


def fetch_card(identifier: str) -> None:
    """Ask a page, and keep what it says; one that refuses, or is no page, is not asked again for some days."""
    card = cards.get(int(identifier))
    if card is None or cards.is_current(card):
        return
    address = card.url
    db.end()
    try:
        page = voice.client().page(address)
        said = webpage.read(page.html, page.url)
    except (errors.Refused, errors.NotFound):
        said = None
    with db.transaction():
        card = cards.get(int(identifier))
        if card is not None:
            cards.fill(card, said)
