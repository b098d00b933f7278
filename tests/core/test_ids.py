"""Identifiers sort by time, whatever the clock does."""

from datetime import timedelta

from fediterr.core import clock, ids


def test_ids_of_the_present_grow_even_when_the_clock_steps_back() -> None:
    before = ids.new()
    clock.shift(timedelta(hours=-1))
    assert ids.new() > before


def test_a_thousand_ids_of_one_moment_are_all_different_and_in_order() -> None:
    made = [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))


def test_posts_of_one_second_keep_the_order_in_which_they_arrive() -> None:
    second = (clock.now() - timedelta(seconds=5)).replace(microsecond=0)
    made = [ids.new(second) for _ in range(10)]
    assert made == sorted(set(made))


def test_an_id_of_the_past_tells_its_moment() -> None:
    moment = clock.now() - timedelta(days=400)
    assert abs(ids.moment_of(ids.new(moment)) - moment) < timedelta(milliseconds=2)
    assert ids.first_at(moment) <= ids.new(moment)


def test_a_moment_to_come_is_taken_for_now() -> None:
    assert ids.moment_of(ids.new(clock.now() + timedelta(days=1))) < clock.now() + timedelta(seconds=5)
