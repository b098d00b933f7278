"""Figures for moderators: a number for each day of a period, the whole of it, and that of the period before.

Ids tell when a row was made, to the millisecond: days are counted by them, without a look at the rows.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts import visits
from fediterr.accounts.models import Account, Kind, User, Visit
from fediterr.core import clock, ids, memory, site, text
from fediterr.core.db import session
from fediterr.moderation.models import Report
from fediterr.social.models import Follow, Like, Medium, Post, PostTag

COUNTED = timedelta(minutes=10)
LONGEST = timedelta(days=1000)
RETENTION = timedelta(days=100)  # each day is compared with all that follow it
EARLIEST, LATEST = date(1980, 1, 1), date(2999, 1, 1)
_DAY = 86_400_000 << 16  # of ids
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, last: date, longest: timedelta) -> "Period":
        """The days from one to the other; of more than can be shown, the last ones."""
        last = max(EARLIEST, min(max(first, last), LATEST))
        return cls(max(min(first, last), last - longest), last)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Period":
        """As many days, just before."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length)

    def holds(self, identifier: Any) -> sa.ColumnElement[bool]:
        """A condition on an id: made in this period."""
        return sa.and_(identifier >= _first_id(self.first), identifier < _first_id(self.last + timedelta(days=1)))


@dataclass(frozen=True)
class About:
    """What a figure is about, where it is not the server as a whole."""

    tag: str = ""
    domain: str = ""
    with_subdomains: bool = False


@dataclass(frozen=True)
class Measure:
    key: str
    total: int
    previous: int | None
    by_day: dict[date, int]
    unit: str | None = None


def measure(key: str, period: Period, about: About) -> Measure | None:
    """A figure by its name; nothing when there is none of that name, or when it lacks what it is about."""
    counter = COUNTERS.get(key)
    if counter is None or (key.startswith("tag_") and not about.tag) or (_is_of_server(key) and not about.domain):
        return None
    by_day, total = counter(period, about)
    _, previous = counter(period.before, about)
    shown = {day: by_day.get(day, 0) for day in period.days}
    return Measure(key, total, previous, shown, "bytes" if key == "instance_media_attachments" else None)


def _is_of_server(key: str) -> bool:
    return key.startswith("instance_")


Counted = tuple[dict[date, int], int]  # by day, and in the whole period


def _first_id(day: date) -> int:
    moment = datetime.combine(max(day, _EPOCH), datetime.min.time(), UTC)
    return ids.first_at(moment)


def _by_id(period: Period, identifier: Any, *conditions: Any, what: Any = None, whole: Any = None) -> Counted:
    """Count rows (or what of them) by the day of their id; `whole` where the total is not the sum of the days."""
    counted = sa.func.count() if what is None else what
    day = identifier.op("/", return_type=sa.BigInteger())(sa.literal_column(str(_DAY)))
    here = (period.holds(identifier), *conditions)
    grouped = session.execute(sa.select(day.label("day"), counted).where(*here).group_by(sa.text("day"))).all()
    by_day = {_EPOCH + timedelta(days=int(number)): int(value or 0) for number, value in grouped}
    total = sum(by_day.values()) if whole is None else session.scalar(sa.select(whole).where(*here)) or 0
    return by_day, int(total)


# --- of the server as a whole --------------------------------------------------------------------------------------


def _active_users(period: Period, _about: About) -> Counted:
    wanted = sa.select(Visit.day, sa.func.count(Visit.user_id.distinct()))
    within = wanted.where(Visit.day >= period.first, Visit.day <= period.last).group_by(Visit.day)
    return dict(session.execute(within).all()), visits.active(period.first, period.last)


def _new_users(period: Period, _about: About) -> Counted:
    return _by_id(period, User.id)


def _interactions(period: Period, _about: About) -> Counted:
    """Likes, boosts and answers that posts of here had."""
    ours = aliased(Post)
    liked = _by_id(period, Like.id, sa.exists().where(ours.id == Like.post_id, ours.local))
    boosted = _by_id(period, Post.id, sa.exists().where(ours.id == Post.boost_of_id, ours.local))
    answered = _by_id(period, Post.id, sa.exists().where(ours.id == Post.in_reply_to_id, ours.local))
    days: Counter[date] = Counter()
    for by_day, _ in (liked, boosted, answered):
        days.update(by_day)
    return dict(days), sum(days.values())


def _opened_reports(period: Period, _about: About) -> Counted:
    return _by_id(period, Report.id)


def _resolved_reports(period: Period, _about: About) -> Counted:
    first = datetime.combine(period.first, datetime.min.time(), UTC)
    after = datetime.combine(period.last, datetime.max.time(), UTC)
    found = session.scalars(sa.select(Report.resolved_at).where(Report.resolved_at.between(first, after)))
    days = Counter(moment.date() for moment in found if moment)
    return dict(days), sum(days.values())


# --- of a hashtag --------------------------------------------------------------------------------------------------


def _with_tag(about: About) -> sa.ColumnElement[bool]:
    return Post.id.in_(sa.select(PostTag.post_id).where(PostTag.tag == text.fold_tag(about.tag)))


def _tag_uses(period: Period, about: About) -> Counted:
    return _by_id(period, Post.id, _with_tag(about))


def _tag_accounts(period: Period, about: About) -> Counted:
    authors = sa.func.count(Post.author_id.distinct())
    return _by_id(period, Post.id, _with_tag(about), what=authors, whole=authors)


def _tag_servers(period: Period, about: About) -> Counted:
    servers = sa.func.count(Account.domain.distinct())
    return _by_id(period, Post.id, _with_tag(about), Account.id == Post.author_id, what=servers, whole=servers)


# --- of another server ---------------------------------------------------------------------------------------------


def there(about: About) -> Any:
    """The accounts of a server."""
    named = Account.domain == about.domain
    if about.with_subdomains:
        named = sa.or_(named, Account.domain.endswith("." + about.domain, autoescape=True))
    return sa.select(Account.id).where(named, ~Account.local, Account.kind != Kind.APPLICATION)


def _of_accounts(identifier: Any, owner: Any, *, what: Any = None) -> Callable[[Period, About], Counted]:
    """Rows that belong to the accounts of a server."""

    def count(period: Period, about: About) -> Counted:
        return _by_id(period, identifier, owner.in_(there(about)), what=what)

    return count


COUNTERS: dict[str, Callable[[Period, About], Counted]] = {
    "active_users": _active_users,
    "new_users": _new_users,
    "interactions": _interactions,
    "opened_reports": _opened_reports,
    "resolved_reports": _resolved_reports,
    "tag_accounts": _tag_accounts,
    "tag_uses": _tag_uses,
    "tag_servers": _tag_servers,
    "instance_accounts": _of_accounts(Account.id, Account.id),
    "instance_media_attachments": _of_accounts(
        Medium.id, Medium.account_id, what=sa.func.sum(sa.func.coalesce(Medium.size, 0))
    ),
    "instance_reports": _of_accounts(Report.id, Report.target_id),
    "instance_statuses": _of_accounts(Post.id, Post.author_id),
    "instance_follows": _of_accounts(Follow.id, Follow.target_id),
    "instance_followers": _of_accounts(Follow.id, Follow.follower_id),
}


# --- as it stands ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """People and what they published here, and the servers that are known."""

    people: int
    posts: int
    servers: int


def standing() -> Standing:
    """From what is counted already, since every application asks this first."""
    here = Account.domain == site.settings().handle_domain
    people = session.scalar(sa.select(sa.func.count(User.id))) or 0
    written = session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Account.posts_count), 0)).where(here)) or 0
    servers = session.scalar(sa.select(sa.func.count(Account.domain.distinct())).where(~Account.local))
    return Standing(people, int(written), servers or 0)


def stored() -> int:
    """Bytes of the files of here, as counted some minutes ago."""
    return memory.lately("stored", COUNTED, _stored)


def _stored() -> int:
    return int(
        session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Medium.size), 0)).where(Medium.path.isnot(None))) or 0
    )


@dataclass(frozen=True)
class Pile:
    """Files of one kind that lie here."""

    kind: str  # image, video, audio, document
    files: int
    size: int  # bytes


def piles() -> list[Pile]:
    """The files of here by their kind, the most room first; as counted some minutes ago."""
    return memory.lately("piles", COUNTED, _piles)


def _piles() -> list[Pile]:
    size = sa.func.coalesce(sa.func.sum(Medium.size), 0)
    counted = sa.select(Medium.kind, sa.func.count(Medium.id), size).where(Medium.path.is_not(None))
    rows = session.execute(counted.group_by(Medium.kind).order_by(size.desc())).all()
    return [Pile(kind, number, int(taken or 0)) for kind, number, taken in rows]


# --- by days -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    day: date
    statuses: int  # published here
    size: int  # bytes of files added here


def last_days(number: int) -> list[Day]:
    """The last days, the first first."""
    today = clock.now().date()
    period = Period(today - timedelta(days=number - 1), today)
    said, _ = _by_id(period, Post.id, Post.local, Post.boost_of_id.is_(None))
    size = sa.func.sum(sa.func.coalesce(Medium.size, 0))
    came, _ = _by_id(period, Medium.id, Medium.path.is_not(None), what=size)
    return [Day(day, said.get(day, 0), came.get(day, 0)) for day in period.days]


# --- by weeks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    first: date
    statuses: int
    people: int
    registrations: int


def last_weeks() -> list[Week]:
    """The last weeks, this one first, as counted some minutes ago: anybody may ask."""
    return memory.lately("weeks", COUNTED, _weeks)


def _weeks(number: int = 12) -> list[Week]:
    """What people of here said, how many of them were here, how many came."""
    today = clock.now().date()
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(number)]
    period = Period(starts[-1], monday + timedelta(days=6))
    said, _ = _by_id(period, Post.id, Post.local, Post.boost_of_id.is_(None))
    came, _ = _new_users(period, About())
    return [
        Week(
            first=first,
            statuses=sum(count for day, count in said.items() if first <= day < first + timedelta(days=7)),
            people=visits.active(first, first + timedelta(days=6)),
            registrations=sum(count for day, count in came.items() if first <= day < first + timedelta(days=7)),
        )
        for first in starts
    ]


# --- who stays -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cohort:
    """Those who came in one period: how many of them were here in each period since."""

    start: date
    size: int
    active: dict[date, int]


def retention(period: Period, *, monthly: bool) -> list[Cohort]:
    """For those who came on each day (or in each month): how many were here then and later."""

    def bucket(day: date) -> date:
        return day.replace(day=1) if monthly else day

    starts = list(dict.fromkeys(bucket(day) for day in period.days))
    came = {
        identifier: bucket(ids.moment_of(identifier).date())
        for identifier in session.scalars(sa.select(User.id).where(period.holds(User.id)))
    }
    here = session.execute(
        sa.select(Visit.user_id, Visit.day)
        .where(period.holds(Visit.user_id), Visit.day >= period.first, Visit.day <= period.last)
        .distinct()
    )
    seen = {(came[user_id], bucket(day), user_id) for user_id, day in here if user_id in came}
    counted = Counter((start, then) for start, then, _ in seen)
    sizes = Counter(came.values())
    return [
        Cohort(start, sizes[start], {then: counted[start, then] for then in starts if then >= start})
        for start in starts
    ]
