"""Whom a territory is compared with on the network: the accounts of comparable territories, and of their agents."""

from typing import NamedTuple

import sqlalchemy as sa

from fediterr.accounts import speakers
from fediterr.accounts.models import Account, User
from fediterr.core import site
from fediterr.core.db import session
from fediterr.territories import directory, twins
from fediterr.territories.models import EPCI, Authority, Employment, Nature, Territory


class Voices(NamedTuple):
    """Ids of accounts that stand for some territories: those that are verified, and those that only say so."""

    verified: set[int]
    others: set[int]


def home_of(user: User) -> Territory | None:
    """The territory that somebody works for: as they say, else as they hold an office of it, else this server's own."""
    said = sa.select(Employment.employer_id).where(Employment.account_id == user.account_id)
    employers = [*session.scalars(said), *(each.id for each in speakers.of(user))]
    known = sa.select(Authority.account_id, Authority.territory_id).where(Authority.account_id.in_(employers))
    theirs = {account: where for account, where in session.execute(known) if where is not None}
    identifier = next((theirs[each] for each in employers if each in theirs), None)
    return session.get(Territory, identifier) if identifier else own()


def own() -> Territory | None:
    """The territory that this server belongs to; none for a network that is no territory."""
    code = site.settings().territory_code
    return directory.by_code(code) if code else None


def compared(territory: Territory) -> Territory:
    """Whose twins are meant: its own; of a commune, whose like is seldom there, those of the communauté it is in."""
    groupings = directory.groupings_of(territory) if territory.kind == Nature.COMMUNE else []
    return next((each for each in groupings if each.kind in EPCI), territory)


def alike(territory: Territory) -> set[int]:
    """The ids of its twins, as many as are ever kept."""
    return {each.other.id for each in twins.of(territory, twins.KEPT)}


def voices_like(territory: Territory) -> Voices:
    """The accounts that stand for the twins of a territory, here and elsewhere."""
    wanted = sa.select(Authority.account_id, Authority.verified_at.is_not(None))
    wanted = wanted.join(Account, Account.id == Authority.account_id)
    wanted = wanted.where(Authority.territory_id.in_(alike(territory)), Account.suspended_at.is_(None))
    found = session.execute(wanted).all()
    verified = {identifier for identifier, is_verified in found if is_verified}
    return Voices(verified, {identifier for identifier, _ in found} - verified)


def agents_of(authorities: set[int]) -> set[int]:
    """Who says that they work there, and whom these authorities name among their own."""
    wanted = sa.select(Employment.account_id).where(Employment.employer_id.in_(authorities), Employment.confirmed)
    return set(session.scalars(wanted)) if authorities else set()


def present(territories: set[int]) -> set[int]:
    """Those of these territories that an account stands for, of here or of elsewhere."""
    there = sa.select(Authority.territory_id).join(Account, Account.id == Authority.account_id)
    there = there.where(Authority.territory_id.in_(territories), Account.suspended_at.is_(None))
    return {each for each in session.scalars(there) if each is not None} if territories else set()
