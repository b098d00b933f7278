"""Servers that are kept out, and servers that are let in."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.moderation import people
from fediterr.moderation import service as moderation
from fediterr.social.models import Follow, Post
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import PUBLIC, Somebody, Stranger


def keep_out(server: Server, domain: str) -> None:
    with server.inside():
        moderation.block_domain(domain, reason="spam")


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here and alice of elsewhere follow each other."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    alice.tells(brest, alice.does("Follow", bob.uri))
    return brest, bob, alice


def test_a_server_that_is_kept_out_is_neither_heard_nor_told_nor_asked(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, alice = meeting
    fediverse = alice.stranger.fediverse
    alice.tells(brest, alice.create(alice.note("<p>Avant</p>")))
    keep_out(brest, "far.test")
    fediverse.settle()
    assert bob.home() == []
    assert brest.count(Follow) == 0
    received, asked = len(alice.stranger.received), len(alice.stranger.asked)
    assert alice.sends(brest, alice.create(alice.note("<p>Après</p>"))).status_code == 403
    bob.says("@alice@far.test tu m'entends ?")
    fediverse.settle()
    assert bob.look_up("ann@far.test") is None
    assert bob.look_up(alice.note("<p>x</p>")["id"]) is None
    assert (len(alice.stranger.received), len(alice.stranger.asked)) == (received, asked)


def test_what_was_waiting_for_it_is_not_sent(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    alice.stranger.down = True
    bob.says("En attente")
    alice.stranger.fediverse.settle()
    alice.stranger.down = False
    keep_out(brest, "far.test")
    received = len(alice.stranger.received)
    alice.stranger.fediverse.wait(hours=1)
    assert len(alice.stranger.received) == received
    assert brest.is_idle()


@pytest.mark.parametrize("host", ["bad.test", "sub.bad.test", "bad.test:8443"])
@pytest.mark.parametrize("rule", ["bad.test", "BAD.test.", "bad.test:443"])
def test_a_rule_is_for_all_names_and_ports_of_a_domain(fediverse: Fediverse, host: str, rule: str) -> None:
    brest = fediverse["brest.test"]
    brest.register("bob")
    keep_out(brest, rule)
    mallory = Stranger(fediverse, host).person("mallory")
    before = len(fediverse.requests)
    assert mallory.sends(brest, mallory.does("Follow", "https://brest.test/actors/bob")).status_code == 403
    assert len(fediverse.requests) == before
    notbad = Stranger(fediverse, "notbad.test").person("alice")
    notbad.tells(brest, notbad.does("Follow", "https://brest.test/actors/bob"))
    assert brest.count(Follow) == 1


def test_what_others_boost_or_quote_of_it_is_not_fetched(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    bad = Stranger(alice.stranger.fediverse, "bad.test")
    note = bad.person("mallory").note("<p>Indésirable</p>")
    keep_out(brest, "bad.test")
    alice.tells(brest, alice.does("Announce", note["id"], to=[PUBLIC]))
    alice.tells(brest, alice.create(alice.note("<p>Réponse</p>", inReplyTo=note["id"])))
    assert bad.asked == []
    assert bob.home() == ["Réponse"]
    assert brest.count(Post) == 1


def test_its_words_passed_on_by_others_are_refused(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    mallory = Stranger(alice.stranger.fediverse, "bad.test").person("mallory")
    keep_out(brest, "bad.test")
    create = mallory.proven(mallory.create(mallory.note("<p>x</p>", tag=[{"type": "Mention", "href": bob.uri}])))
    assert alice.sends(brest, create).status_code == 403


def test_an_address_that_leads_to_it_leads_nowhere(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    bad = Stranger(alice.stranger.fediverse, "bad.test")
    note = bad.person("mallory").note("<p>Indésirable</p>")
    alice.stranger.answers["/short"] = (302, {"Location": note["id"]}, b"")
    keep_out(brest, "bad.test")
    assert bob.look_up("https://far.test/short") is None
    assert brest.count(Post) == 0


def test_a_handle_domain_that_is_elsewhere_is_kept_out_with_its_server(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    bob = brest.register("bob")
    far = Stranger(fediverse, "social.ville.test", handle_domain="autre.test")
    fediverse.strangers["autre.test"] = far
    alice = far.person("alice")
    bob.follow("alice@autre.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", far.received_of("Follow")[0]["id"]))
    alice.tells(brest, alice.create(alice.note("<p>Avant</p>")))
    keep_out(brest, "ville.test")
    assert bob.home() == []
    assert bob.follows("alice@autre.test") is None


def test_a_server_that_is_let_in_again_is_heard(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    keep_out(brest, "far.test")
    with brest.inside():
        moderation.forget_domain("far.test")
    bob.follow("alice@far.test")
    alice.stranger.fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[-1]["id"]))
    alice.tells(brest, alice.create(alice.note("<p>Me revoilà</p>")))
    assert bob.home() == ["Me revoilà"]


# --- only those on a list --------------------------------------------------------------------------------------------


def test_somebody_closed_out_one_by_one_stays_so_when_their_server_is_let_in_again(
    meeting: tuple[Server, Person, Somebody],
) -> None:
    brest, bob, _ = meeting
    with brest.inside():
        people.act(None, accounts.by_handle("alice@far.test"), "suspend", text="insults")
    keep_out(brest, "far.test")
    with brest.inside():
        moderation.forget_domain("far.test")
    alice = bob.sees("alice@far.test")
    assert alice is not None
    assert not alice.active


def test_with_an_allow_list_only_those_on_it_are_heard(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", federation_mode="allowlist")
    bob = brest.register("bob")
    nantes = fediverse["nantes.test"]
    paul, alice = nantes.register("paul"), Stranger(fediverse, "far.test").person("alice")
    with brest.inside():
        moderation.allow_domain("nantes.test")
    assert alice.sends(brest, alice.does("Follow", bob.uri)).status_code == 403
    paul.follow("bob@brest.test")
    bob.follow("paul@nantes.test")
    fediverse.settle()
    assert paul.follows("bob@brest.test") is True
    assert bob.follows("paul@nantes.test") is True
    assert bob.look_up("alice@far.test") is None
    assert alice.stranger.asked == []
