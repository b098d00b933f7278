"""A territory's page: what is known of it, whom it is made of, who speaks for it, and what it is like."""

from fediterr.core import siret
from fediterr.territories import directory
from fediterr.territories.models import Territory
from tests import territories as cast


def test_the_cast_of_territories_is_well_formed(fediverse):
    town = fediverse["alvane.test"]
    cast.plant(town)
    assert town.count(Territory) == len(cast.PLACES)
    assert all(siret.is_siren(each.siren) for each in cast.PLACES)
    with town.inside():
        assert [each.name for each in directory.members_of(directory.get(cast.BRUMEUX))] == [
            "Brumeville",
            "Le Haut-Val",
        ]
        assert [each.code for each in directory.successors_of(cast.MERGED)] == ["96001"]
