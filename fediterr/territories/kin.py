"""Whom a territory is compared with on the network: the accounts of comparable territories, and of their agents."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core.db import session
from fediterr.territories.models import Authority, Territory, Twin

SHOWN = 12


def twins_of(territory: Territory, limit: int = SHOWN) -> list[Twin]:
    wanted = sa.select(Twin).where(Twin.territory_id == territory.id)
    return list(session.scalars(wanted.order_by(Twin.rank).limit(limit)))


def authorities_of(territory: Territory) -> list[Authority]:
    wanted = sa.select(Authority).join(Account, Account.id == Authority.account_id)
    wanted = wanted.where(Authority.territory_id == territory.id, Account.suspended_at.is_(None))
    return list(session.scalars(wanted))


def present(territories: set[int]) -> set[int]:
    """Those of these territories that an account stands for, of here or of elsewhere."""
    there = sa.select(Authority.territory_id).join(Account, Account.id == Authority.account_id)
    there = there.where(Authority.territory_id.in_(territories), Account.suspended_at.is_(None))
    return {each for each in session.scalars(there) if each is not None} if territories else set()
