"""Words as they are filed and looked for."""

import pytest

from fediterr.core import words


def forms(written: str) -> list[str]:
    return [word.form for word in words.read(written)]


def meet(first: str, second: str) -> bool:
    """Whether who looks for one word finds the other."""
    [one], [other] = words.read(first), words.read(second)
    return bool(one.stems & other.stems)


def test_words_are_read_in_their_order_without_case_or_accents() -> None:
    assert forms("L’Éclairage, à Œuilly : 12 lampadaires !") == ["l", "eclairage", "a", "oeuilly", "12", "lampadaires"]
    assert forms("½ ⑴ ﬁn 東京 @bob@nantes.test") == ["1", "2", "1", "fin", "東京", "bob", "nantes", "test"]
    assert forms("") == forms("!? …") == []
    assert len(words.read("a " * 20_000)) == words.MOST
    assert len(words.read("a" * 1000)[0].form) == words.LONGEST


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("éclairages", "éclairage"), ("ÉCLAIRAGE", "eclairage"), ("municipalités", "municipal"), ("élus", "élu"),
        ("municipalité", "municipalite"), ("journaux", "journal"), ("chevaux", "cheval"), ("emplois", "emploi"),
        ("démocratique", "démocratie"), ("œuvres", "oeuvre"), ("lois", "loi"), ("cafe\u0301", "café"),
    ],
)  # fmt: skip
def test_forms_of_a_word_meet_under_a_stem(written: str, wanted: str) -> None:
    assert meet(written, wanted)


def test_other_words_do_not_meet() -> None:
    assert not meet("école", "éclairage")
    assert not meet("pont", "pompe")
