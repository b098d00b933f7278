"""A small cast of invented territories, in a department 96 that is nowhere, for any story to write into a server.

    cast.plant(brest)
    brest.get(f"/territoires/{cast.ALVANE}", accept="text/html")

`python -m tests.territories` writes it into the server that the environment describes.

Two rural communautés de communes of one size (Alvane and Brumeux), an agglomeration, a métropole, their communes, the
department and the region around them, and a commune that was merged into another.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from fediterr.core.db import session
from fediterr.territories import search, spelling
from fediterr.territories.models import (
    Competence,
    GroupingMember,
    HeldCompetence,
    Nature,
    Outline,
    Succession,
    Territory,
)
from tests.fediverse import Server

REGION, DEPARTMENT = "R96", "D96"
ALVANE, BRUMEUX = "296100001", "296200009"  # communautés de communes
PORTELANDE, SOREL = "296300007", "296400005"  # communauté d'agglomération, métropole
CITY, MERGED = "96005", "96099"  # the commune of Portelande; the one that became a part of Saint-Elme-d'Alvane
SOURCES = {
    "register": {"source": "Registre inventé", "vintage": "2025"},
    "population": {"source": "Registre inventé", "vintage": "2023"},
    "outline": {"source": "Cadastre inventé", "vintage": "2025"},
}
COMPETENCES = {
    "4505": "Eau (traitement, adduction, distribution)",
    "4510": "Collecte et traitement des déchets",
    "4550": "Plan local d’urbanisme",
    "4525": "Organisation de la mobilité",
}
RURAL = [0.0, 0.0, 0.0, 0.0, 0.18, 0.52, 0.30]
URBAN = [0.0, 0.41, 0.22, 0.0, 0.17, 0.20, 0.0]
DENSE = [0.78, 0.0, 0.16, 0.0, 0.06, 0.0, 0.0]


@dataclass(frozen=True)
class Place:
    """What a story needs to know of a territory; its square of the map goes by its place in the list."""

    code: str
    kind: str
    name: str
    population: int
    siren: str
    density7: int
    profile: list[float]
    area: float
    members: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    ended_on: date | None = None


def _commune(code: str, name: str, population: int, density7: int, area: float, **more: Any) -> Place:
    profile = [float(each == density7) for each in range(1, 8)]
    return Place(code, Nature.COMMUNE, name, population, _siren(code), density7, profile, area, **more)


def _siren(code: str) -> str:
    """An invented number that is well formed: its last digit follows from the others."""
    digits = f"29{code}0"
    total = sum(sum(divmod(int(each) * (1 if place % 2 else 2), 10)) for place, each in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


PLACES = (
    Place(
        REGION, Nature.REGION, "Hautes-Rives", 2_100_000, "296000003", 3, DENSE, 21_000.0,
        members=(DEPARTMENT,),
    ),
    Place(
        DEPARTMENT, Nature.DEPARTMENT, "Alvane-et-Sorel", 612_000, "296001001", 4, URBAN, 5_800.0,
        members=(ALVANE, BRUMEUX, PORTELANDE, SOREL),
    ),
    Place(
        ALVANE, Nature.CC, "CC des Trois-Rivières-d’Alvane", 18_400, ALVANE, 6, RURAL, 412.0,
        members=("96001", "96002"), competences=("4505", "4510", "4550"),
    ),
    Place(
        BRUMEUX, Nature.CC, "CC du Val-Brumeux", 21_050, BRUMEUX, 6, RURAL, 387.5,
        members=("96003", "96004"), competences=("4505", "4510"),
    ),
    Place(
        PORTELANDE, Nature.CA, "CA de Portelande", 96_200, PORTELANDE, 4, URBAN, 530.0,
        members=(CITY, "96006"), competences=("4505", "4510", "4525"),
    ),
    Place(
        SOREL, Nature.METROPOLE, "Métropole de Grand-Sorel", 451_000, SOREL, 1, DENSE, 310.0,
        members=("96007",), competences=tuple(COMPETENCES),
    ),
    _commune("96001", "Saint-Elme-d’Alvane", 11_900, 5, 96.0),
    _commune("96002", "L’Étang-aux-Moines", 6_500, 6, 120.4),
    _commune("96003", "Brumeville", 14_050, 6, 140.0),
    _commune("96004", "Le Haut-Val", 7_000, 7, 88.1),
    _commune(CITY, "Portelande", 46_000, 2, 61.3),
    _commune("96006", "Les Salines", 50_200, 4, 75.0),
    _commune("96007", "Sorel", 451_000, 1, 310.0),
    _commune(MERGED, "Vieux-Pont", 420, 7, 12.0, ended_on=date(2024, 1, 1)),
)  # fmt: skip


def plant(server: Server) -> None:
    """Write the cast into a server."""
    with server.inside():
        write()


def write() -> dict[str, Territory]:
    """The same within a unit of work: the territories by their code."""
    made = {each.code: _territory(each, number) for number, each in enumerate(PLACES)}
    session.add_all(made.values())
    session.add_all(Competence(code=code, label=label) for code, label in COMPETENCES.items())
    session.flush()
    for number, each in enumerate(PLACES):
        here = made[each.code]
        session.add(_outline(here.id, number))
        session.add_all(GroupingMember(grouping_id=here.id, member_id=made[code].id) for code in each.members)
        session.add_all(HeldCompetence(territory_id=here.id, code=code) for code in each.competences)
    session.add(Succession(code=MERGED, successor="96001", reason="merger", happened_on=date(2024, 1, 1)))
    session.flush()
    search.refile_all()
    return made


def _territory(place: Place, number: int) -> Territory:
    is_commune = place.kind == Nature.COMMUNE
    return Territory(
        code=place.code, kind=place.kind, siren=place.siren, name=place.name, sought=spelling.sought(place.name),
        insee_code=place.code.lstrip("DR") if place.siren != place.code else None,
        tax_regime=None if is_commune or place.kind in (Nature.REGION, Nature.DEPARTMENT) else "FPU",
        population=place.population, population_total=place.population + 150, population_year=2023,
        density7=place.density7, density_profile=place.profile,
        department=None if place.kind == Nature.REGION else "96", departments=["96"], region="96",
        area_km2=place.area, latitude=47.0 + number / 20, longitude=-1.0 + number / 20,
        sources=SOURCES, ended_on=place.ended_on,
    )  # fmt: skip


def _outline(identifier: int, number: int) -> Outline:
    """A crooked pentagon, another for each."""
    left, top, width, height = 100 * number, 50 * number, 90 + number, 70
    corners = ((20, 0), (width, 10), (70, height), (10, 60), (0, 25))
    path = "M" + "L".join(f"{left + x} {top + y}" for x, y in corners) + "Z"
    return Outline(territory_id=identifier, path=path, left=left, top=top, width=width, height=height)


def main() -> None:
    app = create_app(settings.load(), queue=jobs.MemoryQueue())
    with app.app_context(), db.transaction():
        write()


if __name__ == "__main__":
    main()
