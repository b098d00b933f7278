"""The shapes a value may take on the wire (one or many, whole or bare, dated, counted) read into plain values."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NoReturn

from fediterr.activitypub.vocabulary import origins, words
from fediterr.core import errors

Document = dict[str, Any]
Visibility = Literal["public", "unlisted", "followers", "direct"]

MAX_DEPTH: Final = 32
MAX_COUNT: Final = 2**31 - 1
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_NO_LANGUAGE: Final = frozenset({"und", "mul", "zxx", "mis"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a document is read; what exceeds is cut, and the rest is kept (security case A67, A68)."""

    recipients: int = 1000
    tags: int = 1000
    attachments: int = 32
    name: int = 2048
    bio: int = 20480
    description: int = 10000
    html: int = 65536
    fields: int = 50
    aliases: int = 256
    poll_options: int = 500
    items: int = 1000
    hashtag: int = 100
    keys: int = 8


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Ref:
    """Something pointed at: by its id, or whole. What is embedded is only a hint unless it is on its sender's host."""

    id: str | None
    type: str | None
    document: Document | None


def parse(body: bytes | str) -> Document:
    """A JSON document as received. Its size is the caller's affair, its depth at most 32.

    Raises Invalid when it is not UTF-8, not JSON (NaN is not), not an object or too deep.
    """
    try:
        written = body if isinstance(body, str) else body.decode("utf-8")
        document = json.loads(written, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise errors.Invalid("this is not a JSON document") from problem
    level: list[Any] = [require(document)]
    for _ in range(MAX_DEPTH):
        children = (node.values() if isinstance(node, dict) else node for node in level)
        level = [value for values in children for value in values if isinstance(value, (dict, list))]
        if not level:
            return require(document)
    raise errors.Invalid("this document is too deep")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def require(document: object) -> Document:
    """The document with its prefixed names made plain (`toot:blurhash`); Invalid when it is not a JSON object."""
    if not isinstance(document, dict):
        raise errors.Invalid("this is not a JSON object")
    if ":" not in "".join(document):
        return document
    plain = {}
    for key, value in document.items():
        prefix, _, name = key.partition(":")
        if name and prefix in words.PREFIXES and name not in words.PLAIN_ONLY and name not in document:
            plain[name] = value
    return document | plain if plain else document


def many(value: object) -> list[Any]:
    """One or many, as a list."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def first(value: object) -> Any:
    """One or many, as one: the first of a list."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def one_id(value: object) -> str | None:
    """The first http(s) id in a string, an object with an id (or a Link), or a list of them."""
    if isinstance(value, str):
        return value if origins.origin(value) else None
    return next(iter(ids(value, limit=16)), None) if value else None


def ids(value: object, limit: int = LIMITS.recipients) -> tuple[str, ...]:
    """The http(s) ids among one or many strings and objects, each once, in order; only the first `limit` are read."""
    found = dict.fromkeys(uri for entry in many(value)[:limit] if (uri := _id(entry)) and origins.origin(uri))
    return tuple(found)


def recipients(value: object, limit: int = LIMITS.recipients) -> tuple[str, ...]:
    """As `ids`, for `to` and `cc`: everybody is there under the one name PUBLIC."""
    found: dict[str, None] = {}
    for entry in many(value)[:limit]:
        uri = _id(entry)
        if uri in words.PUBLIC_NAMES:
            found[words.PUBLIC] = None
        elif uri is not None and origins.origin(uri):
            found[uri] = None
    return tuple(found)


def _id(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    return value if isinstance(value, str) else None


def visibility(to: Iterable[str], cc: Iterable[str], followers_url: str | None) -> Visibility:
    """Who sees a post, in Mastodon's four words, from those it is addressed to."""
    to, cc = tuple(to), tuple(cc)
    if any(map(words.is_public, to)):
        return "public"
    if any(map(words.is_public, cc)):
        return "unlisted"
    return "followers" if followers_url is not None and followers_url in (*to, *cc) else "direct"


def type_of(value: object, known: frozenset[str] = frozenset()) -> str | None:
    """A type from a string or a list: the first one known, or else the first; None when there is none usable."""
    if isinstance(value, str):
        return _bare_type(value)
    names = [name for name in map(_bare_type, value[:8]) if name] if isinstance(value, list) else []
    return next((name for name in names if name in known), names[0] if names else None)


def _bare_type(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        return None
    if ":" in value:
        value = value.removeprefix(words.AS2 + "#")
        prefix, _, name = value.partition(":")
        value = name if name and prefix in words.PREFIXES else value
    return value if value.isprintable() else None


def ref(value: object) -> Ref | None:
    """One thing pointed at, or None. A bare string that is no http(s) address points at nothing."""
    if isinstance(value, str):
        return Ref(value, None, None) if origins.origin(value) else None
    if isinstance(value, dict):
        uri = _id(value)
        return Ref(uri if origins.origin(uri) else None, type_of(value.get("type")), value)
    return None


def refs(value: object, limit: int = LIMITS.items) -> tuple[Ref, ...]:
    """One or many things pointed at, in order."""
    return tuple(found for found in map(ref, many(value)[:limit]) if found)


def text(value: object, limit: int) -> str | None:
    """A non-blank string cut to `limit` characters and free of what no database holds; None for anything else."""
    if isinstance(value, list):
        value = first(value)
    if not isinstance(value, str) or not value or value.isspace():
        return None
    value = value[:limit]
    if not value.isascii() or "\x00" in value:
        value = _BROKEN.sub("", value)
    return value or None


def line(value: object, limit: int) -> str | None:
    """As `text`, for names: without spaces around."""
    found = text(value, limit)
    return found.strip() or None if found else None


def language(value: object) -> str | None:
    """A language tag (BCP 47) from `fr`, `fr-FR` or PeerTube and Lemmy's {"identifier": "fr"}."""
    if isinstance(value, dict):
        value = value.get("identifier")
    if not isinstance(value, str) or len(value) > 35 or not _LANGUAGE.fullmatch(value):
        return None
    main, _, rest = value.partition("-")
    main = main.lower()
    return None if main in _NO_LANGUAGE else f"{main}-{rest}" if rest else main


def web_url(value: object) -> str | None:
    """An http(s) address to show or fetch, from a string; None for `javascript:` and its like.

    WordPress escapes the & in the addresses of its pictures as in HTML.
    """
    if not isinstance(value, str):
        return None
    if "&" in value:
        value = value.replace("&#038;", "&").replace("&amp;", "&")
    if " " in value:
        value = value.strip(" ").replace(" ", "%20")
    return value if origins.origin(value) else None


def moment(value: object) -> datetime | None:
    """A date and time in UTC, from any ISO 8601 form; without offset it is read as UTC. None when it makes no sense."""
    if not isinstance(value, str) or not 4 <= len(value) <= 64:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def datetime_out(moment: datetime) -> str:
    """A date and time as we send it: UTC, `2026-11-22T10:00:00Z`, with milliseconds (`…00.250Z`) when there are any:
    posts of one second keep their order elsewhere. Without zone it is taken as UTC."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def count(value: object) -> int | None:
    """A number of things, from 0 to what a database column holds; None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return min(value, MAX_COUNT)


def total(value: object) -> int | None:
    """How many a collection has, when it is embedded and says so."""
    return count(value.get("totalItems")) if isinstance(value, dict) else None


def flag(value: object) -> bool | None:
    """True or False when that is what was sent."""
    return value if isinstance(value, bool) else None


def paragraphs(plain: str) -> str:
    """Plain or Markdown text as safe HTML: escaped, a paragraph for each blank line, line breaks kept."""
    blocks = re.split(r"\n\s*\n", html.escape(plain.replace("\r", "").strip(), quote=False))
    return "".join("<p>" + block.replace("\n", "<br>") + "</p>" for block in blocks)
