"""What moderators decide about hashtags: whether posts are filed under one, whether it is found."""

from collections.abc import Iterable

import sqlalchemy as sa

from fediterr.core import clock, errors, text
from fediterr.core.db import session
from fediterr.social.models import Post, PostTag, TagRuling


def of(folded: Iterable[str]) -> dict[str, TagRuling]:
    """The rulings on these hashtags."""
    found = session.scalars(sa.select(TagRuling).where(TagRuling.folded.in_(list(folded))))
    return {ruling.folded: ruling for ruling in found}


def usable(folded: set[str]) -> set[str]:
    """Those of these hashtags under which posts are filed."""
    if not folded:
        return folded
    return folded - {tag for tag, ruling in of(folded).items() if not ruling.usable}


def decide(
    name: str,
    *,
    display_name: str | None = None,
    usable: bool | None = None,
    listable: bool | None = None,
) -> TagRuling:
    """Rule on a hashtag; None leaves a thing as it is. The name changes in its capitals and accents only."""
    folded = text.fold_tag(name)
    ruling = session.get(TagRuling, folded) or TagRuling(folded=folded, name=name, usable=True, listable=True)
    if display_name is not None:
        if text.fold_tag(display_name) != folded:
            raise errors.Invalid("Display name does not match the previous name")
        ruling.name = display_name.removeprefix("#")
    ruling.usable = ruling.usable if usable is None else usable
    ruling.listable = ruling.listable if listable is None else listable
    ruling.ruled_at = clock.now()
    session.add(ruling)
    session.flush()
    return ruling


def known(name: str) -> str:
    """A hashtag that posts have had, or that was ruled on, folded. Raises NotFound."""
    folded = text.fold_tag(name)
    used = sa.exists().where(PostTag.tag == folded, Post.id == PostTag.post_id)
    if not session.scalar(sa.select(sa.or_(used, sa.exists().where(TagRuling.folded == folded)))):
        raise errors.NotFound("There is no such hashtag here.")
    return folded


def listed(limit: int, offset: int) -> list[str]:
    """Every hashtag of posts and of rulings, folded, in the order of the alphabet."""
    every = sa.union(sa.select(PostTag.tag), sa.select(TagRuling.folded)).subquery()
    return list(session.scalars(sa.select(every.c[0]).order_by(every.c[0]).limit(limit).offset(offset)))
