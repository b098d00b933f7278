"""Looking for posts by their words: what a question means, and which posts answer it for whom.

Found are posts that the viewer may see and has to do with (the library: written, named in, liked, boosted, bookmarked,
voted in), and public posts of those who let themselves be found (`indexable`). The newest come first.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, ids, paging, text, words
from fediterr.core.db import session
from fediterr.social import blocks, index, timelines
from fediterr.social.models import Bookmark, Like, Medium, Mention, Poll, Post, PostTag, PreviewCard, Visibility, Vote
from fediterr.social.visibility import visible

LONGEST = 2000  # characters of a question
PARTS = 40  # parts of a question that are read

Condition = sa.ColumnElement[bool]

_boost = aliased(Post)  # made once: an alias costs more than the question it serves

_PART = re.compile(
    r"""(?P<sign>[-+])?(?:(?P<name>[a-z]+):(?=\S))?"""
    r"""(?:"(?P<plain>[^"]*)(?:"|\Z)|“(?P<curly>[^”]*)(?:”|\Z)|«(?P<french>[^»]*)(?:»|\Z)|(?P<word>[^\s"“«]+))""",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass
class Question:
    """What is looked for: words, and conditions on the post and on what the viewer has to do with it."""

    terms: list[index.Term] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    library: bool = True
    public: bool = True

    @property
    def asks(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.conditions) or any(not term.negative for term in self.terms)


def posts(
    viewer: Account, question: str, page: paging.Page, *, offset: int = 0, author_id: int | None = None
) -> list[Post]:
    """The posts that answer a question for a viewer, newest first, complete."""
    found = _answering(viewer, question)
    if found is None:
        return []
    statement, key = found
    if author_id is not None:
        statement = statement.where(Post.author_id == author_id)
    return timelines.load(paging.take(statement.offset(offset), key, page))


def count(viewer: Account, question: str, most: int) -> int:
    """How many posts answer a question for a viewer, up to `most`."""
    found = _answering(viewer, question)
    if found is None:
        return 0
    return session.scalar(sa.select(sa.func.count()).select_from(found[0].limit(most).subquery())) or 0


def _answering(viewer: Account, question: str) -> tuple[sa.Select[Any], Any] | None:
    """The ids of the posts that answer a question, and the column to sort them by; None when nothing is asked."""
    asked = understand(question[:LONGEST], viewer)
    if not asked.asks:
        return None
    statement = sa.select(Post.id).where(
        Post.boost_of_id.is_(None),
        visible(viewer),
        Post.author_id.not_in(blocks.kept_away(viewer)),
        _known_to(viewer, asked),
        *asked.conditions,
    )
    key: Any = Post.id
    if found := index.place(asked.terms):
        statement = statement.join(found.table, found.key == Post.id).where(found.condition)
        key = found.key
    else:
        statement = statement.where(index.without(asked.terms))
    return statement, key


def _known_to(viewer: Account, asked: Question) -> Condition:
    """What may be found at all: the viewer's library, public posts of who is indexable, or both."""
    hidden = sa.select(Account.id).where(sa.or_(~Account.indexable, Account.silenced_at.is_not(None)))
    open_ = sa.and_(Post.visibility == Visibility.PUBLIC, Post.author_id.not_in(hidden))
    parts = [open_] if asked.public else []
    return sa.or_(*parts, *(_library(viewer) if asked.library else ()))


def _library(viewer: Account) -> Iterator[Condition]:
    yield Post.author_id == viewer.id
    yield sa.exists().where(Mention.post_id == Post.id, Mention.account_id == viewer.id)
    yield sa.exists().where(Like.post_id == Post.id, Like.account_id == viewer.id)
    yield sa.exists().where(Bookmark.post_id == Post.id, Bookmark.account_id == viewer.id)
    yield _boosted_by(viewer)
    yield sa.exists().where(Vote.poll_id == Poll.id, Poll.post_id == Post.id, Vote.account_id == viewer.id)


def _boosted_by(viewer: Account) -> Condition:
    return sa.exists().where(_boost.boost_of_id == Post.id, _boost.author_id == viewer.id)


# --- understanding a question --------------------------------------------------------------------------------------


def understand(question: str, viewer: Account) -> Question:
    """What a question asks for; what makes no sense in it is read as words, or passed over."""
    asked = Question()
    for number, match in enumerate(_PART.finditer(question)):
        if number == PARTS:
            break
        _add(asked, match, viewer)
    telling = [told for term in asked.terms if (told := _telling(term))]
    if asked.conditions or any(not term.negative for term in telling):
        asked.terms = telling
    return asked


def _telling(term: index.Term) -> index.Term | None:
    """A term without the words that are in every text; None when nothing is left of it."""
    if term.exact or term.mark:
        return term
    kept = tuple(word for word in term.parts if word.form not in words.SMALL)
    return replace(term, parts=kept) if kept else None


def _add(asked: Question, match: re.Match[str], viewer: Account) -> None:
    negative, name = match["sign"] == "-", (match["name"] or "").lower()
    quoted = next((match[kind] for kind in ("plain", "curly", "french") if match[kind] is not None), None)
    value = quoted if quoted is not None else match["word"]
    if name == "in":
        asked.library, asked.public = value.lower() != "public", value.lower() != "library"
        return
    operator = OPERATORS.get(name)
    found = operator(value, viewer) if operator else _tagged(value) if quoted is None and not name else None
    if isinstance(found, index.Term):
        asked.terms.append(replace(found, negative=negative))
    elif found is not None:
        asked.conditions.append(sa.not_(found) if negative else found)
    else:
        written = value if not name else f"{name} {value}"
        if read := tuple(words.read(written)):
            asked.terms.append(index.Term(read, exact=quoted is not None, negative=negative))


def _tagged(value: str) -> Condition | None:
    if not re.fullmatch(r"[#＃]\w+", value):
        return None
    return sa.exists().where(PostTag.post_id == Post.id, PostTag.tag == text.fold_tag(value))


def _from(value: str, viewer: Account) -> Condition:
    account = _person(value, viewer)
    return Post.author_id == account.id if account else sa.false()


def _mentions(value: str, viewer: Account) -> Condition:
    account = _person(value, viewer)
    return sa.exists().where(Mention.post_id == Post.id, Mention.account_id == account.id) if account else sa.false()


def _person(value: str, viewer: Account) -> Account | None:
    return viewer if value.lower() == "me" else accounts.by_handle(value)


def _has(value: str, _viewer: Account) -> Condition | index.Term | None:
    kinds = {"image": ("image",), "video": ("video", "gifv"), "audio": ("audio",)}
    attached = sa.exists().where(Medium.post_id == Post.id)
    what = value.lower()
    if what in kinds:
        return attached.where(Medium.kind.in_(kinds[what]))
    if what == "media":
        return attached.where(Medium.kind != "link")
    if what == "poll":
        return sa.exists().where(Poll.post_id == Post.id)
    if what == "embed":
        return sa.exists().where(PreviewCard.id == Post.card_id, PreviewCard.embed_url != "")
    return index.Term(mark=index.LINK) if what == "link" else None


def _is(value: str, viewer: Account) -> Condition | None:
    what = value.lower()
    if what == "reply":
        return Post.in_reply_to_uri.is_not(None)
    if what == "sensitive":
        return Post.sensitive.is_(True)
    return _boosted_by(viewer) if what in ("reblog", "boost") else None


def _language(value: str, _viewer: Account) -> Condition | None:
    tag = text.language_tag(value)
    if tag is None:
        return None
    return sa.or_(Post.language == tag, Post.language.startswith(f"{tag}-", autoescape=True))


def _when(make: Callable[[datetime, datetime], Condition]) -> Callable[[str, Account], Condition | None]:
    def read(value: str, _viewer: Account) -> Condition | None:
        days = _days(value)
        return make(*days) if days else None

    return read


def _days(value: str) -> tuple[datetime, datetime] | None:
    """The first moment of a day, month or year, and the first one after it."""
    match = _DATE.fullmatch(value)
    if value.lower() in ("today", "yesterday"):
        start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        start -= timedelta(days=value.lower() == "yesterday")
        return start, start + timedelta(days=1)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        length = 1 if day else calendar.monthrange(year, month)[1] if month else 365 + calendar.isleap(year)
        return start, start + timedelta(days=length)
    except (ValueError, OverflowError):
        return None


def _before(start: datetime, _end: datetime) -> Condition:
    return Post.id < ids.first_at(start)


def _after(_start: datetime, end: datetime) -> Condition:
    return Post.id >= ids.first_at(end)


def _during(start: datetime, end: datetime) -> Condition:
    return sa.and_(Post.id >= ids.first_at(start), Post.id < ids.first_at(end))


OPERATORS: dict[str, Callable[[str, Account], Condition | index.Term | None]] = {
    "from": _from,
    "mentions": _mentions,
    "has": _has,
    "is": _is,
    "language": _language,
    "before": _when(_before),
    "after": _when(_after),
    "during": _when(_during),
}
