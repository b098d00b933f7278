"""Finding territories: by their code, their numbers, their groupings."""

import sqlalchemy as sa

from fediterr.core import errors
from fediterr.core.db import session
from fediterr.territories.models import GroupingMember, Outline, Succession, Territory


def get(code: str) -> Territory:
    """The territory with that code; NotFound otherwise."""
    found = by_code(code)
    if found is None:
        raise errors.NotFound("There is no such territory.")
    return found


def by_code(code: str) -> Territory | None:
    return session.scalar(sa.select(Territory).where(Territory.code == code))


def by_siren(siren: str) -> Territory | None:
    return session.scalar(sa.select(Territory).where(Territory.siren == siren))


def many(identifiers: set[int]) -> dict[int, Territory]:
    """These territories by their id, asked for at once."""
    found = session.scalars(sa.select(Territory).where(Territory.id.in_(identifiers))) if identifiers else ()
    return {each.id: each for each in found}


def members_of(grouping: Territory) -> list[Territory]:
    """The territories that make up a grouping, the most populous first."""
    wanted = sa.select(Territory).join(GroupingMember, GroupingMember.member_id == Territory.id)
    wanted = wanted.where(GroupingMember.grouping_id == grouping.id)
    return list(session.scalars(wanted.order_by(Territory.population.desc().nulls_last(), Territory.name)))


def groupings_of(territory: Territory) -> list[Territory]:
    """The groupings that a territory is a member of, by name."""
    wanted = sa.select(Territory).join(GroupingMember, GroupingMember.grouping_id == Territory.id)
    return list(session.scalars(wanted.where(GroupingMember.member_id == territory.id).order_by(Territory.name)))


def outlines_of(identifiers: set[int]) -> dict[int, Outline]:
    """The outlines of these territories by their id, asked for at once."""
    found = session.scalars(sa.select(Outline).where(Outline.territory_id.in_(identifiers))) if identifiers else ()
    return {each.territory_id: each for each in found}


def successors_of(code: str) -> list[Territory]:
    """What became of the territory that had that code: those that are there now, by name."""
    wanted = sa.select(Territory).join(Succession, Succession.successor == Territory.code)
    return list(session.scalars(wanted.where(Succession.code == code).order_by(Territory.name)))


def is_empty() -> bool:
    """Whether no territory is known yet."""
    return session.scalar(sa.select(Territory.id).limit(1)) is None
