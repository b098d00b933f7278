"""Comparable territories: kept for all EPCI with the reasons, computed for others, made anew when something changed."""

import dataclasses

import pytest
import sqlalchemy as sa

from fediterr.core import db, site
from fediterr.core.db import session
from fediterr.territories import directory, imports, twins
from fediterr.territories.models import Territory, Twin
from tests import territories as cast
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser


def computed(server: Server) -> int:
    with server.app.app_context():
        try:
            return twins.compute_all()
        finally:
            db.end()


def test_all_epci_are_compared_once_and_again_when_something_has_changed(
    fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    assert computed(brest) == 4
    with brest.inside():
        first, *others = twins.of(directory.get(cast.ALVANE))
        assert first.other.code == cast.BRUMEUX
        assert [each["criterion"] for each in first.reasons][:3] == ["density", "population", "nature"]
        assert 1 > first.score > max(each.score for each in others)
        assert session.scalar(sa.select(sa.func.count()).select_from(Twin)) == 12
    assert computed(brest) == 0
    grid = b"codgeo,dens\n96003,1\n96004,1\n"
    with brest.inside():
        imports.carry_out(imports.prepare("density", grid, "grid.csv", "2025"), grid, "grid.csv")
    fediverse.settle()
    with brest.inside():
        after = next(each for each in twins.of(directory.get(cast.ALVANE)) if each.other.code == cast.BRUMEUX)
        assert after.score < first.score, "Brumeux is a town now"
    assert computed(brest) == 0, "a worker has done it"
    weighed = dataclasses.replace(brest.settings, territories_density=0.0)
    monkeypatch.setattr(site, "settings", lambda: weighed)
    assert computed(brest) == 4, "the weights are others"
    with brest.inside():
        again = twins.of(directory.get(cast.ALVANE))
        assert "density" not in {each["criterion"] for one in again for each in one.reasons}


def test_others_are_compared_among_those_of_their_kind(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    with brest.inside():
        found = twins.of(directory.get("96003"), limit=3)
        assert found[0].other.code == "96002"
        assert all(each.other.kind == "COM" and each.other.ended_on is None for each in found)
        assert twins.of(directory.get(cast.MERGED)) == []
        assert twins.of(directory.get(cast.REGION)) == [], "the only one"
        assert twins.of(directory.get(cast.ALVANE), limit=2)[0].other.code == cast.BRUMEUX, "before all are compared"
        unpeopled = Territory(code="96098", kind="COM", name="Terre-Neuve", sought=" terre neuve", department="96")
        session.add(unpeopled)
        session.flush()
        assert len(twins.of(unpeopled)) == 7


def test_the_page_of_a_territory_says_why(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    computed(brest)
    words = Browser(brest).open(f"/territoires/{cast.ALVANE}").words.replace("\u202f", " ")
    assert "surtout du rural dispersé · population voisine : 18 400 et 21 050 habitants · même nature" in words
    assert "2 compétences en commun" in words
    english = Browser(brest, "en").open(f"/territoires/{cast.ALVANE}").words
    assert "similar population: 18,400 and 21,050 · same legal form" in english
