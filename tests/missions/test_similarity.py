"""How alike two territories are: a score between 0 and 1 that one can reason about, and reasons that one can say."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fediterr.territories import similarity
from fediterr.territories.models import Nature
from fediterr.territories.similarity import Features

NAMES = tuple(similarity.MEASURES)
EVEN = dict.fromkeys(NAMES, 1.0)


def profiles() -> st.SearchStrategy[tuple[float, ...] | None]:
    counted = st.lists(st.integers(0, 1000), min_size=7, max_size=7).filter(any)
    return st.none() | counted.map(lambda people: tuple(each / sum(people) for each in people))


def some(*words: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words))


TERRITORIES = st.builds(
    Features,
    kind=st.sampled_from(Nature),
    population=st.none() | st.integers(0, 12_000_000),
    density=profiles(),
    department=st.none() | st.sampled_from(("95", "96")),
    region=st.none() | st.sampled_from(("R1", "R2")),
    competences=some("1030", "4505", "4510", "4550"),
    zones=some("montagne", "littoral"),
)
WEIGHTS = st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from((0.0, 0.5, 1.0, 10.0, 30.0))))


def score(ours: Features, theirs: Features, weights: Mapping[str, float] = EVEN) -> float:
    return similarity.compare(ours, theirs, weights).score


@given(TERRITORIES, TERRITORIES, WEIGHTS)
def test_it_is_mutual_and_between_nothing_and_all(ours: Features, theirs: Features, weights: dict[str, float]) -> None:
    found, back = similarity.compare(ours, theirs, weights), similarity.compare(theirs, ours, weights)
    assert found.score == back.score
    assert 0 <= found.score <= 1
    assert {each["criterion"] for each in found.reasons} == {each["criterion"] for each in back.reasons}
    assert all(weights[each["criterion"]] > 0 and 0 <= each["score"] <= 1 for each in found.reasons)


@given(TERRITORIES, WEIGHTS.filter(lambda weights: weights["nature"] > 0))
def test_each_is_wholly_like_itself(ours: Features, weights: dict[str, float]) -> None:
    assert score(ours, ours, weights) == pytest.approx(1)


@given(TERRITORIES, TERRITORIES, st.sampled_from(NAMES), WEIGHTS)
def test_a_criterion_that_weighs_nothing_is_as_if_it_were_not_there(
    ours: Features, theirs: Features, name: str, weights: dict[str, float]
) -> None:
    without = {other: weight for other, weight in weights.items() if other != name}
    assert similarity.compare(ours, theirs, {**weights, name: 0.0}) == similarity.compare(ours, theirs, without)


@given(TERRITORIES, st.integers(1, 10**7), st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_farther_apart_in_people_the_less_alike(ours: Features, first: int, second: int, third: int) -> None:
    low, mid, high = sorted((first, second, third))
    a, b, c = (Features(ours.kind, each, ours.density) for each in (low, mid, high))
    assert score(a, c) <= score(a, b) + 1e-12
    assert score(a, c) <= score(b, c) + 1e-12


@given(TERRITORIES, TERRITORIES)
def test_what_is_not_known_of_one_is_left_out_of_the_mean(ours: Features, theirs: Features) -> None:
    unknown = Features(theirs.kind, None, None, theirs.department, theirs.region, frozenset(), theirs.zones)
    fewer = {name: EVEN[name] for name in ("nature", "place", "zones")}
    assert score(ours, unknown) == score(ours, theirs, fewer)


@given(st.lists(TERRITORIES, min_size=2, max_size=12), WEIGHTS)
def test_the_nearest_of_many_are_those_that_comparing_one_by_one_finds(
    many: list[Features], weights: dict[str, float]
) -> None:
    everyone = dict(enumerate(many))
    found = similarity.best(everyone, weights, 3)
    for one, ours in everyone.items():
        ranked = sorted((-score(ours, theirs, weights), other) for other, theirs in everyone.items() if other != one)
        assert found[one] == [(-negative, other) for negative, other in ranked[:3]]


def test_the_reasons_hold_what_one_needs_to_say_them() -> None:
    rural = (0.0, 0.0, 0.0, 0.0, 0.2, 0.6, 0.2)
    alvane = Features(Nature.CC, 21_400, rural, "96", "R9", frozenset({"4505", "4510"}))
    brumeux = Features(Nature.CC, 23_150, rural, "97", "R9", frozenset({"4505", "4510", "1030"}))
    sorel = Features(Nature.METROPOLE, 451_000, (0.8, 0.2, 0, 0, 0, 0, 0), "97", "R9")
    weights = {"density": 30, "population": 25, "nature": 15, "place": 10, "competences": 15, "zones": 5}
    near = similarity.compare(alvane, brumeux, weights)
    assert near.score == pytest.approx(0.886, abs=0.001)
    assert near.reasons == [
        {"criterion": "density", "score": 1.0, "ours": 6, "theirs": 6},
        {"criterion": "population", "score": 0.966, "ours": 21_400, "theirs": 23_150},
        {"criterion": "nature", "score": 1.0, "ours": "CC", "theirs": "CC"},
        {"criterion": "competences", "score": 0.667, "common": 2},
        {"criterion": "place", "score": 0.5, "department": False},
    ]
    far = similarity.compare(alvane, sorel, weights)
    assert far.score == pytest.approx(0.156, abs=0.001)
    assert [each["criterion"] for each in far.reasons] == ["nature", "place"]
