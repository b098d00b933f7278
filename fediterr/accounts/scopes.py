"""What an application may be allowed to do: the scopes of Mastodon 4.5, and which of them hold which others."""

from collections.abc import Iterator

from fediterr.core import errors

_READ = (
    "accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes", "notifications",
    "search", "statuses",
)  # fmt: skip
_WRITE = (
    "accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media", "mutes",
    "notifications", "reports", "statuses",
)  # fmt: skip
_ADMIN = (
    "accounts", "reports", "domain_allows", "domain_blocks", "ip_blocks", "email_domain_blocks",
    "canonical_email_blocks",
)  # fmt: skip
FOLLOWING = {f"{verb}:{part}" for verb in ("read", "write") for part in ("follows", "blocks", "mutes")}


def _all() -> Iterator[str]:
    for verb, parts in (("read", _READ), ("write", _WRITE), ("admin:read", _ADMIN), ("admin:write", _ADMIN)):
        yield verb
        yield from (f"{verb}:{part}" for part in parts)
    yield from ("follow", "push", "profile")


ALL = tuple(_all())
DEFAULT = "read"  # of whoever asks for none
ANY = "any"  # in place of a scope: whatever a good token holds


def read(words: str) -> str:
    """The scopes named by these words, each once; Invalid when one of them does not exist, or there is none."""
    wanted = list(dict.fromkeys(words.split()))
    unknown = [scope for scope in wanted if scope not in ALL]
    if not wanted or unknown:
        raise errors.Invalid(f"Unknown scope: {', '.join(unknown) or '(none)'}.")
    return " ".join(wanted)


def allow(granted: str, needed: str) -> bool:
    """Whether scopes such as "read write:statuses" hold "read:accounts", or one of several that are named."""
    held = granted.split()
    return needed == ANY or any(_holds(held, scope) for scope in needed.split())


def _holds(held: list[str], scope: str) -> bool:
    words = scope.split(":")
    if any(":".join(words[:length]) in held for length in range(1, len(words) + 1)):
        return True
    return scope in FOLLOWING and "follow" in held


def cover(granted: str, wanted: str) -> bool:
    """Whether scopes hold every one of those wanted."""
    return all(allow(granted, scope) for scope in wanted.split())
