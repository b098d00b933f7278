"""Talks in private: one conversation for each thread and circle of people, read or not, as each of them sees it."""

from fediterr.social.models import Conversation
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application

PATH = "/api/v1/conversations"


def test_a_direct_post_is_in_the_conversations_of_both(
    fediverse: Fediverse, alice: Application, bob: Application
) -> None:
    said = bob.says("@alice bonjour", visibility="direct")
    bob.says("@alice en public")
    fediverse.settle()
    [of_alice], [of_bob] = alice.get(PATH), bob.get(PATH)
    for each in (of_alice, of_bob):
        shapes.check(each, shapes.CONVERSATION)
    assert of_alice["last_status"]["id"] == of_bob["last_status"]["id"] == said["id"]
    assert [account["acct"] for account in of_alice["accounts"]] == ["bob"]
    assert [account["acct"] for account in of_bob["accounts"]] == ["alice"]
    assert (of_alice["unread"], of_bob["unread"]) == (True, False)
    assert alice.post(f"{PATH}/{of_alice['id']}/read")["unread"] is False
    assert alice.post(f"{PATH}/{of_alice['id']}/unread") == of_alice
    alice.says("@bob oui", visibility="direct", in_reply_to_id=said["id"])
    fediverse.settle()
    [again], [of_bob] = alice.get(PATH), bob.get(PATH)
    assert (again["id"], again["unread"], of_bob["unread"]) == (of_alice["id"], False, True)


def test_others_conversations_are_nobodys_business(fediverse: Fediverse, alice: Application, bob: Application) -> None:
    alice.says("note à moi-même", visibility="direct")
    fediverse.settle()
    [own] = alice.get(PATH)
    assert ([each["acct"] for each in own["accounts"]], own["unread"]) == (["alice"], False)
    for method, path in (("POST", "/read"), ("POST", "/unread"), ("DELETE", "")):
        assert bob.ask(method, f"{PATH}/{own['id']}{path}").status_code == 404
    assert alice.delete(f"{PATH}/{own['id']}") == {}
    assert alice.get(PATH) == bob.get(PATH) == []
    assert alice.get(f"/api/v1/statuses/{own['last_status']['id']}")["visibility"] == "direct"


def test_the_last_spoken_in_comes_first_and_pages_go_by_last_posts(
    fediverse: Fediverse, alice: Application, bob: Application
) -> None:
    first = bob.says("@alice un", visibility="direct")
    for word in ("deux", "trois"):
        bob.says(f"@alice {word}", visibility="direct")
    bob.says("@alice encore un", visibility="direct", in_reply_to_id=first["id"])
    fediverse.settle()
    whole = alice.get(PATH)
    assert len(whole) == 3
    assert "encore un" in whole[0]["last_status"]["content"]
    answer = alice.ask("GET", PATH, query_string={"limit": 2})
    assert answer.json == whole[:2]
    assert f"max_id={whole[1]['last_status']['id']}" in answer.headers["Link"]
    assert alice.get(PATH, limit=2, max_id=whole[1]["last_status"]["id"]) == whole[2:]
    assert alice.get(PATH, limit=2, min_id=whole[2]["last_status"]["id"]) == whole[:2]


def test_a_deleted_post_leaves_its_conversation(
    fediverse: Fediverse, brest: Server, alice: Application, bob: Application
) -> None:
    first = bob.says("@alice un", visibility="direct")
    second = alice.says("@bob deux", visibility="direct", in_reply_to_id=first["id"])
    fediverse.settle()
    alice.delete(f"/api/v1/statuses/{second['id']}")
    fediverse.settle()
    assert [each["last_status"]["id"] for each in alice.get(PATH)] == [first["id"]]
    bob.delete(f"/api/v1/statuses/{first['id']}")
    fediverse.settle()
    assert alice.get(PATH) == bob.get(PATH) == []
    assert brest.count(Conversation) == 0


def test_who_is_kept_away_begins_no_conversation(fediverse: Fediverse, alice: Application, bob: Application) -> None:
    bobs = bob.says("@alice bonjour", visibility="direct")["account"]["id"]
    fediverse.settle()
    alice.post(f"/api/v1/accounts/{bobs}/block")
    fediverse.settle()
    assert alice.get(PATH) == []
    alice.post(f"/api/v1/accounts/{bobs}/unblock")
    alice.post(f"/api/v1/accounts/{bobs}/mute")
    bob.says("@alice encore", visibility="direct")
    fediverse.settle()
    assert alice.get(PATH) == []


def test_private_words_kept_back_join_when_they_are_heard(
    fediverse: Fediverse, alice: Application, bob: Application
) -> None:
    alice.put("/api/v2/notifications/policy", for_private_mentions="filter")
    bob.says("@alice bonjour", visibility="direct")
    fediverse.settle()
    assert alice.get(PATH) == []
    [asked] = alice.get("/api/v1/notifications/requests")
    assert "bonjour" in asked["last_status"]["content"]
    alice.post(f"/api/v1/notifications/requests/{asked['id']}/accept")
    fediverse.settle()
    assert len(alice.get(PATH)) == 1


def test_a_conversation_crosses_servers(fediverse: Fediverse, alice: Application) -> None:
    paul = fediverse["nantes.test"].register("paul")
    paul.says("@alice@brest.test bonjour", visibility="direct")
    fediverse.settle()
    [received], [sent] = alice.get(PATH), Application(paul).get(PATH)
    assert [each["acct"] for each in received["accounts"]] == ["paul@nantes.test"]
    assert [each["acct"] for each in sent["accounts"]] == ["alice@brest.test"]
