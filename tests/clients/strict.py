"""Mastodon.py without its patience: every answer must have exactly what its types promise.

The library turns whatever comes into its entities and says nothing of what is missing, unknown or of another type. Here
each answer is compared, key by key, with the annotations and the version history that the library's types carry.
"""

import ast
import functools
import inspect
import re
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Union, get_args, get_origin

import mastodon
import requests
from mastodon import return_types, types_base

LEVEL = (4, 5, 99)  # of the API that we speak: what came later may be absent
SCALARS = (str, bool, int, float)
# What Mastodon itself leaves out where it has nothing to say, though the types do not tell.
AT_TIMES = {
    "Account": {"limited", "moved", "moved_to_account", "mute_expires_at", "role", "roles", "source", "suspended"},
    "Application": {"client_id", "client_secret", "client_secret_expires_at", "id", "redirect_uri", "redirect_uris",
                    "scopes", "vapid_key"},
    "AdminMeasure": {"human_value"},
    "AdminAccount": {"created_by_application_id", "invited_by_account_id"},
    "FilterV2": {"keywords", "statuses"},  # of a filter that a status matches
    "Notification": {"event", "moderation_warning", "report", "status"},
    "NotificationGroup": {"event", "moderation_warning", "report", "status_id", "page_max_id", "page_min_id",
                          "latest_page_notification_at"},
    "Status": {"pinned"},
    "Report": {"rules_ids"},  # a slip of the types
    "StatusEdit": {"poll"},
}  # fmt: skip
# What Mastodon has and the types do not know.
BESIDES = {
    "AdminDimensionData": {"human_value", "unit"},
    "AdminEmailDomainBlock": {"allow_with_approval"},
    "Report": {"rule_ids"},
    "Status": {"text"},  # of one that was deleted
    "Tag": {"last_status_at", "statuses_count"},  # of those that a profile features
}


class Recording(requests.Session):
    """Keeps the last answer as it came, and counts them."""

    last: Any = None
    count = 0

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().request(*args, **kwargs)
        self.count += 1
        kind = answer.headers.get("Content-Type", "")
        # A stream is not read here: it has no end.
        self.last = answer.json() if kind.startswith("application/json") and answer.content else None
        return answer


class Strict:
    """An application by Mastodon.py; each of its methods fails when the answer is not what its types say."""

    def __init__(self, origin: str, token: str | None, **more: Any) -> None:
        self.recording = Recording()
        self.api = mastodon.Mastodon(
            api_base_url=origin, access_token=token, session=self.recording, request_timeout=30, **more
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.api, name)

        @functools.wraps(method)
        def asked(*args: Any, **kwargs: Any) -> Any:
            self.recording.count = 0
            made = method(*args, **kwargs)
            # What comes in several answers (`fetch_remaining`) is made of pages that have been looked at elsewhere.
            problems = list(compare(self.recording.last, made, name)) if self.recording.count == 1 else []
            assert not problems, "\n".join(problems)
            return made

        return asked


@functools.cache
def promised(entity: type) -> dict[str, tuple[Any, bool]]:
    """What a type has: by attribute its annotation, and whether it must be there at our level."""
    node = next(each for each in _module().body if isinstance(each, ast.ClassDef) and each.name == entity.__name__)
    said: dict[str, str] = {}
    for field, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            doc = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            said[field.target.id] = str(doc)
    hints = types_base._get_cached_type_hints(entity)
    return {name: (hints.get(name, Any), _needed(doc)) for name, doc in said.items()}


@functools.cache
def _module() -> ast.Module:
    return ast.parse(inspect.getsource(return_types))


def _needed(doc: str) -> bool:
    added = re.findall(r"\* (\d+)\.(\d+)\.(\d+): added", doc)
    removed = re.search(r": (removed|deprecated)", doc)
    later = any(tuple(map(int, version)) > LEVEL for version in added)
    return not later and not removed and "optional" not in doc.lower()


def compare(raw: Any, made: Any, where: str) -> Iterator[str]:
    """What is wrong with an answer, sentence by sentence."""
    if isinstance(made, list) and isinstance(raw, list):
        for place, (before, after) in enumerate(zip(raw, made, strict=True)):
            yield from compare(before, after, f"{where}[{place}]")
    elif isinstance(made, types_base.AttribAccessDict) and isinstance(raw, dict):
        if type(made) in (types_base.AttribAccessDict, types_base.EmptyResponse):
            return
        if type(made) is return_types.Filter and "filter_action" in raw:
            made = return_types.FilterV2(**raw)  # of two kinds the library always takes the first
        if type(made) is return_types.Account and "ips" in raw:
            made = return_types.AdminAccount(**raw)  # of reports, whose types say otherwise
        yield from _compare_entity(raw, made, where)


def _compare_entity(raw: dict[str, Any], made: Any, where: str) -> Iterator[str]:
    kind = type(made)
    names = getattr(kind, "_rename_map", {})
    fields = {names.get(name, name): (name, hint, needed) for name, (hint, needed) in promised(kind).items()}
    at_times, besides = AT_TIMES.get(kind.__name__, set()), BESIDES.get(kind.__name__, set())
    for key in sorted(set(raw) - set(fields) - besides):
        yield f"{where}: {kind.__name__} knows no {key}"
    for key, (name, hint, needed) in fields.items():
        if key not in raw:
            if needed and key not in at_times:
                yield f"{where}: {kind.__name__} lacks {key}"
            continue
        value = raw[key]
        if value is None:
            if not _may_be(hint, type(None)):
                yield f"{where}: {kind.__name__}.{key} is null"
        elif isinstance(value, SCALARS) and not _is(value, dict.get(made, name), hint):
            yield f"{where}: {kind.__name__}.{key} is {value!r}, not {hint}"
        else:
            yield from compare(value, dict.get(made, name), f"{where}.{key}")


def _kinds(hint: Any) -> list[Any]:
    return list(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else [hint]


def _may_be(hint: Any, kind: type) -> bool:
    return hint is Any or any(each is kind for each in _kinds(hint))


def _is(value: Any, made: Any, hint: Any) -> bool:
    """Whether a scalar, as it came and as the library made it, is of the type promised."""
    for kind in _kinds(hint):
        if kind is Any or kind in (bool, int, float, str):
            number = kind in (int, float) and type(made) is kind  # Mastodon writes some numbers as texts
            if kind is Any or type(value) is kind or number:
                return True
        elif kind is datetime:
            if isinstance(made, datetime):
                return True
        elif inspect.isclass(kind) and isinstance(made, kind):
            return isinstance(value, str)  # an id
    return False
