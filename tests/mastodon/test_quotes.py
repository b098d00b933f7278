"""Applications quote posts: at once among people of here, as far as authors agree, until they take it back."""

from typing import Any

import pytest

from tests.counting import counted
from tests.fediverse import Fediverse
from tests.mastodon import shapes
from tests.mastodon.client import Application


@pytest.fixture
def alice(fediverse: Fediverse) -> Application:
    return Application(fediverse["brest.test"].register("alice"))


@pytest.fixture
def bob(alice: Application) -> Application:
    return Application(alice.server.register("bob"))


def told(who: Application) -> list[tuple[str, str]]:
    who.server.work()
    return [(each["type"], each["status"]["id"]) for each in who.get("/api/v1/notifications")]


def quoting(who: Application, status: dict[str, Any], words: str = "Voyez", **more: Any) -> dict[str, Any]:
    return who.says(words, quoted_status_id=status["id"], **more)


def refused(who: Application, status: dict[str, Any], **more: Any) -> tuple[int, str]:
    answer = who.ask("POST", "/api/v1/statuses", json={"status": "Voyez", "quoted_status_id": status["id"], **more})
    return answer.status_code, answer.json["error"]


NOT_THERE = (404, "The post you are trying to quote does not appear to exist.")


def test_somebody_of_here_is_quoted_at_once_and_told(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    made = quoting(bob, status)
    shapes.check(made, {**shapes.OWN_STATUS, "quote": {"state": str, "quoted_status": dict}})
    assert (made["quote"]["state"], made["quote"]["quoted_status"]["id"]) == ("accepted", status["id"])
    assert made["content"].startswith('<p class="quote-inline">RE: <a href="https://brest.test/@alice/')
    assert alice.get(f"/api/v1/statuses/{status['id']}")["quotes_count"] == 1
    assert told(alice) == [("quote", made["id"])]
    assert bob.get(f"/api/v1/statuses/{made['id']}/source")["text"] == "Voyez"


def test_a_link_in_the_text_is_not_written_twice(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    made = quoting(bob, status, f"Voyez {status['url']}")
    assert "quote-inline" not in made["content"]


def test_a_quote_within_a_quote_is_only_named(alice: Application, bob: Application) -> None:
    first = alice.says("Un")
    second = quoting(bob, first, "Deux")
    third = quoting(alice, second, "Trois")
    assert third["quote"]["quoted_status"]["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}


def test_who_may_quote_is_said_by_each_post(alice: Application, bob: Application) -> None:
    alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "nobody"}})
    closed = alice.says("Pour moi")
    assert closed["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert refused(bob, closed) == NOT_THERE
    assert quoting(alice, closed)["quote"]["state"] == "accepted"
    known = alice.says("Pour les miens", quote_approval_policy="followers")
    path = f"/api/v1/statuses/{known['id']}"
    assert bob.get(path)["quote_approval"] == {"automatic": ["followers"], "manual": [], "current_user": "denied"}
    assert refused(bob, known) == NOT_THERE
    bob.post(f"/api/v1/accounts/{known['account']['id']}/follow")
    assert bob.get(path)["quote_approval"]["current_user"] == "automatic"
    assert quoting(bob, known)["quote"]["state"] == "accepted"


def test_a_policy_changes_for_the_future(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme", quote_approval_policy="public")
    made = quoting(bob, status)
    path = f"/api/v1/statuses/{status['id']}"
    changed = alice.put(f"{path}/interaction_policy", quote_approval_policy="nobody")
    assert changed["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert changed["edited_at"] is None
    assert bob.get(path)["quote_approval"]["current_user"] == "denied"
    assert bob.get(f"/api/v1/statuses/{made['id']}")["quote"]["state"] == "accepted"
    edited = alice.put(path, status="Le pont ouvre", quote_approval_policy="public")
    assert edited["quote_approval"]["automatic"] == ["public"]
    assert bob.ask("PUT", f"{path}/interaction_policy", json={"quote_approval_policy": "public"}).status_code == 403
    wrong = alice.ask("PUT", f"{path}/interaction_policy", json={"quote_approval_policy": "friends"})
    assert (wrong.status_code, wrong.json["error"]) == (
        422, "Validation failed: Quote approval policy is not included in the list",
    )  # fmt: skip


def test_what_is_not_open_to_all_is_quoted_by_its_author_alone(alice: Application, bob: Application) -> None:
    bob.post(f"/api/v1/accounts/{alice.get('/api/v1/accounts/verify_credentials')['id']}/follow")
    private = alice.says("Entre nous", visibility="private", quote_approval_policy="public")
    assert private["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert refused(bob, private) == NOT_THERE
    assert quoting(alice, private)["visibility"] == "private"
    direct = alice.says("@bob à toi seul", visibility="direct")
    assert direct["quote_approval"]["current_user"] == "denied"
    assert refused(alice, direct) == NOT_THERE


def test_nobody_is_quoted_behind_their_back(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    assert refused(bob, status, visibility="direct") == (
        422, "Validation failed: Cannot quote a non-mentioned user in a Private Mention post.",
    )  # fmt: skip
    assert quoting(bob, status, "@alice Vraiment ?", visibility="direct")["quote"]["state"] == "accepted"


def test_an_author_takes_back_a_quote(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    made = quoting(bob, status)
    path = f"/api/v1/statuses/{status['id']}/quotes"
    assert bob.ask("POST", f"{path}/{made['id']}/revoke").status_code == 403
    assert alice.post(f"{path}/{made['id']}/revoke")["quote"] == {"state": "revoked", "quoted_status": None}
    assert bob.get(f"/api/v1/statuses/{made['id']}")["quote"]["state"] == "revoked"
    assert alice.get(path) == []
    assert alice.get(f"/api/v1/statuses/{status['id']}")["quotes_count"] == 0
    assert alice.ask("POST", f"{path}/{status['id']}/revoke").status_code == 404


def test_quotes_are_listed_as_far_as_one_may_see_them(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    ids = [quoting(bob, status, f"{number}")["id"] for number in range(3)]
    hidden = quoting(bob, status, "Entre nous", visibility="private")["id"]
    path = f"/api/v1/statuses/{status['id']}/quotes"
    assert [each["id"] for each in alice.get(path)] == ids[::-1]
    assert [each["id"] for each in bob.get(path)] == [hidden, *ids[::-1]]
    first = alice.ask("GET", path, query_string={"limit": 2})
    assert f"max_id={ids[1]}" in first.headers["Link"]
    assert [each["id"] for each in alice.get(path, max_id=ids[1])] == [ids[0]]
    assert Application(alice.person, scopes=None).ask("GET", path).status_code == 401


def test_what_became_of_a_quote_depends_on_who_looks(alice: Application, bob: Application) -> None:
    carol = Application(alice.server.register("carol"))
    status, author = alice.says("Le pont ferme"), alice.get("/api/v1/accounts/verify_credentials")["id"]
    path = f"/api/v1/statuses/{quoting(bob, status)['id']}"

    def state() -> tuple[str, bool]:
        quote = carol.get(path)["quote"]
        return quote["state"], quote["quoted_status"] is not None

    assert state() == ("accepted", True)
    carol.post(f"/api/v1/accounts/{author}/mute")
    assert state() == ("muted_account", True)
    carol.post(f"/api/v1/accounts/{author}/block")
    assert state() == ("blocked_account", True)
    carol.post(f"/api/v1/accounts/{author}/unblock")
    carol.post(f"/api/v1/accounts/{author}/unmute")
    alice.post(f"/api/v1/accounts/{carol.get('/api/v1/accounts/verify_credentials')['id']}/block")
    assert state() == ("unauthorized", False)
    alice.delete(f"/api/v1/statuses/{status['id']}")
    assert state() == ("deleted", False)


def test_whoever_is_blocked_does_not_quote(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    alice.post(f"/api/v1/accounts/{bob.get('/api/v1/accounts/verify_credentials')['id']}/block")
    assert refused(bob, status) == NOT_THERE


def test_who_quoted_is_told_of_an_edit_and_a_quote_that_goes_counts_no_more(
    alice: Application, bob: Application
) -> None:
    status = alice.says("Le pont ferme")
    made = quoting(bob, status)
    bob.server.work()
    alice.put(f"/api/v1/statuses/{status['id']}", status="Le pont ouvre")
    assert told(bob) == [("quoted_update", made["id"])]
    edited = bob.put(f"/api/v1/statuses/{made['id']}", status="Enfin")
    assert edited["content"].startswith('<p class="quote-inline">')
    assert edited["quote"]["state"] == "accepted"
    bob.delete(f"/api/v1/statuses/{made['id']}")
    assert alice.get(f"/api/v1/statuses/{status['id']}")["quotes_count"] == 0


def test_a_post_that_waits_for_its_hour_quotes_then(alice: Application, bob: Application) -> None:
    status = alice.says("Le pont ferme")
    row = bob.post(
        "/api/v1/statuses", status="Demain", quoted_status_id=status["id"], scheduled_at="2099-01-01T00:00:00Z",
        quote_approval_policy="nobody",
    )  # fmt: skip
    assert row["params"]["quoted_status_id"] == status["id"]
    assert row["params"]["quote_approval_policy"] == "nobody"


def test_a_page_of_quotes_costs_as_many_questions_as_a_shorter_one(alice: Application, bob: Application) -> None:
    def page(number: int) -> None:
        status = alice.says(f"{number}", quote_approval_policy="followers")
        bob.says(f"{number}", quoted_status_id=quoting(bob, status)["id"])

    bob.post(f"/api/v1/accounts/{alice.get('/api/v1/accounts/verify_credentials')['id']}/follow")
    page(0)
    bob.get("/api/v1/timelines/home")
    with counted(alice.server) as few:
        assert len(bob.get("/api/v1/timelines/home")) == 3
    for number in range(1, 6):
        page(number)
    with counted(alice.server) as many:
        assert len(bob.get("/api/v1/timelines/home")) == 18
    assert len(many) == len(few) <= 18, "\n".join(many)
