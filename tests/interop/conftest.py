"""The servers of each file of stories, its own: peers by Fedify, and fediterr."""

from collections.abc import Iterator

import pytest

from tests.interop.processes import RFC9421, Peer, Server, find_node, running_peer, running_server


@pytest.fixture(scope="session")
def node() -> str:
    return find_node()


@pytest.fixture(scope="module")
def _peer(node: str) -> Iterator[Peer]:
    with running_peer(node) as peer:
        yield peer


@pytest.fixture(scope="module")
def _other_peer(node: str) -> Iterator[Peer]:
    with running_peer(node) as peer:
        yield peer


@pytest.fixture
def peer(_peer: Peer) -> Iterator[Peer]:
    """The peer with an empty journal; whatever the test did, nothing may have tried to leave the machine."""
    _peer.ask("clear")
    _peer.ask("sign", first=RFC9421)
    _peer.ask("accept", only=None)
    yield _peer
    assert _peer.ask("outside") == []


@pytest.fixture
def other_peer(_other_peer: Peer) -> Iterator[Peer]:
    _other_peer.ask("clear")
    yield _other_peer
    assert _other_peer.ask("outside") == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, node: str) -> Iterator[Server]:
    """A real `fediterr serve` with bob; it asks for `node` so that nothing starts where the tests are skipped."""
    with running_server(tmp_path_factory.mktemp("fediterr")) as server:
        yield server


@pytest.fixture(scope="module")
def careful_server(tmp_path_factory: pytest.TempPathFactory, node: str) -> Iterator[Server]:
    """Another one, which shows things to the signed alone."""
    with running_server(tmp_path_factory.mktemp("careful"), FEDITERR_AUTHORIZED_FETCH="on") as server:
        yield server
