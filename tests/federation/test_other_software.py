"""What ten kinds of software say (tests/recorded/), signed, through the inbox: accepted, and with its effect."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub.models import Received
from fediterr.core import text
from fediterr.moderation.models import Report
from fediterr.social import follows
from fediterr.social.models import Block, Vote
from tests.fediverse import Fediverse, Person
from tests.recorded.expected import EXPECTED
from tests.strangers import Json, Somebody, Stranger

RECORDED = Path(__file__).parents[1] / "recorded"
BOB = "https://brest.test/users/bob"
NOTE = "https://brest.test/posts/12"
ACTIVITIES = sorted(name for name, expected in EXPECTED.items() if "does" in expected)


def load(name: str) -> Json:
    document: Json = json.loads((RECORDED / f"{name}.json").read_text())
    return document


def one(value: Any) -> str:
    """The id in a string, an object, or the first of a list."""
    if isinstance(value, list):
        value = value[0]
    return str(value["id"] if isinstance(value, dict) else value)


class Scene:
    """bob of here, a community of here, and whoever the recorded documents speak of, on scripted servers."""

    def __init__(self, fediverse: Fediverse) -> None:
        self.fediverse, self.brest = fediverse, fediverse["brest.test"]
        self.bob = self.brest.register("bob")
        self.energie = self.brest.register("energie", kind="Group")
        poll = self.bob.asks("Quel jour ?", "Mardi", "Jeudi", "oui", "Oui", hours=24, multiple=True)
        self.note = self.bob.says("Bonjour")
        self.names = {BOB: self.bob.uri, "https://brest.test/groups/energie": self.energie.uri, NOTE: self.note}
        self.names |= {"https://brest.test/posts/15": poll, "https://brest.test/posts/13": self.bob.says("Autre")}
        self.poll = poll
        self.people: dict[str, Somebody] = {}
        fediverse.settle()

    def told(self, document: Json) -> Json:
        """A recorded document, with the ids of this story in the place of its own."""
        written = json.dumps(document)
        for old, new in sorted(self.names.items(), reverse=True):
            written = written.replace(json.dumps(old), json.dumps(new))
        result: Json = json.loads(written)
        return result

    def somebody(self, uri: str, software: str) -> Somebody:
        """Who a recorded document is by: as their recorded actor is, or else made up."""
        if uri not in self.people:
            host = uri.split("/")[2]
            far = self.fediverse.strangers.get(host) or Stranger(self.fediverse, host)
            assert isinstance(far, Stranger)
            documents = [load(f"{software}/{name}") for name in ("actor", "group") if f"{software}/{name}" in EXPECTED]
            actor = next((each for each in documents if each["id"] == uri), {})
            name = actor.get("preferredUsername") or f"somebody{len(self.people)}"
            made = far.person(name, id=uri)
            key = actor.get("publicKey", made.document["publicKey"])
            made.key_id = one(key)
            made.document |= self.told(actor) | {"publicKey": {**made.document["publicKey"], "id": made.key_id}}
            if "#" not in made.key_id:  # GoToSocial: a key has an address of its own, where only this much is told
                known = ("@context", "id", "type", "preferredUsername", "publicKey")
                path = made.key_id.removeprefix(f"https://{host}")
                far.documents[path] = {name: made.document[name] for name in known}
            self.people[uri] = made
        return self.people[uri]

    def bob_follows(self, somebody: Somebody) -> None:
        with self.bob.acting():
            pass
        found = self.bob.look_up(somebody.uri)
        assert found is not None, somebody.uri
        with self.bob.acting() as me:
            follows.accept(follows.ask(me, accounts.get(found.id)))
        self.fediverse.settle()

    def replay(self, name: str) -> Json:
        """Send a recorded activity as its actor does."""
        document = self.told(load(name))
        sender = self.somebody(one(document["actor"]), name.partition("/")[0])
        return sender.tells(self.brest, document)


@pytest.fixture
def scene(fediverse: Fediverse) -> Scene:
    return Scene(fediverse)


@pytest.mark.parametrize("name", ACTIVITIES)
def test_every_recorded_activity_is_taken_without_an_error(
    scene: Scene, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = load(name)
    sender = scene.somebody(one(document["actor"]), name.partition("/")[0])
    scene.bob_follows(sender)
    with caplog.at_level(logging.ERROR):
        scene.replay(name)
        for _ in range(6):  # what it speaks of is asked for now and then, and in the end no more
            scene.fediverse.wait(days=1)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert scene.brest.count(Received, Received.set_aside_at.is_not(None)) == 0
    assert scene.brest.count(Received, Received.document.is_not(None)) == 0


def names(*stems: str) -> list[str]:
    return [name for name in ACTIVITIES if name.partition("/")[2] in stems]


@pytest.mark.parametrize("name", [name for name in names("follow") if name != "mobilizon/follow"])
def test_they_follow_and_leave(scene: Scene, name: str) -> None:
    document = scene.replay(name)
    target = scene.energie if document["object"] == scene.energie.uri else scene.bob
    assert target.account().followers_count == 1
    sender = scene.people[one(document["actor"])]
    assert [accept["object"]["id"] for accept in sender.stranger.received_of("Accept")] == [document["id"]]
    undo = name.replace("follow", "undo_follow")
    if undo in EXPECTED:
        follow = scene.told(load(undo))["object"]
        if one(follow) != document["id"]:  # recorded at another time: of another Follow
            sender.tells(scene.brest, {"@context": [], **follow})
        scene.replay(undo)
        assert target.account().followers_count == 0


@pytest.mark.parametrize("name", names("accept_follow", "reject_follow"))
def test_they_answer_who_asks(scene: Scene, name: str) -> None:
    document = load(name)
    sender = scene.somebody(one(document["actor"]), name.partition("/")[0])
    found = scene.bob.look_up(sender.uri)
    assert found is not None
    with scene.bob.acting() as me:
        scene.names[one(document["object"])] = follows.ask(me, accounts.get(found.id)).uri
    scene.replay(name)
    assert scene.bob.follows(found.full_handle) is (True if "accept" in name else None)


LIKES = names("like", "like_reaction", "like_unicode", "emoji_react", "emoji_react_custom")


@pytest.mark.parametrize("name", LIKES)
def test_they_like_and_unlike(scene: Scene, name: str) -> None:
    def likes() -> int:
        post = scene.bob.post(scene.note)
        assert post is not None
        return post.likes_count

    document = scene.replay(name)
    assert likes() == 1
    software = name.partition("/")[0]
    for undo in (f"{software}/undo_like", f"{software}/undo_emoji_react"):
        if undo in EXPECTED and load(undo)["object"].get("type") == document["type"]:
            scene.replay(undo)
            assert likes() == 0


@pytest.mark.parametrize("name", [name for name in names("announce") if one(load(name)["object"]) == NOTE])
def test_they_boost(scene: Scene, name: str) -> None:
    scene.replay(name)
    post = scene.bob.post(scene.note)
    assert post is not None
    assert post.boosts_count == 1
    undo = name.replace("announce", "undo_announce")
    if undo in EXPECTED:
        scene.replay(undo)
        post = scene.bob.post(scene.note)
        assert post is not None
        assert post.boosts_count == 0


CREATES = [
    name
    for name in ACTIVITIES
    if name.partition("/")[2].startswith("create_")
    and "author" in EXPECTED[name] | {"author": load(name)["object"].get("attributedTo")}
    and not EXPECTED[name].get("vote")
    and name not in ("peertube/create_cache_file", "mobilizon/create_group_event")  # no post; not for bob
]


def seen(scene: Scene, document: Json) -> Any:
    return scene.bob.post(document["object"]["id"])


@pytest.mark.parametrize("name", CREATES)
def test_what_they_publish_is_read_by_who_follows_them(scene: Scene, name: str) -> None:
    document = load(name)
    scene.bob_follows(scene.somebody(one(document["actor"]), name.partition("/")[0]))
    post = seen(scene, scene.replay(name))
    assert post is not None
    expected = EXPECTED[name]
    if "text" in expected:
        assert " ".join(text.plain(post.content).split()) == expected["text"]
    if "title" in expected:
        assert post.title == expected["title"]
    if "warning" in expected:
        assert (post.warning or None) == expected["warning"]
    if "seen" in expected:
        assert post.visibility == expected["seen"]
    if "hashtags" in expected:
        assert tuple(post.tags) == expected["hashtags"]
    if "files" in expected:
        assert tuple(medium.kind for medium in post.media) == expected["files"]
    if "poll" in expected:
        assert tuple(zip(post.poll.options, post.poll.counts, strict=True)) == expected["poll"]


PAIRS = [
    (create, change)
    for change in ACTIVITIES
    for create in CREATES
    if change.partition("/")[2].startswith(("update_", "delete_"))
    and create.partition("/")[0] == change.partition("/")[0]
    and one(load(create)["object"]) == one(load(change)["object"])
    and one(load(create)["actor"]) == one(load(change)["actor"])
]


@pytest.mark.parametrize(("create", "change"), PAIRS)
def test_what_they_change_is_changed_and_what_they_delete_is_gone(scene: Scene, create: str, change: str) -> None:
    document = load(create)
    scene.bob_follows(scene.somebody(one(document["actor"]), create.partition("/")[0]))
    scene.replay(create)
    scene.replay(change)
    post = seen(scene, document)
    if "delete" in change:
        assert post is None
    else:
        assert post is not None
        if "text" in EXPECTED[change]:
            assert " ".join(text.plain(post.content).split()) == EXPECTED[change]["text"]


def test_there_are_such_pairs() -> None:
    assert len(PAIRS) >= 8


@pytest.mark.parametrize("name", names("create_vote"))
def test_they_vote(scene: Scene, name: str) -> None:
    scene.replay(name)
    assert scene.brest.count(Vote) == 1


def blocks_bob(name: str) -> bool:
    """Whether somebody keeps bob away from themselves; with a target, it is from a community."""
    return one(load(name)["object"]) == BOB and "target" not in load(name)


def test_a_moderator_who_sends_somebody_away_from_a_community_does_not_block_them(scene: Scene) -> None:
    scene.replay("lemmy/block")
    scene.replay("lemmy/undo_block")
    assert scene.brest.count(Block) == 0


@pytest.mark.parametrize("name", [name for name in names("block") if blocks_bob(name)])
def test_they_block_and_unblock(scene: Scene, name: str) -> None:
    scene.replay(name)
    assert scene.brest.count(Block) == 1
    undo = name.replace("block", "undo_block")
    if undo in EXPECTED:
        scene.replay(undo)
        assert scene.brest.count(Block) == 0


@pytest.mark.parametrize("name", names("flag"))
def test_they_report(scene: Scene, name: str) -> None:
    about = load(name)["object"]
    ours = any(one(each) in scene.names for each in (about if isinstance(about, list) else [about]))
    scene.replay(name)
    assert scene.brest.count(Report) == int(ours)


@pytest.mark.parametrize("name", names("move"))
def test_they_move(scene: Scene, name: str) -> None:
    document = load(name)
    old = scene.somebody(one(document["actor"]), name.partition("/")[0])
    new = scene.somebody(one(document["target"]), one(document["target"]).split("/")[2].partition(".")[0])
    new.document["alsoKnownAs"] = [old.uri]
    scene.bob_follows(old)
    scene.replay(name)
    found = scene.bob.look_up(new.uri)
    assert found is not None
    assert scene.bob.follows(found.full_handle) is False
    assert isinstance(scene.bob, Person)


@pytest.mark.parametrize("name", names("update_actor", "delete_actor"))
def test_they_change_and_leave(scene: Scene, name: str) -> None:
    document = load(name)
    sender = scene.somebody(one(document["actor"]), name.partition("/")[0])
    scene.bob_follows(sender)
    scene.replay(name)
    with scene.brest.inside():
        account = accounts.by_uri(sender.uri)
        if "delete" in name:
            assert account is None
        else:
            assert account is not None
            assert account.shown_name == EXPECTED[name].get("name", account.shown_name)
