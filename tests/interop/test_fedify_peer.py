"""Stories between bob, on a real `fediterr serve`, and alice and mallory, on a server we did not write."""

import time
from collections.abc import Callable

import pytest

from tests.interop.processes import CAVAGE, PUBLIC, RFC9421, SCHEMES, Peer, Server
from tests.processes import Json, until

HOUR = 3600


@pytest.fixture
def bob(server: Server, peer: Peer) -> Json:
    """Bob's actor, as the peer reads it."""
    actor: Json = peer.ask("lookup", what=server.bob)
    return actor


@pytest.fixture
def alice_follows_bob(server: Server, peer: Peer, bob: Json) -> None:
    if bob["id"] not in peer.ask("following", actor="alice"):
        peer.ask("follow", actor="alice", who=server.bob)
    until(lambda: peer.ask("following", actor="alice")[bob["id"]] == "accepted")


@pytest.fixture
def bob_follows_alice(server: Server, peer: Peer) -> str:
    return server.follow(peer.handle("alice"))


def arrived(peer: Peer, kind: str, matches: Callable[[Json], bool] = lambda _: True) -> Json:
    """The activity of this type that the peer has received and believed; one for everybody also carries a proof."""
    entry = until(lambda: next((one for one in peer.received(kind) if matches(one)), None))
    assert (entry["signature"], entry["status"], entry["handled"]) == ("verified", 202, True)
    assert entry["signer"] == entry["actor"]
    readers = [reader for field in ("to", "cc") for reader in entry["body"].get(field, [])]
    assert entry["proof"] in ({"verified"} if PUBLIC in readers else {"verified", "none"})
    return entry


def accepted(sent: Json, scheme: str) -> None:
    """Every request was taken at the first knock, signed as asked."""
    assert sent["error"] is None
    assert {(one["scheme"], one["status"]) for one in sent["deliveries"]} == {(scheme, 202)}


def only_the_honest(server: Server, good: Json, bad: Json) -> None:
    """The Create sent last is shown, so the one before it has been dealt with: it had no effect."""
    until(lambda: good["object"]["id"] in server.shown())
    assert bad["object"]["id"] not in server.shown()
    assert not server.knows(bad["object"]["id"])


# --- who is who -------------------------------------------------------------------------------------------------------


def test_bob_is_found_by_handle_and_by_address_with_both_his_keys(server: Server, peer: Peer, bob: Json) -> None:
    assert (bob["type"], bob["username"]) == ("Person", "bob")
    assert [key["owner"] for key in bob["keys"]] == [bob["id"]]
    assert [(key["controller"], key["algorithm"]) for key in bob["proof_keys"]] == [(bob["id"], "Ed25519")]
    assert peer.ask("lookup", what=bob["id"]) == bob


def test_alice_is_found_by_handle_and_by_address(server: Server, peer: Peer) -> None:
    found = server.find(peer.handle("alice"))
    assert found is not None
    assert (found["acct"], found["display_name"]) == (f"alice@{peer.host}", "Alice")
    assert server.find(peer.actor("alice")) == found
    assert server.find(f"@nobody@{peer.host}") is None


def test_an_actor_who_is_only_shown_to_the_signed_is_found(server: Server, peer: Peer) -> None:
    peer.ask("authorize", fetches=True)
    try:
        found = server.find(peer.handle("mallory"))
    finally:
        peer.ask("authorize", fetches=False)
    assert found is not None
    assert found["acct"] == f"mallory@{peer.host}"


# --- following, both ways ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "scheme"), [("alice", RFC9421), ("mallory", CAVAGE)])
def test_the_peer_follows_bob_is_accepted_and_leaves(
    server: Server, peer: Peer, bob: Json, name: str, scheme: str
) -> None:
    peer.ask("sign", first=scheme)
    accepted(peer.ask("follow", actor=name, who=server.bob), scheme)
    until(lambda: peer.ask("following", actor=name).get(bob["id"]) == "accepted")
    arrived(peer, "Accept")
    until(lambda: server.notified("follow", name))
    account = server.notified("follow", name)[0]["account"]["id"]
    assert server.relationship(account)["followed_by"]

    accepted(peer.ask("unfollow", actor=name, who=server.bob), scheme)
    until(lambda: not server.relationship(account)["followed_by"])


def test_bob_follows_back_and_leaves(server: Server, peer: Peer, bob: Json) -> None:
    account = server.follow(peer.handle("mallory"))
    assert arrived(peer, "Follow")["object"] == peer.actor("mallory")
    assert bob["id"] in peer.ask("followers", actor="mallory")

    server.api("POST", f"v1/accounts/{account}/unfollow")
    arrived(peer, "Undo")
    until(lambda: peer.ask("followers", actor="mallory") == [])


# --- what bob publishes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bobs_post_arrives_with_whichever_signature_the_peer_knows(
    server: Server, peer: Peer, alice_follows_bob: None, scheme: str
) -> None:
    peer.ask("accept", only=scheme)
    published = server.says(f"Bonjour, {scheme}")
    create = arrived(peer, "Create", lambda one: one["object"]["id"] == published["uri"])
    assert create["scheme"] == scheme
    assert f"Bonjour, {scheme}" in create["object"]["content"]
    # Both schemes may have been tried, and only one was believed: the post came once.
    assert len(peer.received("Create")) == 1


def test_bob_edits_and_deletes_a_post(server: Server, peer: Peer, alice_follows_bob: None) -> None:
    published = server.says("Un brouillon")
    arrived(peer, "Create")
    server.api("PUT", f"v1/statuses/{published['id']}", json={"status": "Une version propre"})
    assert "Une version propre" in arrived(peer, "Update")["object"]["content"]
    server.api("DELETE", f"v1/statuses/{published['id']}")
    deleted = arrived(peer, "Delete")["object"]
    assert (deleted["id"] if isinstance(deleted, dict) else deleted) == published["uri"]
    assert server.fetch(published["uri"]).status_code == 410


def test_a_post_for_followers_is_read_by_a_follower_who_signs_and_by_nobody_else(
    server: Server, peer: Peer, alice_follows_bob: None
) -> None:
    published = server.says("Entre nous", visibility="private")
    arrived(peer, "Create")
    for scheme in SCHEMES:
        peer.ask("sign", first=scheme)
        assert "Entre nous" in peer.ask("read", actor="alice", what=published["uri"])["content"]
        assert [one["scheme"] for one in peer.ask("sent") if one["url"] == published["uri"]][-1] == scheme
        peer.ask("clear")
    assert server.fetch(published["uri"]).status_code == 404
    with pytest.raises(AssertionError, match="nothing is found"):
        peer.ask("read", actor="mallory", what=published["uri"])


def test_a_direct_post_goes_to_the_one_named(server: Server, peer: Peer) -> None:
    server.find(peer.handle("mallory"))
    published = server.says(f"{peer.handle('mallory')} rien que pour toi", visibility="direct")
    create = arrived(peer, "Create", lambda one: one["object"]["id"] == published["uri"])
    assert create["object"]["to"] in (peer.actor("mallory"), [peer.actor("mallory")])
    tags = create["object"]["tag"]
    assert peer.actor("mallory") in [tag["href"] for tag in (tags if isinstance(tags, list) else [tags])]
    with pytest.raises(AssertionError, match="nothing is found"):
        peer.ask("read", actor="alice", what=published["uri"])


def test_a_server_that_answers_the_signed_alone_is_followed_and_read(careful_server: Server, peer: Peer) -> None:
    bob = peer.ask("lookup", what=careful_server.bob)["id"]
    peer.ask("follow", actor="alice", who=careful_server.bob)
    until(lambda: peer.ask("following", actor="alice")[bob] == "accepted")
    published = careful_server.says("À qui signe")
    create = arrived(peer, "Create", lambda one: one["object"]["id"] == published["uri"])
    assert create["signer"].startswith(careful_server.origin)
    assert careful_server.fetch(published["uri"]).status_code == 401
    for scheme in SCHEMES:
        peer.ask("sign", first=scheme)
        assert "À qui signe" in peer.ask("read", actor="alice", what=published["uri"])["content"]


# --- what the peer publishes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_alices_post_is_published_edited_and_deleted_in_bobs_home(
    server: Server, peer: Peer, bob_follows_alice: str, scheme: str
) -> None:
    peer.ask("sign", first=scheme)
    note = peer.ask("note", actor="alice", content="<p>Bonjour <b>Brest</b></p>")
    accepted(note, scheme)
    shown = until(lambda: server.shown().get(note["object"]))
    assert shown["account"]["acct"] == f"alice@{peer.host}"
    assert "Bonjour" in shown["content"]

    accepted(peer.ask("update", actor="alice", object=note["object"], content="<p>Bonsoir</p>"), scheme)
    until(lambda: "Bonsoir" in server.shown()[note["object"]]["content"])

    accepted(peer.ask("delete", actor="alice", object=note["object"]), scheme)
    until(lambda: note["object"] not in server.shown())


def test_a_conversation_crosses_back_and_forth(server: Server, peer: Peer, bob_follows_alice: str) -> None:
    question = peer.ask("note", actor="alice", content="<p>Une question</p>", to=[server.bob])["object"]
    mention = until(lambda: [one for one in server.notified("mention", "alice") if one["status"]["uri"] == question])[0]
    answer = server.says(f"{peer.handle('alice')} une réponse", in_reply_to_id=mention["status"]["id"])
    create = arrived(peer, "Create", lambda one: one["object"]["id"] == answer["uri"])
    assert create["object"]["inReplyTo"] == question

    thanks = peer.ask("note", actor="alice", content="<p>Merci</p>", reply_to=answer["uri"])["object"]
    context = until(lambda: server.api("GET", f"v1/statuses/{answer['id']}/context")["descendants"])
    assert [status["uri"] for status in context] == [thanks]
    ancestors = server.api("GET", f"v1/statuses/{answer['id']}/context")["ancestors"]
    assert [status["uri"] for status in ancestors] == [question]


# --- likes and boosts, both ways --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_alice_likes_and_boosts_what_bob_wrote_and_takes_it_back(server: Server, peer: Peer, scheme: str) -> None:
    peer.ask("sign", first=scheme)
    published = server.says("À aimer")

    def counts() -> tuple[int, int]:
        status = server.api("GET", f"v1/statuses/{published['id']}")
        return status["favourites_count"], status["reblogs_count"]

    def told(kind: str) -> bool:
        return any(one["status"]["id"] == published["id"] for one in server.notified(kind, "alice"))

    like = peer.ask("like", actor="alice", object=published["uri"])
    boost = peer.ask("boost", actor="alice", object=published["uri"])
    accepted(like, scheme)
    accepted(boost, scheme)
    until(lambda: counts() == (1, 1))
    until(lambda: told("favourite") and told("reblog"))

    peer.ask("like", actor="alice", object=published["uri"], undo=like["id"])
    peer.ask("boost", actor="alice", object=published["uri"], undo=boost["id"])
    until(lambda: counts() == (0, 0))


def test_bob_likes_and_boosts_what_alice_wrote_and_takes_it_back(
    server: Server, peer: Peer, alice_follows_bob: None, bob_follows_alice: str
) -> None:
    note = peer.ask("note", actor="alice", content="<p>À partager</p>")["object"]
    status = until(lambda: server.shown().get(note))["id"]
    server.api("POST", f"v1/statuses/{status}/favourite")
    like = arrived(peer, "Like", lambda one: one["object"] == note)
    server.api("POST", f"v1/statuses/{status}/reblog")
    boost = arrived(peer, "Announce", lambda one: one["object"] == note)
    assert boost["id"] != like["id"]
    server.api("POST", f"v1/statuses/{status}/unfavourite")
    arrived(peer, "Undo", lambda one: one["object"]["id"] == like["id"])
    server.api("POST", f"v1/statuses/{status}/unreblog")
    arrived(peer, "Undo", lambda one: one["object"]["id"] == boost["id"])


# --- polls, both ways -------------------------------------------------------------------------------------------------


def test_alice_votes_once_in_bobs_poll(server: Server, peer: Peer, bob: Json, alice_follows_bob: None) -> None:
    poll = {"options": ["oui", "non"], "expires_in": HOUR}
    published = server.says("On y va ?", poll=poll)
    create = arrived(peer, "Create", lambda one: one["object"]["id"] == published["uri"])
    assert create["object"]["type"] == "Question"
    assert [option["name"] for option in create["object"]["oneOf"]] == ["oui", "non"]
    for answer in ("oui", "non"):
        vote = peer.bare_create("alice", "")
        vote["to"] = vote["object"]["to"] = [bob["id"]]
        vote["object"] |= {"name": answer, "inReplyTo": published["uri"]}
        del vote["object"]["content"]
        peer.ask("send", inbox=bob["inbox"], key_of="alice", activity=vote)
    until(lambda: server.api("GET", f"v1/statuses/{published['id']}")["poll"]["votes_count"] == 1)
    options = server.api("GET", f"v1/statuses/{published['id']}")["poll"]["options"]
    assert [option["votes_count"] for option in options] == [1, 0]


def test_bob_votes_in_alices_poll(server: Server, peer: Peer, bob: Json, bob_follows_alice: str) -> None:
    create = peer.bare_create("alice", "On y va ?")
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 0}} for name in "AB"]
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + HOUR))
    create["object"] |= {"type": "Question", "oneOf": options, "endTime": end}
    assert peer.ask("send", inbox=bob["inbox"], key_of="alice", activity=create)["status"] == 202
    poll = until(lambda: server.shown().get(create["object"]["id"]))["poll"]
    server.api("POST", f"v1/polls/{poll['id']}/votes", json={"choices": [1]})
    vote = arrived(peer, "Create", lambda one: one["object"].get("inReplyTo") == create["object"]["id"])["object"]
    assert (vote["name"], vote["attributedTo"]) == ("B", bob["id"])


# --- hostile requests -------------------------------------------------------------------------------------------------


TRICKS: dict[str, Json] = {
    "altered body": {"after_signature": ["Bonjour", "Bonsoir"]},
    "old date": {"age": 13 * HOUR},
    "date to come": {"age": -2 * HOUR},
    "wrong key": {"key_of": "mallory", "key_id_of": "alice"},
    "somebody else's activity": {"key_of": "mallory"},
    "no signature": {"drop": ["signature", "signature-input"]},
    "no digest": {"drop": ["digest", "content-digest"]},
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_what_is_hostile_is_refused_without_effect_and_its_honest_twin_is_shown(
    server: Server, peer: Peer, bob: Json, trick: Json, scheme: str
) -> None:
    server.follow(peer.handle("alice"))
    for inbox in (bob["inbox"], bob["shared_inbox"]):
        sent: Json = {"inbox": inbox, "key_of": "alice", "scheme": scheme}
        bad, good = peer.bare_create("alice", "Bonjour"), peer.bare_create("alice", "Bonjour")
        assert peer.ask("send", **{**sent, "activity": bad, **trick})["status"] == 401
        assert peer.ask("send", **sent, activity=good)["status"] == 202
        only_the_honest(server, good, bad)


def test_a_request_sent_twice_has_one_effect(server: Server, peer: Peer, bob: Json, bob_follows_alice: str) -> None:
    said = peer.bare_create("alice", "Une fois")
    for _ in range(2):
        assert peer.ask("send", inbox=bob["inbox"], key_of="alice", activity=said)["status"] == 202
    until(lambda: said["object"]["id"] in server.shown())
    uris = [status["uri"] for status in server.api("GET", "v1/timelines/home", params={"limit": 40})]
    assert uris.count(said["object"]["id"]) == 1


def test_mallory_changes_nothing_of_alices(server: Server, peer: Peer, bob: Json, bob_follows_alice: str) -> None:
    """Well signed, by someone of the same server, about what is not hers: none of it has an effect."""
    published = server.says("Aimée par alice")
    like = peer.ask("like", actor="alice", object=published["uri"])["id"]
    note = peer.ask("note", actor="alice", content="<p>À moi</p>")["object"]
    until(lambda: note in server.shown())
    until(lambda: server.api("GET", f"v1/statuses/{published['id']}")["favourites_count"] == 1)

    inbox, mallory, alice = bob["inbox"], peer.actor("mallory"), peer.actor("alice")
    edited = {"type": "Note", "id": note, "attributedTo": alice, "content": "À mallory", "to": ["as:Public"]}
    invented = peer.bare_create("alice", "Jamais dit")["object"]
    attacks: list[Json] = [
        {"type": "Update", "object": edited},
        {"type": "Update", "object": {**edited, "attributedTo": mallory}},
        {"type": "Update", "object": {"type": "Person", "id": alice, "name": "Mallory", "inbox": f"{alice}/inbox"}},
        {"type": "Delete", "object": note},
        {"type": "Delete", "object": {"type": "Tombstone", "id": note}},
        {"type": "Delete", "object": alice},
        {"type": "Undo", "object": like},
        {"type": "Undo", "object": {"type": "Like", "id": like, "actor": alice, "object": published["uri"]}},
        {"type": "Undo", "object": {"type": "Like", "id": like, "actor": mallory, "object": published["uri"]}},
        {"type": "Create", "object": invented},
        {"type": "Announce", "object": invented},
    ]
    for number, attack in enumerate(attacks):
        identity = {"id": f"{peer.origin}/activities/{note[-8:]}-{number}", "actor": mallory}
        activity = {"@context": "https://www.w3.org/ns/activitystreams", **identity, **attack}
        sent = peer.ask("send", inbox=inbox, key_of="mallory", activity=activity)
        assert sent["status"] in {202, 400, 401, 403, 404, 422}, attack

    twin = peer.bare_create("alice", "Après tout cela")
    assert peer.ask("send", inbox=inbox, key_of="alice", activity=twin)["status"] == 202
    until(lambda: twin["object"]["id"] in server.shown())
    assert "À moi" in server.shown()[note]["content"]
    assert server.shown()[note]["account"]["display_name"] == "Alice"
    assert server.api("GET", f"v1/statuses/{published['id']}")["favourites_count"] == 1
    assert not server.knows(invented["id"])


# --- forwarding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ld", [False, True], ids=["proof-alone", "proof-and-linked-data-signature"])
def test_what_alice_proved_is_believed_from_mallory_unless_a_letter_differs(
    server: Server, peer: Peer, bob: Json, bob_follows_alice: str, ld: bool
) -> None:
    sent = {"inbox": bob["shared_inbox"], "key_of": "mallory", "proof_of": "alice", "ld": ld}
    bad, good = peer.bare_create("alice", "Bonjour"), peer.bare_create("alice", "Bonjour")
    assert peer.ask("send", **sent, activity=bad, after_proof=["Bonjour", "Bonsoir"])["status"] in {202, 401}
    assert peer.ask("send", **sent, activity=good)["status"] == 202
    only_the_honest(server, good, bad)


def test_mallory_cannot_prove_what_alice_did_not_say(
    server: Server, peer: Peer, bob: Json, bob_follows_alice: str
) -> None:
    sent = {"inbox": bob["shared_inbox"], "key_of": "mallory"}
    bad, good = peer.bare_create("alice", "Jamais dit"), peer.bare_create("alice", "Bien dit")
    assert peer.ask("send", **sent, proof_of="mallory", activity=bad)["status"] in {202, 401}
    assert peer.ask("send", **sent, proof_of="alice", activity=good)["status"] == 202
    only_the_honest(server, good, bad)
