"""Statuses: published, read, edited, deleted; and what others do with them."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fediterr.core import clock
from fediterr.social.models import Post
from tests import clips, files
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application
from tests.mastodon.test_media import send, sent


def test_a_post_is_shown_to_its_author_to_others_and_to_anybody(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    made = alice.says("Bonjour @bob, un #Pont", spoiler_text="Travaux", language="fr", sensitive=False)
    shapes.check(made, shapes.OWN_STATUS)
    assert (made["spoiler_text"], made["sensitive"], made["language"]) == ("Travaux", True, "fr")
    path = f"/api/v1/statuses/{made['id']}"
    assert alice.get(path) == made
    shapes.check(bob.get(path), shapes.SEEN_STATUS)
    shapes.check(Application(brest.register("carol"), scopes=None).get(path), shapes.STATUS)
    assert bob.get("/api/v1/statuses", **{"id[]": [made["id"], "77"]}) == [bob.get(path)]


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct"])
def test_a_visibility_is_answered_as_it_was_asked(brest: Server, visibility: str) -> None:
    alice = Application(brest.register("alice"))
    assert alice.says("Bonjour", visibility=visibility)["visibility"] == visibility


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_one_may_not_see_answers_like_what_is_not_there(brest: Server, visibility: str) -> None:
    alice, erin = Application(brest.register("alice")), Application(brest.register("erin"))
    hidden = alice.says("Entre nous", visibility=visibility, poll={"options": ["a", "b"], "expires_in": 600})
    path = f"/api/v1/statuses/{hidden['id']}"
    readings = ["", "/context", "/history", "/source", "/favourited_by", "/reblogged_by"]
    deeds = ["/favourite", "/unfavourite", "/reblog", "/unreblog", "/pin", "/unpin"]
    answers = [erin.ask("GET", path + part) for part in readings] + [erin.ask("POST", path + part) for part in deeds]
    answers += [erin.ask("DELETE", path), erin.ask("PUT", path, json={"status": "Ah"})]
    answers += [erin.ask("GET", f"/api/v1/polls/{hidden['poll']['id']}")]
    answers += [erin.ask("POST", f"/api/v1/polls/{hidden['poll']['id']}/votes", json={"choices": [0]})]
    answers += [
        erin.ask("POST", f"{path}/{verb}") for verb in ("bookmark", "unbookmark", "mute", "unmute", "translate")
    ]
    for answer in answers:
        assert (answer.status_code, answer.json) == (404, {"error": "Record not found"}), answer.request.path
    assert erin.get("/api/v1/statuses", **{"id[]": hidden["id"]}) == []
    for missing in (hidden["id"], "77", "nonsense", "9" * 40):
        answer = erin.ask("POST", "/api/v1/statuses", json={"status": "Ah", "in_reply_to_id": missing})
        words = "The post you are trying to reply to does not appear to exist."
        assert (answer.status_code, answer.json) == (404, {"error": words})


def test_the_posts_of_others_cannot_be_changed(brest: Server) -> None:
    alice, erin = Application(brest.register("alice")), Application(brest.register("erin"))
    said = alice.says("Bonjour")
    assert erin.ask("DELETE", f"/api/v1/statuses/{said['id']}").status_code == 404
    assert erin.ask("PUT", f"/api/v1/statuses/{said['id']}", json={"status": "Ah"}).status_code == 404
    assert erin.ask("POST", f"/api/v1/statuses/{said['id']}/pin").status_code == 422
    assert alice.get(f"/api/v1/statuses/{said['id']}") == said


def test_the_same_key_publishes_once(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))

    def publish(app: Application, key: str) -> str:
        answer = app.ask("POST", "/api/v1/statuses", json={"status": "Une fois"}, headers={"Idempotency-Key": key})
        identifier: str = answer.json["id"]
        return identifier

    first = publish(alice, "k1")
    assert publish(alice, "k1") == first
    assert publish(alice, "k2") != first
    assert publish(bob, "k1") != first
    assert brest.count(Post) == 3
    clock.shift(timedelta(hours=25))
    assert publish(alice, "k1") != first
    refused = alice.ask("POST", "/api/v1/statuses", json={"status": ""}, headers={"Idempotency-Key": "k3"})
    assert refused.status_code == 422
    assert publish(alice, "k3") != first


def test_somebody_unknown_who_is_named_is_looked_up_first(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), fediverse["nantes.test"].register("bob")
    fediverse["rennes.test"].register("carol")
    said = alice.says("Bonjour @bob@nantes.test, @carol@rennes.test et @dave@nowhere.test", visibility="direct")
    assert sorted(each["acct"] for each in said["mentions"]) == ["bob@nantes.test", "carol@rennes.test"]
    assert "@dave@nowhere.test" in said["content"]
    fediverse.settle()
    [told] = Application(bob).get("/api/v1/notifications")
    assert told["status"]["visibility"] == "direct"
    edited = alice.put(f"/api/v1/statuses/{said['id']}", status="Bonjour @erin@vannes.test")
    assert edited["mentions"] == []


def test_an_edit_keeps_how_it_read_before(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    parent = bob.says("Quand ?")
    said = alice.says("Lundi", in_reply_to_id=parent["id"], visibility="unlisted", language="fr")
    path = f"/api/v1/statuses/{said['id']}"
    assert [edit["content"] for edit in bob.get(f"{path}/history")] == ["<p>Lundi</p>"]
    clock.shift(timedelta(minutes=1))
    edited = alice.put(path, status="Mardi #marché", spoiler_text="Date")
    shapes.check(edited, shapes.OWN_STATUS)
    assert (edited["visibility"], edited["in_reply_to_id"], edited["language"]) == ("unlisted", parent["id"], "fr")
    assert edited["edited_at"] > edited["created_at"]
    assert [tag["name"] for tag in edited["tags"]] == ["marché"]
    history = bob.get(f"{path}/history")
    for edit in history:
        shapes.check(edit, shapes.EDIT)
    assert [(edit["spoiler_text"], edit["sensitive"]) for edit in history] == [("", False), ("Date", True)]
    assert history[0]["created_at"] == said["created_at"]
    assert alice.get(f"{path}/source") == {"id": said["id"], "text": "Mardi #marché", "spoiler_text": "Date"}
    assert alice.put(path, status="Mardi #marché", spoiler_text="Date")["edited_at"] == edited["edited_at"]


def test_the_history_of_a_post_shows_its_files_and_its_poll_as_they_were(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    bridge, road = (sent(alice, files.picture(size=(8, 4 + n)), description=f"Vue {n}") for n in (1, 2))
    poll = {"options": ["Oui", "Non"], "expires_in": 600}
    said = alice.says("Un pont ?", media_ids=[bridge["id"], road["id"]], poll=poll)
    path = f"/api/v1/statuses/{said['id']}"
    clock.shift(timedelta(minutes=1))
    anew = {"media_ids": [bridge["id"]], "media_attributes": [{"id": bridge["id"], "description": "Vue du sud"}]}
    edited = alice.put(path, status="Un pont ?", **anew, poll={**poll, "options": ["Oui", "Non", "Deux"]})
    shapes.check(edited, shapes.OWN_STATUS)
    before, now = alice.get(f"{path}/history")
    for edit in (before, now):
        shapes.check(edit, {**shapes.EDIT, "poll": {"options": [{"title": str}]}})
    assert [each["description"] for each in before["media_attachments"]] == ["Vue 1", "Vue 2"]
    assert [each["description"] for each in now["media_attachments"]] == ["Vue du sud"]
    assert [len(edit["poll"]["options"]) for edit in (before, now)] == [2, 3]
    clock.shift(timedelta(days=2))
    brest.run("clear")
    before, now = alice.get(f"{path}/history")
    assert [each["id"] for each in before["media_attachments"]] == [bridge["id"]]  # the other is forgotten
    assert alice.put(path, status="Un pont ?", media_ids=[bridge["id"]], poll=None)["poll"] is None


def test_an_edit_changes_the_picture_that_stands_for_a_film(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    film = send(alice, clips.film("webm"), "a.webm").json
    brest.work()
    said = alice.says("Le pont", media_ids=[film["id"]])

    def edit(picture: str) -> TestResponse:
        anew = {"media_ids": [film["id"]], "media_attributes": [{"id": film["id"], "thumbnail": picture}]}
        return alice.ask("PUT", f"/api/v1/statuses/{said['id']}", json={"status": "Le pont", **anew})

    picture = base64.b64encode(files.picture("JPEG", (60, 40))).decode()
    [shown] = edit(f"data:image/jpeg;base64,{picture}").json["media_attachments"]
    assert shown["preview_url"] != said["media_attachments"][0]["preview_url"]
    assert shown["meta"]["small"]["size"] == "60x40"
    for broken in ("data:image/jpeg;base64,é", "nonsense", f"data:image/png;base64,{picture[:40]}"):
        assert edit(broken).status_code == 422
    assert alice.get(f"/api/v1/statuses/{said['id']}")["media_attachments"] == [shown]


def test_what_is_deleted_gives_its_files_back_unless_they_are_to_go_too(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    picture = sent(alice, files.picture())
    first = alice.says("Un", media_ids=[picture["id"]])
    assert alice.ask("POST", "/api/v1/statuses", json={"status": "Ah", "media_ids": [picture["id"]]}).status_code == 422
    clock.shift(timedelta(hours=30))
    alice.delete(f"/api/v1/statuses/{first['id']}")
    brest.run("clear")
    again = alice.says("Deux", media_ids=[picture["id"]])
    assert [each["url"] for each in again["media_attachments"]] == [picture["url"]]
    alice.ask("DELETE", f"/api/v1/statuses/{again['id']}?delete_media=true")
    refused = alice.ask("POST", "/api/v1/statuses", json={"status": "Trois", "media_ids": [picture["id"]]})
    assert (refused.status_code, refused.json["error"]) == (422, "Media not found or already attached to another post")


def test_nobody_is_told_whom_the_application_did_not_expect(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    bob_id = bob.get("/api/v1/accounts/verify_credentials")["id"]
    words = {"status": "@bob @alice bonjour"}
    answer = alice.ask("POST", "/api/v1/statuses", json={**words, "allowed_mentions": []})
    assert answer.status_code == 422
    assert answer.json["error"] == "Post would be sent to unexpected accounts"
    assert [each["id"] for each in answer.json["unexpected_accounts"]] == [bob_id]
    assert brest.count(Post) == 0
    alice.post("/api/v1/statuses", **words, allowed_mentions=[bob_id])


def test_a_text_is_as_long_as_applications_count_it(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    longest = brest.settings.limits_post_characters

    def says(words: str, warning: str = "") -> int:
        sent = {"status": words, "spoiler_text": warning}
        return alice.ask("POST", "/api/v1/statuses", json=sent).status_code

    address = f"https://ville.test/{'x' * 300}"
    assert says(f"{address} {'é' * (longest - 24)}") == 200
    assert says(f"{address} {'é' * (longest - 23)}") == 422
    assert says("👩🏽‍💻" * longest) == says("e\u0301" * longest) == says("🇫🇷" * longest) == 200
    assert says("a" * (longest - 2), "ab") == 200
    answer = alice.ask("POST", "/api/v1/statuses", json={"status": "a" * longest, "spoiler_text": "b"})
    assert answer.json["error"] == f"Validation failed: Text character limit of {longest} exceeded"


def test_a_warning_without_a_text_is_the_text(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = alice.says("", spoiler_text="Attention")
    assert (said["content"], said["spoiler_text"]) == ("<p>Attention</p>", "")


def test_nothing_is_translated_here(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    answer = alice.ask("POST", f"/api/v1/statuses/{alice.says('Bonjour')['id']}/translate", json={"lang": "de"})
    assert (answer.status_code, answer.json) == (403, {"error": "This action is not allowed"})


def test_what_is_deleted_comes_back_as_typed(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = alice.says("Un #pont\n\nneuf")
    assert alice.delete(f"/api/v1/statuses/{said['id']}") == {**said, "text": "Un #pont\n\nneuf"}
    assert alice.ask("GET", f"/api/v1/statuses/{said['id']}").status_code == 404
    assert alice.ask("DELETE", f"/api/v1/statuses/{said['id']}").status_code == 404


def test_a_conversation_is_read_from_any_of_its_posts(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    first = alice.says("A")
    second = bob.says("B", in_reply_to_id=first["id"])
    third = alice.says("C", in_reply_to_id=second["id"])
    other = alice.says("D", in_reply_to_id=first["id"])
    around = bob.get(f"/api/v1/statuses/{second['id']}/context")
    assert [each["id"] for each in around["ancestors"]] == [first["id"]]
    assert [each["id"] for each in around["descendants"]] == [third["id"]]
    whole = bob.get(f"/api/v1/statuses/{first['id']}/context")
    assert [each["id"] for each in whole["descendants"]] == [second["id"], third["id"], other["id"]]
    for each in (*around["ancestors"], *whole["descendants"]):
        assert each["account"]["username"] in ("alice", "bob")
    assert bob.get(f"/api/v1/statuses/{first['id']}")["replies_count"] == 2


def test_a_conversation_goes_on_beyond_what_one_may_not_see(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    first = alice.says("A")
    hidden = alice.says("Entre nous @bob", in_reply_to_id=first["id"], visibility="direct")
    last = bob.says("C", in_reply_to_id=hidden["id"])
    below = alice.says("D", in_reply_to_id=last["id"])

    def around(who: Application, status: dict[str, Any]) -> tuple[list[str], list[str]]:
        found = who.get(f"/api/v1/statuses/{status['id']}/context")
        ancestors, descendants = found["ancestors"], found["descendants"]
        return [each["id"] for each in ancestors], [each["id"] for each in descendants]

    assert around(bob, last) == ([first["id"], hidden["id"]], [below["id"]])
    assert around(carol, last) == ([first["id"]], [below["id"]])
    assert around(carol, first) == ([], [last["id"], below["id"]])


def test_a_post_is_liked_and_boosted_and_both_are_taken_back(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    said = alice.says("Bonjour")
    path = f"/api/v1/statuses/{said['id']}"
    for _ in range(2):
        liked = bob.post(f"{path}/favourite")
        assert (liked["favourited"], liked["favourites_count"]) == (True, 1)
    boost = bob.post(f"{path}/reblog", visibility="unlisted")
    shapes.check(boost, shapes.SEEN_STATUS)
    shapes.check(boost["reblog"], shapes.SEEN_STATUS)
    assert (boost["reblog"]["id"], boost["account"]["username"], boost["visibility"]) == (said["id"], "bob", "unlisted")
    assert (boost["reblogged"], boost["reblogs_count"], boost["content"]) == (True, 1, said["content"])
    assert bob.post(f"{path}/reblog")["id"] == boost["id"]
    assert alice.post(f"/api/v1/statuses/{boost['id']}/favourite")["id"] == said["id"]

    assert [each["username"] for each in alice.get(f"{path}/favourited_by")] == ["alice", "bob"]
    assert [each["username"] for each in alice.get(f"{path}/reblogged_by")] == ["bob"]
    assert bob.post(f"{path}/unreblog")["reblogged"] is False
    unliked = bob.post(f"{path}/unfavourite")
    assert (unliked["favourited"], unliked["favourites_count"], unliked["reblogs_count"]) == (False, 1, 0)
    secret = alice.says("Entre nous @bob", visibility="direct")
    assert bob.ask("POST", f"/api/v1/statuses/{secret['id']}/reblog").status_code == 403


def test_boosts_are_for_all_or_for_followers(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    secret = f"/api/v1/statuses/{alice.says('Entre nous', visibility='private')['id']}"
    assert alice.post(f"{secret}/reblog", visibility="unlisted")["visibility"] == "private"
    assert alice.get(f"{secret}/reblogged_by") == []
    path = f"/api/v1/statuses/{alice.says('Pour tous')['id']}"
    refused = bob.ask("POST", f"{path}/reblog", json={"visibility": "direct"})
    assert (refused.status_code, refused.json["error"]) == (422, "Validation failed: Visibility is reserved")
    assert bob.post(f"{path}/reblog", visibility="private")["visibility"] == "private"
    assert alice.get(f"{path}/reblogged_by") == []
    assert alice.get(path)["reblogs_count"] == 1


def test_a_boost_is_deleted_like_a_post(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    said = alice.says("Bonjour")
    boost = bob.post(f"/api/v1/statuses/{said['id']}/reblog")
    bob.delete(f"/api/v1/statuses/{boost['id']}")
    assert alice.get(f"/api/v1/statuses/{said['id']}")["reblogs_count"] == 0


def test_a_post_is_pinned_and_unpinned(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = alice.says("Bonjour")
    assert said["pinned"] is False
    assert alice.post(f"/api/v1/statuses/{said['id']}/pin")["pinned"] is True
    assert alice.post(f"/api/v1/statuses/{said['id']}/unpin")["pinned"] is False


def test_what_cannot_be_pinned_says_why(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))

    def pinned(identifier: str) -> tuple[int, str]:
        answer = alice.ask("POST", f"/api/v1/statuses/{identifier}/pin")
        return answer.status_code, answer.json.get("error", "")

    for _ in range(5):
        assert pinned(alice.says("Bonjour")["id"]) == (200, "")
    said = {"Posts that are only visible to mentioned users cannot be pinned": alice.says("@bob", visibility="direct")}
    said |= {"You have already pinned the maximum number of posts": alice.says("Encore")}
    said |= {"Someone else's post cannot be pinned": bob.says("Bonjour")}
    for words, status in said.items():
        assert pinned(status["id"]) == (422, f"Validation failed: {words}")


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        ({"options": ["a"]}, "Choices must have more than one item"),
        ({"options": ["a"] * 2}, "Choices contain duplicate items"),
        ({"options": [str(number) for number in range(11)]}, "Choices can't contain more than 10 items"),
        ({"options": ["a", "b" * 101]}, "Choices cannot be longer than 100 characters each"),
        ({"options": ["a", "b"], "expires_in": 299}, "Deadline is too soon"),
        ({"options": ["a", "b"], "expires_in": 10**9}, "Deadline is too far into the future"),
    ],
)
def test_a_poll_that_makes_no_sense_says_why(brest: Server, poll: dict[str, Any], words: str) -> None:
    alice = Application(brest.register("alice"))
    answer = alice.ask("POST", "/api/v1/statuses", json={"status": "Un pont ?", "poll": {"expires_in": 600, **poll}})
    assert (answer.status_code, answer.json["error"]) == (422, f"Validation failed: {words}")


def test_a_vote_that_cannot_be_says_why(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    one, several = (
        alice.says("?", poll={"options": ["a", "b", "c"], "expires_in": 600, "multiple": multiple})["poll"]["id"]
        for multiple in (False, True)
    )

    def votes(who: Application, poll: str, *choices: int) -> str:
        answer = who.ask("POST", f"/api/v1/polls/{poll}/votes", json={"choices": choices})
        return str(answer.json.get("error", "")).removeprefix("Validation failed: ")

    already, nothing = "You have already voted on this poll", "The chosen vote option does not exist"
    assert votes(alice, one, 0) == "You cannot vote in your own polls"
    assert [votes(bob, one, *choices) for choices in ((5,), (), (0, 1), (0,), (0,), (1,))] == [
        nothing, nothing, already, "", already, already,
    ]  # fmt: skip
    assert [votes(bob, several, *choices) for choices in ((1,), (0,), (0,), (0, 2))] == ["", "", already, already]
    assert bob.get(f"/api/v1/polls/{several}")["own_votes"] == [1, 0]
    assert alice.get(f"/api/v1/polls/{one}")["voted"] is True
    clock.shift(timedelta(hours=1))
    assert votes(bob, several, 2) == "The poll has already ended"


def test_a_poll_is_asked_answered_and_over(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    asked = alice.says("Un pont ?", poll={"options": ["Oui", "Non", "Peut-être"], "expires_in": 3600, "multiple": True})
    shapes.check(asked, shapes.OWN_STATUS)
    path = f"/api/v1/polls/{asked['poll']['id']}"
    voted = bob.ask("POST", f"{path}/votes", data={"choices[]": ["0", "2"]}).json
    shapes.check(voted, shapes.OWN_POLL)
    assert (voted["voted"], voted["own_votes"], voted["votes_count"], voted["voters_count"]) == (True, [0, 2], 2, 1)
    assert [option["votes_count"] for option in alice.get(path)["options"]] == [1, 0, 1]
    shapes.check(Application(brest.register("carol"), scopes=None).get(path), shapes.POLL)
    assert bob.get(f"/api/v1/statuses/{asked['id']}")["poll"]["own_votes"] == [0, 2]
    edited = alice.put(f"/api/v1/statuses/{asked['id']}", status="Un pont, vraiment ?")
    assert edited["poll"]["votes_count"] == 2
    for choices in ([3], [-1], [], ["a"]):
        assert bob.ask("POST", f"{path}/votes", json={"choices": choices}).status_code == 422
    assert alice.ask("POST", f"{path}/votes", json={"choices": [0]}).status_code == 422
    clock.shift(timedelta(hours=2))
    assert bob.get(path)["expired"] is True
    assert bob.ask("POST", f"{path}/votes", json={"choices": [1]}).status_code == 422


def test_what_is_done_here_is_seen_elsewhere(fediverse: Fediverse, brest: Server) -> None:
    bob = fediverse["nantes.test"].register("bob")
    alice, bobs = Application(brest.register("alice")), Application(bob)
    bob.follow("alice@brest.test")
    fediverse.settle()
    said = alice.says("Un pont ?", poll={"options": ["Oui", "Non"], "expires_in": 3600})
    fediverse.settle()
    [seen] = bobs.get("/api/v1/timelines/home")
    shapes.check(seen, shapes.SEEN_REMOTE_STATUS)
    bobs.post(f"/api/v1/statuses/{seen['id']}/favourite")
    bobs.post(f"/api/v1/statuses/{seen['id']}/reblog")
    bobs.post(f"/api/v1/polls/{seen['poll']['id']}/votes", choices=[0])
    bobs.says("Oui @alice@brest.test", in_reply_to_id=seen["id"])
    fediverse.settle()
    known = alice.get(f"/api/v1/statuses/{said['id']}")
    assert (known["favourites_count"], known["reblogs_count"], known["replies_count"]) == (1, 1, 1)
    assert known["poll"]["votes_count"] == 1
    alice.put(f"/api/v1/statuses/{said['id']}", status="Un pont neuf ?")
    fediverse.settle()
    assert bobs.get(f"/api/v1/statuses/{seen['id']}")["content"] == "<p>Un pont neuf ?</p>"
