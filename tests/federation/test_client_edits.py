"""What an application edits, writes anew or schedules is seen on other servers."""

from datetime import timedelta

from fediterr.core import clock
from tests import files
from tests.fediverse import Fediverse, Person
from tests.mastodon.client import Application
from tests.mastodon.test_media import sent


def neighbours(fediverse: Fediverse) -> tuple[Application, Person]:
    alice, bob = Application(fediverse["brest.test"].register("alice")), fediverse["nantes.test"].register("bob")
    bob.follow("alice@brest.test")
    fediverse.settle()
    return alice, bob


def test_what_is_written_anew_keeps_its_picture_elsewhere(fediverse: Fediverse) -> None:
    alice, bob = neighbours(fediverse)
    picture = sent(alice, files.picture(), description="Le pont")
    first = alice.says("Un pnot", media_ids=[picture["id"]])
    fediverse.settle()
    deleted = alice.delete(f"/api/v1/statuses/{first['id']}")
    again = alice.says("Un pont", media_ids=[each["id"] for each in deleted["media_attachments"]])
    fediverse.settle()
    [seen] = Application(bob).get("/api/v1/timelines/home")
    assert seen["uri"] == again["uri"]
    assert [(each["remote_url"], each["description"]) for each in seen["media_attachments"]] == [
        (picture["url"], "Le pont")
    ]


def test_a_poll_that_is_asked_anew_begins_from_nothing_everywhere(fediverse: Fediverse) -> None:
    alice, bob = neighbours(fediverse)
    poll = {"options": ["Oui", "Non"], "expires_in": 3600}
    asked = alice.says("Un pont ?", poll=poll)
    fediverse.settle()
    bobs = Application(bob)
    [seen] = bobs.get("/api/v1/timelines/home")
    bobs.post(f"/api/v1/polls/{seen['poll']['id']}/votes", choices=[0])
    fediverse.wait(seconds=30)
    path = f"/api/v1/statuses/{asked['id']}"
    assert alice.get(path)["poll"]["votes_count"] == 1
    changed = alice.put(path, status="Un pont ?", poll={**poll, "options": ["Oui", "Non", "Deux"]})
    assert changed["poll"]["votes_count"] == 0
    fediverse.settle()
    shown = bobs.get(f"/api/v1/polls/{seen['poll']['id']}")
    assert [option["title"] for option in shown["options"]] == ["Oui", "Non", "Deux"]
    assert (shown["votes_count"], shown["voted"]) == (0, False)
    bobs.post(f"/api/v1/polls/{seen['poll']['id']}/votes", choices=[2])
    fediverse.wait(seconds=30)
    assert alice.get(path)["poll"]["options"][2]["votes_count"] == 1


def test_hidden_totals_are_hidden_everywhere_until_the_end(fediverse: Fediverse) -> None:
    alice, bob = neighbours(fediverse)
    poll = {"options": ["Oui", "Non"], "expires_in": 3600, "hide_totals": True}
    asked = alice.says("Un pont ?", poll=poll)
    fediverse.settle()
    bobs = Application(bob)
    [seen] = bobs.get("/api/v1/timelines/home")
    bobs.post(f"/api/v1/polls/{seen['poll']['id']}/votes", choices=[1])
    fediverse.wait(seconds=30)
    here = alice.get(f"/api/v1/polls/{asked['poll']['id']}")
    assert ([option["votes_count"] for option in here["options"]], here["votes_count"]) == ([None, None], 1)
    told = alice.server.get(asked["uri"].removeprefix("https://brest.test")).json
    assert [option["replies"] for option in told["oneOf"]] == [{"type": "Collection"}] * 2
    page = alice.server.get(asked["url"].removeprefix("https://brest.test"), accept="text/html")
    assert "Oui" in page.text
    assert "%" not in page.text[page.text.index("Oui") : page.text.index("Non")]
    fediverse.wait(hours=2)
    for server in (alice.server, bob.server):
        server.run("close_polls")
    fediverse.settle()
    for who, status in ((alice, asked), (bobs, seen)):
        counts = [option["votes_count"] for option in who.get(f"/api/v1/polls/{status['poll']['id']}")["options"]]
        assert counts == [0, 1]


def test_a_scheduled_post_leaves_at_its_hour(fediverse: Fediverse) -> None:
    alice, bob = neighbours(fediverse)
    alice.says("Lundi", scheduled_at=(clock.now() + timedelta(hours=1)).isoformat())
    fediverse.wait(minutes=50)
    alice.server.run("publish_scheduled")
    fediverse.settle()
    assert bob.home() == []
    fediverse.wait(minutes=20)
    alice.server.run("publish_scheduled")
    fediverse.settle()
    assert bob.home() == ["Lundi"]
