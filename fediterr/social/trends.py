"""Trends: hashtags, posts and pages that several people speak of now, as moderators let them be shown.

Only people of here, and those whom somebody of here follows, make a trend: strangers, however many, do not.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts.models import Account
from fediterr.core import clock, ids, site
from fediterr.core.db import session
from fediterr.social import blocks, timelines
from fediterr.social.models import Follow, Like, Post, PostTag, PreviewCard, Review, Trend, Visibility
from fediterr.social.models.trends import Subject
from fediterr.social.visibility import visible

SPAN = timedelta(days=3)  # of what is counted
KEPT = 100  # of each kind
HALF_LIVES = {Subject.TAG: timedelta(hours=24), Subject.STATUS: timedelta(hours=12), Subject.LINK: timedelta(hours=24)}

Row = tuple[str, int, int]  # a subject, somebody, and the id of the post with which they spoke of it

_follower = aliased(Account)
_boost = aliased(Post)
_own, _of_publisher = aliased(Review), aliased(Review)


# --- computing -----------------------------------------------------------------------------------------------------


def refresh() -> None:
    """Compute all trends anew."""
    links = _links()
    cards = session.scalars(sa.select(PreviewCard).where(PreviewCard.id.in_({int(subject) for subject, _, _ in links})))
    publishers = {str(card.id): urlsplit(card.url).hostname for card in cards}
    rows = [
        {"kind": kind, "subject": subject, "publisher": publishers.get(subject) if kind == Subject.LINK else None}
        | {"score": score}
        for kind, found in ((Subject.TAG, _tags()), (Subject.STATUS, _statuses()), (Subject.LINK, links))
        for subject, score in _scored(kind, found)
    ]
    session.execute(sa.delete(Trend))
    if rows:
        session.execute(sa.insert(Trend), rows)


def _scored(kind: Subject, rows: Iterable[Row]) -> list[tuple[str, float]]:
    """The subjects that enough different people speak of; each counts once, for less as time goes by."""
    people: dict[str, dict[int, int]] = defaultdict(dict)
    for subject, somebody, post_id in rows:
        people[subject][somebody] = max(post_id, people[subject].get(somebody, 0))
    now, half_life = clock.now(), HALF_LIVES[kind]
    scores = {
        subject: sum(0.5 ** ((now - ids.moment_of(post_id)) / half_life) for post_id in spoken.values())
        for subject, spoken in people.items()
        if len(spoken) >= site.settings().trends_people
    }
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:KEPT]


def _tags() -> list[Row]:
    asked = sa.select(PostTag.tag, Post.author_id, sa.func.max(Post.id)).join(Post, Post.id == PostTag.post_id)
    recent = asked.where(PostTag.post_id >= _since(), *_told()).group_by(PostTag.tag, Post.author_id)
    return [(tag, author, post_id) for tag, author, post_id in session.execute(recent)]


def _statuses() -> list[Row]:
    """Posts that begin something and are for everybody's eyes, with who liked or boosted them."""
    fit = (*_told(), Post.in_reply_to_uri.is_(None), ~Post.sensitive, Post.warning == "", Post.id >= _since())
    liked = sa.select(Post.id, Like.account_id).join(Like, Like.post_id == Post.id)
    boosted = sa.select(Post.id, _boost.author_id).join(_boost, _boost.boost_of_id == Post.id)
    liked = liked.where(*fit, Like.account_id != Post.author_id, Like.account_id.in_(_known()))
    boosted = boosted.where(*fit, _boost.author_id != Post.author_id, _boost.author_id.in_(_known()))
    return [(str(post_id), somebody, post_id) for post_id, somebody in session.execute(sa.union_all(liked, boosted))]


def _links() -> list[Row]:
    asked = sa.select(Post.card_id, Post.author_id, sa.func.max(Post.id)).join(PreviewCard)
    recent = asked.where(Post.id >= _since(), PreviewCard.title != "", *_told()).group_by(Post.card_id, Post.author_id)
    return [(str(card_id), author, post_id) for card_id, author, post_id in session.execute(recent)]


def _since() -> int:
    return ids.first_at(clock.now() - SPAN)


def _told() -> tuple[Any, ...]:
    """Conditions on posts: public, by known people who let themselves be found."""
    return Post.visibility == Visibility.PUBLIC, Post.author_id.in_(_known().where(Account.discoverable))


def _known() -> sa.Select[Any]:
    """People of here and those whom somebody of here follows, unless they are closed or silenced."""
    followed = (
        sa.exists()
        .where(Follow.target_id == Account.id, Follow.accepted, Follow.follower_id == _follower.id, _follower.local)
        .correlate(Account)
    )
    return sa.select(Account.id).where(
        Account.suspended_at.is_(None), Account.silenced_at.is_(None), sa.or_(Account.local, followed)
    )


# --- showing -------------------------------------------------------------------------------------------------------


def tags(limit: int, offset: int = 0, *, everything: bool = False) -> list[str]:
    """The hashtags that trend, as they are filed, most first; `everything`: also what may not be shown."""
    return _listed(Subject.TAG, everything=everything)[offset : offset + limit]


def statuses(viewer: Account | None, limit: int, offset: int = 0, *, everything: bool = False) -> list[Post]:
    """The posts that trend, those that the viewer may see and wants to."""
    ranked = [int(subject) for subject in _listed(Subject.STATUS, everything=everything)]
    wanted = sa.select(Post.id).where(Post.id.in_(ranked), visible(viewer))
    if viewer is not None:
        wanted = wanted.where(Post.author_id.not_in(blocks.kept_away(viewer)))
    shown = set(session.scalars(wanted))
    return timelines.load([identifier for identifier in ranked if identifier in shown][offset : offset + limit])


def links(limit: int, offset: int = 0, *, everything: bool = False) -> list[PreviewCard]:
    """The pages that trend."""
    ranked = [int(subject) for subject in _listed(Subject.LINK, everything=everything)][offset : offset + limit]
    found = {card.id: card for card in session.scalars(sa.select(PreviewCard).where(PreviewCard.id.in_(ranked)))}
    return [found[identifier] for identifier in ranked if identifier in found]


def publishers() -> list[str]:
    """The hosts of the pages that trend, and those a moderator has said something of."""
    hosts = set(session.scalars(sa.select(Trend.publisher).where(Trend.kind == Subject.LINK)))
    hosts |= set(session.scalars(sa.select(Review.subject).where(Review.kind == Subject.PUBLISHER)))
    return sorted(host for host in hosts if host)


def _listed(kind: Subject, *, everything: bool) -> list[str]:
    own = sa.and_(_own.kind == kind, _own.subject == Trend.subject)
    of_publisher = sa.and_(_of_publisher.kind == Subject.PUBLISHER, _of_publisher.subject == Trend.publisher)
    asked = sa.select(Trend.subject).outerjoin(_own, own).outerjoin(_of_publisher, of_publisher)
    if not everything:
        unseen = sa.literal(not site.settings().trends_review)
        asked = asked.where(sa.func.coalesce(_own.allowed, _of_publisher.allowed, unseen))
    return list(session.scalars(asked.where(Trend.kind == kind).order_by(Trend.score.desc(), Trend.subject)))


# --- reviewing -----------------------------------------------------------------------------------------------------


def review(moderator: Account, kind: Subject, subject: str, *, allowed: bool) -> None:
    """Let something trend, or not; the last word counts."""
    found = session.get(Review, (kind, subject)) or Review(kind=kind, subject=subject)
    found.allowed, found.reviewer_id, found.reviewed_at = allowed, moderator.id, clock.now()
    session.add(found)
    session.flush()


def reviews(kind: Subject, subjects: Sequence[str]) -> dict[str, bool]:
    """What moderators said of these, one question for all."""
    said = sa.select(Review.subject, Review.allowed).where(Review.kind == kind, Review.subject.in_(subjects))
    return dict(session.execute(said).all())
