"""What people on different servers say to each other."""

from tests.fediverse import Fediverse


def test_a_post_of_one_town_is_read_in_another(fediverse: Fediverse) -> None:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    maria.says("Bonjour Nantes")
    fediverse.settle()
    assert paul.home() == ["Bonjour Nantes"]
