"""What a page of the web says of itself in its head: title, description, picture, author (OpenGraph, Twitter, HTML).

The page is nobody's friend: it is read once from left to right, in time that grows with its length and not faster, and
what comes out is plain text and whole addresses of http or https.
"""

import html as entities
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from fediterr.core import text

TAGS = 400  # that are looked at
TITLE, NAME, DESCRIPTION, CAPTION = 300, 100, 1000, 1500  # characters that are kept
LARGEST = 20_000  # pixels of a picture that are believed

_OPENING = re.compile(r"<(?:!--|(meta|link|title|html|script|style|noscript|template)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"""(?:[^>"']|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,2000}+""")
_ATTRIBUTE = re.compile(r"""([\w:.-]{1,40})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]{1,2048}))""")
_CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SKIPPED = {"script", "style", "noscript", "template"}


@dataclass(frozen=True)
class Introduction:
    """How a page introduces itself."""

    title: str
    description: str = ""
    kind: str = "link"  # link, photo, video
    language: str | None = None
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    embed_url: str = ""
    image_url: str | None = None
    image_description: str = ""
    width: int = 0
    height: int = 0
    published_at: datetime | None = None


def decode(body: bytes, charset: str | None) -> str:
    """The characters of a page, in the encoding that its server or the page itself names; else UTF-8."""
    named = _CHARSET.search(body[:2048])
    for name in (charset, named[1].decode() if named else None, "utf-8"):
        try:
            if name:
                return body.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return ""


def read(page: str, address: str) -> Introduction | None:
    """What the page at that address says of itself; None when it does not even have a title."""
    said, title, language = _look(page)

    def first(*names: str) -> str:
        return next((said[name] for name in names if said.get(name)), "")

    title = _plain(first("og:title", "twitter:title") or title, TITLE)
    if not title:
        return None
    picture = _whole(first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "image_src"), address)
    player = _whole(first("og:video:secure_url", "og:video", "og:video:url", "twitter:player"), address)
    photo = bool(picture) and (said.get("og:type") == "photo" or said.get("twitter:card") == "photo")
    kind = "video" if player else "photo" if photo else "link"
    size = ("og:video:width", "og:video:height") if player else ("og:image:width", "og:image:height")
    width, height = (_pixels(first(name)) for name in size)
    author = first("article:author", "author", "twitter:creator")
    return Introduction(
        title=title,
        description=_plain(first("og:description", "twitter:description", "description"), DESCRIPTION),
        kind=kind,
        language=text.language_tag(language or first("og:locale")),
        author_name="" if _is_address(author) else _plain(author, NAME),
        author_url=_whole(author, address) if _is_address(author) else "",
        provider_name=_plain(first("og:site_name", "application-name"), NAME),
        provider_url="{0.scheme}://{0.netloc}/".format(urlsplit(address)),
        embed_url=player or (picture if photo else ""),
        image_url=picture or None,
        image_description=_plain(first("og:image:alt", "twitter:image:alt"), CAPTION) if picture else "",
        width=width if width and height else 0,
        height=height if width and height else 0,
        published_at=_moment(first("article:published_time", "og:published_time", "date")),
    )


def _look(page: str) -> tuple[dict[str, str], str, str]:
    """The values of its meta tags by name, the words of its title, its language."""
    said: dict[str, str] = {}
    title = language = ""
    at = 0
    for _ in range(TAGS):
        opening = _OPENING.search(page, at)
        if opening is None:
            break
        name = (opening[1] or "").lower()
        at = opening.end()
        if not name or name in _SKIPPED:
            end = page.find("-->", at) if not name else _end_of(name, page, at)
            if end < 0:
                break
            at = end
            continue
        inside = _ATTRIBUTES.match(page, at)
        given = _attributes(inside[0]) if inside else {}
        at = inside.end() if inside else at
        if name == "title" and not title:
            start = page.find(">", at - 1) + 1
            title = page[start : start + 2 * TITLE].partition("<")[0] if start else ""
        elif name == "html":
            language = given.get("lang", "")
        elif name == "link" and "image_src" in given.get("rel", "").lower().split():
            said.setdefault("image_src", given.get("href", ""))
        elif name == "meta" and given.get("content"):
            said.setdefault(
                (given.get("property") or given.get("name") or given.get("itemprop") or "").lower(), given["content"]
            )
    return said, title, language


def _end_of(name: str, page: str, at: int) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(page, at)
    return found.end() if found else -1


def _attributes(inside: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for key, *values in _ATTRIBUTE.findall(inside):
        given.setdefault(key.lower(), "".join(values))
    return given


def _plain(words: str, limit: int) -> str:
    """One line of text, whatever was written there."""
    line = _SPACES.sub(" ", _unescaped(words[: 6 * limit])).strip()
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _unescaped(words: str) -> str:
    try:
        return entities.unescape(words)
    except ValueError:  # a number of 5,000 digits
        return words


def _is_address(words: str) -> bool:
    return words.lower().startswith(("https://", "http://"))


def _whole(words: str, address: str) -> str:
    """A whole address of http or https, or nothing."""
    if not words:
        return ""
    try:
        whole = urljoin(address, _unescaped(words[: text.URL]).strip())
        parts = urlsplit(whole)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.hostname and port_is_sane and "@" not in parts.netloc
    return whole if good and whole.isprintable() and not set(whole) & set(" \"'<>\\`") else ""


def _pixels(words: str) -> int:
    digits = words.strip().removesuffix("px")
    return min(int(digits), LARGEST) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0


def _moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words.strip()[:40])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
