"""Lists of followers that have drifted apart are mended (FEP-8fcf), by both sides' word."""

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub import synchronization
from fediterr.core import clock
from fediterr.social import follows
from fediterr.social.models import Follow
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger

ALICE = "https://far.test/users/alice"


@pytest.fixture
def pair(fediverse: Fediverse) -> tuple[Person, Person]:
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    paul.follow("maria@brest.test")
    fediverse.settle()
    return maria, paul


def forget(server: Server, follower: str, target: str) -> None:
    """As after a restored backup: one side no longer knows of a follow."""
    with server.inside():
        one, other = accounts.by_handle(follower), accounts.by_handle(target)
        assert one is not None
        assert other is not None
        follow = follows.find(one, other)
        assert follow is not None
        follows.forget(follow)


def test_the_digest_is_that_of_the_proposal() -> None:
    """The example of FEP-8fcf, and the rule that order does not matter."""
    uris = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"]
    expected = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    assert synchronization.digest(uris) == synchronization.digest(uris[::-1]) == expected
    assert synchronization.digest([]) == "0" * 64


def test_who_follows_without_the_other_server_knowing_follows_no_longer(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    lise = fediverse["nantes.test"].register("lise")
    lise.follow("maria@brest.test")
    fediverse.settle()
    forget(maria.server, "paul@nantes.test", "maria")
    maria.says("Pour qui me suit", visibility="followers")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is None
    assert lise.follows("maria@brest.test") is True


def test_who_is_counted_without_following_is_no_longer_counted(
    fediverse: Fediverse, pair: tuple[Person, Person]
) -> None:
    maria, paul = pair
    fediverse.wait(hours=2)
    forget(paul.server, "paul", "maria@brest.test")
    maria.says("Pour qui me suit", visibility="followers")
    fediverse.settle()
    assert maria.account().followers_count == 0
    assert paul.follows("maria@brest.test") is None


def test_lists_that_agree_cost_nothing(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    before = len(fediverse.requests)
    maria.says("Pour qui me suit", visibility="followers")
    fediverse.settle()
    assert fediverse.requests[before:] == [("POST", "https://nantes.test/inbox")]
    assert paul.home() == ["Pour qui me suit"]


def test_only_the_server_asked_about_may_read_its_part(fediverse: Fediverse, pair: tuple[Person, Person]) -> None:
    maria, paul = pair
    far = Stranger(fediverse, "far.test").person("alice")
    far.tells(maria.server, far.does("Follow", maria.uri))
    path = "/actors/maria/followers_synchronization"
    assert maria.server.get(path).status_code == 401
    assert far.asks(maria.server, path).get_json()["orderedItems"] == [far.uri]
    assert maria.account().followers_count == 2
    assert paul.follows("maria@brest.test") is True


# --- other software --------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    """bob of here follows alice of elsewhere."""
    brest, alice = fediverse["brest.test"], Stranger(fediverse, "far.test").person("alice")
    bob = brest.register("bob")
    bob.follow("alice@far.test")
    fediverse.settle()
    alice.tells(brest, alice.does("Accept", alice.stranger.received_of("Follow")[0]["id"]))
    return brest, bob, alice


def header(followers: list[str], url: str, collection: str = f"{ALICE}/followers") -> dict[str, str]:
    digest = synchronization.digest(followers)
    return {"Collection-Synchronization": f'collectionId="{collection}", digest="{digest}", url="{url}"'}


def tell(meeting: tuple[Server, Person, Somebody], headers: dict[str, str]) -> None:
    brest, _, alice = meeting
    note = alice.note("<p>Entre nous</p>", to=[alice.followers], cc=[])
    alice.tells(brest, alice.create(note), headers=headers)


def test_the_list_is_read_where_the_header_says(meeting: tuple[Server, Person, Somebody]) -> None:
    _, bob, alice = meeting
    url = f"{ALICE}/somewhere?domain=brest.test"
    listed = {"type": "OrderedCollection", "id": alice.followers, "orderedItems": []}
    alice.stranger.documents[url.removeprefix("https://far.test")] = listed
    tell(meeting, header([], url))
    assert bob.follows("alice@far.test") is None


@pytest.mark.parametrize("wrong", ["foreign url", "foreign collection", "not a list", "away", "paged"])
def test_a_header_that_is_not_right_takes_nobody_away(meeting: tuple[Server, Person, Somebody], wrong: str) -> None:
    brest, bob, alice = meeting
    url, collection = f"{ALICE}/sync", alice.followers
    document: dict[str, object] = {"type": "OrderedCollection", "id": url, "orderedItems": []}
    if wrong == "foreign url":
        url = "https://evil.test/sync"
        Stranger(alice.stranger.fediverse, "evil.test").documents["/sync"] = document
    elif wrong == "foreign collection":
        collection = "https://far.test/users/ann/followers"
    elif wrong == "not a list":
        document = {"type": "OrderedCollection", "id": url}
    elif wrong == "paged":
        document |= {"next": f"{url}?page=2"}
    if wrong != "away":
        alice.stranger.documents["/users/alice/sync"] = document
    tell(meeting, header([], url, collection))
    assert bob.follows("alice@far.test") is True
    assert brest.count(Follow) == 1


def test_our_header_names_the_followers_on_that_server_only(meeting: tuple[Server, Person, Somebody]) -> None:
    brest, bob, alice = meeting
    ann, carol = alice.stranger.person("ann"), Stranger(alice.stranger.fediverse, "third.test").person("carol")
    for somebody in (alice, ann, carol):
        somebody.tells(brest, somebody.does("Follow", bob.uri))
    bob.says("Entre nous", visibility="followers")
    bob.says("Pour tous")
    alice.stranger.fediverse.settle()
    sent = [headers.get("Collection-Synchronization", "") for headers in alice.stranger.headers]
    [told] = [each for each in sent if each]
    assert f'collectionId="{bob.uri}/followers"' in told
    assert f'digest="{synchronization.digest([alice.uri, ann.uri])}"' in told
    assert clock.now() is not None
