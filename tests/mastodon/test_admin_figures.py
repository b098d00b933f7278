"""Figures for those who look after a server, and what they decide about hashtags."""

from datetime import timedelta
from typing import Any

from fediterr.core import clock
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application

MEASURE = {"key": str, "unit": None, "total": shapes.ID, "previous_total": shapes.ID, "data": [dict]}


def period(days: int = 2) -> dict[str, str]:
    today = clock.now()
    return {"start_at": (today - timedelta(days=days)).isoformat(), "end_at": today.isoformat()}


def measure(admin: Application, key: str, **about: str) -> dict[str, Any]:
    [found] = admin.post(
        "/api/v1/admin/measures", keys=[key, "nonsense"], **period(), **({key: about} if about else {})
    )
    assert len(found["data"]) == 3
    assert sum(int(day["value"]) for day in found["data"]) >= int(found["total"])
    assert found["data"][-1]["date"] == f"{clock.now():%Y-%m-%d}T00:00:00.000Z"
    return dict(found)


def test_measures_count_what_happened(fediverse: Fediverse, brest: Server, admin: Application) -> None:
    paul = Application(fediverse["nantes.test"].register("paul"))
    bob = Application(brest.register("bob"))
    bob.person.follow("paul@nantes.test")
    fediverse.settle()
    paul.says("Un #pont")
    fediverse.settle()
    said = bob.says("Un autre #Pont")
    admin.post(f"/api/v1/statuses/{said['id']}/favourite")
    admin.says("Oui", in_reply_to_id=said["id"])
    bob.post("/api/v1/reports", account_id=said["account"]["id"])
    shapes.check(measure(admin, "active_users"), MEASURE)
    expected = {"active_users": 2, "new_users": 2, "interactions": 2, "opened_reports": 1, "resolved_reports": 0}
    for key, number in expected.items():
        assert measure(admin, key)["total"] == str(number), key
    for key, number in {"tag_uses": 2, "tag_accounts": 2, "tag_servers": 2}.items():
        assert measure(admin, key, id="pont")["total"] == str(number), key
    numbers = {"accounts": 1, "statuses": 1, "follows": 1, "followers": 0, "reports": 0}
    for key, number in numbers.items():
        assert measure(admin, f"instance_{key}", domain="nantes.test")["total"] == str(number), key
    bytes_ = measure(admin, "instance_media_attachments", domain="nantes.test")
    assert (bytes_["unit"], bytes_["human_value"]) == ("bytes", "0 Bytes")
    assert admin.post("/api/v1/admin/measures", keys=["tag_uses"]) == []
    wrong = admin.ask("POST", "/api/v1/admin/measures", json={"keys": ["new_users"], "start_at": "yesterday"})
    assert wrong.status_code == 422


def test_dimensions_part_the_whole(fediverse: Fediverse, brest: Server, admin: Application) -> None:
    paul = Application(fediverse["nantes.test"].register("paul"))
    paul.person.follow("alice@brest.test")
    admin.person.follow("paul@nantes.test")
    fediverse.settle()
    paul.says("A #pont", language="en")
    fediverse.settle()
    keys = ["languages", "sources", "servers", "space_usage", "software_versions", "nonsense"]
    about = {"tag_servers": {"id": "pont"}, "tag_languages": {"id": "pont"}}
    admin.home()
    about |= {"instance_accounts": {"domain": "nantes.test"}, "instance_languages": {"domain": "nantes.test"}}
    found = admin.post("/api/v1/admin/dimensions", keys=[*keys, *about], limit=3, **about)
    parts = {each["key"]: [(part["key"], part["value"]) for part in each["data"]] for each in found}
    assert set(parts) == {*keys, *about} - {"nonsense"}
    assert parts["languages"] == [("fr", "1")]
    assert parts["sources"] == [("web", "1")]
    assert parts["servers"] == parts["tag_servers"] == [("nantes.test", "1")]
    assert parts["tag_languages"] == parts["instance_languages"] == [("en", "1")]
    assert parts["instance_accounts"] == [("paul", "1")]
    assert {key for key, _ in parts["space_usage"]} >= {"media"}
    assert ("fediterr", "0.1.0") in parts["software_versions"]


def test_retention_tells_who_stays(brest: Server, admin: Application) -> None:
    bob = Application(brest.register("bob"))
    bob.home()
    admin.get("/api/v1/admin/reports")
    brest.fediverse.wait(days=1)
    bob.home()
    first, second = admin.post("/api/v1/admin/retention", frequency="day", **period(1))
    assert [(each["rate"], each["value"]) for each in first["data"]] == [(1.0, "2"), (0.5, "1")]
    assert [(each["rate"], each["value"]) for each in second["data"]] == [(0.0, "0")]
    [month] = admin.post("/api/v1/admin/retention", frequency="month", start_at="2020-01-31", end_at="2020-01-31")
    assert (month["frequency"], month["data"][0]["value"]) == ("month", "0")
    assert admin.ask("POST", "/api/v1/admin/retention", json={"frequency": "dayz"}).status_code == 422


def test_a_hashtag_that_is_ruled_out_files_no_posts(admin: Application) -> None:
    admin.says("Un #Pont")
    [found] = admin.get("/api/v1/admin/tags")
    shapes.check(found, {**shapes.USED_TAG, **shapes.REVIEWED_TAG})
    assert (found["name"], found["usable"], found["trendable"], found["requires_review"]) == ("pont", True, True, True)
    changed = admin.put("/api/v1/admin/tags/pont", usable=False, trendable=False, display_name="Pont")
    assert (changed["name"], changed["usable"], changed["trendable"]) == ("Pont", False, False)
    assert changed["requires_review"] is False
    admin.says("Encore un #pont")
    assert len(admin.get("/api/v2/search", q="pon", type="hashtags")["hashtags"]) == 1
    admin.put("/api/v1/admin/tags/pont", listable=False)
    assert admin.get("/api/v2/search", q="pon", type="hashtags")["hashtags"] == []
    assert len(admin.get("/api/v1/timelines/tag/pont")) == 1
    assert admin.get("/api/v1/admin/tags/PONT") == changed
    assert admin.ask("PUT", "/api/v1/admin/tags/pont", json={"display_name": "Quai"}).status_code == 422
    assert admin.ask("GET", "/api/v1/admin/tags/quai").status_code == 404
