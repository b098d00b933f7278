"""Reading lists that people bring along as CSV: Mastodon's and its kin's, or as a spreadsheet saved them."""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fediterr.core import domains, errors, site

FOLLOWING, BLOCKING, MUTING, DOMAINS, BOOKMARKS, LISTS = KINDS = (
    "following", "blocking", "muting", "domains", "bookmarks", "lists",
)  # fmt: skip
LINES = 10_000
TOLD = 50  # lines that were refused, of which one is told why
WORDS = dict.fromkeys(("true", "1", "yes", "vrai", "oui"), True) | dict.fromkeys(
    ("false", "0", "no", "faux", "non"), False
)
HANDLE = re.compile(r"@?([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_]+)?)(?:@([^\s@/]+))?")

# The columns of each kind where the file names none.
COLUMNS = {
    FOLLOWING: ("account address", "show boosts", "notify on new posts", "languages"),
    BLOCKING: ("account address",),
    MUTING: ("account address", "hide notifications"),
    DOMAINS: ("#domain",),
    BOOKMARKS: ("#uri",),
    LISTS: ("list name", "account address"),
}
FIRST = {columns[0] for columns in COLUMNS.values()}
FILENAMES = {
    "following": FOLLOWING, "follows": FOLLOWING, "blocked_accounts": BLOCKING, "blocks": BLOCKING,
    "muted": MUTING, "mutes": MUTING, "blocked_domains": DOMAINS, "domain_blocks": DOMAINS, "bookmarks": BOOKMARKS,
    "lists": LISTS,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What one line asks for: about whom or what, and how."""

    number: int
    subject: str
    more: dict[str, Any]


@dataclass
class Read:
    """What a file says, and the lines that say nothing (the first ones, with the reason)."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    refused_count: int = 0

    def refuse(self, number: int, why: str) -> None:
        self.refused_count += 1
        if len(self.refused) < TOLD:
            self.refused.append((number, why))


def read(data: bytes, filename: str, kind: str = "") -> Read:
    """All that a file asks for. Raises Invalid, TooLarge; no kind: as its header or its name tells."""
    text = _decoded(data)
    rows = _rows(text, _delimiter(text))
    header = _header(rows)
    kind = kind or _guess(header, filename, rows)
    if kind not in KINDS:
        raise errors.Invalid("Say what this list is: the file does not tell.")
    if header:
        rows = rows[1:]
    columns = header or COLUMNS[kind]
    if COLUMNS[kind][0] not in columns or ("account address" not in columns and kind == LISTS):
        raise errors.Invalid("This file is a list of another kind.")
    if len(rows) > LINES:
        raise errors.TooLarge(f"A list has at most {LINES} lines: cut it into several.")
    found, seen = Read(kind), set[tuple[str, str]]()
    for number, cells in rows:
        try:
            line = _line(kind, number, dict(zip(columns, cells, strict=False)))
        except errors.Invalid as problem:
            found.refuse(number, problem.message)
            continue
        key = (line.subject.lower(), str(line.more.get("list", "")))
        if key not in seen:
            found.lines.append(line)
        seen.add(key)
    if not found.lines and not found.refused:
        raise errors.Invalid("There is nothing in this file.")
    return found


def _decoded(data: bytes) -> str:
    """UTF-8, or what spreadsheets write: UTF-16 with its mark, Windows-1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise errors.Invalid("This file is not a list of text.")
    return text


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "://" in first.split(",", maxsplit=1)[0]:
        return ","
    return max(",;\t", key=first.count)


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Lines that hold something, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        read_ = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        raise errors.Invalid("This file is not a list of text.") from None
    return [(number, cells) for number, cells in read_ if any(cells)]


def _header(rows: list[tuple[int, list[str]]]) -> tuple[str, ...]:
    first = tuple(cell.lower() for cell in rows[0][1]) if rows else ()
    return first if first and first[0] in FIRST else ()


def _guess(header: tuple[str, ...], filename: str, rows: list[tuple[int, list[str]]]) -> str:
    """What the columns tell, else the name of the file, else what stands in its first line."""
    for column, kind in (("hide notifications", MUTING), ("show boosts", FOLLOWING), ("list name", LISTS),
                         ("#domain", DOMAINS), ("#uri", BOOKMARKS)):  # fmt: skip
        if column in header:
            return kind
    name = filename.lower()
    if found := next((kind for begun, kind in FILENAMES.items() if name.startswith(begun)), ""):
        return found
    cells = rows[0][1] if rows and not header else []
    if cells and cells[0].startswith(("https://", "http://")):
        return BOOKMARKS
    return LISTS if len(cells) == 2 and "@" in cells[1] and "@" not in cells[0] else ""


def _line(kind: str, number: int, cells: dict[str, str]) -> Line:
    if kind == DOMAINS:
        return Line(number, _domain(cells["#domain"]), {})
    if kind == BOOKMARKS:
        return Line(number, _address(cells["#uri"]), {})
    subject = _handle(cells.get("account address", ""))
    if kind == LISTS:
        title = cells["list name"]
        if not title:
            raise errors.Invalid("This line names no list.")
        return Line(number, subject, {"list": title[:256]})
    more: dict[str, Any] = {}
    if kind == FOLLOWING:
        more["boosts"] = _yes(cells.get("show boosts", ""), otherwise=True)
        more["notify"] = _yes(cells.get("notify on new posts", ""), otherwise=False)
        more["languages"] = [each.strip() for each in cells.get("languages", "").split(",") if each.strip()]
    if kind == MUTING:
        more["notifications"] = _yes(cells.get("hide notifications", ""), otherwise=True)
    return Line(number, subject, more)


def _yes(word: str, *, otherwise: bool) -> bool:
    return WORDS.get(word.lower(), otherwise)


def _handle(word: str) -> str:
    """`name@domain`, also for somebody of here."""
    found = HANDLE.fullmatch(word)
    if found is None:
        raise errors.Invalid("This is not the address of an account: name@server.")
    here = site.settings().handle_domain
    domain = _domain(found[2]) if found[2] and found[2].lower() != here else here
    return f"{found[1]}@{here if site.is_own_host(domain) else domain}"


def _domain(word: str) -> str:
    domain = domains.normal(word.removeprefix("*."))
    if "." not in domain or " " in domain or "/" in domain or len(domain) > 253:
        raise errors.Invalid("This is not the name of a server.")
    return domain


def _address(word: str) -> str:
    try:
        parts = urlsplit(word)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or not parts.netloc or len(word) > 2000:
        raise errors.Invalid("This is not the address of a post.")
    return word
