"""What an inbox refuses: each with a clear status, a line in the log, and no effect; its well-formed twin succeeds."""

import json
import logging
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub.models import Received
from fediterr.social.models import Follow, Like, Notification, Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger, json_answer


class Scene:
    """bob of here, alice of a server that is honest, mallory of one that is not."""

    def __init__(self, fediverse: Fediverse) -> None:
        self.fediverse = fediverse
        self.brest: Server = fediverse["brest.test"]
        self.bob: Person = self.brest.register("bob")
        self.post = self.bob.says("Bonjour à tous")
        fediverse.settle()
        self.honest, self.evil = Stranger(fediverse, "honest.test"), Stranger(fediverse, "evil.test")
        self.alice: Somebody = self.honest.person("alice")
        self.mallory: Somebody = self.evil.person("mallory")

    def effects(self) -> tuple[int, ...]:
        return tuple(self.brest.count(table) for table in (Received, Post, Like, Follow, Notification))

    def like(self) -> dict[str, Any]:
        return self.alice.does("Like", self.post)


@pytest.fixture
def scene(fediverse: Fediverse) -> Scene:
    return Scene(fediverse)


def refused(scene: Scene, caplog: pytest.LogCaptureFixture, status: int, activity: Any, **how: Any) -> Any:
    """Alice (or `who`) sends this; it is refused with that status, is logged, and changes nothing."""
    who: Somebody = how.pop("who", scene.alice)
    before = scene.effects()
    caplog.clear()
    with caplog.at_level(logging.INFO):
        answer = who.sends(scene.brest, activity, **how)
    scene.fediverse.settle()
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert scene.effects() == before
    assert any(record.message == "inbox refused" and record.status == status for record in caplog.records)
    return answer


def accepted(scene: Scene, **how: Any) -> None:
    """The well-formed twin: alice likes bob's post, and bob is told."""
    scene.alice.tells(scene.brest, scene.like(), **how)
    assert ("favourite", "alice@honest.test") in scene.bob.notifications()


def test_the_well_formed_twin_of_all_these_is_accepted(scene: Scene) -> None:
    accepted(scene)


def test_both_kinds_of_signature_are_accepted_at_both_inboxes(scene: Scene) -> None:
    for scheme in ("cavage", "rfc9421"):
        for inbox in ("/inbox", "/actors/bob/inbox"):
            answer = scene.alice.sends(scene.brest, scene.like(), scheme=scheme, inbox=inbox)  # type: ignore[arg-type]
            assert answer.status_code == 202
    scene.fediverse.settle()
    assert scene.brest.count(Received) == 4
    assert scene.brest.count(Like) == 1


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"", b'{"type": "Like"}', b"{}" * 2, b"\xef\xbb\xbf{}"]
)
def test_malformed_json_is_a_bad_request(scene: Scene, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    refused(scene, caplog, 400, body)
    accepted(scene)


@pytest.mark.parametrize("identifier", ["pause_federation", "celery", "a\r\nFLUSHALL", "x" * 1000, {"a": 1}, 7, None])
def test_an_activity_without_a_usable_id_is_a_bad_request(
    scene: Scene, caplog: pytest.LogCaptureFixture, identifier: Any
) -> None:
    refused(scene, caplog, 400, scene.like() | {"id": identifier})


def test_no_signature_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    refused(scene, caplog, 401, scene.like(), headers={"Signature": ""})
    accepted(scene)


def test_a_signature_by_another_key_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    refused(scene, caplog, 401, scene.like(), private=scene.mallory.private)
    accepted(scene)


def test_a_body_that_is_not_the_one_digested_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    altered = json.dumps(scene.like()).encode()
    for scheme in ("cavage", "rfc9421"):
        refused(scene, caplog, 401, scene.like(), body=altered, scheme=scheme)
    accepted(scene)


def test_a_body_without_a_digest_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    refused(scene, caplog, 401, scene.like(), headers={"Digest": ""})


@pytest.mark.parametrize("minutes", [-13 * 60, -66, 66, 120])
def test_a_stale_date_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture, minutes: int) -> None:
    refused(scene, caplog, 401, scene.like(), signed_at=minutes * 60)


@pytest.mark.parametrize("minutes", [-55, 55])
def test_clocks_may_differ_by_an_hour(scene: Scene, minutes: int) -> None:
    accepted(scene, signed_at=minutes * 60)


def test_a_signature_made_for_another_inbox_is_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.brest.register("carol")
    body = json.dumps(scene.like()).encode()
    answer = scene.alice.sends(scene.brest, body, inbox="/actors/carol/inbox")
    assert answer.status_code == 202
    made = dict(answer.request.headers)
    scene.fediverse.settle()
    headers = {name: made[name] for name in ("Signature", "Date", "Digest")}
    refused(scene, caplog, 401, body, inbox="/actors/bob/inbox", headers=headers)


def test_an_id_of_another_server_is_refused(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    foreign = scene.mallory.does("Like", scene.post) | {"id": f"{scene.alice.uri}/activities/like-1"}
    refused(scene, caplog, 400, foreign, who=scene.mallory)
    accepted(scene)  # the id that mallory wanted to take is still alice's


def test_who_signs_must_be_the_actor(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    ann = scene.honest.person("ann")
    refused(scene, caplog, 401, scene.like(), who=scene.mallory)
    refused(scene, caplog, 401, scene.like(), who=ann)
    accepted(scene)


def test_a_key_document_that_names_another_owner_is_unauthorized(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    document = {"id": "https://evil.test/key", "owner": scene.alice.uri, "publicKeyPem": scene.mallory.public}
    scene.evil.serve(document)
    refused(scene, caplog, 401, scene.like(), who=scene.mallory, key_id="https://evil.test/key")
    scene.mallory.document["publicKey"] = {
        "id": scene.mallory.key_id, "owner": scene.alice.uri, "publicKeyPem": scene.mallory.public
    }  # fmt: skip
    refused(scene, caplog, 401, scene.like(), who=scene.mallory)
    accepted(scene)


def test_the_key_of_somebody_of_here_is_unauthorized_and_never_asked_for(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    forged = scene.mallory.does("Like", scene.post) | {"actor": scene.bob.uri, "id": "https://brest.test/activities/9"}
    before = len(scene.fediverse.requests)
    refused(scene, caplog, 401, forged, who=scene.mallory, key_id=f"{scene.bob.uri}#main-key")
    assert len(scene.fediverse.requests) == before
    refused(scene, caplog, 401, forged, who=scene.mallory)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    most = scene.brest.settings.limits_body
    refused(scene, caplog, 413, scene.like() | {"content": "x" * most})
    accepted(scene)


def test_a_body_that_is_no_json_by_its_type_is_refused(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    refused(scene, caplog, 415, scene.like(), headers={"Content-Type": "text/html"})


@pytest.mark.parametrize(
    "kind", ["application/json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', ""]
)
def test_other_names_of_json_are_understood(scene: Scene, kind: str) -> None:
    activity = scene.like()
    # The type is signed with the rest by some; these send it unsigned.
    answer = scene.alice.sends(scene.brest, activity, scheme="rfc9421", headers={"Content-Type": kind})
    assert answer.status_code == 202


def test_an_unknown_actor_on_a_dead_host_may_try_again_later(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.honest.down = True
    answer = refused(scene, caplog, 503, scene.like())
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    asked = len(scene.fediverse.requests)
    refused(scene, caplog, 503, scene.like())
    assert len(scene.fediverse.requests) == asked  # nor is it asked again at once
    scene.honest.down = False
    scene.fediverse.wait(seconds=int(answer.headers["Retry-After"]))
    accepted(scene)


def test_a_host_that_is_not_there_may_try_again_later(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    del scene.fediverse.strangers["honest.test"]
    assert "Retry-After" in refused(scene, caplog, 503, scene.like()).headers


@pytest.mark.parametrize("status", [401, 403, 404, 418])
def test_a_key_that_is_refused_to_us_is_unauthorized(
    scene: Scene, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    scene.honest.answers["/users/alice"] = (status, {}, b"")
    refused(scene, caplog, 401, scene.like())


@pytest.mark.parametrize("kind", ["text/html", "application/json", "application/ld+json", "text/plain"])
def test_an_actor_that_is_not_served_as_activitypub_proves_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    scene.honest.answers["/users/alice"] = json_answer(scene.alice.document, kind)
    refused(scene, caplog, 401, scene.like())


def test_somebody_who_is_kept_out_is_forbidden(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    accepted(scene)
    with scene.brest.inside():
        account = accounts.by_uri(scene.alice.uri)
        assert account is not None
        accounts.suspend(account)
    refused(scene, caplog, 403, scene.like())


# --- keys that change ----------------------------------------------------------------------------------------------


def test_a_new_key_is_looked_up_once_and_the_old_one_no_longer_counts(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    accepted(scene)
    old = scene.alice.private
    scene.alice.private, scene.alice.public = scene.mallory.private, scene.mallory.public
    scene.alice.document["publicKey"]["publicKeyPem"] = scene.alice.public
    scene.alice.tells(scene.brest, scene.alice.does("Like", scene.post))
    asked = scene.honest.asked.count("/users/alice")
    assert asked == 2
    for _ in range(5):
        refused(scene, caplog, 401, scene.like(), private=old)
    assert scene.honest.asked.count("/users/alice") == asked


def test_many_unknown_keys_of_one_server_are_not_all_fetched(scene: Scene) -> None:
    answers = [
        scene.mallory.sends(scene.brest, scene.mallory.does("Like", scene.post), key_id=f"https://evil.test/{n}#key")
        for n in range(40)
    ]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 429)
    assert len(scene.evil.asked) <= 10
    accepted(scene)
    scene.fediverse.wait(minutes=2)
    assert scene.mallory.sends(scene.brest, scene.mallory.does("Like", scene.post)).status_code == 202


# --- farewells -----------------------------------------------------------------------------------------------------


def test_the_farewell_of_somebody_unknown_is_taken_politely(scene: Scene) -> None:
    scene.honest.answers["/users/alice"] = (410, {}, b"")
    before = scene.effects()
    assert scene.alice.sends(scene.brest, scene.alice.does("Delete", scene.alice.uri)).status_code == 202
    assert scene.effects() == before


def test_other_words_of_somebody_who_is_gone_are_unauthorized(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.honest.answers["/users/alice"] = (410, {}, b"")
    refused(scene, caplog, 401, scene.like())


def test_somebody_whose_key_changed_and_is_gone_has_left(scene: Scene) -> None:
    accepted(scene)
    scene.honest.answers["/users/alice"] = (410, {}, b"")
    farewell = scene.alice.does("Delete", scene.alice.uri)
    scene.alice.tells(scene.brest, farewell, private=scene.mallory.private)
    assert scene.bob.sees("alice@honest.test") is None
    assert scene.brest.count(Like) == 0


@pytest.mark.parametrize("status", [404, 500])
def test_a_forged_farewell_takes_nobody_away(scene: Scene, status: int) -> None:
    accepted(scene)
    scene.honest.answers["/users/alice"] = (status, {}, b"")
    scene.alice.sends(scene.brest, scene.alice.does("Delete", scene.alice.uri), private=scene.mallory.private)
    scene.fediverse.settle()
    assert scene.bob.sees("alice@honest.test") is not None
