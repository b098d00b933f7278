"""Collections: accounts recommended together, by people of here."""

from fediterr.accounts import service as accounts
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def _id(app: Application) -> str:
    identifier: str = app.get("/api/v1/accounts/verify_credentials")["id"]
    return identifier


def test_a_collection_is_made_filled_shown_and_removed(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    made = alice.post("/api/v1/collections", name="Voisins", tag_name="#Port", account_ids=[_id(bob)])["collection"]
    shapes.check(made, shapes.COLLECTION)
    assert (made["item_count"], made["tag"]["name"], made["description"]) == (1, "Port", "")
    path = f"/api/v1/collections/{made['id']}"
    item = alice.post(f"{path}/items", account_id=_id(carol))["collection_item"]
    assert (item["account_id"], item["state"]) == (_id(carol), "accepted")
    assert alice.ask("POST", f"{path}/items", json={"account_id": _id(carol)}).status_code == 422

    seen = Application(carol.person, scopes=None).get(path)
    assert [each["username"] for each in seen["accounts"]] == ["alice", "bob", "carol"]
    assert alice.put(path, name="Voisines", discoverable=False)["collection"]["name"] == "Voisines"
    assert alice.get(f"/api/v1/accounts/{_id(alice)}/collections")["collections"][0]["item_count"] == 2
    assert bob.get(f"/api/v1/accounts/{_id(alice)}/collections")["collections"] == []
    assert alice.ask("DELETE", f"{path}/items/{item['id']}").status_code == 200
    assert alice.get(path)["collection"]["item_count"] == 1
    assert [bob.ask(method, path).status_code for method in ("PUT", "DELETE")] == [404, 404]
    assert alice.ask("DELETE", path).status_code == 200
    assert alice.ask("GET", path).status_code == 404


def test_whoever_is_put_into_a_collection_hears_of_it_and_may_leave(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    made = alice.post("/api/v1/collections", name="Voisins", account_ids=[_id(bob)])["collection"]
    fediverse.settle()
    told = bob.get("/api/v1/notifications")[0]
    assert (told["type"], told["collection"]["id"]) == ("added_to_collection", made["id"])
    assert "fallback" not in told
    assert bob.get("/api/v1/notifications", supported_types="follow")[0]["fallback"]["title"]
    mine = f"/api/v1/accounts/{_id(bob)}/in_collections"
    assert [each["id"] for each in bob.get(mine)["collections"]] == [made["id"]]
    assert alice.ask("GET", mine).status_code == 404
    place = f"/api/v1/collections/{made['id']}/items/{made['items'][0]['id']}/revoke"
    assert alice.ask("POST", place).status_code == 404
    assert bob.ask("POST", place).status_code == 200
    assert bob.get(mine)["collections"] == []
    again = alice.ask("POST", f"/api/v1/collections/{made['id']}/items", json={"account_id": _id(bob)})
    assert again.status_code == 422


def test_nobody_is_recommended_who_does_not_want_to_be(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    bob.put("/api/v1/accounts/update_credentials", discoverable=False)
    carol.post(f"/api/v1/accounts/{_id(alice)}/block")
    for other in (bob, carol):
        sent = {"name": "Voisins", "account_ids": [_id(other)]}
        assert alice.ask("POST", "/api/v1/collections", json=sent).status_code == 403
    assert alice.get(f"/api/v1/accounts/{_id(alice)}/collections")["collections"] == []
    assert alice.ask("POST", "/api/v1/collections", json={"name": " "}).status_code == 422
    for number in range(10):
        alice.post("/api/v1/collections", name=f"Voisins {number}")
    assert alice.ask("POST", "/api/v1/collections", json={"name": "Encore"}).status_code == 422
    identifier = alice.get(f"/api/v1/accounts/{_id(alice)}/collections")["collections"][0]["id"]
    with alice.person.acting() as account:
        accounts.suspend(account)
    assert carol.ask("GET", f"/api/v1/collections/{identifier}").status_code == 404


def test_there_are_no_reports_on_a_year(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    assert alice.get("/api/v1/annual_reports") == {"annual_reports": [], "accounts": [], "statuses": []}
    assert alice.get("/api/v1/annual_reports/2025/state") == {"state": "ineligible"}
    assert alice.post("/api/v1/annual_reports/2025/generate") == {}
    for method, path in (("GET", "2025"), ("POST", "2025/read")):
        assert alice.ask(method, f"/api/v1/annual_reports/{path}").status_code == 404
