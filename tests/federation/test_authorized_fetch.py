"""Servers that answer signed fetches only, and how two such servers still find each other."""

import pytest

from fediterr.moderation import service as moderation
from tests.fediverse import Fediverse, Person, Server
from tests.strangers import Somebody, Stranger


@pytest.fixture
def strict(fediverse: Fediverse) -> tuple[Server, Person, Somebody]:
    brest = fediverse.add("brest.test", authorized_fetch=True)
    return brest, brest.register("maria"), Stranger(fediverse, "far.test").person("alice")


def test_two_strict_servers_follow_each_other(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", authorized_fetch=True)
    nantes = fediverse.add("nantes.test", authorized_fetch=True)
    maria, paul = brest.register("maria"), nantes.register("paul")
    paul.follow("maria@brest.test")
    maria.follow("paul@nantes.test")
    fediverse.settle()
    assert paul.follows("maria@brest.test") is True
    assert maria.follows("paul@nantes.test") is True
    uri = maria.says("Entre gens sûrs")
    fediverse.settle()
    assert paul.home() == ["Entre gens sûrs"]
    lise = fediverse.add("rennes.test", authorized_fetch=True).register("lise")
    assert lise.look_up(uri) is not None


def test_nothing_is_said_to_whoever_does_not_sign(strict: tuple[Server, Person, Somebody]) -> None:
    brest, maria, alice = strict
    uri = maria.says("Entre gens sûrs")
    path = uri.removeprefix("https://brest.test")
    number = path.rpartition("/")[2]
    for hidden in (
        path,
        f"{path}/activity",
        f"{path}/replies",
        f"{path}/likes",
        f"/contexts/{number}",
        f"/@maria/{number}",
        "/actors/maria/outbox",
        "/actors/maria/outbox?page=true",
        "/actors/maria/followers",
        "/actors/maria/following",
        "/actors/maria/featured",
        "/actors/maria/featured-tags",
    ):
        assert brest.get(hidden).status_code == 401, hidden
        if not hidden.startswith("/contexts"):
            answer = alice.asks(brest, hidden)
            assert answer.status_code == 200, hidden
            assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_actor_without_a_signature_is_enough_to_check_its_own(strict: tuple[Server, Person, Somebody]) -> None:
    brest, maria, alice = strict
    stub = brest.get("/actors/maria").get_json()
    assert stub["publicKey"]["owner"] == maria.uri
    assert {"summary", "attachment", "followers", "published", "icon"}.isdisjoint(stub)
    assert "followers" in alice.asks(brest, "/actors/maria").get_json()
    assert brest.get("/actor").get_json()["type"] == "Application"


def test_a_signature_that_is_not_right_is_none(strict: tuple[Server, Person, Somebody]) -> None:
    brest, maria, alice = strict
    path = maria.says("Entre gens sûrs").removeprefix("https://brest.test")
    ann = alice.stranger.person("ann")
    alice.private = ann.private
    assert alice.asks(brest, path).status_code == 401
    alice.stranger.answers["/users/ann"] = (410, {}, b"")
    assert ann.asks(brest, path).status_code == 401


def test_a_server_that_is_kept_out_reads_nothing(strict: tuple[Server, Person, Somebody]) -> None:
    brest, maria, alice = strict
    path = maria.says("Entre gens sûrs").removeprefix("https://brest.test")
    assert alice.asks(brest, path).status_code == 200
    with brest.inside():
        moderation.block_domain("far.test")
    assert alice.asks(brest, path).status_code == 403


def test_where_fetches_are_open_a_bad_signature_changes_nothing(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    path = brest.register("maria").says("Pour tous").removeprefix("https://brest.test")
    far = Stranger(fediverse, "far.test")
    alice = far.person("alice")
    far.down = True
    assert alice.asks(brest, path).status_code == 200
