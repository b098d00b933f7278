"""Hashtags: how much they are used, who follows them, who shows them on a profile."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.accounts.service import AccountUpdated
from fediterr.core import clock, errors, facts, ids, paging, text
from fediterr.core.db import insert_once, session
from fediterr.social.models import FeaturedTag, FollowedTag, Post, PostTag, Visibility

DAYS = 7
FEATURED = 10
SUGGESTED = 10
NAME = re.compile(r"\w{1,100}")
_DAY = 86_400_000 << 16  # of ids, which count milliseconds in their high bits


@dataclass(frozen=True)
class Day:
    """What public posts did with a hashtag on one day."""

    day: datetime  # its midnight
    uses: int = 0
    accounts: int = 0


def named(name: str) -> str:
    """A hashtag as written, without "#". Raises Invalid when it is none."""
    name = name.removeprefix("#")
    if not NAME.fullmatch(name) or not any(map(str.isalpha, name)):
        raise errors.Invalid("This is not a hashtag.")
    return name


# --- use -----------------------------------------------------------------------------------------------------------


def history(folded: Sequence[str], days: int = DAYS) -> dict[str, list[Day]]:
    """How these hashtags were used on the last days, today first; one question for all of them."""
    return by_day(PostTag.tag, PostTag.post_id, folded, days)


def by_day(subject: Any, post_id: Any, wanted: Sequence[Any], days: int = DAYS) -> dict[Any, list[Day]]:
    """How often, and by how many, public posts named these on the last days: hashtags, or whatever else they have.

    `subject` is the column of what is named, `post_id` that of the post, of the same table.
    """
    today = clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    every = [today - timedelta(days=ago) for ago in range(days)]
    counted: dict[tuple[Any, int], tuple[int, int]] = {}
    if wanted:
        day = post_id // sa.literal_column(str(_DAY), sa.BigInteger)
        asked = (
            sa.select(subject, day.label("day"), sa.func.count(), sa.func.count(Post.author_id.distinct()))
            .where(subject.in_(wanted), post_id >= ids.first_at(every[-1]), Post.visibility == Visibility.PUBLIC)
            .group_by(subject, day)
        )
        if post_id is not Post.id:
            asked = asked.where(post_id == Post.id)
        counted = {(each, number): (uses, by) for each, number, uses, by in session.execute(asked)}
    return {each: [Day(day, *counted.get((each, ids.first_at(day) // _DAY), ())) for day in every] for each in wanted}


def is_used(folded: str) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(PostTag.tag == folded))))


# --- following -----------------------------------------------------------------------------------------------------


def follow(account: Account, name: str) -> None:
    """Public posts with this hashtag come into the home timeline from now on. Raises Invalid."""
    name = named(name)
    row = {"id": ids.new(), "account_id": account.id, "name": name, "folded": text.fold_tag(name)}
    insert_once(FollowedTag, {**row, "created_at": clock.now()})


def unfollow(account: Account, name: str) -> None:
    mine = FollowedTag.account_id == account.id
    session.execute(sa.delete(FollowedTag).where(mine, FollowedTag.folded == text.fold_tag(name)))


def followed(account: Account, page: paging.Page) -> list[FollowedTag]:
    """The hashtags that an account follows, last first."""
    return paging.take(sa.select(FollowedTag).where(FollowedTag.account_id == account.id), FollowedTag.id, page)


def followed_among(account: Account, folded: Sequence[str]) -> set[str]:
    return _among(FollowedTag, account, folded)


def featured_among(account: Account, folded: Sequence[str]) -> set[str]:
    return _among(FeaturedTag, account, folded)


def _among(kind: Any, account: Account, folded: Sequence[str]) -> set[str]:
    return set(session.scalars(sa.select(kind.folded).where(kind.account_id == account.id, kind.folded.in_(folded))))


# --- on a profile --------------------------------------------------------------------------------------------------


def featured(account: Account) -> list[FeaturedTag]:
    """The hashtags that an account shows on its profile, first shown first."""
    listed = sa.select(FeaturedTag).where(FeaturedTag.account_id == account.id)
    return list(session.scalars(listed.order_by(FeaturedTag.id)))


def feature(account: Account, name: str) -> FeaturedTag:
    """Show a hashtag on one's profile; twice is once. Raises Invalid, Conflict."""
    name = named(name)
    before = featured(account)
    found = next((each for each in before if each.folded == text.fold_tag(name)), None)
    if found is not None:
        return found
    if len(before) >= FEATURED:
        raise errors.Conflict(f"At most {FEATURED} hashtags can be shown on a profile.")
    made = FeaturedTag(account_id=account.id, name=name, folded=text.fold_tag(name))
    session.add(made)
    session.flush()
    facts.tell(AccountUpdated(account.id))
    return made


def unfeature(account: Account, shown: FeaturedTag | None) -> None:
    if shown is not None:
        session.delete(shown)
        session.flush()
        facts.tell(AccountUpdated(account.id))


def shown(account: Account, identifier: int) -> FeaturedTag:
    """A hashtag of this profile by its id. Raises NotFound."""
    found = session.get(FeaturedTag, identifier)
    if found is None or found.account_id != account.id:
        raise errors.NotFound("There is no such hashtag here.")
    return found


def use_of(account: Account, folded: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """How many open posts of an account have each of these hashtags, and when it published the last one."""
    counted = _of_author(account).where(PostTag.tag.in_(folded))
    return {tag: (number, last) for tag, number, last in session.execute(counted)}


def suggested(account: Account) -> list[str]:
    """The hashtags that an account writes most and does not show on its profile."""
    elsewhere = sa.select(FeaturedTag.folded).where(FeaturedTag.account_id == account.id)
    most = _of_author(account).where(PostTag.tag.not_in(elsewhere)).order_by(sa.func.count().desc(), PostTag.tag)
    return [tag for tag, _, _ in session.execute(most.limit(SUGGESTED))]


def _of_author(account: Account) -> Any:
    return (
        sa.select(PostTag.tag, sa.func.count(), sa.func.max(Post.published_at))
        .join(Post, Post.id == PostTag.post_id)
        .where(Post.author_id == account.id, Post.visibility.in_((Visibility.PUBLIC, Visibility.UNLISTED)))
        .group_by(PostTag.tag)
    )
