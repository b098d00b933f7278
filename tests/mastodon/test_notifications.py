"""Notifications: what others did, by kind, until they are dismissed."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.core.paging import Page
from fediterr.moderation import appeals, people
from fediterr.moderation import service as moderation
from fediterr.moderation.models import Report
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


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


def test_one_asks_for_the_deeds_of_one_account_alone(fediverse: Fediverse, brest: Server) -> None:
    alice, bob, maria = (Application(brest.register(name)) for name in ("alice", "bob", "maria"))
    bobs = bob.says("@alice bonjour")["account"]["id"]
    maria.says("@alice bonjour")
    fediverse.settle()
    assert [each["account"]["acct"] for each in alice.get("/api/v1/notifications", account_id=bobs)] == ["bob"]
    [told] = alice.get("/api/v1/notifications", account_id=bobs)
    assert alice.post("/api/v1/notifications/dismiss", id=told["id"]) == {}
    assert alice.get("/api/v1/notifications", account_id=bobs) == []


FIRST_SORTS = ("not_following", "not_followers", "new_accounts", "private_mentions")
POLICY = {f"for_{sort}": str for sort in FIRST_SORTS}
POLICY |= {"for_limited_accounts": str, "for_bots": str}


def test_a_policy_keeps_strangers_back_until_they_are_let_through(fediverse: Fediverse, brest: Server) -> None:
    alice, bob, maria = (Application(brest.register(name)) for name in ("alice", "bob", "maria"))
    policy = alice.put("/api/v2/notifications/policy", for_not_following="filter", for_bots="drop")
    shapes.check(policy, {**POLICY, "summary": {"pending_requests_count": int, "pending_notifications_count": int}})
    assert (policy["for_not_following"], policy["for_bots"], policy["for_new_accounts"]) == ("filter", "drop", "accept")
    assert alice.ask("PATCH", "/api/v2/notifications/policy", json={"for_bots": "maybe"}).status_code == 422
    said = bob.says("@alice une question")
    bob.says("@alice une autre")
    maria.says("@alice bonjour")
    fediverse.settle()
    assert alice.get("/api/v1/notifications") == []
    assert [each["filtered"] for each in alice.get("/api/v1/notifications", include_filtered=True)] == [True] * 3
    assert alice.get("/api/v2/notifications/policy")["summary"] == {
        "pending_requests_count": 2,
        "pending_notifications_count": 3,
    }
    listed = alice.get("/api/v1/notifications/requests")
    for each in listed:
        shapes.check(each, shapes.NOTIFICATION_REQUEST)
    [of_maria, of_bob] = listed
    assert (of_bob["account"]["acct"], of_bob["notifications_count"]) == ("bob", "2")
    assert alice.get(f"/api/v1/notifications/requests/{of_bob['id']}") == of_bob
    assert bob.ask("GET", f"/api/v1/notifications/requests/{of_bob['id']}").status_code == 404
    assert bob.ask("POST", f"/api/v1/notifications/requests/{of_bob['id']}/accept").status_code == 404
    assert alice.post(f"/api/v1/notifications/requests/{of_bob['id']}/accept") == {}
    assert alice.get("/api/v1/notifications/requests/merged") == {"merged": True}
    assert said["id"] in [each["status"]["id"] for each in alice.get("/api/v1/notifications")]
    assert alice.post("/api/v1/notifications/requests/dismiss", id=[of_maria["id"]]) == {}
    assert alice.get("/api/v1/notifications/requests") == []
    assert alice.post("/api/v1/notifications/requests/accept") == {}


def test_the_older_form_of_a_policy_knows_four_sorts(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    first = alice.get("/api/v1/notifications/policy")
    assert first.pop("summary") == {"pending_requests_count": 0, "pending_notifications_count": 0}
    assert first == {f"filter_{sort}": False for sort in FIRST_SORTS}
    assert alice.put("/api/v1/notifications/policy", filter_not_followers=True)["filter_not_followers"] is True
    assert alice.get("/api/v2/notifications/policy")["for_not_followers"] == "filter"


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


def test_moderators_are_told_of_a_report_with_all_of_it(fediverse: Fediverse, brest: Server) -> None:
    maria = Application(brest.register("maria", role="moderator"))
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    bad = bob.says("Insulte")
    made = alice.post("/api/v1/reports", account_id=bad["account"]["id"], status_ids=[bad["id"]], comment="Méchant")
    fediverse.settle()
    assert alice.get("/api/v1/notifications") == bob.get("/api/v1/notifications") == []
    [told] = maria.get("/api/v1/notifications", **{"types[]": "admin.report"})
    shapes.check(told, {**shapes.NOTIFICATION, "report": shapes.REPORT})
    assert told["account"]["acct"] == "alice"
    assert (told["report"]["id"], told["report"]["status_ids"]) == (made["id"], [bad["id"]])
    [group] = maria.get("/api/v2/notifications", **{"types[]": "admin.report"})["notification_groups"]
    assert group["report"] == told["report"]


WARNING = {
    "id": shapes.ID, "action": str, "text": str, "status_ids": [shapes.ID], "target_account": shapes.LOCAL_ACCOUNT,
    "appeal": None, "created_at": shapes.MOMENT,
}  # fmt: skip


def test_who_is_warned_is_told_why_and_not_by_whom(fediverse: Fediverse, brest: Server) -> None:
    admin, bob = brest.register("maria", role="admin"), Application(brest.register("bob"))
    with admin.acting() as actor:
        people.act(actor, accounts.local("bob"), "none", text="Restons courtois")
    fediverse.settle()
    [told] = bob.get("/api/v1/notifications")
    shapes.check(told, {**shapes.NOTIFICATION, "moderation_warning": WARNING})
    assert told["account"]["acct"] == "bob"
    assert (told["moderation_warning"]["action"], told["moderation_warning"]["text"]) == ("none", "Restons courtois")
    with admin.acting() as actor:
        appeals.lodge(people.decision(int(told["moderation_warning"]["id"])), "Je le suis")
    [told] = bob.get("/api/v1/notifications")
    assert told["moderation_warning"]["appeal"] == {"text": "Je le suis", "state": "pending"}
    with admin.acting() as actor:
        appeals.answer(appeals.listed(Page())[0], actor, accepted=True)
    fediverse.settle()
    [told] = bob.get("/api/v1/notifications")
    assert told["moderation_warning"]["appeal"]["state"] == "approved"


SEVERANCE = {
    "id": shapes.ID, "type": str, "purged": bool, "target_name": str, "followers_count": int, "following_count": int,
    "created_at": shapes.MOMENT,
}  # fmt: skip


@pytest.mark.parametrize("by", ["operator", "user"])
def test_who_loses_follows_by_a_blocked_server_is_told_how_many(fediverse: Fediverse, brest: Server, by: str) -> None:
    alice, nantes = brest.register("alice"), fediverse["nantes.test"]
    for name in ("paul", "maria"):
        nantes.register(name).follow("alice@brest.test")
    alice.follow("paul@nantes.test")
    fediverse.settle()
    application = Application(alice)
    application.post("/api/v1/notifications/clear")
    if by == "operator":
        with brest.inside():
            moderation.block_domain("nantes.test")
    else:
        application.post("/api/v1/domain_blocks", domain="nantes.test")
    fediverse.settle()
    [told] = application.get("/api/v1/notifications")
    shapes.check(told, {**shapes.NOTIFICATION, "event": SEVERANCE})
    event = told["event"]
    assert (told["type"], event["target_name"]) == ("severed_relationships", "nantes.test")
    assert (event["followers_count"], event["following_count"]) == (2, 1)
    assert event["type"] == ("domain_block" if by == "operator" else "user_domain_block")
    assert alice.follows("paul@nantes.test") is None


def test_who_asked_hears_that_the_poll_is_over(fediverse: Fediverse, brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = alice.says("Pont ou tunnel ?", poll={"options": ["pont", "tunnel"], "expires_in": 3600})
    fediverse.settle()
    fediverse.wait(hours=2)
    brest.run("close_polls")
    fediverse.settle()
    [told] = alice.get("/api/v1/notifications")
    assert (told["type"], told["status"]["id"]) == ("poll", said["id"])
