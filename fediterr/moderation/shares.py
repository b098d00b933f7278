"""What makes up the whole, the largest part first: languages, applications, servers, space, versions."""

import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account, Application, User, Visit
from fediterr.core import db, site
from fediterr.core.db import session
from fediterr.moderation.figures import About, Period, there
from fediterr.social.models import Medium, Post, PostTag

MOST = 100


@dataclass(frozen=True)
class Share:
    """One part: `name` is shown where the key says little; in bytes, or a number, or a version."""

    key: str
    value: int | str
    name: str = ""
    unit: str | None = None


def shares(key: str, period: Period, about: About, limit: int) -> list[Share] | None:
    """The parts of a whole by its name; nothing when there is none of that name, or when it lacks what it is about."""
    counter = COUNTERS.get(key)
    if (
        counter is None
        or (key.startswith("tag_") and not about.tag)
        or (key.startswith("instance_") and not about.domain)
    ):
        return None
    return list(counter(period, about))[: max(1, min(limit, MOST))]


Parts = Iterable[Share]


def _largest(grouped: Any) -> Parts:
    """Rows of (key, number, name)."""
    found = session.execute(grouped.order_by(sa.text("2 DESC"), sa.text("1")).limit(MOST))
    return [Share(str(row[0] or "und"), int(row[1]), str(row[2]) if len(row) > 2 else "") for row in found]


def _languages(period: Period, _about: About) -> Parts:
    """In which languages people who were here read the pages."""
    chosen = sa.func.coalesce(User.language, site.settings().language)
    here = sa.exists().where(Visit.user_id == User.id, Visit.day >= period.first, Visit.day <= period.last)
    return _largest(sa.select(chosen, sa.func.count(User.id)).where(here).group_by(chosen))


def _sources(period: Period, _about: About) -> Parts:
    """With which applications people registered; those of the pages have none."""
    came = period.holds(User.id)
    by_app = (
        sa.select(Application.id, sa.func.count(User.id), Application.name)
        .join(User, User.application_id == Application.id)
        .where(came)
        .group_by(Application.id, Application.name)
    )
    alone = session.scalar(sa.select(sa.func.count(User.id)).where(came, User.application_id.is_(None))) or 0
    pages = [Share("web", alone)] if alone else []
    return sorted((*_largest(by_app), *pages), key=lambda share: -int(share.value))


def _servers(period: Period, _about: About) -> Parts:
    return _largest(
        sa.select(Account.domain, sa.func.count(Post.id))
        .join(Post, Post.author_id == Account.id)
        .where(period.holds(Post.id))
        .group_by(Account.domain)
    )


def _with_tag(about: About) -> sa.ColumnElement[bool]:
    return Post.id.in_(sa.select(PostTag.post_id).where(PostTag.tag == about.tag))


def _tag_servers(period: Period, about: About) -> Parts:
    return _largest(
        sa.select(Account.domain, sa.func.count(Post.id))
        .join(Post, Post.author_id == Account.id)
        .where(period.holds(Post.id), _with_tag(about))
        .group_by(Account.domain)
    )


def _tag_languages(period: Period, about: About) -> Parts:
    counted = sa.select(Post.language, sa.func.count(Post.id)).where(period.holds(Post.id), _with_tag(about))
    return _largest(counted.group_by(Post.language))


def _server_accounts(_period: Period, about: About) -> Parts:
    """Whom people here follow most of a server."""
    wanted = sa.select(Account.name, Account.followers_count).where(Account.id.in_(there(about)))
    return _largest(wanted)


def _server_languages(period: Period, about: About) -> Parts:
    written = sa.select(Post.language, sa.func.count(Post.id))
    return _largest(written.where(period.holds(Post.id), Post.author_id.in_(there(about))).group_by(Post.language))


def _space(_period: Period, _about: About) -> Parts:
    files = session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Medium.size), 0)).where(Medium.path.is_not(None)))
    parts = [Share(db.dialect(), _database_bytes(), _DATABASES[db.dialect()], "bytes")]
    parts.append(Share("media", int(files or 0), "Media storage", "bytes"))
    return sorted(parts, key=lambda share: -int(share.value))


_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _database_bytes() -> int:
    if db.dialect() == "postgresql":
        return int(session.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0)
    file = db.db.engine.url.database
    return Path(file).stat().st_size if file and Path(file).exists() else 0


def _versions(_period: Period, _about: About) -> Parts:
    return [
        Share("fediterr", site.version(), "fediterr"),
        Share("python", platform.python_version(), "Python"),
        Share(
            db.dialect(), ".".join(map(str, db.db.engine.dialect.server_version_info or ())), _DATABASES[db.dialect()]
        ),
    ]


COUNTERS: dict[str, Callable[[Period, About], Parts]] = {
    "languages": _languages,
    "sources": _sources,
    "servers": _servers,
    "space_usage": _space,
    "software_versions": _versions,
    "tag_servers": _tag_servers,
    "tag_languages": _tag_languages,
    "instance_accounts": _server_accounts,
    "instance_languages": _server_languages,
}
