"""Something may happen so often, and then one waits."""

import os
import secrets
from datetime import timedelta

import pytest
import redis

from fediterr.core import clock
from fediterr.core.limits import Meter, SharedMeter, Window, network_of

REDIS = os.environ.get("FEDITERR_TEST_REDIS_URL", "")


@pytest.mark.parametrize("kind", [Meter, Window])
def test_too_often_is_told_how_long_to_wait_and_then_may_again(kind: type[Meter]) -> None:
    meter = kind(2, 60)
    assert [meter.take(key).wait for key in "aab"] == [0, 0, 0]
    assert 0 < meter.take("a").wait <= 60
    clock.shift(timedelta(seconds=61))
    assert meter.take("a").wait == 0


def test_what_is_left_and_when_it_begins_anew_is_told() -> None:
    meter = Window(3, 60)
    told = [meter.take("a") for _ in range(4)]
    assert [taken.left for taken in told] == [2, 1, 0, 0]
    assert [taken.wait > 0 for taken in told] == [False, False, False, True]
    assert all(0 < taken.ends <= 60 for taken in told)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7/32"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (None, "::/64")],
)
def test_a_subscriber_counts_as_one(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.skipif(not REDIS, reason="counts shared by Redis need one: set FEDITERR_TEST_REDIS_URL")
def test_processes_that_share_a_redis_count_together() -> None:
    prefix = f"fediterr-test-{secrets.token_hex(4)}:"
    client = redis.Redis.from_url(REDIS)
    one, other = SharedMeter(client, prefix, Meter(2, 3600)), SharedMeter(client, prefix, Meter(2, 3600))
    assert [one.take("a").wait, other.take("a").wait] == [0, 0]
    assert 0 < one.take("a").wait <= 3600
    assert all(client.ttl(key) > 0 for key in client.scan_iter(f"{prefix}*"))
    client.close()


def test_a_redis_that_is_away_leaves_each_process_to_count_alone() -> None:
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    meter = SharedMeter(away, "fediterr-test:", Meter(1, 60))
    assert meter.take("a").wait == 0
    assert meter.take("a").wait > 0
