"""People whom a sign-in service knows: who they are here, how they come for the first time, what their SIRET opens."""

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from fediterr.accounts import registration, service
from fediterr.accounts.models import Identity, Role, User
from fediterr.accounts.openid import Person
from fediterr.core import clock, errors, facts, siret, site, text
from fediterr.core.db import session


class Standing(StrEnum):
    """How somebody comes in who has no account yet."""

    MEMBER = "member"
    GUEST = "guest"
    APPROVAL = "approval"
    REFUSED = "refused"


@dataclass(frozen=True)
class Wish:
    """What somebody chooses who comes for the first time."""

    name: str
    display_name: str
    agreement: bool
    language: str = ""
    reason: str = ""
    ip: str | None = None
    to_approve: bool = False  # a moderator looks at it first, whatever their SIRET


def find(person: Person) -> Identity | None:
    """Who that is here. Only the service and its own name of somebody decide: an e-mail address proves nothing."""
    wanted = sa.select(Identity).where(Identity.issuer == person.issuer, Identity.subject == person.subject)
    return session.scalar(wanted)


def of(user: User) -> list[Identity]:
    return list(session.scalars(sa.select(Identity).where(Identity.user_id == user.id).order_by(Identity.id)))


def standing(person: Person) -> Standing:
    """What the SIRET of their employer makes of somebody."""
    settings = site.settings()
    if siret.is_siret(person.siret) and siret.siren_of(person.siret) in settings.oidc_sirens:
        return Standing.MEMBER
    return Standing(settings.oidc_strangers)


def sign_in(identity: Identity, person: Person) -> User:
    """Somebody is back; Forbidden when they may not come in any more.

    A guest becomes a member once the territory is theirs; a member whose account was made this way becomes a guest
    when they have left for another administration. Whoever moderates is left as they are: administrators decide that.
    """
    user, now = identity.user, standing(person)
    has_moved = siret.siren_of(person.siret) != siret.siren_of(identity.siret)
    if identity.founder and now == Standing.REFUSED and user.role in (Role.GUEST, Role.MEMBER):
        raise errors.Forbidden("This server is for people of its territory: your employer is not among those it knows.")
    if user.role == Role.GUEST and now == Standing.MEMBER:
        user.role = Role.MEMBER
    elif identity.founder and has_moved and user.role == Role.MEMBER and now == Standing.GUEST:
        user.role = Role.GUEST
    service.require_let_in(user)
    identity.email, identity.siret, identity.last_used_at = person.email, person.siret, clock.now()
    session.flush()
    return user


def arrive(person: Person, wish: Wish) -> User:
    """Make an account for somebody who comes for the first time. Raises Forbidden, Invalid, Conflict."""
    found = standing(person)
    if found == Standing.REFUSED:
        raise errors.Forbidden("This server is for people of its territory: your employer is not among those it knows.")
    if not wish.agreement:
        raise errors.Invalid("Accept the rules of this server first.")
    if len(wish.reason.strip()) > registration.REASON:
        raise errors.Invalid(f"A reason has at most {registration.REASON} characters.")
    user = service.register(
        wish.name,
        person.email,
        secrets.token_urlsafe(48),  # nobody knows it: they come in by the service, or ask for a new one by mail
        role=Role.GUEST if found == Standing.GUEST else Role.MEMBER,
        confirmed=person.email_is_proved or not site.settings().email_confirmation,
        approved=found != Standing.APPROVAL and not wish.to_approve,
        display_name=wish.display_name,
    )
    user.language, user.sign_up_ip = text.language_tag(wish.language), wish.ip
    user.reason = wish.reason.strip()
    _keep(user, person, founder=True)
    if user.confirmed_at is None:
        registration.send_link(user)
    else:
        facts.tell(registration.NewcomerArrived(user.account_id))
    return user


def link(user: User, person: Person) -> Identity:
    """Let somebody who is signed in come in by the service, too; Conflict when it leads to another account."""
    known = find(person)
    if known is not None and known.user_id != user.id:
        raise errors.Conflict("This identity belongs to another account here.")
    return known or _keep(user, person, founder=False)


def unlink(user: User, identifier: int) -> None:
    """The service leads to this account no longer."""
    session.execute(sa.delete(Identity).where(Identity.id == identifier, Identity.user_id == user.id))


def propose_name(person: Person) -> str:
    """A free name made of theirs: Zoé Le Goff is zoe_le_goff."""
    plain = text.fold(f"{person.given_name} {person.family_name}") or person.email.partition("@")[0]
    base = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[: service.NAME_LENGTH - 3].strip("_") or "agent"
    tried = (f"{base}{number or ''}" for number in (0, *range(2, 100)))
    free = (name for name in tried if name not in service.RESERVED and service.by_handle(name) is None)
    return next(free, "")


def _keep(user: User, person: Person, *, founder: bool) -> Identity:
    made = Identity(
        issuer=person.issuer,
        subject=person.subject,
        user_id=user.id,
        user=user,
        founder=founder,
        email=person.email,
        siret=person.siret,
        last_used_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made
