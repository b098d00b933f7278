"""The peer judged by a second one of itself: what it calls honest is accepted there, what it calls hostile is not."""

from typing import Any

import pytest

from tests.interop.processes import SCHEMES, Peer
from tests.processes import until

HOUR = 3600


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_follow_a_post_a_like_and_the_leave_arrive_signed_and_proven(
    peer: Peer, other_peer: Peer, scheme: str
) -> None:
    peer.ask("sign", first=scheme)
    follow = peer.ask("follow", actor="alice", who=other_peer.handle("alice"))
    assert [(one["scheme"], one["status"]) for one in follow["deliveries"]] == [(scheme, 202)]
    until(lambda: peer.ask("following", actor="alice") == {other_peer.actor("alice"): "accepted"})
    assert peer.actor("alice") in other_peer.ask("followers", actor="alice")

    other_peer.ask("note", actor="alice", content="Bonjour")
    [arrived] = peer.received("Create")
    assert (arrived["signature"], arrived["proof"], arrived["handled"]) == ("verified", "verified", True)
    assert arrived["signer"] == arrived["actor"] == other_peer.actor("alice")

    peer.ask("like", actor="alice", object=arrived["object"]["id"])
    [liked] = other_peer.received("Like")
    assert (liked["scheme"], liked["signature"], liked["proof"]) == (scheme, "verified", "verified")

    peer.ask("unfollow", actor="alice", who=other_peer.handle("alice"))
    assert other_peer.ask("followers", actor="alice") == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "trick",
    [
        {"after_signature": ["Bonjour", "Bonsoir"]},
        {"age": 13 * HOUR},
        {"age": -2 * HOUR},
        {"key_of": "mallory", "key_id_of": "alice"},
        {"key_of": "mallory"},
        {"drop": ["signature", "signature-input"]},
    ],
    ids=["altered body", "old date", "date to come", "wrong key", "somebody else's activity", "no signature"],
)
def test_what_is_hostile_is_refused_and_its_honest_twin_is_not(
    peer: Peer, other_peer: Peer, scheme: str, trick: dict[str, Any]
) -> None:
    inbox = f"{other_peer.origin}/users/alice/inbox"
    sent = {"inbox": inbox, "key_of": "alice", "scheme": scheme}
    hostile = peer.ask("send", **{**sent, "activity": peer.bare_create("alice", "Bonjour"), **trick})
    assert hostile["status"] == 401
    assert not any(one["handled"] for one in other_peer.received("Create"))

    honest = peer.ask("send", **sent, activity=peer.bare_create("alice", "Bonjour"))
    assert honest["status"] == 202
    assert [one["handled"] for one in other_peer.received("Create")] == [False, True]


@pytest.mark.parametrize("ld", [False, True], ids=["proof alone", "proof and the older signature Fedify adds"])
def test_a_proven_activity_may_be_forwarded_and_an_altered_one_may_not(peer: Peer, other_peer: Peer, ld: bool) -> None:
    sent = {"inbox": f"{other_peer.origin}/inbox", "key_of": "mallory", "proof_of": "alice", "ld": ld}
    altered = peer.ask("send", **sent, activity=peer.bare_create("alice", "Salut"), after_proof=["Salut", "Salot"])
    assert altered["status"] == 401
    assert other_peer.received("Create")[0]["proof"] == "invalid"

    forwarded = peer.ask("send", **sent, activity=peer.bare_create("alice", "Salut"))
    assert forwarded["status"] == 202
    arrived = other_peer.received("Create")[1]
    assert (arrived["proof"], arrived["handled"]) == ("verified", True)
    assert (arrived["signer"], arrived["actor"]) == (peer.actor("mallory"), peer.actor("alice"))


@pytest.mark.parametrize("only", SCHEMES)
def test_whoever_knows_one_scheme_only_is_knocked_at_again_with_it(peer: Peer, other_peer: Peer, only: str) -> None:
    other_peer.ask("accept", only=only)
    try:
        for first in SCHEMES:
            peer.ask("sign", first=first)
            note = peer.ask("note", actor="alice", content="Bonjour", to=[other_peer.handle("alice")])
            assert note["deliveries"][-1] == {**note["deliveries"][0], "scheme": only, "status": 202}
    finally:
        other_peer.ask("accept", only=None)
    assert [(one["scheme"], one["handled"]) for one in other_peer.received("Create")] == [(only, True)] * 2


def test_what_is_only_shown_to_the_signed_is_shown_to_the_signed_alone(peer: Peer, other_peer: Peer) -> None:
    other_peer.ask("authorize", fetches=True)
    try:
        with pytest.raises(AssertionError, match="nobody is found"):
            peer.ask("follow", actor="alice", who=other_peer.actor("mallory"))
        assert {one["status"] for one in other_peer.ask("fetched")} >= {401}
    finally:
        other_peer.ask("authorize", fetches=False)
    assert peer.ask("lookup", what=other_peer.actor("mallory"))["username"] == "mallory"


def test_what_is_for_followers_is_read_by_a_follower_alone(peer: Peer, other_peer: Peer) -> None:
    peer.ask("follow", actor="alice", who=other_peer.handle("alice"))
    until(lambda: other_peer.ask("followers", actor="alice"))
    note = other_peer.ask("note", actor="alice", content="Entre nous", audience="followers")["object"]
    assert peer.ask("read", actor="alice", what=note)["content"] == "Entre nous"
    assert peer.ask("lookup", what=note) is None
    with pytest.raises(AssertionError, match="nothing is found"):
        peer.ask("read", actor="mallory", what=note)
