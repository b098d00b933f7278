"""Notifications: what others did, by kind, until they are dismissed."""

import pytest

from fediterr.moderation.models import Report
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    return fediverse["brest.test"]


def test_each_deed_is_told_with_its_post(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    said = alice.says("Bonjour")
    bob.post(f"/api/v1/accounts/{said['account']['id']}/follow")
    bob.post(f"/api/v1/statuses/{said['id']}/favourite")
    bob.post(f"/api/v1/statuses/{said['id']}/reblog")
    bob.says("@alice oui", in_reply_to_id=said["id"])
    fediverse.settle()
    told = alice.get("/api/v1/notifications")
    assert [each["type"] for each in told] == ["mention", "reblog", "favourite", "follow"]
    for each in told[:3]:
        shapes.check(each, {**shapes.NOTIFICATION, "status": dict})
    shapes.check(told[3], shapes.NOTIFICATION)
    assert [each["status"]["id"] for each in told[1:3]] == [said["id"], said["id"]]

    def kinds(**query: object) -> list[str]:
        return [each["type"] for each in alice.get("/api/v1/notifications", **query)]

    assert kinds(**{"types[]": ["follow", "mention"]}) == ["mention", "follow"]
    assert kinds(**{"exclude_types[]": ["follow", "mention"]}) == ["reblog", "favourite"]
    assert kinds(limit=1, max_id=told[0]["id"]) == ["reblog"]
    assert alice.get(f"/api/v1/notifications/{told[0]['id']}") == told[0]


def test_notifications_are_dismissed_one_by_one_or_all(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    for number in range(3):
        bob.says(f"@alice {number}")
    fediverse.settle()
    told = alice.get("/api/v1/notifications")
    assert bob.ask("GET", f"/api/v1/notifications/{told[0]['id']}").status_code == 404
    assert bob.ask("POST", f"/api/v1/notifications/{told[0]['id']}/dismiss").status_code == 404
    assert alice.post(f"/api/v1/notifications/{told[0]['id']}/dismiss") == {}
    assert alice.get("/api/v1/notifications") == told[1:]
    assert alice.post("/api/v1/notifications/clear") == {}
    assert alice.get("/api/v1/notifications") == []


def test_who_was_blocked_since_is_not_heard_of(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    bobs = bob.says("@alice bonjour")["account"]["id"]
    fediverse.settle()
    [told] = alice.get("/api/v1/notifications")
    alice.post(f"/api/v1/accounts/{bobs}/block")
    assert alice.get("/api/v1/notifications") == []
    assert alice.ask("GET", f"/api/v1/notifications/{told['id']}").status_code == 404


def test_an_account_is_reported_with_its_posts_only(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    bad, mine = bob.says("Insulte"), alice.says("Bonjour")
    hidden = bob.says("Caché", visibility="direct")
    made = alice.post(
        "/api/v1/reports",
        account_id=bad["account"]["id"],
        status_ids=[bad["id"], mine["id"], hidden["id"]],
        comment="Méchant",
        forward=True,
    )
    shapes.check(made, shapes.REPORT)
    assert (made["status_ids"], made["comment"], made["target_account"]["acct"]) == ([bad["id"]], "Méchant", "bob")
    assert brest.count(Report) == 1
    assert alice.ask("POST", "/api/v1/reports", json={"comment": "?"}).status_code == 404
