"""What any application does first: say who one is, publish, look around, follow somebody of elsewhere."""

from tests.fediverse import Fediverse
from tests.mastodon.client import Application


def test_somebody_follows_a_neighbour_and_reads_what_she_says(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob = Application(brest.register("alice")), Application(nantes.register("bob"))
    assert bob.get("/api/v1/accounts/verify_credentials")["acct"] == "bob"

    [found] = bob.get("/api/v2/search", q="alice@brest.test", resolve="true", type="accounts")["accounts"]
    assert (found["acct"], found["uri"]) == ("alice@brest.test", "https://brest.test/actors/alice")
    assert bob.post(f"/api/v1/accounts/{found['id']}/follow")["requested"] is True
    fediverse.settle()
    [between] = bob.get("/api/v1/accounts/relationships", **{"id[]": found["id"]})
    assert (between["following"], between["requested"]) == (True, False)

    said = alice.says("Bonjour @bob@nantes.test, un #Pont neuf ?")
    assert [mention["acct"] for mention in said["mentions"]] == ["bob@nantes.test"]
    assert said["tags"] == [{"name": "Pont", "url": "https://brest.test/tags/pont"}]
    fediverse.settle()
    assert bob.home() == [said["content"]]
    [told] = bob.get("/api/v1/notifications")
    assert (told["type"], told["account"]["acct"], told["status"]["uri"]) == (
        "mention",
        "alice@brest.test",
        said["uri"],
    )

    alice.delete(f"/api/v1/statuses/{said['id']}")
    fediverse.settle()
    assert bob.home() == []
