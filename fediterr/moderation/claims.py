"""Claims: an agent asks to open the account of a territory, and to manage it; proof or an administrator decides."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import identities, invitations, speakers
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind, Office, Role, User
from fediterr.core import clock, errors, facts, paging, siret, site
from fediterr.core.db import session
from fediterr.moderation import acts, journal, offices
from fediterr.moderation.models import Claim, Way
from fediterr.territories import authorities, directory
from fediterr.territories.models import EPCI, Territory

AT_ONCE = 5  # claims of one person that wait
WORDS, REASON = 2000, 1000  # characters
KEPT = timedelta(days=30)  # a claim that proved nothing is given up by then
OPEN = Claim.accepted.is_(None)


@dataclass(frozen=True)
class ClaimMade(facts.Fact):
    """Somebody asks to stand for a territory."""

    claim_id: int


@dataclass(frozen=True)
class ClaimWaits(facts.Fact):
    """An administrator is needed to decide about a claim."""

    claim_id: int


@dataclass(frozen=True)
class ClaimAnswered(facts.Fact):
    claim_id: int


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int) -> Claim:
    found = session.get(Claim, identifier)
    if found is None:
        raise errors.NotFound("There is no such claim.")
    return found


def mine(person: Account, territory: Territory) -> Claim | None:
    """The last claim of somebody to a territory."""
    wanted = sa.select(Claim).where(Claim.account_id == person.id, Claim.territory_id == territory.id)
    return session.scalar(wanted.order_by(Claim.id.desc()).limit(1))


def waiting() -> list[Claim]:
    """Those about which an administrator decides, the oldest first."""
    return list(session.scalars(sa.select(Claim).where(OPEN, _ripe()).order_by(Claim.id)))


def count_waiting() -> int:
    return session.scalar(sa.select(sa.func.count(Claim.id)).where(OPEN, _ripe())) or 0


def answered(page: paging.Page) -> list[Claim]:
    """Those that were decided, last first."""
    return paging.take(sa.select(Claim).where(Claim.accepted.is_not(None)), Claim.id, page)


def _ripe() -> sa.ColumnElement[bool]:
    """Not those whose website is still to be asked."""
    return sa.or_(Claim.way != Way.DOMAIN, Claim.proved_at.is_not(None))


# --- claiming ------------------------------------------------------------------------------------------------------


def works_for(user: User, territory: Territory) -> str:
    """The SIRET by which somebody works for a territory, or for the EPCI that it is a member of; empty for none."""
    sirens = {territory.siren, *(each.siren for each in directory.groupings_of(territory) if each.kind in EPCI)}
    proved = [each.siret for each in identities.of(user) if siret.is_siret(each.siret)]
    return next((each for each in proved if siret.siren_of(each) in sirens), "")


def claim(user: User, territory: Territory, way: str, *, website: str = "", words: str = "") -> Claim:
    """Ask to stand for a territory. Raises Forbidden, Invalid, Conflict, TooMany.

    Proof alone opens an account; where there is one already, or where two ask at a time, an administrator decides.
    """
    _require_may_claim(user, territory)
    made = Claim(account_id=user.account_id, account=user.account, territory_id=territory.id, territory=territory)
    made.way, made.words, made.website = way, words.strip()[:WORDS], ""
    made.name = opened.name if (opened := authorities.of_here(territory)) else _name(territory)
    proof = works_for(user, territory) if way == Way.SIRET else ""
    if way == Way.SIRET and not proof:
        raise errors.Invalid("The service that lets you in does not say that you work for this territory.")
    if way == Way.DOMAIN:
        made.website = authorities.read_website(website)
    elif way == Way.OPERATOR and not made.words:
        raise errors.Invalid("Say who you are, and how this can be checked.")
    elif way not in set(Way):
        raise errors.Invalid("Choose how this is to be checked.")
    session.add(made)
    session.flush()
    if proof:
        made.proved_at = clock.now()
        _accept_or_wait(made)
    elif way == Way.OPERATOR:
        facts.tell(ClaimWaits(made.id))
    else:
        facts.tell(ClaimMade(made.id))
    return made


def _require_may_claim(user: User, territory: Territory) -> None:
    if user.role == Role.GUEST:
        raise errors.Forbidden("A guest of this server speaks for no authority of it.")
    if territory.ended_on is not None:
        raise errors.Conflict("This territory is no more.")
    opened = authorities.of_here(territory)
    if opened is not None and speakers.office_of(user, opened) is not None:
        raise errors.Conflict("You act for this authority already.")
    before = mine(user.account, territory)
    if before is not None and before.accepted is None:
        raise errors.Conflict("You have asked for this already.")
    open_ones = sa.select(sa.func.count(Claim.id)).where(OPEN, Claim.account_id == user.account_id)
    if (session.scalar(open_ones) or 0) >= AT_ONCE:
        raise errors.TooMany("Too many claims at a time: wait until one is decided.")


def _name(territory: Territory) -> str:
    """The name that the account will have: that of another claim to the same territory, else a free one."""
    wanted = sa.select(Claim.name).where(OPEN, Claim.territory_id == territory.id)
    return session.scalar(wanted.limit(1)) or authorities.propose_name(territory)


def withdraw(claim: Claim) -> None:
    """Ask for it no longer."""
    if claim.accepted is None:
        session.delete(claim)
        session.flush()


def ask_again(claim: Claim) -> None:
    """Have the website looked at once more, soon."""
    if claim.accepted is None and claim.way == Way.DOMAIN and claim.proved_at is None:
        facts.tell(ClaimMade(claim.id))


def page_of(claim: Claim) -> str:
    """The page that the website is to point to, which is there once the claim is accepted."""
    return site.account_page(claim.name)


# --- what a look at the website found ------------------------------------------------------------------------------


def note_proof(claim: Claim) -> None:
    """The website points to the page: that decides, or lets an administrator decide."""
    if claim.accepted is None:
        claim.proved_at = claim.checked_at = clock.now()
        claim.problem = ""
        _accept_or_wait(claim)


def note_problem(claim: Claim, problem: str) -> None:
    """The website did not point there, or did not answer."""
    claim.checked_at, claim.problem = clock.now(), problem
    session.flush()


def _accept_or_wait(claim: Claim) -> None:
    """Accept what proof alone decides.

    A website proves whose it is, not that it is the authority's: it decides where the operator knows its domain.
    """
    rivals = sa.select(Claim.id).where(OPEN, Claim.territory_id == claim.territory_id, Claim.id != claim.id)
    alone = authorities.of_here(claim.territory) is None and session.scalar(rivals.limit(1)) is None
    if alone and (claim.way == Way.SIRET or _is_known(claim.website)):
        accept(claim, None)
    else:
        facts.tell(ClaimWaits(claim.id))
    session.flush()


def _is_known(website: str) -> bool:
    """Whether the home page of a domain whose people are welcome here, or of this server's own domain."""
    parts = urlsplit(website)
    host = (parts.hostname or "").removeprefix("www.")
    known = {each.domain for each in invitations.welcomed()} | {site.settings().handle_domain}
    return parts.path == "/" and host in known


# --- deciding ------------------------------------------------------------------------------------------------------


def accept(claim: Claim, actor: Account | None, reason: str = "") -> Account:
    """Open the account, or take the one there is, with whoever asked to manage it. Raises Conflict, Invalid."""
    _require_open(claim)
    user = accounts.user_of(claim.account)
    if user is None or not user.is_open:
        raise errors.Conflict("Nobody signs in to this account.")
    authority = authorities.of_here(claim.territory) or _open(claim, actor)
    offices.let_speak(actor or claim.account, user, authority, Office.MANAGE)
    _close(claim, actor, accepted=True, reason=reason)
    claim.authority_id = authority.id
    row = authorities.of(authority)
    if claim.website and row is not None and not row.website:
        authorities.change(authority, website=claim.website, colour=row.colour or "")
    if row is None or row.verified_by is None:
        _verify(claim, user, authority)
    journal.write_down(actor, "accept_claim", claim.account.full_handle, claim.territory.name, target=claim.account)
    return authority


def _open(claim: Claim, actor: Account | None) -> Account:
    """A new account; one that was opened by hand under that very name is taken."""
    known = accounts.by_handle(claim.name)
    if known is not None and known.kind == Kind.ORGANIZATION and known.active and not speakers.agents_of(known):
        authorities.link(known, claim.territory)
        return known
    authority = authorities.open(claim.territory, claim.name)
    acts.write_down(actor or claim.account, authority, "open_authority", authority.full_handle)
    return authority


def _verify(claim: Claim, user: User, authority: Account) -> None:
    proved = claim.proved_at is not None
    by = claim.way if proved else Way.OPERATOR
    link = {Way.DOMAIN: claim.website, Way.SIRET: works_for(user, claim.territory)}.get(Way(by), "")
    authorities.verify(authority, by, link)
    acts.write_down(claim.account, authority, f"verify:{by}", link or claim.territory.name)


def refuse(claim: Claim, actor: Account | None, reason: str) -> None:
    """Say no, and why. Raises Invalid without a reason."""
    _require_open(claim)
    if not reason.strip():
        raise errors.Invalid("Say why: the person reads it.")
    _close(claim, actor, accepted=False, reason=reason)
    journal.write_down(actor, "refuse_claim", claim.account.full_handle, claim.territory.name, target=claim.account)


def _require_open(claim: Claim) -> None:
    if claim.accepted is not None:
        raise errors.Conflict("This claim was decided already.")


def _close(claim: Claim, actor: Account | None, *, accepted: bool, reason: str) -> None:
    claim.accepted, claim.reason, claim.answered_at = accepted, reason.strip()[:REASON], clock.now()
    claim.answered_by_id = actor.id if actor else None
    session.flush()
    facts.tell(ClaimAnswered(claim.id))


def forget_old() -> None:
    """Give up what proved nothing for a month."""
    old = sa.delete(Claim).where(OPEN, Claim.proved_at.is_(None), Claim.created_at < clock.now() - KEPT)
    session.execute(old.where(Claim.way == Way.DOMAIN))
