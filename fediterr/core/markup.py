"""HTML read by a linear scanner and written anew with nothing but the tags and attributes listed here.

`read` gives a document made of escaped text and of tags it wrote itself, so the result is harmless whatever was read;
it also says whether the tags nest so strictly that any parser would build the same tree. It knows what HTML5 closes by
itself in the simple cases (paragraphs, list items) and leaves the intricate ones to a real parser (see `text.clean`),
which thus never sees what would make it quadratic: thousands of attributes, of unclosed tags, of digits in an entity.
"""

import html as entities
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

DEPTH = 32  # elements within one another; deeper tags are dropped, their text stays

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_VOID = frozenset(("br", "hr"))
_FORMATTING = frozenset(("a", "b", "code", "em", "i", "s", "strong", "u"))  # HTML5 closes these by intricate rules
BLOCKS = frozenset(("p", "blockquote", "pre", "ul", "ol", "li", "hr", "dl", "dt", "dd", *_HEADINGS))
TAGS = BLOCKS | _FORMATTING | frozenset(("br", "span", "del", "ins", "ruby", "rt", "rp", "sub", "sup"))
ATTRIBUTES = {"a": ["href", "class", "rel", "target"], "span": ["class"], "p": ["class"], "ol": ["start", "reversed"]}
ATTRIBUTES["li"] = ["value"]
CLASSES = frozenset(("mention", "hashtag", "ellipsis", "invisible", "h-card", "u-url", "quote-inline"))
PROTOCOLS = frozenset(("http", "https", "mailto"))

# What a tag closes by itself when it opens, where it may open, and what may not hold any block.
_CLOSES = {"li": ("p", "li"), "dt": ("p", "dt", "dd"), "dd": ("p", "dt", "dd"), "rt": ("rt", "rp"), "rp": ("rt", "rp")}
_WITHIN = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "rt": ("ruby",), "rp": ("ruby",)}
_CLOSED_BY_OTHERS = frozenset(("p", "li", "dt", "dd", "rt", "rp"))
_NO_BLOCK_INSIDE = frozenset(("p", "pre", *_HEADINGS))

# Tags of other people's HTML which separate words or paragraphs, and would glue them together if merely dropped.
_PARAGRAPHS: tuple[str, ...] = (
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "details",
    "div",
    "fieldset",
    "figcaption",
    "figure",
)
_PARAGRAPHS += ("footer", "form", "header", "legend", "main", "nav", "section", "summary", "tr")
_RENAMED = {"strike": "s", **dict.fromkeys(_PARAGRAPHS, "p")}
_SPACED = frozenset(("td", "th", "option", "img"))
_DROPPED_WHOLE = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp", "template"))

# A tag fails to match only at a `<` outside quotes or at the end. Seen from any earlier `<`, a later one is outside,
# in single or in double quotes, and each quote character merely permutes these three: of any four starts two agree, so
# the earlier stops at the later and no character is read more than a few times, whatever the text.
_MARKUP = re.compile(
    r"""<(?P<slash>/?)(?P<name>[a-z][^\s/<>"'=]*+)(?P<rest>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>"""
    r"""|<!--(?:(?!-->).)*+(?:-->)?|<[!?/][^>]*+>?""",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""", re.ASCII)
_RAW_END = {name: re.compile(rf"</{name}\b", re.IGNORECASE | re.ASCII) for name in _DROPPED_WHOLE}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(
    r"""(?P<origin>https?://(?:\[[0-9a-f:.]+\](?::\d+)?|[^\s/?#\\<>"'`\[\]]+))(?:[/?#].*)?|mailto:\S+""",
    re.IGNORECASE | re.ASCII,
)
_PERCENT = {ord(character): f"%{ord(character):02X}" for character in " \"'<>`\\"}
_ENTITY = re.compile(r"&(#?[0-9A-Za-z]{1,32});")


class Document:
    """A document being written from allowed pieces; `strict` while any parser would build the tree it spells."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.open: list[str] = []
        self.tags = 0
        self.strict = True

    def html(self) -> str:
        """The document written so far."""
        return "".join(self.pieces)

    def text(self, text: str) -> None:
        """Write words, escaped."""
        if self.pieces and self.pieces[-1] == "<pre>":
            text = text.lstrip("\n")  # parsers drop the first of these, so that each reading would eat one more
        if text:
            self.pieces.append(escape(text))

    def start(self, name: str, attributes: str) -> None:
        """Open an allowed tag, after closing what it closes by itself."""
        opening = _opening(name, attributes)
        if opening is None or len(self.open) >= DEPTH:
            return
        closes = _CLOSES.get(name, ("p",) if name in BLOCKS else ())
        while self.open and self.open[-1] in closes:
            self.end(self.open[-1])
        if name in BLOCKS and not _NO_BLOCK_INSIDE.isdisjoint(self.open):
            self.strict = False
        if name in _WITHIN and (not self.open or self.open[-1] not in _WITHIN[name]):
            self.strict = False
        if name == "a" and "a" in self.open:
            self.strict = False
        self.tags += 1
        self.pieces.append(opening)
        if name not in _VOID:
            self.open.append(name)

    def end(self, name: str) -> None:
        """Close an allowed tag; one that is not open is forgotten."""
        if name not in self.open:
            return
        if name not in _FORMATTING:
            while self.open[-1] != name and self.open[-1] in _CLOSED_BY_OTHERS:
                self.end(self.open[-1])
        self.strict = self.strict and self.open[-1] == name
        last = len(self.open) - 1 - self.open[::-1].index(name)
        del self.open[last]
        if self.pieces[-1] == "<p>" and name == "p":
            self.pieces.pop()  # an empty paragraph is only the trace of a renamed or ill-nested block
        else:
            self.pieces.append(f"</{name}>")


def read(html: str) -> Document:
    """Return a piece of HTML written anew: allowed tags with allowed attributes, escaped text, every tag closed."""
    document = Document()
    for kind, name, data in tokens(html):
        if not kind:
            document.text(data)
        elif kind == "<":
            document.start(name, data)
        else:
            document.end(name)
    while document.open:
        document.end(document.open[-1])
    return document


def tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """Yield ("", "", text), ("<", allowed tag, its attributes) and ("/", allowed tag, ""), in order."""
    html = readable(html)
    at = 0
    while match := _MARKUP.search(html, at):
        if match.start() > at:
            yield "", "", _decoded(html[at : match.start()])
        at = match.end()
        name = (match["name"] or "").lower()
        name = _RENAMED.get(name, name)
        if name in TAGS:
            yield match["slash"] or "<", name, match["rest"]
        elif name in _SPACED:
            yield "", "", " "
        elif name in _DROPPED_WHOLE and not match["slash"]:
            end = _RAW_END[name].search(html, at)
            at = end.start() if end else len(html)
    if at < len(html):
        yield "", "", _decoded(html[at:])


def _opening(name: str, rest: str) -> str | None:
    """Return the tag to write, or nothing for a link that leads nowhere we would send anyone."""
    if name not in ATTRIBUTES or (name != "a" and not rest):
        return f"<{name}>"
    given: dict[str, str] = {}
    for key, *values in _ATTRIBUTE.findall(rest):
        # In an attribute only what ends with ; is an entity: ?page=1&section=2 holds no §.
        given.setdefault(key.lower(), _ENTITY.sub(lambda found: _decoded(found[0]), "".join(values)))
    if name == "a":
        return link(given.get("href", ""), given.get("class", ""), given.get("rel", ""))
    if name in ("span", "p"):
        return f"<{name}{_classes(given.get('class', ''))}>"
    numbers = [key for key in ("start", "value") if key in ATTRIBUTES[name]]
    kept = [f' {key}="{given[key]}"' for key in numbers if re.fullmatch(r"-?[0-9]{1,6}", given.get(key, ""))]
    if name == "ol" and "reversed" in given:
        kept.append(' reversed=""')
    return f"<{name}{''.join(kept)}>"


def link(href: str, classes: str = "", rel: str = "") -> str | None:
    """Return the opening tag of a link, or nothing if the address is not a whole one of http, https or mailto."""
    address = _address(href)
    if address is None:
        return None
    kept = [word for word in ("me", "tag") if word in rel.lower().split()]
    rel = " ".join([*kept, "nofollow", "noopener", "noreferrer"])
    return f'<a href="{escape(address)}"{_classes(classes)} rel="{rel}" target="_blank">'


def _address(href: str) -> str | None:
    """Return the address in the one spelling every parser reads alike, or nothing if it may not be followed."""
    href = href.strip(" \t\n")
    match = _ADDRESS.fullmatch(href)
    if not match or not href.isprintable():
        return None
    try:
        urlsplit(href)
    except ValueError:
        return None
    origin = match["origin"] or ""
    return origin + href[len(origin) :].translate(_PERCENT)


def _classes(value: str) -> str:
    kept = " ".join(dict.fromkeys(word for word in value.split() if word in CLASSES))
    return f' class="{kept}"' if kept else ""


def readable(text: str) -> str:
    """Return the text without what no text should hold: controls, halves of characters, other systems' line ends."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return readable(entities.unescape(text))
    except ValueError:  # Python refuses to read a number of 5,000 digits
        return text


def escape(text: str) -> str:
    """Return the text as HTML."""
    return entities.escape(text, quote=False)
