"""Notifications by groups: what many did to one thing is told once, and pages of it add up."""

from typing import Any

import pytest
from sqlalchemy import event

from fediterr.core import db
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application

PATH = "/api/v2/notifications"


def crowd(brest: Server, size: int) -> list[Application]:
    return [Application(brest.register(f"bob{number}")) for number in range(size)]


def likes(crowd: list[Application], status: dict[str, Any]) -> None:
    for each in crowd:
        each.post(f"/api/v1/statuses/{status['id']}/favourite")


def test_likes_of_one_post_are_one_group(fediverse: Fediverse, brest: Server) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 10)
    first, second = alice.says("Bonjour"), alice.says("Encore")
    likes(bobs, first)
    likes(bobs[:1], second)
    bobs[0].says("@alice oui", in_reply_to_id=first["id"])
    fediverse.settle()
    page = alice.get(PATH)
    assert set(page) == {"accounts", "statuses", "notification_groups"}
    mention, one, many = page["notification_groups"]
    for group in (mention, one, many):
        shapes.check(group, {**shapes.NOTIFICATION_GROUP, "status_id": shapes.ID})
    assert [group["notifications_count"] for group in (mention, one, many)] == [1, 1, 10]
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"
    assert len(many["sample_account_ids"]) == 8
    assert {status["id"] for status in page["statuses"]} >= {first["id"], second["id"]}
    assert {account["id"] for account in page["accounts"]} == {*many["sample_account_ids"], *one["sample_account_ids"]}
    assert [each["group_key"] for each in alice.get("/api/v1/notifications")][1:3] == [
        one["group_key"],
        many["group_key"],
    ]

    shown = alice.get(f"{PATH}/{many['group_key']}")
    assert shown["notification_groups"][0]["notifications_count"] == 10
    assert len(alice.get(f"{PATH}/{many['group_key']}/accounts")) == 10
    assert bobs[0].ask("GET", f"{PATH}/{many['group_key']}").status_code == 404
    assert bobs[0].ask("POST", f"{PATH}/{many['group_key']}/dismiss").status_code == 404
    assert alice.post(f"{PATH}/{many['group_key']}/dismiss") == {}
    assert [group["group_key"] for group in alice.get(PATH)["notification_groups"]] == [
        mention["group_key"], one["group_key"],
    ]  # fmt: skip


def test_most_accounts_may_be_shown_by_their_picture_alone(fediverse: Fediverse, brest: Server) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 3)
    likes(bobs, alice.says("Bonjour"))
    fediverse.settle()
    page = alice.get(PATH, expand_accounts="partial_avatars")
    [group] = page["notification_groups"]
    assert [account["id"] for account in page["accounts"]] == group["sample_account_ids"][:1]
    assert [account["id"] for account in page["partial_accounts"]] == group["sample_account_ids"][1:]
    for account in page["partial_accounts"]:
        shapes.check(account, shapes.PARTIAL_ACCOUNT)
    assert alice.ask("GET", PATH, query_string={"expand_accounts": "all"}).status_code == 422


def test_a_group_that_goes_on_is_continued_on_the_next_page(fediverse: Fediverse, brest: Server) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 4)
    liked = alice.says("Bonjour")
    for number, bob in enumerate(bobs):
        likes([bob], liked)
        bob.says(f"@alice {number}")
        fediverse.settle()
    seen: list[tuple[str, str, str]] = []
    answer = alice.ask("GET", PATH, query_string={"limit": 2})
    while True:
        groups = answer.json["notification_groups"]
        seen += [(each["type"], each["page_min_id"], each["page_max_id"]) for each in groups]
        next_ = [part for part in answer.headers.get("Link", "").split(", ") if 'rel="next"' in part]
        if not next_:
            break
        answer = alice.ask("GET", next_[0][1:].partition(">")[0].removeprefix("https://brest.test"))
    assert [kind for kind, _, _ in seen].count("mention") == 4
    parts = [(int(low), int(high)) for kind, low, high in seen if kind == "favourite"]
    told = [int(each["id"]) for each in alice.get("/api/v1/notifications", **{"types[]": "favourite"})]
    assert [sum(low <= each <= high for low, high in parts) for each in told] == [1, 1, 1, 1]


def test_one_walks_back_up_to_where_one_came_from(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    for number in range(6):
        bob.says(f"@alice {number}")
    fediverse.settle()
    keys = [group["group_key"] for group in alice.get(PATH)["notification_groups"]]
    second = alice.get(PATH, limit=2, max_id=keys[1].removeprefix("ungrouped-"))["notification_groups"]
    assert [group["group_key"] for group in second] == keys[2:4]
    first = alice.get(PATH, limit=2, min_id=second[0]["page_max_id"])["notification_groups"]
    assert [group["group_key"] for group in first] == keys[:2]


def test_a_group_lasts_twelve_hours_and_any_kind_may_be_told_apart(fediverse: Fediverse, brest: Server) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 3)
    liked = alice.says("Bonjour")
    likes(bobs[:1], liked)
    fediverse.settle()
    fediverse.wait(hours=11)
    likes(bobs[1:2], liked)
    fediverse.settle()
    fediverse.wait(hours=2)
    likes(bobs[2:], liked)
    fediverse.settle()
    assert [each["notifications_count"] for each in alice.get(PATH)["notification_groups"]] == [1, 2]
    apart = alice.get(PATH, **{"grouped_types[]": "follow"})["notification_groups"]
    assert [each["notifications_count"] for each in apart] == [1, 1, 1]


def test_unread_ones_are_those_after_the_marker(fediverse: Fediverse, brest: Server) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 3)
    liked = alice.says("Bonjour")
    likes(bobs, liked)
    bobs[0].says("@alice oui")
    fediverse.settle()
    assert alice.get("/api/v1/notifications/unread_count") == {"count": 4}
    assert alice.get("/api/v1/notifications/unread_count", limit=2) == {"count": 2}
    assert alice.get(f"{PATH}/unread_count") == {"count": 2}
    assert alice.get(f"{PATH}/unread_count", **{"types[]": "mention"}) == {"count": 1}
    told = alice.get("/api/v1/notifications")
    alice.post("/api/v1/markers", notifications={"last_read_id": told[1]["id"]})
    assert alice.get("/api/v1/notifications/unread_count") == {"count": 1}
    assert alice.get(f"{PATH}/unread_count") == {"count": 1}


@pytest.mark.parametrize("path", [PATH, "/api/v1/notifications"])
def test_a_page_costs_the_same_number_of_questions_whatever_its_size(
    fediverse: Fediverse, brest: Server, path: str
) -> None:
    alice, bobs = Application(brest.register("alice")), crowd(brest, 4)
    for number in range(4):
        liked = alice.says(f"Bonjour {number}")
        likes(bobs, liked)
        bobs[number].says(f"@alice {number}", in_reply_to_id=liked["id"])
    fediverse.settle()
    with brest.app.app_context():
        engine = db.db.engine

    def questions(limit: int) -> int:
        asked: list[str] = []
        note = lambda *given: asked.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        alice.get(path, limit=limit)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    assert questions(2) == questions(8)
