"""Lists of blocked or admitted servers, as Mastodon's CSV: read, compared with what holds here, applied, written."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.core.domains import normal
from fediterr.moderation import journal
from fediterr.moderation import service as domains
from fediterr.moderation.models import DomainRule, Severity

BYTES = 400_000
LINES = 5_000
COMMENT = 1000  # characters
BLOCKS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
ALLOWS = ("#domain",)
YES = {"true", "t", "1", "yes", "y", "on"}


class Verdict(StrEnum):
    """What a line of a list would do here."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a line is refused."""

    NO_DOMAIN = "no domain"
    NOT_A_DOMAIN = "not a domain"
    HIDDEN = "hidden in part"  # `ex*mple.org`: a list that does not tell its names
    SEVERITY = "unknown severity"
    TWICE = "twice"
    OURS = "ours"
    BLOCKED = "blocked here"


@dataclass(frozen=True)
class Line:
    """One line of a list, and what it would do."""

    number: int
    domain: str
    verdict: Verdict
    block: domains.Block | None = None  # None: to be let in
    why: Why | None = None
    before: DomainRule | None = None


# --- reading -------------------------------------------------------------------------------------------------------


def read(text: bytes | str, kind: str) -> list[Line]:
    """What each line of a list would do ("block" or "allow"); TooLarge or Invalid when it cannot be read at all."""
    rows = _rows(text)
    here = {rule.domain: rule for rule in domains.rules()}
    seen: set[str] = set()
    found = []
    for number, row in rows:
        line = _line(number, row, kind, here, seen)
        seen.add(line.domain)
        found.append(line)
    return found


def _rows(text: bytes | str) -> list[tuple[int, dict[str, str]]]:
    """Lines by the names of their columns, with their number in the file; without a head, the domain comes first."""
    if isinstance(text, bytes):
        if len(text) > BYTES:
            raise errors.TooLarge(f"A list has at most {BYTES // 1000} kB.")
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise errors.Invalid("This is not a text in UTF-8.") from None
    if "\0" in text:
        raise errors.Invalid("This is not a text in UTF-8.")
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\r\n", "\n")))
    names: list[str] = []
    rows = []
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if not names:
                names = [value.lower().removeprefix("#").strip() for value in values]
                if "domain" in names:
                    continue
                names = [name.removeprefix("#") for name in BLOCKS]
            rows.append((reader.line_num, dict(zip(names, values, strict=False))))
            if len(rows) > LINES:
                raise errors.TooLarge(f"A list has at most {LINES} lines.")
    except csv.Error:
        raise errors.Invalid("This is not a table in CSV.") from None
    if not rows:
        raise errors.Invalid("There is no domain in this list.")
    return rows


def _line(number: int, row: dict[str, str], kind: str, here: dict[str, DomainRule], seen: set[str]) -> Line:
    given = row.get("domain", "")
    name, why = _name(given)
    severity = (row.get("severity") or Severity.SUSPEND).lower()
    if why is None and name in seen:
        why = Why.TWICE
    if why is None and domains.is_ours(name):
        why = Why.OURS
    if why is None and kind == "block" and severity not in set(Severity):
        why = Why.SEVERITY
    before = here.get(name)
    if why is None and kind == "allow" and before is not None and before.kind == "block":
        why = Why.BLOCKED
    if why is not None:
        return Line(number, name or given[:253], Verdict.REFUSED, why=why, before=before)
    if kind == "allow":
        return Line(number, name, Verdict.SAME if before else Verdict.NEW, before=before)
    block = domains.Block(
        severity=severity,
        reject_media=_yes(row, "reject_media"),
        reject_reports=_yes(row, "reject_reports"),
        obfuscate=_yes(row, "obfuscate"),
        public_comment=row.get("public_comment", "")[:COMMENT],
        reason=before.reason if before else "",
    )
    if before is None:
        return Line(number, name, Verdict.NEW, block)
    same = before.kind == "block" and domains.as_block(before) == block
    return Line(number, name, Verdict.SAME if same else Verdict.CHANGED, block, before=before)


def _name(given: str) -> tuple[str, Why | None]:
    if not given:
        return "", Why.NO_DOMAIN
    if "*" in given:
        return "", Why.HIDDEN
    try:
        name = normal(given)
    except errors.Invalid:
        return "", Why.NOT_A_DOMAIN
    if "/" in given or "@" in given or not domains.NAME.fullmatch(name) or "." not in name or len(name) > 253:
        return "", Why.NOT_A_DOMAIN
    return name, None


def _yes(row: dict[str, str], name: str) -> bool:
    return row.get(name, "").lower() in YES


# --- applying ------------------------------------------------------------------------------------------------------


def apply(lines: Iterable[Line], actor: Account | None, *, changing: bool, reason: str = "") -> int:
    """Do what the lines say that are new, and those that change a rule if wished; how many were applied."""
    wanted = {Verdict.NEW, Verdict.CHANGED} if changing else {Verdict.NEW}
    chosen = [line for line in lines if line.verdict in wanted]
    blocks = {line.domain: replace(line.block, reason=line.block.reason or reason) for line in chosen if line.block}
    domains.block_many(blocks, actor)
    for line in chosen:
        if line.block is None:
            domains.allow_domain(line.domain, reason=reason, actor=actor)
    if chosen:
        journal.write_down(actor, "import_domains", str(len(chosen)), reason)
    return len(chosen)


def follows_ended(lines: Iterable[Line], *, changing: bool) -> int:
    """How many follows between here and there these lines would end."""
    wanted = {Verdict.NEW, Verdict.CHANGED} if changing else {Verdict.NEW}
    closing = {
        line.domain for line in lines if line.verdict in wanted and line.block and line.block.severity == "suspend"
    }
    lived_in = sorted(closing & domains.inhabited())
    return sum(domains.reach(domain).follows for domain in lived_in)


# --- writing -------------------------------------------------------------------------------------------------------


def written(kind: str) -> str:
    """The rules of one kind, as Mastodon and others read them."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(BLOCKS if kind == "block" else ALLOWS)
    wanted = sa.select(DomainRule).where(DomainRule.kind == kind).order_by(DomainRule.domain)
    for rule in session.scalars(wanted):
        table.writerow(_cells(rule) if kind == "block" else [rule.domain])
    return file.getvalue()


def _cells(rule: DomainRule) -> list[str]:
    flags = (rule.reject_media, rule.reject_reports)
    said = [str(flag).lower() for flag in flags]
    return [rule.domain, rule.severity, *said, rule.public_comment, str(rule.obfuscate).lower()]
