"""Territories are found as somebody types, and narrowed with counts that tell what each other choice would leave."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.core.db import session
from fediterr.territories import directory, facets, search
from fediterr.territories.facets import Filters
from fediterr.territories.models import Authority
from tests import territories as cast
from tests.fediverse import Fediverse, Server


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    server = fediverse["brest.test"]
    cast.plant(server)
    return server


def _names(words: str, **filters: str) -> list[str]:
    return [each.name for each in search.find(words, Filters(**filters)).territories]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Sorel", "Sorel"),
        ("SAINT ELME", "Saint-Elme-d’Alvane"),
        ("st-elme", "Saint-Elme-d’Alvane"),
        ("alvane elme", "Saint-Elme-d’Alvane"),
        ("etang moines", "L’Étang-aux-Moines"),
        ("etangauxmoines", "L’Étang-aux-Moines"),
        ("Saline", "Les Salines"),
        ("sallines", "Les Salines"),
        ("brumvile", "Brumeville"),
        ("Trois Rivieres", "CC des Trois-Rivières-d’Alvane"),
        ("communauté de communes val brumeux", "CC du Val-Brumeux"),
        ("commune de Portelande", "CA de Portelande"),
        ("vieux pont", "Saint-Elme-d’Alvane"),
        ("96005", "Portelande"),
        ("96", "Hautes-Rives"),
        (cast.SOREL, "Métropole de Grand-Sorel"),
    ],
)
def test_a_territory_is_found_however_it_is_typed(brest: Server, typed: str, first: str) -> None:
    with brest.inside():
        assert _names(typed)[:1] == [first]


def test_the_very_name_comes_before_its_beginning_and_the_more_populous_before_the_smaller(brest: Server) -> None:
    with brest.inside():
        assert _names("sorel") == ["Sorel", "Alvane-et-Sorel", "Métropole de Grand-Sorel"]
        assert _names("po") == ["CA de Portelande", "Portelande"]
        assert not search.find("sorel").near
        assert search.find("sorrell").near


def test_what_is_called_otherwise_or_is_no_more_is_found_no_longer(brest: Server) -> None:
    with brest.inside():
        changed = directory.get("96003")
        changed.name = "Clairville"
        session.flush()
        search.refile([changed.id])
        assert _names("clairvile") == ["Clairville"]
        assert "Clairville" not in _names("brumeville")


def test_counts_tell_what_each_other_choice_would_leave(brest: Server) -> None:
    with brest.inside():
        everything = search.find("")
        assert everything.total == 13
        assert everything.facets["nature"] == {"COM": 7, "CC": 2, "CA": 1, "METRO": 1, "DEP": 1, "REG": 1, "epci": 4}
        rural = search.find("", Filters(nature="COM", density="rural"))
        assert [each.name for each in rural.territories] == [
            "Brumeville", "Saint-Elme-d’Alvane", "Le Haut-Val", "L’Étang-aux-Moines",
        ]  # fmt: skip
        assert rural.facets["nature"]["CC"] == 2
        assert rural.facets["density"]["urbain"] == 1
        assert search.find("", Filters(nature="CC")).facets["competence"] == {"4505": 2, "4510": 2, "4550": 1}
        assert search.find("", Filters(competence="4505")).total == 4
        assert search.find("val", Filters(competence="4505")).total == 1


def test_who_is_on_the_network_is_counted_apart(brest: Server) -> None:
    brest.register("cc-alvane")
    with brest.inside():
        account = accounts.local("cc-alvane")
        session.add(Authority(account_id=account.id, territory_id=directory.get(cast.ALVANE).id))
        session.flush()
        assert search.find("").facets["network"] == {"oui": 1, "non": 12}
        assert _names("", network="oui") == _names("alvane", network="oui") == ["CC des Trois-Rivières-d’Alvane"]
        assert search.find("", Filters(network="oui")).facets["nature"] == {"CC": 1, "epci": 1}


def test_what_makes_no_sense_is_no_filter_and_no_number() -> None:
    asked = facets.read({"nature": "XX", "density": "9", "band": "-1", "region": "53", "network": "oui"})
    assert asked == Filters(region="53", network="oui")
    assert facets.band_of(None) == facets.band_of(499) == 0
    assert facets.band_of(20_000) == 5


def test_a_number_names_one_territory(brest: Server) -> None:
    with brest.inside():
        assert search.by_number("296 100 001") == search.by_number("29610000100017") == directory.get(cast.ALVANE)
        assert search.by_number("96005") == directory.get(cast.CITY)
        assert search.by_number(cast.MERGED) is None
        assert search.by_number("Portelande") is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("brset", "29"),
        ("marseile", "13"),
        ("vilefranche sur saone", "69"),
        ("chateau briant", "44"),
        ("st brieuc", "22"),
        ("la rochele", "17"),
        ("pays iroise", "29"),
    ],
)
def test_all_of_france_is_found_mistyped_too(france: Server, typed: str, first: str) -> None:
    with france.inside():
        found = search.find(typed).territories
        assert first in {each.department for each in found[:3]}, [each.name for each in found[:3]]


def test_counts_of_all_of_france_add_up(france: Server) -> None:
    with france.inside():
        everything = search.find("")
        kinds = everything.facets["nature"]
        assert sum(number for kind, number in kinds.items() if kind not in facets.NATURES) == everything.total
        assert search.find("", Filters(nature="epci")).total == kinds["epci"] == 1255
        brittany = search.find("", Filters(region="53", nature="COM"))
        assert brittany.total == sum(brittany.facets["department"][each] for each in ("22", "29", "35", "56"))
