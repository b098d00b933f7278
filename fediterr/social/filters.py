"""Filters: what somebody does not want to read, or wants to be warned of; keeping them, and applying them to posts."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, text
from fediterr.core.db import session
from fediterr.social import visibility
from fediterr.social.models import Filter, FilterRule, Post
from fediterr.social.models.filters import Action, Context

TITLE = 256  # characters
KEYWORD = 512
FILTERS = 500  # of one account
RULES = 1000  # of one filter
LONGEST = timedelta(days=36_500)


@dataclass(frozen=True)
class FiltersChanged(facts.Fact):
    """Applications that show somebody's posts look at the filters again."""

    account_id: int


@dataclass(frozen=True)
class KeywordDraft:
    """A keyword to add, to change (`identifier`) or to remove; None leaves a thing as it is."""

    keyword: str | None = None
    whole_word: bool | None = None
    identifier: int | None = None
    remove: bool = False


@dataclass(frozen=True)
class FilterDraft:
    """A filter before it exists, or changes to one; None leaves a thing as it is."""

    title: str | None = None
    contexts: tuple[str, ...] | None = None
    action: str | None = None
    lasts: bool = False  # True: `seconds` is said, and None means for ever
    seconds: int | None = None
    keywords: tuple[KeywordDraft, ...] = ()


class Match(NamedTuple):
    """Why a post is filtered: the words found in it, or that it was named itself."""

    filter: Filter
    words: list[str]
    post_ids: list[int]


# --- keeping them --------------------------------------------------------------------------------------------------


def listed(account: Account) -> list[Filter]:
    return list(session.scalars(_of(account).order_by(Filter.id)).unique())


def get(account: Account, identifier: int) -> Filter:
    found: Filter | None = session.scalars(_of(account).where(Filter.id == identifier)).unique().one_or_none()
    if found is None:
        raise errors.NotFound("There is no such filter.")
    return found


def keyword(account: Account, identifier: int) -> FilterRule:
    """One keyword of one's filters; NotFound for what is somebody else's."""
    return _rule(account, identifier, FilterRule.keyword.is_not(None))


def named_post(account: Account, identifier: int) -> FilterRule:
    """One post named by one's filters."""
    return _rule(account, identifier, FilterRule.post_id.is_not(None))


def create(account: Account, draft: FilterDraft) -> Filter:
    if (session.scalar(sa.select(sa.func.count()).where(Filter.account_id == account.id)) or 0) >= FILTERS:
        raise errors.Invalid(f"At most {FILTERS} filters can be kept")
    made = Filter(account_id=account.id, title="", contexts=[], action=Action.WARN)
    session.add(made)
    change(made, draft)
    return made


def change(filter_: Filter, draft: FilterDraft) -> None:
    """Change what the draft says of a filter, keywords included."""
    if draft.title is not None:
        filter_.title = draft.title.strip()
    if draft.contexts is not None:
        filter_.contexts = list(dict.fromkeys(draft.contexts))
    if draft.action is not None:
        filter_.action = draft.action
    if draft.lasts:
        filter_.ends_at = _end_of(draft.seconds)
    problems = _problems(filter_)
    for each in draft.keywords:
        problems += [f"Keywords {problem[0].lower()}{problem[1:]}" for problem in _apply(filter_, each)]
    if problems:
        raise errors.Invalid(", ".join(dict.fromkeys(problems)))
    _keep(filter_)


def delete(filter_: Filter) -> None:
    session.delete(filter_)
    _keep(filter_)


def add_keyword(filter_: Filter, words: str | None, whole_word: bool | None = None) -> FilterRule:
    made = FilterRule(keyword=(words or "").strip(), whole_word=whole_word is not False)
    _require_words(made)
    _add(filter_, made)
    return made


def change_keyword(rule: FilterRule, words: str | None, whole_word: bool | None = None) -> None:
    if words is not None:
        rule.keyword = words.strip()
    if whole_word is not None:
        rule.whole_word = whole_word
    with session.no_autoflush:
        _require_words(rule)
    _keep(rule.filter)


def add_post(filter_: Filter, viewer: Account, post_id: int | None) -> FilterRule:
    """Name one post, among those that one may see; for a boost, the post that it shows."""
    try:
        found = visibility.seen(viewer, post_id or 0)
    except errors.NotFound:
        raise errors.Invalid("Status is invalid") from None
    post = found.boost_of or found
    if any(rule.post_id == post.id for rule in filter_.rules):
        raise errors.Invalid("Status has already been taken")
    made = FilterRule(post_id=post.id)
    _add(filter_, made)
    return made


def remove(rule: FilterRule) -> None:
    """Remove a keyword or a named post; the filter stays, even empty."""
    filter_ = rule.filter
    filter_.rules.remove(rule)
    _keep(filter_)


def _of(account: Account) -> sa.Select[Any]:
    return sa.select(Filter).where(Filter.account_id == account.id).options(joinedload(Filter.rules))


def _rule(account: Account, identifier: int, condition: sa.ColumnElement[bool]) -> FilterRule:
    wanted = sa.select(FilterRule).join(Filter).where(Filter.account_id == account.id, condition)
    found = session.scalar(wanted.where(FilterRule.id == identifier))
    if found is None:
        raise errors.NotFound("There is nothing like this in your filters.")
    return found


def _add(filter_: Filter, rule: FilterRule) -> None:
    if len(filter_.rules) >= RULES:
        raise errors.Invalid(f"A filter has at most {RULES} keywords and posts")
    filter_.rules.append(rule)
    _keep(filter_)


def _keep(filter_: Filter) -> None:
    session.flush()
    facts.tell(FiltersChanged(filter_.account_id))


def _end_of(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    return clock.now() + min(timedelta(seconds=max(0, min(seconds, 10**10))), LONGEST)


def _problems(filter_: Filter) -> list[str]:
    problems = []
    if not filter_.title:
        problems.append("Title can't be blank")
    if len(filter_.title) > TITLE:
        problems.append(f"Title is too long (maximum is {TITLE} characters)")
    if not filter_.contexts:
        problems.append("Context can't be blank")
    if not filter_.contexts or set(filter_.contexts) - set(Context):
        problems.append("Context None or invalid context supplied")
    if filter_.action not in set(Action):
        problems.append("Action is not included in the list")
    return problems


def _apply(filter_: Filter, draft: KeywordDraft) -> list[str]:
    """Do with a keyword what its draft says; what is wrong with it."""
    if draft.identifier is None:
        if draft.remove:
            return []
        rule = FilterRule(keyword="", whole_word=True)
        filter_.rules.append(rule)
    else:
        known = next((rule for rule in filter_.keywords if rule.id == draft.identifier), None)
        if known is None:
            raise errors.NotFound("There is no such keyword in this filter.")
        rule = known
    if draft.remove:
        filter_.rules.remove(rule)
        return []
    if draft.keyword is not None:
        rule.keyword = draft.keyword.strip()
    if draft.whole_word is not None:
        rule.whole_word = draft.whole_word
    if len(filter_.rules) > RULES:
        return [f"Keywords are too many (maximum is {RULES})"]
    return _problems_of_words(rule)


def _problems_of_words(rule: FilterRule) -> list[str]:
    if not rule.keyword:
        return ["Keyword can't be blank"]
    return [f"Keyword is too long (maximum is {KEYWORD} characters)"] if len(rule.keyword) > KEYWORD else []


def _require_words(rule: FilterRule) -> None:
    if problems := _problems_of_words(rule):
        raise errors.Invalid(", ".join(problems))


# --- applying them -------------------------------------------------------------------------------------------------


def active(account: Account, context: str | None = None) -> list[Filter]:
    """The filters of an account that hold now, in one place or (None) in any: one question, keywords included."""
    wanted = _of(account).where(sa.or_(Filter.ends_at.is_(None), Filter.ends_at > clock.now())).order_by(Filter.id)
    return [each for each in session.scalars(wanted).unique() if context is None or context in each.contexts]


def matching(post: Post, filters: Sequence[Filter]) -> list[Match]:
    """Which of these filters a post matches, and why; of a boost, what it shows is looked at."""
    proper = post.boost_of or post
    identifiers = {post.id, proper.id}
    read = _read(proper) if any(filter_.keywords for filter_ in filters) else ""
    found = []
    for filter_ in filters:
        words = [match[0] for rule in filter_.keywords if (match := _pattern(rule).search(read))]
        named = identifiers & {rule.post_id for rule in filter_.posts}
        if words or named:
            found.append(Match(filter_, words, sorted(each for each in named if each)))
    return found


def hides(matches: Iterable[Match]) -> bool:
    """Whether a list leaves out what matches so."""
    return any(match.filter.action == Action.HIDE for match in matches)


def _read(post: Post) -> str:
    """All the words of a post that one would see."""
    parts = [post.warning, post.title or "", text.plain(post.content), *(medium.description for medium in post.media)]
    return "\n\n".join([*parts, *(post.poll.options if post.poll else ())])


def _pattern(rule: FilterRule) -> re.Pattern[str]:
    return _compiled(rule.keyword or "", whole_word=rule.whole_word)


@functools.lru_cache(maxsize=4096)
def _compiled(words: str, *, whole_word: bool) -> re.Pattern[str]:
    """As applications do it: a whole word has a boundary on each side where the keyword itself has a letter there."""
    before = r"\b" if whole_word and re.match(r"\w", words) else ""
    after = r"\b" if whole_word and re.search(r"\w\Z", words) else ""
    return re.compile(f"{before}{re.escape(words)}{after}", re.IGNORECASE)
