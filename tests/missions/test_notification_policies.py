"""From whom one wants to hear: what is kept back, dropped, asked for, let through."""

from typing import Any

import pytest

from fediterr import reactions
from fediterr.core import clock
from fediterr.core.paging import Page
from fediterr.social import notifications, policies
from fediterr.social.models import Notification
from tests.fediverse import Fediverse, Person, Server


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    return fediverse["brest.test"]


def wants(person: Person, **changes: str) -> None:
    with person.acting() as me:
        policies.change(me, policies.Changes(**changes))


def kept_back(person: Person) -> int:
    return person.server.count(Notification, Notification.filtered)


def asking(person: Person) -> list[tuple[int, str, int]]:
    with person.server.app.app_context():
        asked = policies.requests(person.account(), Page())
        return [(each.request.id, each.request.sender.name, each.count) for each in asked]


def test_strangers_wait_until_they_are_let_through(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    wants(alice, for_not_following="filter")
    bob.says("@alice une question")
    bob.says("@alice une autre")
    bob.likes(alice.says("Bonjour"))
    fediverse.settle()
    assert alice.notifications() == []
    assert kept_back(alice) == 3
    [(identifier, name, count)] = asking(alice)
    assert (name, count) == ("bob", 2)
    with alice.acting() as me:
        assert policies.pending(me) == (1, 3)
        policies.accept(me, [identifier])
    assert [kind for kind, _ in alice.notifications()] == ["favourite", "mention", "mention"]
    bob.says("@alice merci")
    fediverse.settle()
    assert len(alice.notifications()) == 4
    assert asking(alice) == []


def test_who_is_sent_away_asks_again_by_the_next_thing_said(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    wants(alice, for_new_accounts="filter")
    bob.says("@alice une question")
    fediverse.settle()
    [(identifier, _, _)] = asking(alice)
    with alice.acting() as me:
        policies.dismiss(me, [identifier])
    assert (kept_back(alice), asking(alice)) == (0, [])
    bob.says("@alice encore")
    fediverse.settle()
    assert [count for _, _, count in asking(alice)] == [1]


@pytest.mark.parametrize(
    ("sort", "heard_when"),
    [
        ("for_not_following", "followed"),
        ("for_not_followers", "following for days"),
        ("for_new_accounts", "a month old"),
        ("for_private_mentions", "answering"),
        ("for_limited_accounts", "open again"),
        ("for_bots", "a person again"),
    ],
)
def test_each_sort_of_sender_is_dropped_or_heard(
    fediverse: Fediverse, brest: Server, sort: str, heard_when: str
) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    wants(alice, **{sort: "drop"})
    with bob.acting() as account:
        account.silenced_at = clock.now() if sort == "for_limited_accounts" else None
        account.kind = "Service" if sort == "for_bots" else "Person"
    private = {"visibility": "direct"} if sort == "for_private_mentions" else {}
    bob.says("@alice bonjour", **private)
    fediverse.settle()
    assert (alice.notifications(), kept_back(alice)) == ([], 0)
    answered: dict[str, Any] = {}
    if heard_when == "followed":
        alice.follow("bob@brest.test")
    elif heard_when == "following for days":
        bob.follow("alice@brest.test")
        fediverse.wait(days=4)
    elif heard_when == "a month old":
        fediverse.wait(days=31)
    elif heard_when == "answering":
        answered["answers"] = alice.says("@bob oui ?", **private)
    else:
        with bob.acting() as account:
            account.silenced_at, account.kind = None, "Person"
    bob.says("@alice encore", **private, **answered)
    fediverse.settle()
    assert alice.notifications()[0] == ("mention", "bob@brest.test")


def test_a_moderator_is_heard_whatever_the_policy_says(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob", role="moderator")
    wants(alice, for_not_following="drop")
    bob.says("@alice un rappel des règles")
    fediverse.settle()
    assert alice.notifications() == [("mention", "bob@brest.test")]


def test_each_thing_told_is_a_fact_and_what_is_kept_back_is_none(
    fediverse: Fediverse, brest: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[notifications.NotificationMade] = []
    monkeypatch.setitem(reactions.REACTIONS, notifications.NotificationMade, [heard.append])
    alice, bob = brest.register("alice"), brest.register("bob")
    wants(alice, for_private_mentions="filter")
    bob.says("@alice en privé", visibility="direct")
    bob.says("@alice bonjour")
    fediverse.settle()
    assert [fact.account_id for fact in heard] == [alice.account().id]
