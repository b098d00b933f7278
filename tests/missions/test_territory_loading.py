"""The packaged directory: what is in it, how it is loaded, and what a new year changes."""

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.core import db
from fediterr.territories import directory, imports, loading, register, search, successions
from fediterr.territories.models import EPCI, Authority, GroupingMember, Nature, Outline, Territory
from tests.fediverse import Fediverse, Server

FILES = ("territories", "outlines", "memberships", "successions")
Packaging = Callable[..., None]


def test_the_files_are_those_that_the_manifest_tells() -> None:
    told = register.manifest()
    for name in FILES:
        content = register.content(name)
        assert hashlib.sha256(content).hexdigest() == told["files"][name]["sha256"]
        assert content.count(b"\n") - 1 == register.count(name)
    size = sum(path.stat().st_size for path in register.DATA.iterdir())
    assert size < 5_000_000
    assert told["licence"].startswith("Licence Ouverte 2.0")
    assert {"IGN", "INSEE", "DGCL", "DILA", "Etalab"} <= set(" ".join(loading.SOURCES).replace(",", " ").split())


def test_all_of_france_is_in_it(france: Server) -> None:
    with france.inside():
        counted = sa.select(Territory.kind, sa.func.count()).where(Territory.ended_on.is_(None))
        kinds = dict(db.session.execute(counted.group_by(Territory.kind)).all())
        assert kinds[Nature.COMMUNE] == 34_969
        assert sum(kinds[each] for each in EPCI) == 1_255
        assert (kinds[Nature.EPT], kinds[Nature.DEPARTMENT], kinds[Nature.OTHER]) == (11, 102, 8)
        assert (kinds[Nature.REGION], kinds[Nature.SINGLE]) == (14, 4)
        drawn = sa.select(Territory.code).outerjoin(Outline, Outline.territory_id == Territory.id)
        lacking = set(
            db.session.scalars(
                drawn.where(Outline.path.is_(None), Territory.region.is_not(None), Territory.ended_on.is_(None))
            )
        )
        assert lacking == set(register.manifest()["without_outline"])
        people = sa.select(sa.func.sum(Territory.population))
        assert db.session.scalar(people.where(Territory.kind == Nature.COMMUNE)) > 68_000_000
        delegated = directory.get("49069")  # Champtoceaux, a part of Orée d’Anjou: found by its name
        assert (delegated.name, delegated.ended_on is None) == ("Champtoceaux", False)
        assert [each.code for each in directory.successors_of("49069")] == ["49126"]
        assert [each.code for each in search.find("champtoceaux").territories] == ["49126"]


def test_a_rural_community_and_a_metropole_find_themselves_and_their_members(france: Server) -> None:
    with france.inside():
        rural, metropole = directory.by_siren("200000172"), directory.by_siren("242900314")
        assert rural is not None
        assert metropole is not None
        assert (rural.kind, rural.tax_regime, rural.departments, rural.region) == (Nature.CC, "FPU", ["74"], "84")
        assert [each.code for each in directory.groupings_of(rural)] == ["D74"]
        assert len(directory.members_of(rural)) == 7
        assert [each.name for each in directory.members_of(metropole)][:2] == ["Brest", "Guipavas"]
        assert metropole.population == sum(each.population or 0 for each in directory.members_of(metropole))
        assert metropole.area_km2 == pytest.approx(218, abs=2)
        brest = directory.get("29019")
        assert (brest.siren, brest.sources["population"]) == ("212900195", {"source": "INSEE", "vintage": "2023"})
        assert (brest.latitude, brest.longitude) == (pytest.approx(48.4, abs=0.05), pytest.approx(-4.5, abs=0.05))
        assert [each.code for each in directory.successors_of("01003")] == ["01165"]
        assert directory.get("97411").zones == ["outre-mer"]


def test_neighbours_share_their_borders(france: Server) -> None:
    """Each step of a border inland is drawn twice: once from each side, the other way round."""
    with france.inside():
        steps: set[tuple[tuple[int, int], tuple[int, int]]] = set()
        inland = [each for each in directory.members_of(directory.get("200000172")) if each.kind == Nature.COMMUNE]
        for each in directory.outlines_of({each.id for each in inland}).values():
            corners = _corners(each.path)
            assert min(x for x, _ in corners) == each.left
            assert max(y for _, y in corners) == each.top + each.height
            steps |= set(zip(corners, corners[1:] + corners[:1], strict=True))
        assert sum((after, before) in steps for before, after in steps) > len(steps) / 3


def _corners(path: str) -> list[tuple[int, int]]:
    """Those of the first ring of a path."""
    start, _, rest = path.removeprefix("M").partition("z")[0].partition("l")
    numbers = [int(each) for each in rest.replace("-", " -").split()]
    corners = [tuple(int(each) for each in start.replace("-", " -").split())]
    for x, y in zip(numbers[::2], numbers[1::2], strict=True):
        corners.append((corners[-1][0] + x, corners[-1][1] + y))
    return corners  # type: ignore[return-value]


def test_loading_twice_changes_nothing(france: Server) -> None:
    with france.inside():
        commune = directory.get("29019")
        commune.density7, commune.zones = 2, ["littoral"]
        commune.sources = {**commune.sources, "density": {"source": "INSEE", "vintage": "2024"}}
        identifier = commune.id
    with france.inside():
        again = loading.load()
        assert (again.new, again.changed, again.same, again.ended) == (0, 0, register.count("territories"), 0)
        kept = directory.get("29019")
        assert (kept.id, kept.density7, kept.zones) == (identifier, 2, ["littoral"])
        kept.name = "Brest-même"
    with france.inside():
        assert loading.load().changed == 1
        assert directory.get("29019").name == "Brest"


# --- another year ---------------------------------------------------------------------------------------------------


def territory(code: str, kind: str = "COM", **more: Any) -> dict[str, Any]:
    """A row as the package has it."""
    return {
        "code": code, "kind": kind, "siren": None, "insee_code": code, "name": f"Lieu {code}",
        "sought": f" lieu {code}", "tax_regime": "FPU" if kind in EPCI else None, "population": 100,
        "population_total": 110, "population_year": 2023, "department": "96", "departments": ["96"], "region": "96",
        "area_km2": 1.0, "latitude": 47.0, "longitude": 2.0, "zones": [], "sources": {"register": {"source": "?"}},
        **more,
    }  # fmt: skip


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch) -> Packaging:
    """Puts an invented package in the place of ours."""

    def put(rows: list[Any], members: list[Any], became: list[Any] = [], day: date = date(2030, 1, 1)) -> None:  # noqa: B006
        monkeypatch.setattr(register, "territories", lambda: iter(rows))
        monkeypatch.setattr(register, "outlines", lambda: iter(()))
        monkeypatch.setattr(register, "memberships", lambda: iter(members))
        monkeypatch.setattr(register, "successions", lambda: iter(became))
        monkeypatch.setattr(register, "former", lambda: iter(()))
        monkeypatch.setattr(register, "begins_on", lambda: day)

    return put


def test_what_is_merged_keeps_its_past_and_leads_on(fediverse: Fediverse, packaging: Packaging) -> None:
    brest = fediverse["brest.test"]
    maria, paul = brest.register("maria"), brest.register("paul")
    communes = [territory("96001", siren="296960012"), territory("96002"), territory("96003")]
    old, other, alone = territory("296960020", "CC"), territory("296960038", "CA"), territory("296960046", "CC")
    packaging([*communes, old, other, alone], [("296960020", "96001"), ("296960020", "96002"), ("296960038", "96003")])
    with brest.inside():
        loading.load()
        directory.get("96002").density7 = 7
        for who, code in ((maria, "96002"), (paul, "296960046")):
            account = accounts.local(who.name)
            db.session.add(Authority(account_id=account.id, territory_id=directory.get(code).id))
        syndicate = Territory(code="296960053", kind=Nature.SIVU, name="Syndicat des Eaux", siren="296960053")
        db.session.add(syndicate)  # imported: the package knows of none
        db.session.flush()
        db.session.add(GroupingMember(grouping_id=syndicate.id, member_id=directory.get("96002").id))
    merged = {"code": "96002", "successor": "96004", "reason": "merger", "happened_on": None}
    new = territory("96004", siren="296960012")  # the new commune takes the number of one that it is made of
    became = [merged, {**merged, "code": "96001"}]
    packaging([new, communes[2], other], [("296960038", "96003"), ("296960038", "96004")], became, date(2031, 1, 1))
    with brest.inside():
        loaded = loading.load()
        assert (loaded.new, loaded.same, loaded.ended, loaded.relinked) == (1, 2, 4, 1)
        gone = directory.get("96002")
        assert (gone.ended_on, gone.density7) == (date(2031, 1, 1), 7)
        assert [each.code for each in directory.successors_of("96002")] == ["96004"]
        assert directory.get("96001").siren is None
        assert [each.code for each in directory.members_of(directory.get("296960053"))] == ["96004"]
        assert _stands_for(maria.name) == "96004"
        assert [each.code for each in directory.successors_of("296960020")] == ["296960038"]  # where its land is now
        # Of a communauté without members nobody can tell what it became…
        assert directory.successors_of("296960046") == []
        assert _stands_for(paul.name) == "296960046"
    with brest.inside():
        assert dataclasses.astuple(loading.load()) == (0, 0, 3, 0, 0)
        # … until somebody says.
        said = b"code,successor,reason,date\n296960046,296960038,merger,2031-01-01\n"
        summary = imports.carry_out(imports.prepare("successions", said, "said.csv"), said, "said.csv")
        assert (summary.read, summary.changed, summary.unknown) == (1, 1, [])
        assert _stands_for(paul.name) == "296960038"
        assert imports.prepare("successions", said, "said.csv").summary.changed == 0


def _stands_for(name: str) -> str:
    found = db.session.get(Authority, accounts.local(name).id)
    assert found is not None
    assert found.territory is not None
    return found.territory.code


def test_a_grouping_became_that_where_its_members_are(fediverse: Fediverse, packaging: Packaging) -> None:
    brest = fediverse["brest.test"]
    communes = [territory("96001"), territory("96002"), territory("96003")]
    packaging(
        [*communes, territory("1", "CC"), territory("2", "CC"), territory("3", "CA")],
        [("1", "96001"), ("1", "96002"), ("2", "96003")],
    )
    with brest.inside():
        loading.load()
    packaging([*communes, territory("3", "CA")], [("3", each["code"]) for each in communes])
    with brest.inside():
        assert loading.load().ended == 2
        assert [each.code for each in directory.successors_of("1")] == ["3"]
        assert [each.code for each in directory.members_of(directory.get("3"))] == ["96001", "96002", "96003"]
        assert [each.code for each in directory.groupings_of(directory.get("96001"))] == ["3"]
        assert len(directory.members_of(directory.get("1"))) == 2  # as it was at the end
    packaging([*communes, territory("1", "CC")], [("1", "96001")], day=date(2032, 1, 1))
    with brest.inside():
        loading.load()
        assert directory.get("1").ended_on is None  # restored


MOVEMENTS = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP
32,2029-01-01,COM,96091,0,A,A,A,COM,96001,Lieu
32,2029-01-01,COM,96091,0,A,A,A,COMD,96091,A
33,1973-01-01,COM,96002,0,B,B,B,COM,96003,Lieu
21,1990-01-01,COM,96003,0,B,B,B,COM,96002,Lieu
10,2001-01-01,COM,96003,0,C,C,C,COM,96003,Lieu
41,1968-01-01,COM,78001,0,D,D,D,COM,96091,A
31,2031-01-01,COM,96002,0,B,B,B,COM,96003,Lieu
"""


def test_the_movements_that_insee_tells_lead_on(fediverse: Fediverse, packaging: Packaging) -> None:
    brest = fediverse["brest.test"]
    packaging([territory("96001"), territory("96002"), territory("96003")], [])
    with brest.inside():
        loading.load()
        said = MOVEMENTS.encode()
        prepared = imports.prepare("successions", said, "v_mvt_commune_2031.csv")
        assert (prepared.summary.changed, prepared.summary.unknown, prepared.summary.vintage) == (3, [], "2031")
        imports.carry_out(prepared, said, "v_mvt_commune_2031.csv")
        assert successions.living("78001") == {"96001"}  # over two steps
        assert directory.get("96002").ended_on == date(2031, 1, 1)
        assert [each.code for each in directory.successors_of("96002")] == ["96003"]
        assert imports.prepare("successions", said, "v_mvt_commune_2031.csv").summary.changed == 0
        assert loading.load().changed == 0  # what happened after the data of the package stays
