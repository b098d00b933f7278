"""Filters: the second form (named sets of keywords and posts), and the first (one keyword each) on the same rows."""

from typing import Any

from fediterr.core import errors
from fediterr.mastodon import entities, params, routes
from fediterr.social import filters
from fediterr.social.filters import FilterDraft, KeywordDraft
from fediterr.social.models import Filter, FilterRule
from fediterr.social.models.filters import Action

SHARED = (
    "These parameters cannot be changed from this application because they apply to more than one filter keyword. "
    "Use a more recent application or the web interface."
)

# --- the second form -----------------------------------------------------------------------------------------------


@routes.get("/api/v2/filters", "read:filters")
def listed() -> Any:
    return [entities.filter_(each) for each in filters.listed(routes.me())]


@routes.post("/api/v2/filters", "write:filters")
def create() -> Any:
    return entities.filter_(filters.create(routes.me(), _draft()))


@routes.get("/api/v2/filters/:id", "read:filters")
def one(identifier: int) -> Any:
    return entities.filter_(_own(identifier))


@routes.put("/api/v2/filters/:id", "write:filters")
def change(identifier: int) -> Any:
    found = _own(identifier)
    filters.change(found, _draft())
    return entities.filter_(found)


@routes.delete("/api/v2/filters/:id", "write:filters")
def delete(identifier: int) -> Any:
    filters.delete(_own(identifier))
    return {}


@routes.get("/api/v2/filters/:id/keywords", "read:filters")
def keywords(identifier: int) -> Any:
    return [entities.filter_keyword(rule) for rule in _own(identifier).keywords]


@routes.post("/api/v2/filters/:id/keywords", "write:filters")
def add_keyword(identifier: int) -> Any:
    sent = routes.sent()
    rule = filters.add_keyword(_own(identifier), sent.text("keyword"), sent.flag("whole_word"))
    return entities.filter_keyword(rule)


@routes.get("/api/v2/filters/keywords/:id", "read:filters")
def keyword(identifier: int) -> Any:
    return entities.filter_keyword(filters.keyword(routes.me(), identifier))


@routes.put("/api/v2/filters/keywords/:id", "write:filters")
def change_keyword(identifier: int) -> Any:
    sent, rule = routes.sent(), filters.keyword(routes.me(), identifier)
    filters.change_keyword(rule, sent.text("keyword"), sent.flag("whole_word"))
    return entities.filter_keyword(rule)


@routes.delete("/api/v2/filters/keywords/:id", "write:filters")
def remove_keyword(identifier: int) -> Any:
    filters.remove(filters.keyword(routes.me(), identifier))
    return {}


@routes.get("/api/v2/filters/:id/statuses", "read:filters")
def statuses(identifier: int) -> Any:
    return [entities.filter_status(rule) for rule in _own(identifier).posts]


@routes.post("/api/v2/filters/:id/statuses", "write:filters")
def add_status(identifier: int) -> Any:
    rule = filters.add_post(_own(identifier), routes.me(), routes.sent().number("status_id"))
    return entities.filter_status(rule)


@routes.get("/api/v2/filters/statuses/:id", "read:filters")
def status(identifier: int) -> Any:
    return entities.filter_status(filters.named_post(routes.me(), identifier))


@routes.delete("/api/v2/filters/statuses/:id", "write:filters")
def remove_status(identifier: int) -> Any:
    filters.remove(filters.named_post(routes.me(), identifier))
    return {}


def _own(identifier: int) -> Filter:
    return filters.get(routes.me(), identifier)


def _draft() -> FilterDraft:
    sent = routes.sent()
    return FilterDraft(
        title=sent.text("title"),
        contexts=_contexts(sent),
        action=sent.text("filter_action"),
        lasts="expires_in" in sent.values,
        seconds=sent.number("expires_in"),
        keywords=tuple(_keyword(each) for each in sent.parts("keywords_attributes")),
    )


def _contexts(sent: params.Params) -> tuple[str, ...] | None:
    return tuple(sent.texts("context")) if "context" in sent else None


def _keyword(sent: params.Params) -> KeywordDraft:
    return KeywordDraft(sent.text("keyword"), sent.flag("whole_word"), sent.number("id"), bool(sent.flag("_destroy")))


# --- the first form: one keyword, with what its filter says --------------------------------------------------------


@routes.get("/api/v1/filters", "read:filters")
def listed_by_keyword() -> Any:
    return [_as_first(rule) for each in filters.listed(routes.me()) for rule in each.keywords]


@routes.post("/api/v1/filters", "write:filters")
def create_keyword() -> Any:
    sent = routes.sent()
    words = sent.text("phrase") or ""
    made = filters.create(routes.me(), _first_draft(words[: filters.TITLE]))
    return _as_first(filters.add_keyword(made, words, sent.flag("whole_word")))


@routes.get("/api/v1/filters/:id", "read:filters")
def one_keyword(identifier: int) -> Any:
    return _as_first(filters.keyword(routes.me(), identifier))


@routes.put("/api/v1/filters/:id", "write:filters")
def change_by_keyword(identifier: int) -> Any:
    """Change a keyword and its filter; what other keywords share is refused."""
    sent, rule = routes.sent(), filters.keyword(routes.me(), identifier)
    draft = _first_draft(None)
    before = (rule.filter.contexts, rule.filter.action, rule.filter.ends_at)
    filters.change(rule.filter, draft)
    if len(rule.filter.keywords) > 1 and before != (rule.filter.contexts, rule.filter.action, rule.filter.ends_at):
        raise errors.Invalid(SHARED)
    filters.change_keyword(rule, sent.text("phrase"), sent.flag("whole_word"))
    return _as_first(rule)


@routes.delete("/api/v1/filters/:id", "write:filters")
def delete_by_keyword(identifier: int) -> Any:
    """Remove a keyword, and its filter when nothing is left in it."""
    rule = filters.keyword(routes.me(), identifier)
    filter_ = rule.filter
    filters.remove(rule)
    if not filter_.rules:
        filters.delete(filter_)
    return {}


def _first_draft(title: str | None) -> FilterDraft:
    sent = routes.sent()
    irreversible = sent.flag("irreversible")
    return FilterDraft(
        title=title,
        contexts=_contexts(sent),
        action=None if irreversible is None else Action.HIDE if irreversible else Action.WARN,
        lasts="expires_in" in sent.values,
        seconds=sent.number("expires_in"),
    )


def _as_first(rule: FilterRule) -> entities.Entity:
    filter_ = rule.filter
    return {
        "id": str(rule.id),
        "phrase": rule.keyword,
        "context": filter_.contexts,
        "whole_word": rule.whole_word,
        "expires_at": entities.moment(filter_.ends_at),
        "irreversible": filter_.action == Action.HIDE,
    }
