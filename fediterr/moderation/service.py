"""Keep servers out or let them in, report, decide; each decision has its line in the journal."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, domains, errors, facts, ids, site
from fediterr.core.db import insert_once, session
from fediterr.moderation.models import Decision, DomainRule, Report
from fediterr.social import follows
from fediterr.social.models import Follow, Post


@dataclass(frozen=True)
class AccountReported(facts.Fact):
    report_id: int


normal = domains.normal


def is_welcome(domain: str) -> bool:
    """Whether we talk with that server at all, by the rules on it and on the domains above it."""
    return domain in welcome_among({domain})


def welcome_among(domains: set[str]) -> set[str]:
    """Those of these servers that we talk with, asked at once."""
    above = {domain: _above(domain) for domain in domains}
    names = sorted({name for each in above.values() for name in each})
    rules: dict[str, str] = {}
    for start in range(0, len(names), 500):
        wanted = sa.select(DomainRule.domain, DomainRule.kind).where(DomainRule.domain.in_(names[start : start + 500]))
        rules.update((domain, kind) for domain, kind in session.execute(wanted))
    return {domain for domain, named in above.items() if _lets_in(named, {rules.get(name) for name in named})}


def _lets_in(names: list[str], kinds: set[str | None]) -> bool:
    if not names or "block" in kinds:
        return False
    return site.settings().federation_mode == "open" or "allow" in kinds or normal(site.settings().host) in names


def _above(domain: str) -> list[str]:
    """A domain and all that it lies below; nothing when it is none."""
    try:
        labels = normal(domain).split(".")
    except errors.Invalid:
        return []
    return [".".join(labels[start:]) for start in range(len(labels))]


def block_domain(domain: str, *, reason: str = "", actor: Account | None = None) -> None:
    """Keep a domain out: its accounts are suspended here and the follows with them end."""
    domain = normal(domain)
    moment = _rule(domain, "block", reason)
    _write_down(actor, "block_domain", domain, reason)
    for account in _living_at(domain):
        account.suspended_at = account.suspended_at or moment
        between = sa.or_(Follow.follower_id == account.id, Follow.target_id == account.id)
        for follow in session.scalars(sa.select(Follow).where(between)):
            (follows.leave if follow.target_id == account.id else follows.refuse)(follow)


def forget_domain(domain: str, *, actor: Account | None = None) -> None:
    """Have no rule on a domain any more; accounts that its block had suspended are open again, and no others."""
    domain = normal(domain)
    rule = session.get(DomainRule, domain)
    if rule is not None:
        for account in _living_at(domain):
            if account.suspended_at == rule.created_at:
                account.suspended_at = None
        session.delete(rule)
    _write_down(actor, "forget_domain", domain, "")


def allow_domain(domain: str, *, reason: str = "", actor: Account | None = None) -> None:
    """Let a domain in, where only those on the list are."""
    _rule(normal(domain), "allow", reason)
    _write_down(actor, "allow_domain", normal(domain), reason)


def rules() -> list[DomainRule]:
    return list(session.scalars(sa.select(DomainRule).order_by(DomainRule.domain)))


def _living_at(domain: str) -> list[Account]:
    """Accounts of elsewhere whose handle or whose server is on that domain, on any port of it, or below it."""
    named = sa.or_(Account.domain.contains(domain, autoescape=True), Account.uri.contains(domain, autoescape=True))
    found = session.scalars(sa.select(Account).where(~Account.local, named)).all()
    return [account for account in found if any(_is_below(host, domain) for host in _hosts(account))]


def _hosts(account: Account) -> tuple[str, str]:
    return normal(account.domain), normal(urlsplit(account.uri).netloc)


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _rule(domain: str, kind: str, reason: str) -> datetime:
    """Write a rule in place of any other; the moment it holds from, which a block also gives to whom it suspends."""
    moment = clock.now()
    session.execute(sa.delete(DomainRule).where(DomainRule.domain == domain))
    session.add(DomainRule(domain=domain, kind=kind, reason=reason, created_at=moment))
    return moment


def report(
    reporter: Account,
    target: Account,
    *,
    comment: str = "",
    post_uris: list[str] | None = None,
    uri: str = "",
    forward: bool = False,
) -> Report | None:
    """Bring an account (and some of its posts) before the moderators; None when that report is known already."""
    identifier = ids.new()
    row = {
        "id": identifier,
        "uri": uri or site.activity_uri(identifier),
        "reporter_id": reporter.id,
        "target_id": target.id,
        "comment": comment[:5000],
        "post_uris": _posts_of(target, (post_uris or [])[:50]),
        "forward": forward,
        "created_at": clock.now(),
    }
    if not insert_once(Report, row):
        return None
    facts.tell(AccountReported(identifier))
    return session.get(Report, identifier)


def _posts_of(target: Account, uris: list[str]) -> list[str]:
    """Of these ids, those that are posts of the reported account: nothing else may ride along."""
    return list(session.scalars(sa.select(Post.uri).where(Post.uri.in_(uris), Post.author_id == target.id)))


def suspend(account: Account, *, reason: str = "", actor: Account | None = None) -> None:
    accounts.suspend(account)
    _write_down(actor, "suspend", account.full_handle, reason)


def _write_down(actor: Account | None, action: str, subject: str, reason: str) -> None:
    session.add(Decision(actor_id=actor.id if actor else None, action=action, subject=subject, reason=reason))
