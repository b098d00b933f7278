"""The right to register: passed on by a code, for so many people and so long; or that of an e-mail domain."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import letters, service
from fediterr.accounts.models import Account, Invitation, Role, User, WelcomedDomain
from fediterr.core import clock, errors, paging, site
from fediterr.core.db import insert_once, session

NOTE = 200  # characters


def create(
    account: Account | None = None,
    *,
    most: int | None = None,
    lasts: timedelta | None = None,
    role: str = Role.MEMBER,
    note: str = "",
    email: str = "",
) -> Invitation:
    """A new invitation; without a number or a time it has no end. With an address, it is sent there and serves once.

    Forbidden for a role above one's own; nobody as the account is the operator at the command line.
    """
    if (most is not None and most < 1) or (lasts is not None and lasts <= timedelta()):
        raise errors.Invalid("An invitation serves at least once, and for some time.")
    if role not in set(Role):
        raise errors.Invalid(f"There is no role {role}: choose admin, moderator, member or guest.")
    if len(note) > NOTE:
        raise errors.Invalid(f"A note has at most {NOTE} characters.")
    if account is not None and not _may_give(account, role):
        raise errors.Forbidden("Nobody invites to a role above their own.")
    if email:
        if not site.settings().mail_host:
            raise errors.Invalid("This server sends no mail: pass the link on yourself.")
        if not service.is_email(email):
            raise errors.Invalid("This is not an e-mail address.")
        if service.by_email(email):
            raise errors.Conflict("This e-mail address has an account already.")
        most = 1
    made = Invitation(
        code=secrets.token_urlsafe(9),
        account_id=account.id if account else None,
        max_uses=most,
        expires_at=clock.now() + lasts if lasts else None,
        role=role,
        note=note,
        email=email or None,
    )
    session.add(made)
    session.flush()
    if email:
        letters.invited(email, account.shown_name if account else site.settings().name, address(made), made.expires_at)
    return made


def _may_give(account: Account, role: str) -> bool:
    user = service.user_of(account)
    return user is not None and service.ranks(user, role)


def is_open(invitation: Invitation) -> bool:
    """Whether it still serves."""
    over = invitation.expires_at is not None and invitation.expires_at < clock.now()
    used = invitation.max_uses is not None and invitation.uses >= invitation.max_uses
    return invitation.revoked_at is None and not over and not used


def open_by(code: str) -> Invitation | None:
    """The invitation with that code, while it serves."""
    found = session.scalar(sa.select(Invitation).where(Invitation.code == code.strip())) if code.strip() else None
    return found if found is not None and is_open(found) else None


def use(invitation: Invitation) -> bool:
    """Count one who comes in by it; False when somebody else was faster."""
    left = sa.or_(Invitation.max_uses.is_(None), Invitation.uses < Invitation.max_uses)
    still = sa.and_(Invitation.id == invitation.id, Invitation.revoked_at.is_(None), left)
    once = sa.update(Invitation).where(still).values(uses=Invitation.uses + 1)
    return bool(session.execute(once.returning(Invitation.id)).all())


def address(invitation: Invitation) -> str:
    return site.address(f"/inscription?code={invitation.code}")


def get(identifier: int) -> Invitation:
    found = session.get(Invitation, identifier)
    if found is None:
        raise errors.NotFound("There is no such invitation.")
    return found


def listed(page: paging.Page) -> list[Invitation]:
    """The newest first."""
    return paging.take(sa.select(Invitation), Invitation.id, page)


def revoke(invitation: Invitation) -> None:
    """It serves nobody from now on; whoever came by it stays."""
    invitation.revoked_at = invitation.revoked_at or clock.now()


def comers(shown: list[Invitation]) -> dict[int, list[Account]]:
    """Who came by each of these, the first first."""
    found: dict[int, list[Account]] = {}
    wanted = sa.select(User).where(User.invitation_id.in_([each.id for each in shown])).order_by(User.id)
    for user in session.scalars(wanted):
        found.setdefault(user.invitation_id or 0, []).append(user.account)
    return found


# --- e-mail domains ------------------------------------------------------------------------------------------------


def welcome(domain: str, account: Account) -> str:
    """Let whoever proves an address of that domain come in without being read first; its spelling here."""
    name = domain.strip().lower().removeprefix("@").rstrip(".")
    if not service.is_email(f"someone@{name}") or "." not in name:
        raise errors.Invalid(f"{name} is not a domain.")
    row = {"domain": name, "account_id": account.id, "created_at": clock.now()}
    if not insert_once(WelcomedDomain, row):
        raise errors.Conflict("This domain is welcome already.")
    return name


def dismiss(domain: str) -> None:
    session.execute(sa.delete(WelcomedDomain).where(WelcomedDomain.domain == domain))


def welcomed() -> list[WelcomedDomain]:
    return list(session.scalars(sa.select(WelcomedDomain).order_by(WelcomedDomain.domain)))


def is_welcome(email: str) -> bool:
    """Whether an address is of a domain that is welcome. Where no address is proved, none is."""
    domain = email.rpartition("@")[2].strip().lower().rstrip(".")
    return site.settings().email_confirmation and session.get(WelcomedDomain, domain) is not None


def any_welcome() -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(WelcomedDomain.domain.is_not(None)))))
