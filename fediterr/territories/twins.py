"""Which territories are comparable: kept for all EPCI, computed among likely ones for the others."""

import hashlib
import itertools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fediterr.core import db, jobs, site
from fediterr.core.db import session
from fediterr.territories import directory, similarity
from fediterr.territories.models import EPCI, HeldCompetence, Nature, Source, Territory, Twin
from fediterr.territories.similarity import Features, Likeness, Reason

WHAT = "twins"
VERSION = 1  # of the way of comparing: another one is computed anew
KEPT = 20  # for each EPCI
NEAR = 150  # territories looked at that are the next larger ones, the next smaller ones, the nearest around
BATCH = 1_000  # rows of one statement
STEPS = range(1, 8)  # of density

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Comparable:
    """A comparable territory: how alike it is, and why."""

    other: Territory
    score: float
    reasons: list[Reason]


def of(territory: Territory, limit: int = 12) -> list[Comparable]:
    """The territories that are most like one, the most alike first, never more than are kept."""
    limit = min(limit, KEPT)
    kept = sa.select(Twin, Territory).join(Territory, Territory.id == Twin.other_id)
    kept = kept.where(Twin.territory_id == territory.id, Territory.ended_on.is_(None)).order_by(Twin.rank)
    found = [Comparable(other, twin.score, twin.reasons) for twin, other in session.execute(kept.limit(limit))]
    return found or _computed(territory, limit)


def between(territory: Territory, other: Territory) -> Likeness:
    """How alike two territories are, and why."""
    both = features(Territory.id.in_((territory.id, other.id)))
    return similarity.compare(both[territory.id], both[other.id], weights())


def weights() -> dict[str, float]:
    """What each criterion weighs here."""
    settings = site.settings()
    return {name: getattr(settings, f"territories_{name}") for name in similarity.MEASURES}


# --- all EPCI, kept ------------------------------------------------------------------------------------------------


def run() -> None:
    """Compare anew if the territories or the weights have changed since the last time."""
    try:
        compute_all()
    finally:
        db.end()


def compute_all() -> int:
    """Compare all EPCI with each other, and keep the nearest of each; how many, 0 when nothing has changed.

    No lock is held while they are compared; what was kept is replaced at once.
    """
    everyone = features(Territory.kind.in_(EPCI), Territory.ended_on.is_(None))
    weighed = weights()
    digest = _digest(everyone, weighed)
    kept = session.get(Source, WHAT)
    if not everyone or (kept is not None and kept.digest == digest):
        return 0
    with db.aside():
        rows = _rows(everyone, weighed)
    with db.transaction():
        _replace(rows)
        session.merge(Source(what=WHAT, source="", digest=digest, lines=len(everyone)))
    log.info("compared territories", extra={"territories": len(everyone), "kept": len(rows)})
    return len(everyone)


def outdate() -> None:
    """Forget what the comparison was made of: it is made anew."""
    session.execute(sa.delete(Source).where(Source.what == WHAT))
    jobs.later("twins")


def _rows(everyone: Mapping[int, Features], weighed: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {"territory_id": one, "other_id": other, "rank": rank, **_told(everyone[one], everyone[other], weighed)}
        for one, found in similarity.best(everyone, weighed, KEPT).items()
        for rank, (_, other) in enumerate(found, start=1)
    ]


def _told(ours: Features, theirs: Features, weighed: Mapping[str, float]) -> dict[str, Any]:
    found = similarity.compare(ours, theirs, weighed)
    return {"score": found.score, "reasons": found.reasons}


def _replace(rows: list[dict[str, Any]]) -> None:
    db.exclusive(WHAT)
    session.execute(sa.delete(Twin))
    for start in range(0, len(rows), BATCH):
        session.execute(sa.insert(Twin), rows[start : start + BATCH])


def _digest(everyone: Mapping[int, Features], weighed: Mapping[str, float]) -> str:
    """What stands for all that is compared, and how."""
    summed = hashlib.sha256(repr((VERSION, KEPT, sorted(weighed.items()))).encode())
    for one, each in sorted(everyone.items()):
        area = (each.department, each.region, sorted(each.competences), sorted(each.zones))
        summed.update(repr((one, each.kind, each.population, each.density, area)).encode())
    return summed.hexdigest()


# --- one among likely ones -----------------------------------------------------------------------------------------


def _computed(territory: Territory, limit: int) -> list[Comparable]:
    if territory.ended_on is not None:
        return []
    everyone = features(Territory.id.in_({territory.id, *_likely(territory)}))
    ours, weighed = everyone.pop(territory.id), weights()
    criteria = similarity.weighed(weighed)
    ranked = sorted(everyone, key=lambda one: (-similarity.score(ours, everyone[one], criteria), one))[:limit]
    others = directory.many(set(ranked))
    told = {one: similarity.compare(ours, everyone[one], weighed) for one in ranked}
    return [Comparable(others[one], told[one].score, told[one].reasons) for one in ranked if told[one].score > 0]


def _likely(territory: Territory) -> set[int]:
    """Those of its kind that are about as populous, anywhere and around it."""
    kinds = EPCI if territory.kind in EPCI else (territory.kind,)
    wanted = sa.select(Territory.id).where(
        Territory.kind.in_(kinds), Territory.ended_on.is_(None), Territory.id != territory.id
    )  # fmt: skip
    size = territory.population
    around = wanted.where(Territory.department == territory.department)
    if size is None:
        return set(session.scalars((around if territory.department else wanted).limit(NEAR)))
    return {
        each
        for some in (
            wanted.where(Territory.population >= size).order_by(Territory.population),
            wanted.where(Territory.population < size).order_by(Territory.population.desc()),
            around.order_by(sa.func.abs(Territory.population - size)),
        )
        for each in session.scalars(some.limit(NEAR))
    }


# --- what is compared ----------------------------------------------------------------------------------------------


def features(*conditions: sa.ColumnElement[bool]) -> dict[int, Features]:
    """What is compared of these territories, by their id."""
    columns = (
        Territory.id, Territory.kind, Territory.population, Territory.density_profile, Territory.density7,
        Territory.department, Territory.region, Territory.zones,
    )  # fmt: skip
    rows = session.execute(sa.select(*columns).where(*conditions).order_by(Territory.id)).all()
    held = sa.select(HeldCompetence.territory_id, HeldCompetence.code)
    held = held.join(Territory, Territory.id == HeldCompetence.territory_id).where(*conditions)
    pairs = session.execute(held.order_by(HeldCompetence.territory_id)).all()
    competences = {
        one: frozenset(code for _, code in some) for one, some in itertools.groupby(pairs, key=lambda pair: pair[0])
    }
    return {
        row.id: Features(
            kind=row.kind,
            population=row.population,
            density=_profile(row.kind, row.density_profile, row.density7),
            department=row.department,
            region=row.region,
            competences=competences.get(row.id, frozenset()),
            zones=frozenset(map(str, row.zones)),
        )
        for row in rows
    }


def _profile(kind: str, profile: list[Any] | None, step: int | None) -> tuple[float, ...] | None:
    """A commune lies at one step."""
    if profile is not None and len(profile) == len(STEPS):
        return tuple(map(float, profile))
    return tuple(float(each == step) for each in STEPS) if kind == Nature.COMMUNE and step else None
