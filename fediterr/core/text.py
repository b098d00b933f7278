"""Written words: HTML from elsewhere made safe, HTML read as plain text, plain text made HTML.

Cleaning goes in two steps. `markup.read` writes the document anew, in one pass; most posts come out of it nested so
strictly that any parser would build the same tree, and are done. The others go through bleach, a real HTML5 parser,
until nothing moves any more. So bleach, the slow part, is only asked when it has something to say.
"""

import itertools
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

import bleach

from fediterr.core import markup

LIMIT = 65_536  # characters of HTML read; the rest is cut
DEPTH = 32  # elements within one another; deeper tags are dropped, their text stays
UNTIDY_TAGS = 1_500  # tags an untidy document may have before it is shown as plain text
HANDLE = 64  # characters of the name in a typed mention
TAG = 100  # characters of a hashtag
URL = 2_048  # characters of an address
ADDRESS = 23  # characters that an address counts for, however long

_SPACES = re.compile(r"[ \t\n]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")

_WRITTEN = re.compile(
    r"""(?<!\w)(?P<url>(?ai:https?)://[^\s<>"«»]++)"""
    r"|(?<![\w/@.])@(?P<name>(?ai:[a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+))(?!\w)"
    r"(?:@(?P<host>\w++(?:-++\w++)*+(?:\.\w++(?:-++\w++)*+)*+(?::\d{1,5}+(?!\d))?+))?+"
    r"|(?<![\w/&#])[#＃](?P<tag>[\w\u0300-\u036f]++)"
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_EXTENDING = ("Mn", "Me", "Mc")
_JOINING = {"\u200c", "\u200d", *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080))}
_LATIN_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")


class MentionLink(NamedTuple):
    """Whom a typed mention leads to: the address of their page and the name to show after the @."""

    href: str
    name: str


class _Cleaners(threading.local):
    """One cleaner per thread: building one is slow, and bleach's parser keeps its state in itself."""

    def __init__(self) -> None:
        self.cleaner = bleach.Cleaner(
            tags=markup.TAGS, attributes=markup.ATTRIBUTES, protocols=markup.PROTOCOLS, strip=True, strip_comments=True
        )


_cleaners = _Cleaners()


def clean(html: str, *, limit: int = LIMIT) -> str:
    """Return what may be shown of a piece of HTML: well formed, with the tags and attributes of `markup` only.

    At most `limit` characters are read. Never raises: what no parser can make sense of comes back as plain text in
    paragraphs. Cleaning twice changes nothing (as long as the result is shorter than `limit`).
    """
    html = _cut(html, limit)
    document = markup.read(html)
    for _ in range(3):
        if document.strict:
            return document.html()
        again = _parsed(document)
        if again is None:
            break
        if again.html() == document.html():
            return document.html()
        document = again
    return _paragraphs(plain(html), markup.escape)


def plain(html: str, *, limit: int = LIMIT) -> str:
    """Return the text of a piece of HTML: a blank line between paragraphs, a line per item, links as their text."""
    written: list[str] = []
    preformatted = 0
    for kind, name, data in markup.tokens(_cut(html, limit)):
        if not kind:
            text = data if preformatted else _SPACES.sub(" ", data)
            if not preformatted and (not written or written[-1].endswith("\n")):
                text = text.lstrip(" ")
            written.append(text) if text else None
        elif name in ("br", "li", "dt", "dd"):
            written.append("\n") if kind == "<" else None
        elif name in markup.BLOCKS:
            written.append("\n\n")
            if name == "pre":
                preformatted = max(0, preformatted + (1 if kind == "<" else -1))
    lines = "".join(written).strip("\n").split("\n")
    filled = [line.rstrip() for line in lines]
    return "\n".join(line for line, before in zip(filled, ["", *filled], strict=False) if line or before).strip()


def excerpt(html: str, characters: int) -> str:
    """Return the beginning of the text on one line, at most so many characters, cut between words when it can be."""
    text = " ".join(plain(html).split())
    if len(text) <= characters:
        return text
    head = text[: max(0, characters - 1)]
    if not text[len(head)].isspace() and len(before := head.rpartition(" ")[0]) * 2 > len(head):
        head = before
    return (head.rstrip(" ,;:.–—-") + "…")[:characters]


def language_tag(value: object) -> str | None:
    """Return a BCP 47 tag in lower case (`fr`, `pt-br`), or nothing for anything else, "undetermined" included."""
    if not isinstance(value, str) or len(value) > 35:
        return None
    tag = value.strip().lower().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and tag not in ("und", "mul", "mis", "zxx") else None


def compose(text: str, *, mentions: Mapping[str, MentionLink], tag_url: Callable[[str], str]) -> str:
    """Return as HTML what a person typed, with its addresses, mentions and hashtags as links.

    `mentions` is keyed as `find_mentions` returns them; those absent stay text. `tag_url` is given the folded tag.
    The result is already clean: `clean(compose(…))` changes nothing.
    """

    def linked(paragraph: str) -> str:
        written: list[str] = []
        end = 0
        for match in _WRITTEN.finditer(paragraph):
            word = _trimmed(match[0]) if match["url"] else match[0]
            if link := _linked(match, word, mentions, tag_url):
                written += (markup.escape(paragraph[end : match.start()]), link)
                end = match.start() + len(word)
        return "".join(written) + markup.escape(paragraph[end:])

    return _paragraphs(markup.readable(text), linked)


def refer(address: str, text: str) -> str:
    """Return as HTML the paragraph that leads to what is quoted, for readers who do not see quotes; none when `text`
    leads there already. Those who see quotes hide it by its class (Mastodon 4.5)."""
    opening = markup.link(address) if address not in text else None
    return f'<p class="quote-inline">RE: {opening}{markup.escape(address)}</a></p>' if opening else ""


def find_mentions(text: str) -> list[str]:
    """Return who is mentioned in what a person typed, in order, once each, in lower case: `name` or `name@host`."""
    handles = (_handle(match) for match in _WRITTEN.finditer(text))
    return list(dict.fromkeys(handle for handle in handles if handle))


def find_tags(text: str) -> list[str]:
    """Return the hashtags of what a person typed, without #, as typed first, in order, once each however spelled."""
    found: dict[str, str] = {}
    for match in _WRITTEN.finditer(text):
        if tag := _tag(match):
            found.setdefault(fold_tag(tag), unicodedata.normalize("NFC", tag))
    return list(found.values())


def length(text: str) -> int:
    """Return how long a typed text is for a limit, as applications count it.

    An address counts as 23 characters, a mention as its name without its server, what looks like one character as one.
    """
    counted, end = 0, 0
    for match in _WRITTEN.finditer(text):
        word, size = match[0], 0
        if match["url"]:
            word, size = _trimmed(word), ADDRESS
        elif match["host"]:
            size = 1 + len(match["name"])
        if size:
            counted += _clusters(text[end : match.start()]) + size
            end = match.start() + len(word)
    return counted + _clusters(text[end:])


def _clusters(text: str) -> int:
    """How many characters a reader sees, as nearly as a few rules can tell (UAX #29)."""
    if text.isascii():
        return len(text)
    seen, joined, flags = 0, False, 0
    for character in text:
        if character in _JOINING or unicodedata.category(character) in _EXTENDING:
            joined = character == "\u200d"
            continue
        flags = flags + 1 if "\U0001f1e6" <= character <= "\U0001f1ff" else 0
        seen += not joined and flags % 2 != 0 if flags else not joined
        joined = False
    return seen


def fold_tag(tag: str) -> str:
    """Return the one spelling under which a hashtag is filed: `#ÉclairagePublic` is `eclairagepublic`.

    Case, Latin accents and ligatures go; accents of other scripts stay, where they make another letter.
    """
    return fold(tag[:255].lstrip("#＃"))


def fold(words: str) -> str:
    """Return words without case, Latin accents and ligatures, so that all their spellings are the same."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    folded = folded.replace("œ", "oe").replace("æ", "ae")
    return unicodedata.normalize("NFKC", _LATIN_ACCENTS.sub("", unicodedata.normalize("NFKD", folded)))


def _parsed(document: markup.Document) -> markup.Document | None:
    """Return what bleach makes of an untidy document, or nothing if it is too large for it or makes it stumble."""
    html = document.html()
    if document.tags > UNTIDY_TAGS or len(html) > 2 * LIMIT:
        return None
    try:
        return markup.read(_cleaners.cleaner.clean(html))
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        return None  # html5lib states its assumptions with such errors; one malformed post must not break a timeline


def _cut(html: str, limit: int) -> str:
    if len(html) <= limit:
        return html
    head = html[:limit]
    last = head.rfind("<")
    return head[:last] if last > head.rfind(">") else head


def _paragraphs(text: str, inline: Callable[[str], str]) -> str:
    """Return the paragraphs of a text (parted by blank lines) as HTML, each through `inline`, which escapes it."""
    blocks = itertools.groupby((line.rstrip() for line in text.split("\n")), key=bool)
    written = (inline("\n".join(lines)).replace("\n", "<br>") for filled, lines in blocks if filled)
    return "".join(f"<p>{paragraph}</p>" for paragraph in written)


def _linked(
    match: re.Match[str], word: str, mentions: Mapping[str, MentionLink], tag_url: Callable[[str], str]
) -> str | None:
    """Return the HTML of one address, mention or hashtag, or nothing when it stays text."""
    if match["url"]:
        opening = markup.link(word) if len(word) <= URL else None
        return opening and f"{opening}{markup.escape(word)}</a>"
    if tag := _tag(match):
        opening = markup.link(tag_url(fold_tag(tag)), "mention hashtag", "tag")
        return opening and f"{opening}#<span>{markup.escape(tag)}</span></a>"
    if mention := mentions.get(_handle(match) or ""):
        opening = markup.link(mention.href, "u-url mention")
        return opening and f'<span class="h-card">{opening}@<span>{markup.escape(mention.name)}</span></a></span>'
    return None


def _handle(match: re.Match[str]) -> str | None:
    name, host = match["name"], match["host"]
    if not name or len(name) > HANDLE or len(host or "") > 253:
        return None
    return f"{name}@{host}".lower() if host else name.lower()


def _tag(match: re.Match[str]) -> str | None:
    tag = match["tag"]
    return tag if tag and len(tag) <= TAG and any(map(str.isalpha, tag)) else None


def _trimmed(url: str) -> str:
    """Return an address without the punctuation of the sentence around it, nor a bracket opened before it."""
    extra = {closing: url.count(closing) - url.count(opening) for closing, opening in _PAIRS.items()}
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'…”’" or extra.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in extra:
            extra[url[end]] -= 1
    return url[:end]
