"""Hashtags as moderators see them, and what they decide about them."""

from collections.abc import Sequence
from typing import Any

from fediterr.accounts.models import Role
from fediterr.core import site
from fediterr.mastodon import pages, routes, tags
from fediterr.mastodon.entities import Entity
from fediterr.moderation import journal
from fediterr.social import rulings, trends
from fediterr.social.models.trends import Subject

USUAL = 100


@routes.get("/api/v1/admin/tags", "admin:read", role=Role.MODERATOR)
def list_() -> Any:
    """All of them, in parts that an offset tells."""
    offset = max(0, routes.sent().number("offset") or 0)
    return shown(rulings.listed(pages.limit(USUAL), offset))


@routes.get("/api/v1/admin/tags/:name", "admin:read", role=Role.MODERATOR)
def one(name: str) -> Any:
    return shown([rulings.known(name)])[0]


@routes.put("/api/v1/admin/tags/:name", "admin:write", role=Role.MODERATOR)
def update(name: str) -> Any:
    """What is not sent stays as it is."""
    sent, folded = routes.sent(), rulings.known(name)
    rulings.decide(
        folded,
        display_name=sent.text("display_name"),
        usable=sent.flag("usable"),
        listable=sent.flag("listable"),
    )
    if (trendable := sent.flag("trendable")) is not None:
        trends.review(routes.me(), Subject.TAG, folded, allowed=trendable)
    journal.write_down(routes.me(), "update_tag", folded)
    return shown([folded])[0]


def shown(folded: Sequence[str]) -> list[Entity]:
    """Hashtags with what was decided about them."""
    decided, reviewed = rulings.of(folded), trends.reviews(Subject.TAG, folded)
    names = [decided[tag].name if tag in decided else tag for tag in folded]
    made = []
    for tag, entity in zip(folded, tags.shown(names), strict=True):
        ruling = decided.get(tag)
        made.append(
            {
                **entity,
                "trendable": reviewed.get(tag, not site.settings().trends_review),
                "usable": ruling is None or ruling.usable,
                "requires_review": tag not in reviewed,
            }
        )
    return made
