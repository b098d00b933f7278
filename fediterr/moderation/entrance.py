"""Who may come in, and from where: blocks of e-mail domains, of e-mail addresses, and of network addresses."""

import hashlib
import ipaddress
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import registration
from fediterr.accounts.models import Account
from fediterr.core import clock, db, errors, ids, memory, paging
from fediterr.core.db import insert_once, session
from fediterr.core.domains import normal
from fediterr.moderation import complaints, journal
from fediterr.moderation import service as domains
from fediterr.moderation.models import Attempt, CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity

REMEMBERED = timedelta(seconds=10)  # how long a process knows the blocked addresses before it asks again
DAYS = 7  # of the history of attempts


# --- at the entrance -----------------------------------------------------------------------------------------------


def admit(email: str, ip: str | None) -> bool:
    """Let somebody register from there with that address; whether a moderator must look at it first.

    Forbidden for a blocked network, Mistakes for a blocked e-mail address.
    """
    found = _severities(ip)
    if found & {IpSeverity.SIGN_UP, IpSeverity.ACCESS}:
        raise errors.Forbidden("This action is not allowed")
    if blocks_of(email):
        raise _refused("is blocked")
    block = _domain_block(email)
    if block is not None:
        if not block.allow_with_approval:
            _remember(block, ip)
            raise _refused("contains a disallowed e-mail provider")
        return True
    return IpSeverity.APPROVAL in found


def require_accepted(email: str) -> None:
    """Invalid for an address that nobody may have here, not even who is here already."""
    block = _domain_block(email)
    if blocks_of(email) or (block is not None and not block.allow_with_approval):
        raise errors.Invalid("This address is not accepted here.")


def _refused(words: str) -> registration.Mistakes:
    return registration.Mistakes({"email": [("ERR_BLOCKED", words)]})


def may_enter(ip: str | None) -> bool:
    """Whether anything at all is answered to that address."""
    return IpSeverity.ACCESS not in _severities(ip)


def _domain_block(email: str) -> EmailDomainBlock | None:
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    return session.scalars(sa.select(EmailDomainBlock).where(EmailDomainBlock.domain.in_(above))).first()


def _remember(block: EmailDomainBlock, ip: str | None) -> None:
    """Count an attempt in a unit of work of its own: that of the registration comes to nothing."""
    identifier = block.id
    with db.aside(), db.transaction():
        session.add(Attempt(block_id=identifier, ip=ip or ""))


# --- e-mail domains ------------------------------------------------------------------------------------------------


def block_email_domain(domain: str, actor: Account, *, allow_with_approval: bool = False) -> EmailDomainBlock:
    if not domain.strip():
        raise complaints.blank("Domain")
    name = normal(domain.rpartition("@")[2])
    if not domains.NAME.fullmatch(name):
        raise complaints.malformed("Domain")
    made = EmailDomainBlock(id=ids.new(), domain=name, allow_with_approval=allow_with_approval)
    if session.scalar(sa.select(EmailDomainBlock.id).where(EmailDomainBlock.domain == name)):
        raise complaints.taken("Domain")
    session.add(made)
    journal.write_down(actor, "block_email_domain", name)
    return made


def unblock_email_domain(block: EmailDomainBlock, actor: Account) -> None:
    session.delete(block)
    journal.write_down(actor, "unblock_email_domain", block.domain)


def attempts(blocks: Sequence[EmailDomainBlock]) -> dict[int, list[tuple[date, int, int]]]:
    """By block and for the last days, today first: (day, how many network addresses tried, how often)."""
    today = clock.now().date()
    since = ids.first_at(datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), clock.now().tzinfo))
    wanted = sa.select(Attempt).where(Attempt.block_id.in_([block.id for block in blocks]), Attempt.id >= since)
    tried = [(each.block_id, ids.moment_of(each.id).date(), each.ip) for each in session.scalars(wanted)]
    uses = Counter((block_id, day) for block_id, day, _ in tried)
    addresses = Counter((block_id, day) for block_id, day, _ in set(tried))
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return {block.id: [(day, addresses[block.id, day], uses[block.id, day]) for day in days] for block in blocks}


# --- e-mail addresses ----------------------------------------------------------------------------------------------


def canonical_hash(email: str) -> str:
    """The hash of an address, the same for all its spellings: small letters, no dots and no `+word` before the @."""
    name, at, domain = email.strip().lower().partition("@")
    return hashlib.sha256(f"{name.partition('+')[0].replace('.', '')}{at}{domain}".encode()).hexdigest()


def blocks_of(email: str) -> list[CanonicalEmailBlock]:
    """The blocks that an address falls under."""
    wanted = sa.select(CanonicalEmailBlock).where(CanonicalEmailBlock.hash == canonical_hash(email))
    return list(session.scalars(wanted))


def block_canonical(email: str | None, hashed: str | None, actor: Account) -> CanonicalEmailBlock:
    """Block an address, or what has that hash."""
    value = canonical_hash(email) if email and email.strip() else (hashed or "").strip().lower()
    if not value:
        raise complaints.blank("Canonical email hash")
    if session.scalar(sa.select(CanonicalEmailBlock.id).where(CanonicalEmailBlock.hash == value)):
        raise complaints.taken("Canonical email hash")
    made = CanonicalEmailBlock(id=ids.new(), hash=value)
    session.add(made)
    journal.write_down(actor, "block_canonical_email", value)
    return made


def unblock_canonical(block: CanonicalEmailBlock, actor: Account) -> None:
    session.delete(block)
    journal.write_down(actor, "unblock_canonical_email", block.hash)


def block_address(email: str, account: Account) -> None:
    """The address of somebody who was suspended makes no account again."""
    row = {"id": ids.new(), "hash": canonical_hash(email), "account_id": account.id, "created_at": clock.now()}
    insert_once(CanonicalEmailBlock, row)


def unblock_address(account: Account) -> None:
    session.execute(sa.delete(CanonicalEmailBlock).where(CanonicalEmailBlock.account_id == account.id))


# --- network addresses ---------------------------------------------------------------------------------------------


def block_ip(ip: str, severity: str, actor: Account, *, comment: str = "", expires_in: int | None = None) -> IpBlock:
    made = IpBlock(id=ids.new())
    _write(made, _network(ip), severity, comment, expires_in)
    session.add(made)
    _changed(actor, "block_ip", made)
    return made


def change_ip_block(
    block: IpBlock,
    actor: Account,
    *,
    ip: str | None = None,
    severity: str | None = None,
    comment: str | None = None,
    expires_in: int | None = None,
) -> None:
    """Change what is given; a new end counts from now, none at all stays as it is."""
    network = block.ip if ip is None else _network(ip)
    before = block.expires_at
    _write(block, network, block.severity if severity is None else severity, comment or block.comment, expires_in)
    if expires_in is None:
        block.expires_at = before
    _changed(actor, "change_ip_block", block)


def holds(network: str, address: str | None) -> bool:
    """Whether an address is in a network; Invalid when that is none."""
    inside = ipaddress.ip_network(_network(network))
    return address is not None and ipaddress.ip_address(address.partition("%")[0]) in inside


def unblock_ip(block: IpBlock, actor: Account) -> None:
    session.delete(block)
    _changed(actor, "unblock_ip", block)


def _write(block: IpBlock, network: str, severity: str, comment: str, expires_in: int | None) -> None:
    if not severity:
        raise complaints.blank("Severity")
    if severity not in set(IpSeverity):
        raise complaints.unlisted("Severity")
    if session.scalar(sa.select(IpBlock.id).where(IpBlock.ip == network, IpBlock.id != block.id)):
        raise complaints.taken("IP")
    block.ip, block.severity, block.comment = network, severity, comment
    block.expires_at = clock.now() + timedelta(seconds=min(expires_in, 10**9)) if expires_in else None


def _network(ip: str) -> str:
    if not ip.strip():
        raise complaints.blank("IP")
    try:
        return str(ipaddress.ip_network(ip.strip(), strict=False))
    except ValueError:
        raise complaints.malformed("IP") from None


def _changed(actor: Account, action: str, block: IpBlock) -> None:
    journal.write_down(actor, action, block.ip, block.comment)
    memory.forget("ip blocks")


def _severities(ip: str | None) -> set[str]:
    """What holds for an address: of the process's own memory, since every request asks."""
    try:
        address = ipaddress.ip_address((ip or "").partition("%")[0])
    except ValueError:
        return set()
    now = clock.now()
    return {
        severity
        for network, severity, until in memory.lately("ip blocks", REMEMBERED, _ip_blocks)
        if address in network and (until is None or until > now)
    }


def _ip_blocks() -> list[tuple[Any, str, datetime | None]]:
    wanted = sa.select(IpBlock.ip, IpBlock.severity, IpBlock.expires_at)
    return [(ipaddress.ip_network(row.ip), row.severity, row.expires_at) for row in session.execute(wanted)]


# --- lists ---------------------------------------------------------------------------------------------------------


def listed(kind: type[Any], page: paging.Page) -> list[Any]:
    """The blocks of one kind, last first."""
    return paging.take(sa.select(kind), kind.id, page)


def get(kind: type[Any], identifier: int) -> Any:
    found = session.get(kind, identifier)
    if found is None:
        raise errors.NotFound("There is no such block.")
    return found
