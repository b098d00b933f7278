"""Finding territories: by their code, their numbers, their groupings."""

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import errors, siret
from fediterr.core.db import session
from fediterr.territories import successions
from fediterr.territories.models import (
    EPCI,
    Authority,
    Competence,
    GroupingMember,
    HeldCompetence,
    Nature,
    Outline,
    Succession,
    Territory,
)


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


def by_insee(number: str) -> Territory | None:
    """By an INSEE code: of a commune, else of a department, else of a region, which share some."""
    wanted = sa.select(Territory).where(Territory.insee_code == number)
    return session.scalars(
        wanted.order_by(Territory.ended_on.is_not(None), sa.func.length(Territory.code), Territory.code)
    ).first()


def by_number(written: str) -> Territory | None:
    """By its code, or another number that the registers know it by: SIREN, SIRET of its seat, INSEE code."""
    number = siret.normal(written).upper()
    if siret.is_siret(number):
        number = siret.siren_of(number)
    if siret.is_siren(number):
        return by_siren(number)
    return by_code(number) or by_insee(number)


def many(identifiers: set[int]) -> dict[int, Territory]:
    """These territories by their id, asked for at once."""
    found = session.scalars(sa.select(Territory).where(Territory.id.in_(identifiers))) if identifiers else ()
    return {each.id: each for each in found}


def members_of(grouping: Territory) -> list[Territory]:
    """The territories that make up a grouping, the most populous first."""
    wanted = sa.select(Territory).join(GroupingMember, GroupingMember.member_id == Territory.id)
    wanted = wanted.where(GroupingMember.grouping_id == grouping.id)
    return list(session.scalars(wanted.order_by(Territory.population.desc().nulls_last(), Territory.name)))


def epci_within(territory: Territory) -> list[Territory]:
    """The communautés and métropoles where most people live in a department or in a region, the most populous first."""
    where = Territory.department if territory.kind == Nature.DEPARTMENT else Territory.region
    wanted = sa.select(Territory).where(
        Territory.kind.in_(EPCI), where == territory.insee_code, Territory.ended_on.is_(None)
    )
    return list(session.scalars(wanted.order_by(Territory.population.desc().nulls_last(), Territory.name)))


def groupings_of(territory: Territory) -> list[Territory]:
    """The groupings of today that a territory is a member of, by name."""
    wanted = sa.select(Territory).join(GroupingMember, GroupingMember.grouping_id == Territory.id)
    wanted = wanted.where(GroupingMember.member_id == territory.id, Territory.ended_on.is_(None))
    return list(session.scalars(wanted.order_by(Territory.name)))


def outlines_of(identifiers: set[int]) -> dict[int, Outline]:
    """The outlines of these territories by their id, asked for at once."""
    found = session.scalars(sa.select(Outline).where(Outline.territory_id.in_(identifiers))) if identifiers else ()
    return {each.territory_id: each for each in found}


def competences_of(territory: Territory) -> list[tuple[Competence, str]]:
    """What a grouping does for its members, by code, and how it holds it."""
    wanted = sa.select(Competence, HeldCompetence.mode).join(HeldCompetence, HeldCompetence.code == Competence.code)
    wanted = wanted.where(HeldCompetence.territory_id == territory.id).order_by(Competence.code)
    return [(each, mode) for each, mode in session.execute(wanted)]


def merged_into(code: str) -> list[Succession]:
    """What became a part of the territory with that code, or was it under another, the last one first."""
    wanted = sa.select(Succession).where(Succession.successor == code)
    return list(session.scalars(wanted.order_by(Succession.happened_on.desc().nulls_last(), Succession.code)))


def by_codes(codes: set[str]) -> dict[str, Territory]:
    """These territories by their code, asked for at once."""
    found = session.scalars(sa.select(Territory).where(Territory.code.in_(codes))) if codes else ()
    return {each.code: each for each in found}


def successors_of(code: str) -> list[Territory]:
    """What became of the territory that had that code: those that are there now, by name."""
    wanted = sa.select(Territory).where(Territory.code.in_(successions.living(code)))
    return list(session.scalars(wanted.order_by(Territory.name)))


def census() -> list[tuple[str, int, int]]:
    """How many territories there are of each kind, the most frequent first, and for how many an account stands."""
    present = sa.select(Authority.territory_id).join(Account, Account.id == Authority.account_id)
    present = present.where(Account.suspended_at.is_(None), Authority.territory_id.is_not(None))
    here = sa.func.sum(sa.case((Territory.id.in_(present), 1), else_=0))
    counted = sa.select(Territory.kind, sa.func.count(), here).where(Territory.ended_on.is_(None))
    found = session.execute(counted.group_by(Territory.kind).order_by(sa.func.count().desc(), Territory.kind))
    return [(kind, number, int(there)) for kind, number, there in found]


def of_kind(kind: str) -> list[Territory]:
    """All of a nature that are still there, by code."""
    wanted = sa.select(Territory).where(Territory.kind == kind, Territory.ended_on.is_(None))
    return list(session.scalars(wanted.order_by(Territory.code)))


def region_of(territory: Territory) -> Territory | None:
    """The region that a territory lies in."""
    kinds = Territory.kind.in_((Nature.REGION, Nature.SINGLE))
    return session.scalar(sa.select(Territory).where(kinds, Territory.region == territory.region).limit(1))


def competences() -> dict[str, str]:
    """All competences that are known, by their code: what groupings do, in words."""
    found = session.scalars(sa.select(Competence).order_by(Competence.label))
    return {each.code: each.label for each in found}


def is_empty() -> bool:
    """Whether no territory is known yet."""
    return session.scalar(sa.select(Territory.id).limit(1)) is None
