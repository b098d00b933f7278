"""Following across servers: asking, letting in, refusing, leaving, and all of it answered by other software's ways."""

import itertools
from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.social import follows, profiles
from fediterr.social.models import Follow
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger


def lock(person: Person) -> None:
    with person.acting() as me:
        profiles.change(me, profiles.Profile(locked=True))


def pending(person: Person, handle: str) -> Follow:
    asking = accounts.by_handle(handle)
    assert asking is not None
    found = follows.find(asking, accounts.local(person.name))
    assert found is not None
    return found


def lets_in(person: Person, handle: str) -> None:
    with person.acting():
        follows.accept(pending(person, handle))


def refuses(person: Person, handle: str) -> None:
    with person.acting():
        follows.refuse(pending(person, handle))


@pytest.fixture
def towns(fediverse: Fediverse) -> tuple[Person, Person]:
    return fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")


def test_an_open_account_is_followed_at_once_and_hears_of_it(
    fediverse: Fediverse, towns: tuple[Person, Person]
) -> None:
    maria, paul = towns
    paul.follow("maria@brest.test")
    assert paul.follows("maria@brest.test") is False
    fediverse.settle()
    assert paul.follows("maria@brest.test") is True
    assert maria.notifications() == [("follow", "paul@nantes.test")]
    assert maria.account().followers_count == 1
    assert paul.account().following_count == 1


def test_on_one_server_it_is_the_same(fediverse: Fediverse) -> None:
    maria, anne = fediverse["brest.test"].register("maria"), fediverse["brest.test"].register("anne")
    anne.follow("maria")
    fediverse.settle()
    assert anne.follows("maria") is True
    assert maria.notifications() == [("follow", "anne@brest.test")]
    assert fediverse.requests == []


def test_a_locked_account_lets_in_when_it_wants(fediverse: Fediverse, towns: tuple[Person, Person]) -> None:
    maria, paul = towns
    lock(maria)
    paul.follow("maria@brest.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is False
    assert maria.notifications() == [("follow_request", "paul@nantes.test")]
    lets_in(maria, "paul@nantes.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is True
    assert maria.notifications() == [("follow", "paul@nantes.test")]


def test_a_locked_account_may_refuse_and_later_send_away(fediverse: Fediverse, towns: tuple[Person, Person]) -> None:
    maria, paul = towns
    lock(maria)
    paul.follow("maria@brest.test")
    fediverse.settle()
    refuses(maria, "paul@nantes.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is None
    assert maria.notifications() == []

    paul.follow("maria@brest.test")
    fediverse.settle()
    lets_in(maria, "paul@nantes.test")
    fediverse.settle()
    refuses(maria, "paul@nantes.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is None
    assert maria.account().followers_count == 0
    assert paul.account().following_count == 0


def test_leaving_is_heard(fediverse: Fediverse, towns: tuple[Person, Person]) -> None:
    maria, paul = towns
    paul.follow("maria@brest.test")
    fediverse.settle()
    paul.unfollow("maria@brest.test")
    fediverse.settle()
    assert maria.account().followers_count == 0
    maria.says("Personne ne m'entend")
    fediverse.settle()
    assert paul.home() == []


def test_asking_again_is_answered_again(fediverse: Fediverse, towns: tuple[Person, Person]) -> None:
    """The first answer was lost with a database."""
    maria, paul = towns
    paul.follow("maria@brest.test")
    fediverse.settle()
    with paul.acting() as me:
        target = accounts.by_handle("maria@brest.test")
        assert target is not None
        follow = follows.find(me, target)
        assert follow is not None
        follows.forget(follow)
    paul.follow("maria@brest.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is True
    assert maria.account().followers_count == 1


def test_the_server_itself_is_not_followed(fediverse: Fediverse) -> None:
    brest, far = fediverse["brest.test"], Stranger(fediverse, "far.test")
    fediverse["brest.test"].get("/actor")
    alice = far.person("alice")
    alice.tells(brest, alice.does("Follow", "https://brest.test/actor"))
    assert [activity["type"] for activity in far.received] == ["Reject"]


# --- the answers of other software -----------------------------------------------------------------------------------


@pytest.fixture
def asked(fediverse: Fediverse) -> tuple[Server, Person, Somebody, dict[str, Any]]:
    """bob of here has asked alice of elsewhere, whose answer is awaited."""
    far = Stranger(fediverse, "far.test")
    alice = far.person("alice")
    bob = fediverse["brest.test"].register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    [follow] = far.received_of("Follow")
    assert follow["actor"] == bob.uri
    assert follow["object"] == alice.uri
    return fediverse["brest.test"], bob, alice, follow


def bare(follow: dict[str, Any], bob: str) -> Any:
    return follow["id"]


def whole(follow: dict[str, Any], bob: str) -> Any:
    return {name: value for name, value in follow.items() if name != "@context"}


def without_id(follow: dict[str, Any], bob: str) -> Any:
    return {name: value for name, value in whole(follow, bob).items() if name != "id"}


def in_a_list(follow: dict[str, Any], bob: str) -> Any:
    return [follow["id"]]


def with_objects(follow: dict[str, Any], bob: str) -> Any:
    return whole(follow, bob) | {"id": "https://far.test/copies/1", "object": {"id": follow["object"]}}


def the_follower(follow: dict[str, Any], bob: str) -> Any:
    return bob


@pytest.mark.parametrize("shape", [bare, whole, without_id, in_a_list, with_objects, the_follower])
def test_an_accept_is_understood_in_every_shape(
    asked: tuple[Server, Person, Somebody, dict[str, Any]], shape: Any
) -> None:
    brest, bob, alice, follow = asked
    alice.tells(brest, alice.does("Accept", shape(follow, bob.uri)))
    assert bob.follows("alice@far.test") is True


@pytest.mark.parametrize("shape", [bare, whole, without_id, in_a_list, with_objects, the_follower])
def test_so_is_a_reject(asked: tuple[Server, Person, Somebody, dict[str, Any]], shape: Any) -> None:
    brest, bob, alice, follow = asked
    alice.tells(brest, alice.does("Reject", shape(follow, bob.uri)))
    assert bob.follows("alice@far.test") is None


def test_only_who_was_asked_may_answer(asked: tuple[Server, Person, Somebody, dict[str, Any]]) -> None:
    brest, bob, alice, follow = asked
    ann, mallory = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    for somebody in (ann, mallory):
        for obj in (follow["id"], whole(follow, bob.uri), whole(follow, bob.uri) | {"object": somebody.uri}, bob.uri):
            somebody.tells(brest, somebody.does("Accept", obj))
            somebody.tells(brest, somebody.does("Reject", obj))
    assert bob.follows("alice@far.test") is False


def test_an_answer_to_what_was_never_asked_changes_nothing(
    asked: tuple[Server, Person, Somebody, dict[str, Any]],
) -> None:
    brest, bob, alice, follow = asked
    ann = alice.stranger.person("ann")
    ann.tells(brest, ann.does("Accept", whole(follow, bob.uri) | {"id": "https://brest.test/activities/1"}))
    assert bob.follows("ann@far.test") is None
    alice.tells(brest, alice.does("Reject", follow["id"]))
    alice.tells(brest, alice.does("Accept", whole(follow, bob.uri)))
    assert bob.follows("alice@far.test") is None


def test_a_late_answer_to_an_earlier_asking_is_not_one_to_the_later(
    asked: tuple[Server, Person, Somebody, dict[str, Any]],
) -> None:
    brest, bob, alice, first = asked
    bob.unfollow("alice@far.test")
    bob.follow("alice@far.test")
    alice.tells(brest, alice.does("Accept", whole(first, bob.uri)))
    assert bob.follows("alice@far.test") is False


# --- being followed, by other software's ways and in any order --------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    alice = Stranger(fediverse, "far.test").person("alice")
    return fediverse["brest.test"], fediverse["brest.test"].register("bob"), alice


def followers(bob: Person) -> int:
    return bob.account().followers_count


def test_a_follow_is_answered_with_itself(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    follow = alice.tells(brest, alice.does("Follow", bob.uri))
    [accept] = alice.stranger.received_of("Accept")
    assert accept["actor"] == bob.uri
    assert accept["object"] == {"id": follow["id"], "type": "Follow", "actor": alice.uri, "object": bob.uri} | {
        "to": [bob.uri]
    }
    assert followers(bob) == 1


@pytest.mark.parametrize("embedded", [False, True])
def test_an_undo_is_understood_bare_or_whole(meeting: tuple[Server, Person, Somebody], embedded: bool) -> None:
    brest, bob, alice = meeting
    follow = alice.tells(brest, alice.does("Follow", {"id": bob.uri, "type": "Person"} if embedded else bob.uri))
    alice.tells(brest, alice.undo(follow if embedded else follow["id"]))
    assert followers(bob) == 0


def test_an_undo_that_comes_first_wins(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    for embedded in (True, False):
        follow = alice.does("Follow", bob.uri)
        alice.tells(brest, alice.undo(follow if embedded else follow["id"]))
        alice.tells(brest, follow)
        assert followers(bob) == 0


def test_nobody_undoes_the_follow_of_another(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    follow = alice.tells(brest, alice.does("Follow", bob.uri))
    ann, mallory = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "evil.test").person("mallory")
    for somebody in (ann, mallory):
        somebody.tells(brest, somebody.undo(follow))
        somebody.tells(brest, somebody.undo(follow["id"]))
        somebody.tells(brest, somebody.undo(follow | {"actor": somebody.uri}))
    assert followers(bob) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["follow", "undo", "again"])))
@pytest.mark.parametrize("embedded", [True, False])
def test_follow_undo_follow_ends_followed_in_every_order(
    meeting: tuple[Server, Person, Somebody], order: tuple[str, ...], embedded: bool
) -> None:
    brest, bob, alice = meeting
    first, second = alice.does("Follow", bob.uri), alice.does("Follow", bob.uri)
    said = {"follow": first, "again": second, "undo": alice.undo(first if embedded else first["id"])}
    for name in order:
        alice.tells(brest, said[name])
    assert followers(bob) == 1
    alice.tells(brest, alice.undo(second))
    assert followers(bob) == 0


def test_an_undo_under_a_new_id_is_understood(meeting: tuple[Server, Person, Somebody]) -> None:
    """Lemmy makes up a new id for the Follow that it undoes; others do so later, too."""
    brest, bob, alice = meeting
    with brest.inside():
        accounts.register("energie", "energie@brest.example", "correct horse battery", kind="Group", confirmed=True)
    group = Person(brest, "energie")
    for target in (group, bob):
        follow = alice.tells(brest, alice.does("Follow", target.uri))
        assert followers(target) == 1
        if target is bob:
            alice.stranger.fediverse.wait(hours=2)
        alice.tells(brest, alice.undo(follow | {"id": f"{alice.uri}/made-up-{target.name}"}))
        assert followers(target) == 0


def test_a_follow_of_somebody_who_is_kept_away_is_refused(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    bob.blocks("alice@far.test")
    alice.stranger.fediverse.settle()
    follow = alice.tells(brest, alice.does("Follow", bob.uri))
    assert followers(bob) == 0
    assert alice.stranger.received_of("Reject")[-1]["object"]["id"] == follow["id"]


def test_a_captured_follow_sent_again_changes_nothing(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    follow = alice.tells(brest, alice.does("Follow", bob.uri))
    alice.tells(brest, alice.undo(follow))
    alice.tells(brest, follow)
    alice.tells(brest, follow, inbox="/actors/bob/inbox")
    assert followers(bob) == 0
