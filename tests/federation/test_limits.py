"""Servers that are limited rather than kept out: silenced, without their files, without their reports."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import text
from fediterr.core.paging import Page
from fediterr.moderation import people, reports
from fediterr.moderation import service as moderation
from fediterr.moderation.models import Report, Severity
from fediterr.social import timelines
from fediterr.social.models import Follow, Medium
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger

PICTURE = [{"type": "Image", "mediaType": "image/png", "url": "https://far.test/a.png"}]


def limit(server: Server, domain: str = "far.test", severity: str = Severity.NOOP, **more: bool) -> None:
    with server.inside():
        moderation.block_domain(domain, moderation.Block(severity, **more))


def public(person: Person) -> list[str]:
    """The public timeline as somebody reads it."""
    with person.acting() as me:
        return [text.plain(post.content) for post in timelines.public(me, Page(limit=40))]


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def test_a_silenced_server_is_heard_by_those_only_who_follow_there(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    carol = brest.register("carol")
    limit(brest, severity=Severity.SILENCE)
    alice.tells(brest, alice.create(alice.note("<p>Bonjour</p>")))
    assert bob.home() == public(bob) == ["Bonjour"]
    assert public(carol) == []
    dave = alice.stranger.person("dave")
    dave.tells(brest, dave.does("Follow", bob.uri))
    assert brest.count(Account, Account.name == "dave", Account.silenced_at.is_not(None)) == 1
    assert bob.account().followers_count == 0
    with brest.inside():
        moderation.forget_domain("far.test")
    assert public(carol) == ["Bonjour"]


def test_what_somebody_decided_about_one_account_outlives_the_rule(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, _ = meeting
    with bob.acting():
        alice = bob.server.app.extensions["sqlalchemy"].session.query(Account).filter_by(name="alice").one()
        alice.silenced_at = alice.created_at
    limit(brest, severity=Severity.SILENCE)
    with brest.inside():
        moderation.forget_domain("far.test")
    assert brest.count(Account, Account.name == "alice", Account.silenced_at.is_not(None)) == 1


def test_a_server_whose_files_are_refused_sends_words_only(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    alice.tells(brest, alice.create(alice.note("<p>Avant</p>", attachment=PICTURE)))
    assert brest.count(Medium) == 1
    limit(brest, reject_media=True)
    assert brest.count(Medium) == 0
    alice.tells(brest, alice.create(alice.note("<p>Après</p>", attachment=PICTURE)))
    assert bob.home() == ["Après", "Avant"]
    assert brest.count(Medium) == 0
    assert brest.count(Account, Account.icon_url.is_not(None)) == 0


def test_a_server_whose_reports_are_refused_is_heard_in_all_else(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    limit(brest, "far.test", reject_reports=True)
    alice.tells(brest, alice.does("Flag", [bob.uri], content="Pénible"))
    alice.tells(brest, alice.create(alice.note("<p>Bonjour</p>")))
    assert brest.count(Report) == 0
    assert bob.home() == ["Bonjour"]


def test_where_only_those_on_a_list_are_let_in_a_limited_server_is_on_it(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", federation_mode="allowlist")
    bob, alice = brest.register("bob"), Stranger(fediverse, "far.test").person("alice")
    assert alice.sends(brest, alice.does("Follow", bob.uri)).status_code == 403
    limit(brest)
    assert alice.sends(brest, alice.does("Follow", bob.uri)).status_code == 202


def test_who_is_suspended_here_follows_nobody_here_any_more(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    alice.tells(brest, alice.does("Follow", bob.uri))
    with brest.inside():
        people.act(None, accounts.by_handle("alice@far.test"), "suspend")
    alice.stranger.fediverse.settle()
    assert brest.count(Follow) == 0
    assert alice.stranger.received_of("Reject")
    assert alice.stranger.received_of("Undo")
    assert bob.notifications()[0][0] == "severed_relationships"


def test_a_report_is_passed_on_to_those_servers_only_that_are_named(fediverse: Fediverse) -> None:
    brest, nantes, lorient = (fediverse[f"{name}.test"] for name in ("brest", "nantes", "lorient"))
    maria, paul, lea = brest.register("maria"), nantes.register("paul"), lorient.register("lea")
    maria.follow("paul@nantes.test")
    paul.follow("lea@lorient.test")
    maria.follow("lea@lorient.test")
    fediverse.settle()
    said = lea.says("Bonjour")
    fediverse.settle()
    answer = paul.says("@lea@lorient.test pfff", answers=said)
    fediverse.settle()
    with maria.acting() as me:
        target = accounts.by_handle("paul@nantes.test")
        assert target is not None
        reports.report(me, target, post_uris=[answer], forward=True, forward_to=["lorient.test"])
    fediverse.settle()
    assert (nantes.count(Report), lorient.count(Report)) == (0, 1)
