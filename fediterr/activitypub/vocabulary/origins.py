"""Whose address is it: web addresses checked by their shape and compared by normalised origin."""

import functools
import re
from typing import Final

import idna

MAX_LENGTH: Final = 2048
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# No userinfo, backslash, percent or space before the path: each was used to make two parsers see two hosts.
_SHAPE: Final = r"([hH][tT][tT][pP][sS]?)://([^/?#\\@%<>\"{0}]+)(?:[/?#][^\\<>\"{0}]*)?"
_URL: Final = re.compile(_SHAPE.format(r"\x00-\x20\x7f"))  # faster, and nearly all addresses
_WIDE_URL: Final = re.compile(_SHAPE.format(r"\s\x00-\x20\x7f\ud800-\udfff"))
_AUTHORITY: Final = re.compile(r"([^:\[\]]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{0,5}))?")
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")

Origin = tuple[str, str, int]


def origin(url: object) -> Origin | None:
    """(scheme, ASCII host, port) of an http(s) address, normalised: case, trailing dot, default port and international
    names (RFC 5891, as the HTTP client resolves them) make no difference. None for anything else."""
    if not isinstance(url, str) or len(url) > MAX_LENGTH:
        return None
    match = (_URL if url.isascii() else _WIDE_URL).fullmatch(url)
    return _normalise(match[1], match[2]) if match else None


def same_origin(a: object, b: object) -> bool:
    """Do both addresses belong to one server? False when either is not an address."""
    first = origin(a)
    return first is not None and first == origin(b)


def is_url(value: object) -> bool:
    """Is it an absolute http(s) address that cannot be read as two different hosts?"""
    return origin(value) is not None


@functools.lru_cache(maxsize=4096)
def _normalise(scheme: str, authority: str) -> Origin | None:
    scheme = scheme.lower()
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return None
    host, port = match[1], int(match[2]) if match[2] else _DEFAULT_PORTS[scheme]
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    host = host.lower().removesuffix(".")
    if not 0 < port < 65536 or len(host) > 253 or ".." in host or not _HOST.fullmatch(host):
        return None
    return scheme, host, port
