"""Lists, and what they show and keep out of the home timeline."""

import pytest

from tests.fediverse import Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def _people(server: Server, *names: str) -> tuple[list[Application], list[str]]:
    apps = [Application(server.register(name)) for name in names]
    return apps, [app.get("/api/v1/accounts/verify_credentials")["id"] for app in apps]


def test_a_list_is_made_changed_filled_and_removed(brest: Server) -> None:
    (alice, bob), (_, bob_id) = _people(brest, "alice", "bob")
    made = alice.post("/api/v1/lists", title="Voisins")
    shapes.check(made, shapes.LIST)
    assert (made["replies_policy"], made["exclusive"]) == ("list", False)
    path = f"/api/v1/lists/{made['id']}"
    assert alice.put(path, title="Voisines", replies_policy="none", exclusive=True)["title"] == "Voisines"
    assert alice.get("/api/v1/lists") == [alice.get(path)]

    assert alice.ask("POST", f"{path}/accounts", json={"account_ids": [bob_id]}).status_code == 404
    alice.post(f"/api/v1/accounts/{bob_id}/follow")
    assert alice.post(f"{path}/accounts", account_ids=[bob_id]) == {}
    assert alice.ask("POST", f"{path}/accounts", json={"account_ids": [bob_id]}).status_code == 422
    assert [each["username"] for each in alice.get(f"{path}/accounts", limit="0")] == ["bob"]
    assert [each["id"] for each in alice.get(f"/api/v1/accounts/{bob_id}/lists")] == [made["id"]]

    alice.post(f"/api/v1/accounts/{bob_id}/unfollow")
    assert alice.get(f"{path}/accounts") == []
    alice.post(f"/api/v1/accounts/{bob_id}/follow")
    alice.post(f"{path}/accounts", account_ids=[bob_id])
    assert alice.ask("DELETE", f"{path}/accounts", data={"account_ids[]": bob_id}).json == {}
    assert alice.get(f"{path}/accounts") == []
    assert alice.delete(path) == {}
    assert alice.ask("GET", path).status_code == 404
    assert bob.get("/api/v1/lists") == []


def test_a_list_without_sense_is_refused_in_known_words(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    answers = [alice.ask("POST", "/api/v1/lists", json=each) for each in ({}, {"title": "a", "replies_policy": "x"})]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json == {"error": "Validation failed: Title can't be blank"}


def test_the_lists_of_others_do_not_exist(brest: Server) -> None:
    (alice, bob), (alice_id, _) = _people(brest, "alice", "bob")
    path = f"/api/v1/lists/{alice.post('/api/v1/lists', title='Voisins')['id']}"
    timeline = path.replace("lists", "timelines/list")
    asked = [("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/accounts"), ("GET", timeline)]
    for method, address in [*asked, ("POST", f"{path}/accounts"), ("DELETE", f"{path}/accounts")]:
        answer = bob.ask(method, address, json={"account_ids": [alice_id]} if method != "GET" else None)
        assert (answer.status_code, answer.json) == (404, {"error": "Record not found"}), (method, address)
    assert len(alice.get("/api/v1/lists")) == 1


@pytest.mark.parametrize(
    ("policy", "seen"),
    [
        ("none", {"a", "to self"}),
        ("list", {"a", "to self", "to carol"}),
        ("followed", {"a", "to self", "to carol", "to dave"}),
    ],
)
def test_a_list_shows_the_answers_that_it_should(brest: Server, policy: str, seen: set[str]) -> None:
    (alice, bob, carol, dave, erin), ids = _people(brest, "alice", "bob", "carol", "dave", "erin")
    for each in ids[1:4]:
        alice.post(f"/api/v1/accounts/{each}/follow")
    made = alice.post("/api/v1/lists", title="Voisins", replies_policy=policy)["id"]
    alice.post(f"/api/v1/lists/{made}/accounts", account_ids=ids[1:3])
    first = bob.says("a")
    bob.says("to self", in_reply_to_id=first["id"])
    for other, name in ((carol, "carol"), (dave, "dave"), (erin, "erin")):
        asked = other.says("?")
        bob.says(f"to {name}", in_reply_to_id=asked["id"])
    shown = alice.get(f"/api/v1/timelines/list/{made}")
    assert {each["content"][3:-4] for each in shown if each["account"]["username"] == "bob"} == seen
    assert {each["account"]["username"] for each in shown} == {"bob", "carol"}


def test_an_exclusive_list_keeps_its_members_out_of_home(brest: Server) -> None:
    (alice, bob, carol), ids = _people(brest, "alice", "bob", "carol")
    for each in ids[1:]:
        alice.post(f"/api/v1/accounts/{each}/follow")
    made = alice.post("/api/v1/lists", title="Voisins", exclusive=True)["id"]
    alice.post(f"/api/v1/lists/{made}/accounts", account_ids=[ids[1]])
    said = bob.says("Bonjour #pont")
    carol.says("Salut", in_reply_to_id=said["id"])
    alice.post("/api/v1/tags/pont/follow")
    assert alice.home() == ["<p>Salut</p>"]
    assert [each["id"] for each in alice.get(f"/api/v1/timelines/list/{made}")] == [said["id"]]
