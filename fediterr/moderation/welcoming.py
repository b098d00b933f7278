"""Letting people in, as moderators do: invitations, e-mail domains that are welcome, and those who wait."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import invitations
from fediterr.accounts.models import Account, Invitation, User
from fediterr.core import paging
from fediterr.core.db import session
from fediterr.moderation import journal, people


def invite(
    actor: Account, *, most: int | None, lasts: timedelta | None, role: str, note: str = "", email: str = ""
) -> Invitation:
    made = invitations.create(actor, most=most, lasts=lasts, role=role, note=note, email=email)
    journal.write_down(actor, "invite", email or note or role)
    return made


def revoke(actor: Account, invitation: Invitation) -> None:
    invitations.revoke(invitation)
    journal.write_down(actor, "revoke_invitation", invitation.email or invitation.note or invitation.role)


def welcome_domain(actor: Account, domain: str) -> None:
    journal.write_down(actor, "welcome_domain", invitations.welcome(domain, actor))


def dismiss_domain(actor: Account, domain: str) -> None:
    invitations.dismiss(domain)
    journal.write_down(actor, "dismiss_domain", domain)


# --- those who wait ------------------------------------------------------------------------------------------------


def newcomers(page: paging.Page) -> list[User]:
    """Who wants to come in and has proved their address, last come first."""
    wanted = sa.select(User).where(User.approved_at.is_(None), User.confirmed_at.is_not(None))
    return paging.take(wanted, User.id, page)


def among(identifiers: Sequence[int]) -> list[User]:
    """Those of these who still wait."""
    wanted = sa.select(User).where(User.id.in_(identifiers), User.approved_at.is_(None))
    return list(session.scalars(wanted.order_by(User.id)))


def accept(actor: Account, chosen: Sequence[User], words: str = "") -> None:
    for user in chosen:
        people.approve(actor, user.account, words)


def refuse(actor: Account, chosen: Sequence[User], words: str = "") -> None:
    for user in chosen:
        people.reject(actor, user.account, words)
