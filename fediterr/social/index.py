"""The index of words: what is filed there of each post, and which posts have what words.

Two engines, the full text of SQLite (FTS5) and of PostgreSQL (tsvector), are given the same words and find the same.
A post is filed under its words as they are written (for phrases), under their stems, and under marks: what it has.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from fediterr.core import db, text, words
from fediterr.core.db import session
from fediterr.social import timelines
from fediterr.social.models import Indexed, Post
from fediterr.social.posts import PostEdited, PostPublished

BATCH = 50  # posts filed in one unit of work: on SQLite nobody else writes meanwhile
VERSION = 1  # to be raised when words are read in another way
LINK = "link"  # the mark of what leads out of here

_LINKED = re.compile(r'<a (?![^>]*class="[^"]*(?:mention|hashtag))(?![^>]*rel="[^"]*\btag\b)[^>]*href=')
_FILED = sa.table("search_index", sa.column("rowid", sa.Integer))


@dataclass(frozen=True)
class Term:
    """What is looked for: words next to one another (`exact`), words in any form, or a mark."""

    parts: tuple[words.Word, ...] = ()
    exact: bool = False
    mark: str = ""
    negative: bool = False


class Place(NamedTuple):
    """Where posts with some words are found: a table, its column of ids, and the condition."""

    table: sa.FromClause
    key: Any
    condition: sa.ColumnElement[bool]


# --- filing --------------------------------------------------------------------------------------------------------


def file(posts: Sequence[Post]) -> None:
    """File these posts under their words of now; their files and polls must be loaded, or are asked one by one."""
    rows = [_row(post) for post in posts if post.boost_of_id is None]
    if rows and db.dialect() == "postgresql":
        session.execute(_FILE_ON_POSTGRESQL, rows)
    elif rows:
        session.execute(_FILE_ON_SQLITE, rows)
        session.execute(_KNOW_ON_SQLITE, rows)


def file_one(fact: PostPublished | PostEdited) -> None:
    """What follows from a post that is new, or reads otherwise now."""
    if post := session.get(Post, fact.post_id):
        file([post])


def file_missing() -> int:
    """File some posts that were missed; how many."""
    return refile(missing(BATCH))


def refile(identifiers: Sequence[int]) -> int:
    """File these posts anew, in one unit of work; how many of them there are still."""
    with db.transaction():
        found = session.scalars(sa.select(Post).where(Post.id.in_(identifiers))).all()
        file(timelines.complete(found))
    return len(found)


def missing(limit: int) -> list[int]:
    """Posts that are not filed, or were in an older way; newest first."""
    return list(session.scalars(_posts(missing=True).order_by(Post.id.desc()).limit(limit)))


def count(*, missing: bool) -> int:
    """How many posts there are to file."""
    return session.scalar(sa.select(sa.func.count()).select_from(_posts(missing=missing).subquery())) or 0


def _posts(*, missing: bool) -> sa.Select[Any]:
    wanted = sa.select(Post.id).where(Post.boost_of_id.is_(None))
    current = sa.exists().where(Indexed.post_id == Post.id, Indexed.version == VERSION)
    return wanted.where(~current) if missing else wanted


def after(identifier: int) -> list[int]:
    """The posts that come next when all are filed anew, oldest first."""
    return list(session.scalars(_posts(missing=False).where(Post.id > identifier).order_by(Post.id).limit(BATCH)))


_FILE_ON_POSTGRESQL = sa.text(
    "INSERT INTO indexed_posts (post_id, version, words) VALUES (:id, :version, CAST(:vector AS tsvector)) "
    "ON CONFLICT (post_id) DO UPDATE SET version = excluded.version, words = excluded.words"
)
_FILE_ON_SQLITE = sa.text(
    "INSERT OR REPLACE INTO search_index (rowid, forms, stems, marks) VALUES (:id, :forms, :stems, :marks)"
)
_KNOW_ON_SQLITE = sa.text(
    "INSERT INTO indexed_posts (post_id, version) VALUES (:id, :version) "
    "ON CONFLICT (post_id) DO UPDATE SET version = excluded.version"
)


def _row(post: Post) -> dict[str, Any]:
    read = words.read(_written(post))
    stems = sorted({stem for word in read for stem in word.stems})
    marks = [LINK] if post.link or _LINKED.search(post.content) else []
    row: dict[str, Any] = {"id": post.id, "version": VERSION}
    if db.dialect() == "postgresql":
        return row | {"vector": _vector([word.form for word in read], stems, marks)}
    return row | {"forms": " ".join(word.form for word in read), "stems": " ".join(stems), "marks": " ".join(marks)}


def _written(post: Post) -> str:
    parts = [post.title or "", post.warning, text.plain(post.content), *(medium.description for medium in post.media)]
    return "\n".join([*parts, *(post.poll.options if post.poll else ())])


def _vector(forms: list[str], stems: list[str], marks: list[str]) -> str:
    """As PostgreSQL writes it: each word with its places; the weight tells forms (A), stems (B) and marks (C)."""
    places: dict[str, list[str]] = {}
    for place, form in enumerate(forms, 1):
        places.setdefault(form, []).append(f"{place}A")
    for stem in stems:
        places.setdefault(stem, []).append("16383B")
    for mark in marks:
        places.setdefault(mark, []).append("16382C")
    return " ".join(f"'{word}':{','.join(found[-255:])}" for word, found in places.items())


# --- finding -------------------------------------------------------------------------------------------------------


def place(terms: Sequence[Term]) -> Place | None:
    """Where posts with all the positive terms and none of the negative ones are; None without a positive term."""
    wanted = [term for term in terms if not term.negative]
    return _place(wanted, [term for term in terms if term.negative]) if wanted else None


def without(terms: Sequence[Term]) -> sa.ColumnElement[bool]:
    """A condition on posts: none of these terms."""
    found = [_place([term], []) for term in terms]
    return sa.and_(
        sa.true(), *(Post.id.not_in(sa.select(at.key).select_from(at.table).where(at.condition)) for at in found)
    )


def _place(wanted: list[Term], unwanted: list[Term]) -> Place:
    if db.dialect() == "postgresql":
        every = [_tsquery(term) for term in wanted] + [f"!{_tsquery(term)}" for term in unwanted]
        # Written into the statement: for a parameter, a prepared plan would guess how many posts have these words.
        asked = sa.literal(" & ".join(every), sa.Text, literal_execute=True)
        condition = Indexed.words.op("@@", is_comparison=True)(sa.cast(asked, postgresql.TSQUERY))
        return Place(sa.inspect(Indexed).local_table, Indexed.post_id, condition)
    written = " AND ".join(map(_match, wanted))
    if unwanted:
        written = f"({written}) NOT ({' OR '.join(map(_match, unwanted))})"
    condition = sa.literal_column("search_index").op("MATCH", is_comparison=True)(sa.literal(written, sa.Text))
    return Place(_FILED, _FILED.c.rowid, condition)


def _match(term: Term) -> str:
    """A term in the language of FTS5; words are letters and digits, nothing in them has a meaning there."""
    if term.mark:
        return f'(marks : "{term.mark}")'
    if term.exact:
        return f'(forms : "{" ".join(word.form for word in term.parts)}")'
    every = (" OR ".join(f'"{stem}"' for stem in sorted(word.stems)) for word in term.parts)
    return f"(stems : ({' AND '.join(f'({each})' for each in every)}))"


def _tsquery(term: Term) -> str:
    """A term in the language of PostgreSQL."""
    if term.mark:
        return f"'{term.mark}':C"
    if term.exact:
        phrase = " <-> ".join(f"'{word.form}':A" for word in term.parts)
        return f"({phrase})"
    every = (" | ".join(f"'{stem}':B" for stem in sorted(word.stems)) for word in term.parts)
    return "(" + " & ".join(f"({each})" for each in every) + ")"
