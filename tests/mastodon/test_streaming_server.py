"""The part that carries live updates, as operators and applications meet it: alone, at its limits, at its end."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from mastodon import Mastodon, StreamListener
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.mastodon.listening import Socket, by_events, by_socket
from tests.processes import FEDITERR, Member, Serve, free_port, until

pytestmark = pytest.mark.processes


@contextmanager
def running(directory: Path, **settings: str) -> Iterator[Serve]:
    server = Serve(directory, **settings)
    server.start()
    try:
        yield server
    finally:
        assert server.process is not None
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    with running(tmp_path_factory.mktemp("server")) as made:
        yield made


@pytest.fixture(scope="module")
def alice(server: Serve) -> Member:
    return server.member("alice")


def test_a_client_library_listens_as_it_does_elsewhere(server: Serve, alice: Member) -> None:
    class Listener(StreamListener):  # type: ignore[misc]
        def __init__(self) -> None:
            self.updates: list[Any] = []
            self.deleted: list[Any] = []
            self.listening, self.over = threading.Event(), threading.Event()

        def handle_heartbeat(self) -> None:
            self.listening.set()

        def on_update(self, status: Any) -> None:
            self.updates.append(status)

        def on_delete(self, status_id: Any) -> None:
            self.deleted.append(str(status_id))
            self.over.set()

    library = Mastodon(api_base_url=server.origin, access_token=alice.token)
    assert library.stream_healthy()
    listener = Listener()
    stream = library.stream_user(listener, run_async=True)
    assert until(lambda: stream.connection is not None)
    said = alice.says("Bonjour la bibliothèque")
    until(lambda: listener.updates)
    assert str(listener.updates[0].id) == said["id"]
    alice.api("DELETE", f"v1/statuses/{said['id']}")
    assert listener.over.wait(10)
    assert listener.deleted == [said["id"]]
    stream.close()


def test_one_that_is_killed_comes_back_and_pages_never_notice(server: Serve, alice: Member) -> None:
    before = until(lambda: server.part("streaming"))
    with by_socket(server, alice.token, "?stream=user") as open_:
        server.kill("streaming")
        with pytest.raises(ConnectionClosed):
            open_.next()
    assert requests.get(f"{server.origin}/healthz", timeout=5).ok
    until(lambda: server.part("streaming") not in (None, before))
    with by_socket(server, alice.token, "?stream=user") as again:
        said = alice.says("De retour")
        assert again.hears("update", ["user"])["id"] == said["id"]


def test_it_runs_alone_for_a_front_server_that_leads_there(server: Serve, alice: Member) -> None:
    port = free_port()
    process = subprocess.Popen([*FEDITERR, "streaming", "--port", str(port)], env=server.environment)
    try:
        apart = f"http://127.0.0.1:{port}/api/v1/streaming"
        until(lambda: answers(f"{apart}/health"), 60)
        token = {"access_token": alice.token}
        with requests.get(f"{apart}/user", params=token, stream=True, timeout=20) as events:
            assert next(events.iter_lines(chunk_size=1)) == b":)"
            said = alice.says("Par les deux portes")
            told = next(line for line in events.iter_lines(chunk_size=1) if line.startswith(b"data:"))
            assert said["id"] in told.decode()
        assert requests.get(f"http://127.0.0.1:{port}/about", timeout=20).status_code == 404
    finally:
        process.terminate()
        assert process.wait(20) == 0
    with by_socket(server, alice.token, "?stream=user") as socket_:
        said = alice.says("Et encore par la première")
        assert socket_.hears("update", ["user"])["id"] == said["id"]


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).text == "OK"
    except requests.ConnectionError:
        return False


def test_what_is_no_request_is_refused_and_costs_nothing(server: Serve) -> None:
    port = free_port()
    process = subprocess.Popen([*FEDITERR, "streaming", "--port", str(port)], env=server.environment)
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/api/v1/streaming/health"), 60)
        for nonsense, status in ((b"hello\r\n\r\n", b"400"), (b"x" * 20_000, b"431")):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                connection.sendall(nonsense)
                assert connection.recv(100).split()[1] == status
        asked = requests.options(f"http://127.0.0.1:{port}/api/v1/streaming/user", timeout=20)
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
        assert requests.post(f"http://127.0.0.1:{port}/api/v1/streaming/user", timeout=20).status_code == 405
    finally:
        process.terminate()
        process.wait(20)


def test_an_account_holds_so_many_connections_and_no_more(tmp_path: Path) -> None:
    limits = {"FEDITERR_RATE_LIMITS": "on", "FEDITERR_LIMITS_STREAMS_ACCOUNT": "2"}
    with running(tmp_path, **limits) as server:
        alice = server.member("alice")
        with by_socket(server, alice.token), by_events(alice, "user"):
            with pytest.raises(InvalidStatus) as refused, by_socket(server, alice.token):
                pass
            assert refused.value.response.status_code == 429
        until(lambda: enters(server, alice))


def enters(server: Serve, member: Member) -> bool:
    try:
        with by_socket(server, member.token):
            return True
    except InvalidStatus:
        return False


def test_an_end_waits_for_nobody_who_listens(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        alice = server.member("alice")
        with by_socket(server, alice.token, "?stream=user") as open_, by_events(alice, "user") as events:
            assert server.process is not None
            before = time.monotonic()
            server.process.terminate()
            with pytest.raises(ConnectionClosed) as closed:
                open_.next()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            assert events.ends(5)
            assert server.process.wait(20) == 0
            assert time.monotonic() - before < 10


def test_who_says_too_much_at_once_is_sent_away(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket_:
        socket_.connection.send("x" * 5000)
        with pytest.raises(ConnectionClosed) as closed:
            socket_.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with by_socket(server, alice.token) as socket_:
        for number in range(101):
            socket_.subscribe("hashtag", tag=f"t{number}")
        assert socket_.next() == {"error": "Too many subscriptions", "status": 429}


def test_a_ping_is_answered(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket_:
        assert isinstance(socket_, Socket)
        assert socket_.connection.ping().wait(10)
