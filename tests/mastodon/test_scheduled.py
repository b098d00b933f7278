"""Scheduled statuses: written down, moved, taken back, published once when their hour has come."""

from datetime import timedelta
from typing import Any

import pytest

from fediterr.core import clock
from fediterr.social import posts
from fediterr.social.models import Medium, Post, ScheduledPost
from tests import files
from tests.fediverse import Server
from tests.mastodon import shapes
from tests.mastodon.client import Application
from tests.mastodon.test_media import sent


def in_(**time: float) -> str:
    return (clock.now() + timedelta(**time)).isoformat()


def hour_passes(server: Server, **time: float) -> None:
    clock.shift(timedelta(**time))
    server.run("publish_scheduled")
    server.fediverse.settle()


def test_a_post_waits_for_its_hour_and_is_published_once(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    asked, picture = bob.says("Quand ?"), sent(alice, files.picture())
    wishes: dict[str, Any] = {"visibility": "unlisted", "spoiler_text": "Date", "language": "fr"}
    wishes |= {"in_reply_to_id": asked["id"], "media_ids": [picture["id"]]}
    moment = "2099-01-02T03:04:05.678Z"
    made = alice.says("Lundi @bob", scheduled_at=moment, **wishes)
    shapes.check(made, shapes.SCHEDULED)
    assert made["scheduled_at"] == moment
    assert {key: made["params"][key] for key in wishes} == wishes
    assert made["params"]["text"] == "Lundi @bob"
    assert [each["id"] for each in made["media_attachments"]] == [picture["id"]]
    assert alice.get("/api/v1/scheduled_statuses") == [made]
    assert brest.count(Post) == 1

    path = f"/api/v1/scheduled_statuses/{made['id']}"
    sooner = alice.put(path, scheduled_at=in_(hours=30))
    assert sooner == {**made, "scheduled_at": sooner["scheduled_at"]}
    assert alice.get(path) == sooner
    hour_passes(brest, hours=25)
    brest.run("clear")
    assert brest.count(Post) == 1
    hour_passes(brest, hours=6)
    assert alice.get("/api/v1/scheduled_statuses") == []
    [said] = alice.get("/api/v1/timelines/home")
    shown = {key: said[key] for key in ("visibility", "spoiler_text", "language", "in_reply_to_id")}
    assert shown == {key: wishes[key] for key in shown}
    assert [each["id"] for each in said["media_attachments"]] == [picture["id"]]
    assert [each["status"]["id"] for each in bob.get("/api/v1/notifications")] == [said["id"]]
    hour_passes(brest, hours=1)
    assert brest.count(Post) == 2


def test_a_poll_lasts_from_when_it_is_published(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    poll = {"options": ["Oui", "Non"], "expires_in": 3600, "multiple": True, "hide_totals": True}
    made = alice.says("Un pont ?", scheduled_at=in_(hours=2), poll=poll)
    shapes.check(made, shapes.SCHEDULED)
    assert made["params"]["poll"] == {**poll, "expires_in": "3600"}
    hour_passes(brest, hours=3)
    [said] = alice.get("/api/v1/timelines/home")
    assert (said["poll"]["expired"], said["poll"]["multiple"]) == (False, True)
    assert [option["votes_count"] for option in said["poll"]["options"]] == [None, None]
    clock.shift(timedelta(hours=2))
    over = alice.get(f"/api/v1/polls/{said['poll']['id']}")
    assert [option["votes_count"] for option in over["options"]] == [0, 0]


def test_a_moment_that_makes_no_sense_is_refused_and_one_of_the_past_is_now(brest: Server) -> None:
    alice = Application(brest.register("alice"))

    def says(moment: str) -> tuple[int, Any]:
        answer = alice.ask("POST", "/api/v1/statuses", json={"status": "Bonjour", "scheduled_at": moment})
        return answer.status_code, answer.json.get("error")

    too_soon = (422, "Validation failed: Scheduled at date must be in the future")
    assert says("banana") == says("9999-12-31T23:59:59-23:00") == (422, "Record invalid")
    assert says(in_(minutes=4)) == too_soon
    assert says(in_(minutes=-4)) == (200, None)
    assert brest.count(Post) == 1
    made = alice.says("Plus tard", scheduled_at=in_(minutes=6))
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    for moment in (in_(minutes=1), in_(hours=-1)):
        answer = alice.ask("PUT", path, json={"scheduled_at": moment})
        assert (answer.status_code, answer.json["error"]) == too_soon
    assert alice.put(path) == made
    refused = alice.ask("POST", "/api/v1/statuses", json={"status": "", "scheduled_at": in_(hours=1)})
    assert (refused.status_code, refused.json["error"]) == (422, "Validation failed: Text can't be blank")


def test_the_same_key_writes_down_once(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    more = {"json": {"status": "Une fois", "scheduled_at": in_(hours=1)}, "headers": {"Idempotency-Key": "k1"}}
    first = alice.ask("POST", "/api/v1/statuses", **more).json
    assert alice.ask("POST", "/api/v1/statuses", **more).json == first
    assert first["params"]["idempotency"] == "k1"
    assert brest.count(ScheduledPost) == 1


def test_what_is_taken_back_is_not_published_and_its_files_can_be_used(brest: Server) -> None:
    alice, erin = Application(brest.register("alice")), Application(brest.register("erin"))
    picture = sent(alice, files.picture())
    made = alice.says("Lundi", scheduled_at=in_(hours=1), media_ids=[picture["id"]])
    taken = alice.ask("POST", "/api/v1/statuses", json={"status": "Ah", "media_ids": [picture["id"]]})
    assert taken.status_code == 422
    path = f"/api/v1/scheduled_statuses/{made['id']}"
    for method in ("GET", "PUT", "DELETE"):
        assert erin.ask(method, path).status_code == 404
    assert alice.delete(path) == {}
    assert alice.ask("GET", path).status_code == 404
    hour_passes(brest, hours=2)
    assert brest.count(Post) == 0
    assert alice.says("Mardi", media_ids=[picture["id"]])["media_attachments"]


def test_there_is_an_end_to_what_one_schedules(brest: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = Application(brest.register("alice"))
    monkeypatch.setattr("fediterr.social.scheduling.MOST_A_DAY", 2)
    monkeypatch.setattr("fediterr.social.scheduling.MOST", 3)

    def says(moment: str) -> int:
        return alice.ask("POST", "/api/v1/statuses", json={"status": "Ah", "scheduled_at": moment}).status_code

    one_day, another = "2098-05-01T1{}:00:00Z", "2098-05-02T10:00:00Z"
    assert [says(one_day.format(hour)) for hour in (1, 2, 3)] == [200, 200, 422]
    assert [says(another), says(another)] == [200, 422]


def test_what_cannot_be_published_stays_with_the_reason(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    asked = bob.says("Quand ?")
    made = alice.says("Lundi", in_reply_to_id=asked["id"], scheduled_at=in_(hours=1))
    alice.says("Mardi", scheduled_at=in_(hours=1))
    bob.delete(f"/api/v1/statuses/{asked['id']}")
    hour_passes(brest, hours=2)
    assert alice.home() == ["<p>Mardi</p>"]
    assert [each["id"] for each in alice.get("/api/v1/scheduled_statuses")] == [made["id"]]
    with brest.inside():
        assert brest.count(ScheduledPost, ScheduledPost.problem.is_not(None)) == 1


def test_a_worker_that_dies_leaves_it_to_be_published_whole(brest: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = Application(brest.register("alice"))
    picture = sent(alice, files.picture())
    alice.says("Lundi", scheduled_at=in_(hours=1), media_ids=[picture["id"]])
    publish = posts.publish

    def die(*arguments: Any) -> Post:
        publish(*arguments)
        raise KeyboardInterrupt

    clock.shift(timedelta(hours=2))
    with monkeypatch.context() as dying:
        dying.setattr(posts, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            brest.run("publish_scheduled")
    assert (brest.count(Post), brest.count(Medium, Medium.scheduled_id.is_not(None))) == (0, 1)
    brest.run("publish_scheduled")
    brest.run("publish_scheduled")
    assert (brest.count(Post), brest.count(Medium, Medium.post_id.is_not(None))) == (1, 1)
