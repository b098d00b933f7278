"""Keep servers out, limit them or let them in; each decision has its line in the journal."""

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, ids, paging, site
from fediterr.core.db import session
from fediterr.core.domains import normal
from fediterr.moderation import complaints, journal
from fediterr.moderation.models import DomainRule, Severity
from fediterr.social import follows, severances
from fediterr.social.models import Follow, Medium

NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


@dataclass(frozen=True)
class Limits:
    """What the rules on a domain and on those above it leave to those who live there."""

    silenced_since: datetime | None = None
    reject_media: bool = False
    reject_reports: bool = False


@dataclass(frozen=True)
class Block:
    """How a domain is kept out or limited."""

    severity: str = Severity.SUSPEND
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    public_comment: str = ""
    reason: str = ""  # for moderators


def as_block(rule: DomainRule) -> Block:
    """What a rule says."""
    return Block(
        rule.severity, rule.reject_media, rule.reject_reports, rule.obfuscate, rule.public_comment, rule.reason
    )


def digest(domain: str) -> str:
    """By which servers compare what they block without telling its name."""
    return hashlib.sha256(domain.encode()).hexdigest()


def obfuscated(domain: str) -> str:
    """A domain of which the middle is not told."""
    shown = max(1, len(domain) // 4)
    return "".join(
        "*" if shown <= place < len(domain) - shown and letter != "." else letter for place, letter in enumerate(domain)
    )


class AlreadyBlocked(errors.Conflict):
    """A domain has a rule already that is as strict, or lies below one that has."""

    def __init__(self, rule: DomainRule) -> None:
        super().__init__(f"You have already imposed stricter limits on {rule.domain}.")
        self.rule = rule


def is_welcome(domain: str) -> bool:
    """Whether we talk with that server at all, by the rules on it and on the domains above it."""
    return domain in welcome_among({domain})


def welcome_among(domains: set[str]) -> set[str]:
    """Those of these servers that we talk with, asked at once."""
    above = {domain: _above(domain) for domain in domains}
    names = sorted({name for each in above.values() for name in each})
    rules: dict[str, str] = {}
    for start in range(0, len(names), 500):
        wanted = sa.select(DomainRule.domain, DomainRule.kind, DomainRule.severity)
        found = session.execute(wanted.where(DomainRule.domain.in_(names[start : start + 500])))
        rules.update((domain, severity if kind == "block" else kind) for domain, kind, severity in found)
    return {domain for domain, named in above.items() if _lets_in(named, {rules.get(name) for name in named})}


def _lets_in(names: list[str], kinds: set[str | None]) -> bool:
    if not names or Severity.SUSPEND in kinds:
        return False
    if site.settings().federation_mode == "open" or normal(site.settings().host) in names:
        return True
    # Where only those on the list are let in, a domain that is merely limited is on it.
    return bool(kinds & {"allow", Severity.SILENCE, Severity.NOOP})


def _above(domain: str) -> list[str]:
    """A domain and all that it lies below; nothing when it is none."""
    try:
        labels = normal(domain).split(".")
    except errors.Invalid:
        return []
    return [".".join(labels[start:]) for start in range(len(labels))]


def limits_on(*hosts: str) -> Limits:
    """What is limited for somebody who lives at these hosts: that of their handle and that of their server."""
    names = {name for host in hosts for name in _above(host)}
    found = session.scalars(sa.select(DomainRule).where(DomainRule.domain.in_(names), DomainRule.kind == "block"))
    rules = found.all() if names else []
    silencing = [rule.created_at for rule in rules if rule.severity == Severity.SILENCE]
    return Limits(
        silenced_since=min(silencing, default=None),
        reject_media=any(rule.reject_media for rule in rules),
        reject_reports=any(rule.reject_reports for rule in rules),
    )


def limits_of(account: Account) -> Limits:
    return limits_on(*_hosts(account))


# --- deciding ------------------------------------------------------------------------------------------------------


def block_domain(domain: str, block: Block | None = None, *, reason: str = "", actor: Account | None = None) -> None:
    """Keep a domain out: its accounts are suspended here and the follows with them end. Or limit it."""
    block = block or Block(reason=reason)
    rule = _rule(_other(normal(domain)), "block", block.reason)
    _set(rule, block)
    journal.write_down(actor, "block_domain", rule.domain, block.reason)


def add_block(domain: str, block: Block, actor: Account) -> DomainRule:
    """Block a domain that has no rule as strict already; Invalid without a domain, AlreadyBlocked with the rule."""
    name = _required(domain)
    require_new(name, block)
    block_domain(name, block, actor=actor)
    return session.get_one(DomainRule, name)


def require_new(name: str, block: Block) -> None:
    """AlreadyBlocked when that domain, or one above it, has a rule that is as strict."""
    severity = _severity(block.severity)
    found = session.scalars(
        sa.select(DomainRule).where(DomainRule.domain.in_(_above(name)), DomainRule.kind == "block")
    )
    for rule in found.all():
        if rule.domain == name or _is_as_strict(rule, severity, block):
            raise AlreadyBlocked(rule)


def require_unblocked(name: str) -> None:
    """Conflict when that domain itself is blocked or limited: letting it in would lift that unseen."""
    rule = session.get(DomainRule, name)
    if rule is not None and rule.kind == "block":
        raise errors.Conflict(f"There is a block on {name}: lift it first.")


def named(domain: str) -> str:
    """A domain as it was typed, if it is one, and not that of this server."""
    return _other(_required(domain))


def change_block(rule: DomainRule, block: Block, actor: Account) -> None:
    """Make a block stricter or milder; what the one before did, and this does not, is undone."""
    _severity(block.severity)
    _lift(rule)
    _set(rule, block)
    journal.write_down(actor, "change_domain_block", rule.domain, block.reason)


def forget_domain(domain: str, *, actor: Account | None = None) -> None:
    """Have no rule on a domain any more; accounts that its block had closed are open again, and no others."""
    domain = normal(domain)
    rule = session.get(DomainRule, domain)
    if rule is not None:
        _lift(rule)
        session.delete(rule)
    journal.write_down(actor, "forget_domain", domain)


def allow_domain(domain: str, *, reason: str = "", actor: Account | None = None) -> DomainRule:
    """Let a domain in, where only those on the list are."""
    name = _required(domain)
    rule = session.get(DomainRule, name)
    if rule is None or rule.kind != "allow":
        rule = _rule(name, "allow", reason)
        journal.write_down(actor, "allow_domain", name, reason)
    return rule


def block_many(blocks: dict[str, Block], actor: Account | None) -> None:
    """Block many domains at once. Most of a long list nobody here knows: those are only written down."""
    quiet = set(blocks) - inhabited() - {rule.domain for rule in rules()}
    for name in blocks.keys() - quiet:
        block_domain(name, blocks[name], actor=actor)
    rows = [
        {"domain": _other(name), "number": ids.new(), "kind": "block", "created_at": clock.now()} | asdict(blocks[name])
        for name in sorted(quiet)
    ]
    if rows:
        session.execute(sa.insert(DomainRule), rows)
        journal.write_many(actor, "block_domain", [(name, blocks[name].reason) for name in sorted(quiet)])


def rules() -> list[DomainRule]:
    return list(session.scalars(sa.select(DomainRule).order_by(DomainRule.domain)))


def listed(kind: str, page: paging.Page, *, about: str = "") -> list[DomainRule]:
    """The rules of one kind ("block", "allow"), on domains with these letters, last first."""
    wanted = sa.select(DomainRule).where(DomainRule.kind == kind)
    if about.strip():
        wanted = wanted.where(DomainRule.domain.contains(about.strip().lower(), autoescape=True))
    return paging.take(wanted, DomainRule.number, page)


def rule_of(kind: str, number: int) -> DomainRule:
    found = session.scalar(sa.select(DomainRule).where(DomainRule.number == number, DomainRule.kind == kind))
    if found is None:
        raise errors.NotFound("There is no such rule.")
    return found


def _required(domain: str) -> str:
    if not domain.strip():
        raise complaints.blank("Domain")
    name = normal(domain)
    if "/" in domain or not NAME.fullmatch(name):
        raise complaints.malformed("Domain")
    return name


def _other(name: str) -> str:
    """A domain that is not this server's own, nor above it: whoever blocked that would talk with nobody."""
    if is_ours(name):
        raise errors.Invalid("This is the domain of this server.")
    return name


def is_ours(name: str) -> bool:
    """Whether this server is at or below that domain."""
    settings = site.settings()
    return name in (*_above(settings.host), *_above(settings.handle_domain))


def _severity(value: str) -> str:
    if value not in set(Severity):
        raise complaints.unlisted("Severity")
    return value


def _is_as_strict(rule: DomainRule, severity: str, block: Block) -> bool:
    """Whether a block on a domain above says all that a new one would."""
    order = list(Severity)
    return (
        order.index(Severity(rule.severity)) >= order.index(Severity(severity))
        and rule.reject_media >= block.reject_media
        and rule.reject_reports >= block.reject_reports
    )


def _rule(domain: str, kind: str, reason: str) -> DomainRule:
    """A rule in place of any other; it holds from now on."""
    before = session.get(DomainRule, domain)
    if before is not None:
        _lift(before)
        session.delete(before)
        session.flush()
    rule = DomainRule(domain=domain, kind=kind, reason=reason, created_at=clock.now())
    session.add(rule)
    session.flush()
    return rule


# --- what follows for those who live there -------------------------------------------------------------------------


def _set(rule: DomainRule, block: Block) -> None:
    """Write down what a block says, and do it. Those it closes or silences bear its moment, to be found again."""
    rule.severity, rule.reject_media, rule.reject_reports = block.severity, block.reject_media, block.reject_reports
    rule.obfuscate, rule.public_comment, rule.reason = block.obfuscate, block.public_comment, block.reason
    session.flush()
    if rule.severity == Severity.NOOP and not rule.reject_media:
        return
    ended: list[Follow] = []
    for account in _living_at(rule.domain):
        if rule.severity == Severity.SUSPEND:
            account.suspended_at = account.suspended_at or rule.created_at
            ended += follows.all_of(account)
        elif rule.severity == Severity.SILENCE:
            account.silenced_at = account.silenced_at or rule.created_at
        if rule.reject_media:
            account.icon_url = account.image_url = None
            session.execute(sa.delete(Medium).where(Medium.account_id == account.id))
    severances.sever(ended, "domain_block", rule.domain)


def _lift(rule: DomainRule) -> None:
    """Undo what a block did to accounts; what somebody decided about one of them stays."""
    if rule.kind != "block" or rule.severity == Severity.NOOP:
        return
    for account in _living_at(rule.domain):
        if account.suspended_at == rule.created_at:
            account.suspended_at = None
        if account.silenced_at == rule.created_at:
            account.silenced_at = None
    session.flush()


def _living_at(domain: str) -> list[Account]:
    """Accounts of elsewhere whose handle or whose server is on that domain, on any port of it, or below it."""
    named = sa.or_(Account.domain.contains(domain, autoescape=True), Account.uri.contains(domain, autoescape=True))
    found = session.scalars(sa.select(Account).where(~Account.local, named)).all()
    return [account for account in found if any(_is_below(host, domain) for host in _hosts(account))]


@dataclass(frozen=True)
class Reach:
    """What a rule on a domain would touch: accounts that this server knows, follows from here to there and back."""

    accounts: int = 0
    following: int = 0
    followers: int = 0

    @property
    def follows(self) -> int:
        return self.following + self.followers


def reach(domain: str) -> Reach:
    """What lives at or below a domain, and is followed from here or follows somebody of here."""
    living = [account.id for account in _living_at(domain)]
    between = [_follows_between(living[start : start + 500]) for start in range(0, len(living), 500)]
    return Reach(len(living), sum(pair[0] for pair in between), sum(pair[1] for pair in between))


def _follows_between(there: list[int]) -> tuple[int, int]:
    accepted = sa.select(sa.func.count(Follow.id)).where(Follow.accepted.is_(True))
    return (
        session.scalar(accepted.where(Follow.target_id.in_(there))) or 0,
        session.scalar(accepted.where(Follow.follower_id.in_(there))) or 0,
    )


def inhabited() -> set[str]:
    """Every domain at or below which somebody lives whom this server knows: asked once for many rules."""
    known = session.execute(sa.select(Account.domain, Account.uri).where(~Account.local)).all()
    hosts = {domain for domain, _ in known} | {urlsplit(uri).netloc for _, uri in known}
    return {name for host in hosts for name in _above(host)}


def _hosts(account: Account) -> tuple[str, str]:
    return normal(account.domain), normal(urlsplit(account.uri).netloc)


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
