"""Names of territories are found however they are spelled."""

import pytest

from fediterr.territories import spelling


@pytest.mark.parametrize(
    "spellings",
    [
        ("La Rochelle", "rochelle", "ROCHELLE (LA)"),
        ("L'Haÿ-les-Roses", "hay les roses", "L’Hay Roses"),
        ("Saint-Étienne", "St Etienne", "st.-etienne"),
        ("Sainte-Foy", "STE FOY"),
        ("Œuilly", "oeuilly"),
    ],
)
def test_all_spellings_of_a_name_are_filed_as_one(spellings: tuple[str, ...]) -> None:
    assert len({spelling.sought(each) for each in spellings}) == 1


def test_a_name_of_nothing_but_articles_keeps_them() -> None:
    assert spelling.sought("Lès-La") == " les la"
    assert spelling.sought("Saint-Elme d’Alvane") == " saint elme d alvane"
