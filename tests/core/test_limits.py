"""Something may happen so often, and then one waits."""

import os
import secrets
from datetime import timedelta

import pytest
import redis

from fediterr.core import clock
from fediterr.core.limits import Meter, SharedMeter

REDIS = os.environ.get("FEDITERR_TEST_REDIS_URL", "")


def test_too_often_is_told_how_long_to_wait_and_then_may_again() -> None:
    meter = Meter(2, 60)
    assert [meter.take("a"), meter.take("a"), meter.take("b")] == [0, 0, 0]
    assert 0 < meter.take("a") <= 60
    clock.shift(timedelta(seconds=61))
    assert meter.take("a") == 0


@pytest.mark.skipif(not REDIS, reason="counts shared by Redis need one: set FEDITERR_TEST_REDIS_URL")
def test_processes_that_share_a_redis_count_together() -> None:
    prefix = f"fediterr-test-{secrets.token_hex(4)}:"
    client = redis.Redis.from_url(REDIS)
    one, other = SharedMeter(client, prefix, Meter(2, 3600)), SharedMeter(client, prefix, Meter(2, 3600))
    assert [one.take("a"), other.take("a")] == [0, 0]
    assert 0 < one.take("a") <= 3600
    assert all(client.ttl(key) > 0 for key in client.scan_iter(f"{prefix}*"))
    client.close()


def test_a_redis_that_is_away_leaves_each_process_to_count_alone() -> None:
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    meter = SharedMeter(away, "fediterr-test:", Meter(1, 60))
    assert meter.take("a") == 0
    assert meter.take("a") > 0
