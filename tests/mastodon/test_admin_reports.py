"""Somebody is brought before the moderators, who take it on and settle it."""

from fediterr.moderation import rules
from tests.counting import counted
from tests.fediverse import Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_a_report_is_made_taken_on_resolved_and_opened_again(brest: Server, admin: Application) -> None:
    bob, carol = Application(brest.register("bob")), Application(brest.register("carol"))
    with brest.inside():
        rule = str(rules.add("Restez courtois", "Pas d’insultes").id)
    said, other = carol.says("Une insulte", visibility="unlisted"), bob.says("Rien à voir")
    made = bob.post(
        "/api/v1/reports",
        account_id=said["account"]["id"],
        status_ids=[said["id"], other["id"]],
        comment="Pénible",
        category="violation",
        rule_ids=[rule],
    )
    shapes.check(made, shapes.REPORT)
    assert (made["status_ids"], made["rule_ids"], made["category"]) == ([said["id"]], [rule], "violation")
    brest.fediverse.settle()
    assert [(told["type"], told["account"]["acct"]) for told in admin.get("/api/v1/notifications")] == [
        ("admin.report", "bob")
    ]

    [report] = admin.get("/api/v1/admin/reports")
    shapes.check(report, shapes.ADMIN_REPORT)
    assert (report["account"]["username"], report["target_account"]["username"]) == ("bob", "carol")
    assert [status["id"] for status in report["statuses"]] == [said["id"]]
    assert [each["text"] for each in report["rules"]] == ["Restez courtois"]
    address = f"/api/v1/admin/reports/{made['id']}"
    assert admin.post(f"{address}/assign_to_self")["assigned_account"]["username"] == "alice"
    assert admin.post(f"{address}/unassign")["assigned_account"] is None
    settled = admin.post(f"{address}/resolve")
    assert (settled["action_taken"], settled["action_taken_by_account"]["username"]) == (True, "alice")
    assert admin.get("/api/v1/admin/reports") == []
    assert len(admin.get("/api/v1/admin/reports", resolved="1")) == 1
    assert len(admin.get("/api/v1/admin/reports", resolved="true", unresolved="true")) == 1
    assert admin.post(f"{address}/reopen")["action_taken"] is False
    changed = admin.put(address, category="spam")
    assert (changed["category"], changed["rules"]) == ("spam", [])
    assert admin.get("/api/v1/admin/reports", target_account_id="12") == []
    assert len(admin.get("/api/v1/admin/reports", account_id=other["account"]["id"])) == 1


def test_a_measure_settles_the_report_it_answers(brest: Server, admin: Application) -> None:
    bob, carol = Application(brest.register("bob")), Application(brest.register("carol"))
    whom = carol.get("/api/v1/accounts/verify_credentials")["id"]
    made = bob.post("/api/v1/reports", account_id=whom)
    admin.post(f"/api/v1/admin/accounts/{whom}/action", type="none", report_id=made["id"], text="Doucement")
    assert admin.get(f"/api/v1/admin/reports/{made['id']}")["action_taken"] is True
    brest.fediverse.settle()
    assert [told["type"] for told in carol.get("/api/v1/notifications")] == ["moderation_warning"]


def test_what_makes_no_sense_is_not_reported(brest: Server) -> None:
    bob = Application(brest.register("bob"))
    whom = bob.get("/api/v1/accounts/verify_credentials")["id"]
    for more in ({"category": "boring"}, {"rule_ids": ["12"]}, {"comment": "x" * 1001}):
        assert bob.ask("POST", "/api/v1/reports", json={"account_id": whom, **more}).status_code == 422
    assert bob.ask("POST", "/api/v1/reports", json={"account_id": "1"}).status_code == 404


def test_a_page_of_reports_takes_as_many_questions_as_one(brest: Server, admin: Application) -> None:
    bob = Application(brest.register("bob"))
    for number in range(6):
        said = Application(brest.register(f"carol{number}")).says(f"Numéro {number}")
        bob.post("/api/v1/reports", account_id=said["account"]["id"], status_ids=[said["id"]])
    admin.get("/api/v1/admin/reports")
    with counted(brest) as one:
        assert len(admin.get("/api/v1/admin/reports", limit="1")) == 1
    with counted(brest) as six:
        assert len(admin.get("/api/v1/admin/reports")) == 6
    assert len(one) == len(six), "\n".join(six)
