"""The `@context` of what we send: the names a document uses, and no others."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from fediterr.activitypub.vocabulary.words import AS2, CONTEXT

SECURITY: Final = "https://w3id.org/security/v1"
INTEGRITY: Final = "https://w3id.org/security/data-integrity/v1"
MULTIKEY: Final = "https://w3id.org/security/multikey/v1"
_TERMS: Final[dict[str, Any]] = next(part for part in CONTEXT if isinstance(part, dict))

Context = list[str | dict[str, Any]]


def context(document: dict[str, Any], *, proven: bool = False) -> Context:
    """The shortest of our contexts that says what every name in the document means; not to be changed.

    `proven`: an object integrity proof will be added (FEP-8b32).
    """
    used = {name for name in _names(document) if name in _TERMS or name in ("publicKey", "Multikey")}
    if proven:
        used.add("proof")
    return _of(frozenset(used))


@lru_cache(maxsize=256)
def _of(used: frozenset[str]) -> Context:
    found: Context = [AS2]
    for name, address in (("publicKey", SECURITY), ("proof", INTEGRITY), ("Multikey", MULTIKEY)):
        if name in used:
            found.append(address)
    terms = {name: meaning for name, meaning in _TERMS.items() if name in used}
    prefixes = {_prefix(meaning) for meaning in terms.values()}
    terms = {name: meaning for name, meaning in _TERMS.items() if name in used or name in prefixes}
    return [*found, terms] if terms else found


def _prefix(meaning: Any) -> str:
    identifier = meaning["@id"] if isinstance(meaning, dict) else meaning
    return str(identifier).split(":", 1)[0]


def _names(value: Any) -> Iterator[str]:
    """Keys and types, at any depth."""
    if isinstance(value, list):
        for entry in value:
            yield from _names(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            if key == "type":
                yield from entry if isinstance(entry, list) else (entry,)
            else:
                yield from _names(entry)
