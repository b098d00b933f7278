"""An application that asks too much is told to wait, and with every answer how much is left."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from fediterr.accounts.models import Token
from fediterr.core import clock
from fediterr.core.db import session
from tests.fediverse import Fediverse, Server
from tests.mastodon.client import Application


def test_every_answer_tells_what_is_left(brest: Server) -> None:
    app = Application(brest.register("alice"))
    one, other = (app.ask("GET", "/api/v1/timelines/home") for _ in range(2))
    assert (one.headers["X-RateLimit-Limit"], one.headers["X-RateLimit-Remaining"]) == ("300", "299")
    assert other.headers["X-RateLimit-Remaining"] == "298"
    reset = other.headers["X-RateLimit-Reset"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", reset)
    assert timedelta() < datetime.fromisoformat(reset) - clock.now() <= timedelta(minutes=5)
    nobody = Application(app.person, scopes=None)
    for answer in (nobody.ask("GET", "/api/v1/timelines/home"), nobody.ask("GET", "/api/v1/instance")):
        assert answer.headers["X-RateLimit-Limit"] == "300"
    assert "X-RateLimit-Remaining" in answer.headers["Access-Control-Expose-Headers"]


def test_too_much_is_refused_until_some_minutes_have_passed(brest: Server) -> None:
    app = Application(brest.register("alice"))
    for _ in range(30):
        assert app.ask("DELETE", "/api/v1/statuses/1").status_code == 404
    refused = app.ask("DELETE", "/api/v1/statuses/1")
    assert (refused.status_code, refused.json) == (429, {"error": "Too many requests"})
    assert 0 < int(refused.headers["Retry-After"]) <= 1800
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert app.get("/api/v1/timelines/home") == []
    assert Application(brest.register("bob")).ask("DELETE", "/api/v1/statuses/1").status_code == 404
    clock.shift(timedelta(minutes=31))
    assert app.ask("DELETE", "/api/v1/statuses/1").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"), [("/api/v1/apps", 5), ("/api/v1/accounts", 5), ("/api/v1/emails/confirmations/", 5)]
)
def test_what_costs_us_more_is_done_less_often(brest: Server, path: str, most: int) -> None:
    app = Application(brest.register("alice"))
    told = [app.ask("POST", path).status_code for _ in range(most + 1)]
    assert (429 in told[:most], told[most]) == (False, 429)


def test_a_wrong_token_is_not_tried_for_ever(brest: Server) -> None:
    app = Application(brest.register("alice"), scopes=None)
    app.headers = {"Authorization": "Bearer guessed"}
    left = [app.ask("GET", "/api/v1/timelines/home").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["299", "298", "297"]


def test_where_limits_are_off_nothing_is_counted(fediverse: Fediverse) -> None:
    app = Application(fediverse.add("brest.test", rate_limits=False).register("alice"))
    assert "X-RateLimit-Limit" not in app.ask("GET", "/api/v1/timelines/home").headers


def test_that_a_token_is_used_is_noted_once_an_hour(brest: Server) -> None:
    app = Application(brest.register("alice"))

    def noted() -> datetime | None:
        with brest.app.app_context():
            return session.scalars(sa.select(Token.last_used_at)).one()

    assert noted() is None
    app.get("/api/v1/timelines/home")
    first = noted()
    assert first is not None
    clock.shift(timedelta(minutes=50))
    app.get("/api/v1/timelines/home")
    app.says("Bonjour")
    assert noted() == first
    clock.shift(timedelta(minutes=20))
    app.says("Encore bonjour")
    assert noted() != first
