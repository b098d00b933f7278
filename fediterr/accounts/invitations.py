"""Invitations: the right to register, passed on by a code, for so many people and so long."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts.models import Account, Invitation
from fediterr.core import clock, errors, site
from fediterr.core.db import session


def create(account: Account | None = None, *, most: int | None = None, lasts: timedelta | None = None) -> Invitation:
    """A new invitation; without a number or a time it has no end."""
    if (most is not None and most < 1) or (lasts is not None and lasts <= timedelta()):
        raise errors.Invalid("An invitation serves at least once, and for some time.")
    made = Invitation(
        code=secrets.token_urlsafe(9),
        account_id=account.id if account else None,
        max_uses=most,
        expires_at=clock.now() + lasts if lasts else None,
    )
    session.add(made)
    session.flush()
    return made


def open_by(code: str) -> Invitation | None:
    """The invitation with that code, while it serves."""
    found = session.scalar(sa.select(Invitation).where(Invitation.code == code.strip())) if code.strip() else None
    if found is None or (found.expires_at and found.expires_at < clock.now()):
        return None
    return found if found.max_uses is None or found.uses < found.max_uses else None


def use(invitation: Invitation) -> bool:
    """Count one who comes in by it; False when somebody else was faster."""
    left = sa.or_(Invitation.max_uses.is_(None), Invitation.uses < Invitation.max_uses)
    once = sa.update(Invitation).where(Invitation.id == invitation.id, left).values(uses=Invitation.uses + 1)
    return bool(session.execute(once.returning(Invitation.id)).all())


def address(invitation: Invitation) -> str:
    return site.address(f"/inscription?code={invitation.code}")
