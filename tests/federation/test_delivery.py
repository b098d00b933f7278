"""What is promised about deliveries: nothing lost, nothing doubled, in order, and patience with those who are down."""

import random
import socket
import subprocess
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from fediterr.activitypub import delivery
from fediterr.activitypub.models import Activity, DeadInbox, Delivery, Host
from fediterr.core import clock, db
from tests.fediverse import Fediverse, Inline, Person

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def pair(fediverse: Fediverse) -> tuple[Person, Person]:
    """Paul of Nantes follows Maria of Brest."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    fediverse.requests.clear()
    return maria, paul


def answering(fediverse: Fediverse, host: str, status: int, headers: dict[str, str] | None = None) -> None:
    """Let a host answer every request so."""
    fediverse.strangers[host] = lambda request: (status, headers or {}, b"")


def expire_leases(maria: Person) -> None:
    with maria.server.inside():
        db.session.execute(sa.update(Host).values(lease_until=clock.now() - timedelta(minutes=5)))


def test_a_host_that_is_down_for_days_gets_everything_in_order_once_it_is_back(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    paul.server.down = True
    for day in range(6):
        maria.says(f"Jour {day}")
        fediverse.settle()
        fediverse.wait(days=1)
    assert maria.server.count(Delivery) == 6
    paul.server.down = False
    fediverse.wait(hours=15)
    assert paul.home() == [f"Jour {day}" for day in reversed(range(6))]
    assert maria.server.is_idle()


def test_a_host_that_is_down_is_asked_less_and_less_often(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    paul.server.down = True
    maria.says("Il y a quelqu'un ?")
    fediverse.settle()
    fediverse.requests.clear()
    for _ in range(60):
        fediverse.wait(minutes=1)
    knocks = len([url for method, url in fediverse.requests if method == "POST"])
    assert 3 <= knocks <= 6  # after about 1, 3, 8, 23 and 53 minutes


def test_who_was_down_and_speaks_again_is_served_at_once(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    paul.server.down = True
    maria.says("Pendant la panne")
    fediverse.settle()
    fediverse.wait(hours=1)
    paul.server.down = False
    paul.says("De retour, @maria@brest.test")
    fediverse.settle()
    assert "Pendant la panne" in paul.home()


def test_what_is_older_than_the_keep_time_is_closed_and_counted(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    paul.server.down = True
    maria.says("Trop tard")
    fediverse.settle()
    fediverse.wait(days=8)
    state = maria.server.host_state("nantes.test")
    assert state is not None
    assert (state.expired, state.due_at) == (1, None)
    assert maria.server.count(Delivery) == maria.server.count(Activity) == 0


def test_an_inbox_that_is_gone_is_not_written_to_again(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, _ = pair
    answering(fediverse, "nantes.test", 410)
    maria.says("Adieu")
    fediverse.settle()
    assert maria.server.count(Delivery) == 0
    fediverse.requests.clear()
    maria.says("Encore là ?")
    fediverse.settle()
    assert fediverse.requests == []


def test_an_inbox_not_found_three_times_in_three_days_is_dead(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, _ = pair
    answering(fediverse, "nantes.test", 404)
    for day in range(4):
        maria.says(f"Jour {day}")
        fediverse.settle()
        assert maria.server.count(DeadInbox, DeadInbox.dead_at.is_not(None)) == (day == 3)
        fediverse.wait(days=1)


def test_too_many_requests_waits_as_long_as_it_was_told(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    answering(fediverse, "nantes.test", 429, {"Retry-After": "7200"})
    maria.says("Doucement")
    fediverse.settle()
    fediverse.strangers.clear()
    fediverse.wait(minutes=110)
    assert paul.home() == []
    fediverse.wait(minutes=15)
    assert paul.home() == ["Doucement"]


def test_a_refusal_concerns_one_activity_and_holds_nothing_up(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    answering(fediverse, "nantes.test", 422)
    maria.says("Refusé")
    fediverse.settle()
    fediverse.strangers.clear()
    maria.says("Accepté")
    fediverse.settle()
    assert paul.home() == ["Accepté"]
    state = maria.server.host_state("nantes.test")
    assert state is not None
    assert (state.refused, state.failures) == (1, 0)


def test_one_host_that_is_down_does_not_hold_up_another(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    carol = fediverse["rennes.test"].register("carol")
    carol.follow("maria@brest.test")
    fediverse.settle()
    paul.server.down = True
    maria.says("À tous")
    fediverse.settle()
    assert carol.home() == ["À tous"]


def test_changes_of_a_post_arrive_in_order_through_a_bad_line(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    dice = random.Random(20261122)

    def flaky(request: Any) -> Answer:
        return (503, {}, b"") if dice.random() < 0.2 else paul.server.answer(request)

    fediverse.strangers["nantes.test"] = flaky
    written = []
    for number in range(20):
        uri = maria.says(f"Version 1 de {number}")
        clock.shift(timedelta(seconds=1))
        maria.edits(uri, f"Version 2 de {number}")
        if number % 2:
            maria.deletes(uri)
        else:
            written.append(f"Version 2 de {number}")
        fediverse.settle()
    for _ in range(100):
        if maria.server.is_idle():
            break
        fediverse.wait(hours=1)
    assert paul.home() == written[::-1]


def test_a_worker_that_dies_after_sending_sends_the_same_again_and_it_counts_once(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    bodies: list[bytes] = []

    def listening(request: Any) -> Answer:
        bodies.append(request.body)
        return paul.server.answer(request)

    fediverse.strangers["nantes.test"] = listening
    maria.says("Deux fois plutôt qu'une")
    maria.server.run("react")
    with maria.server.app.app_context():
        sent = delivery.turn("doomed", [], 16)
        assert [part.host for part in sent] == ["nantes.test"]
        delivery._sender()(sent[0])  # and then the worker is killed: nothing is written down
    fediverse.settle()
    assert len(bodies) == 1  # the lease holds
    expire_leases(maria)
    maria.server.sweep()
    fediverse.settle()
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert paul.home() == ["Deux fois plutôt qu'une"]
    assert maria.server.is_idle()


def test_the_leases_of_a_dead_worker_of_this_machine_are_given_back_at_once(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    maria.says("Sans attendre")
    maria.server.run("react")
    ended = subprocess.Popen(["true"])
    ended.wait()
    with maria.server.app.app_context():
        assert delivery.turn(f"{socket.gethostname()}:{ended.pid}:abcd", [], 16)
        assert not delivery.turn("another", [], 16)
    maria.server.sweep()
    fediverse.settle()
    assert paul.home() == ["Sans attendre"]


def test_a_row_that_kills_its_worker_three_times_is_set_aside_and_the_others_go_on(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    paul.server.down = True
    maria.says("Poison")
    fediverse.settle()
    maria.says("Bon pain")
    fediverse.settle()
    with maria.server.inside():
        db.session.execute(sa.update(Host).values(due_at=clock.now()))
    for _ in range(delivery.CRASHES):
        with maria.server.app.app_context():
            assert delivery.turn("doomed", [], 16)
        expire_leases(maria)
    paul.server.down = False
    maria.server.sweep()
    fediverse.settle()
    assert paul.home() == ["Bon pain"]
    assert maria.server.count(Delivery, Delivery.set_aside_at.is_not(None)) == 1


def test_a_broker_that_lost_everything_loses_nothing(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    for number in range(10):
        maria.says(f"Message {number}")
    maria.server.queue.names.clear()
    fediverse.wait(seconds=5)
    paul.server.queue.names.clear()
    fediverse.wait(seconds=5)
    assert len(paul.home()) == 10


def test_a_host_that_does_not_know_one_signature_scheme_is_tried_with_the_other_and_remembered(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair

    def modern(request: Any) -> Answer:
        return paul.server.answer(request) if "Signature-Input" in request.headers else (401, {}, b"")

    fediverse.strangers["nantes.test"] = modern
    maria.says("Première")
    fediverse.settle()
    state = maria.server.host_state("nantes.test")
    assert state is not None
    assert state.scheme == "rfc9421"
    fediverse.requests.clear()
    maria.says("Seconde")
    fediverse.settle()
    assert len([url for method, url in fediverse.requests if method == "POST"]) == 1
    assert paul.home() == ["Seconde", "Première"]


def test_slots_are_bounded_and_each_host_is_leased_once(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, _ = pair
    for number in range(5):
        other = fediverse[f"ville{number}.test"].register("carol")
        other.follow("maria@brest.test")
    fediverse.settle()
    maria.says("À six villes")
    maria.server.run("react")
    with maria.server.app.app_context():
        first, second = delivery.turn("one", [], 4), delivery.turn("two", [], 4)
    assert len(first) == 4
    assert len(second) == 2
    assert not {part.host for part in first} & {part.host for part in second}


def test_pauses_grow_to_twelve_hours_and_stay_there() -> None:
    pauses = [delivery.pause(failures, None) / 60 for failures in (1, 2, 3, 10, 50)]
    for minutes, expected in zip(pauses, (1, 2, 5, 720, 720), strict=True):
        assert expected * 0.8 <= minutes <= expected * 1.2
    assert delivery.pause(3, 10**9) == 24 * 3600


def test_nothing_is_sent_twice_when_the_drain_runs_twice(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    maria.says("Une fois")
    fediverse.settle()
    fediverse.requests.clear()
    with maria.server.app.app_context():
        delivery.drain(Inline())
    assert fediverse.requests == []
    assert paul.home() == ["Une fois"]
