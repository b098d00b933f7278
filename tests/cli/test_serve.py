"""`fediterr serve` as an operator sees it: parts that come back when they die, and an end that loses nobody."""

import functools
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.processes import Serve, until

pytestmark = pytest.mark.processes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serve]:
    made = Serve(tmp_path)
    made.start()
    yield made
    assert made.process is not None
    if made.process.poll() is None:
        assert made.stop() == 0


def has_changed(server: Serve, part: str, before: int | None) -> bool:
    return server.part(part) not in (None, before)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_part_that_is_killed_comes_back_and_nobody_is_turned_away(server: Serve) -> None:
    for part in ("web", "worker"):
        before = until(functools.partial(server.part, part))
        server.kill(part)
        # The parent holds the socket: who connects while no web process is there waits for the next one.
        assert requests.get(f"{server.origin}/healthz", timeout=20).ok
        until(functools.partial(has_changed, server, part, before))
    until(lambda: requests.get(f"{server.origin}/readyz", timeout=20).json()["worker_seen_at"])


def test_an_end_finishes_what_was_begun_and_refuses_what_comes_after(server: Serve) -> None:
    assert server.process is not None
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        head = f"POST /inbox HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        slow.sendall(f"{head}\r\n{{".encode())
        assert requests.get(f"{server.origin}/healthz", timeout=20).ok
        server.process.terminate()
        until(lambda: refuses(server))
        slow.sendall(b"}")
        assert slow.recv(100).startswith(b"HTTP/1.1 401")
    assert server.process.wait(60) == 0


def refuses(server: Serve) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5):
            return False
    except ConnectionRefusedError:
        return True


def test_a_parent_that_is_killed_leaves_nobody_behind(server: Serve) -> None:
    parts = [until(functools.partial(server.part, name)) for name in ("web", "worker")]
    server.kill_all()
    until(lambda: not any(alive(pid) for pid in parts if pid))
    server.start()  # the address is free again


def test_two_servers_do_not_share_an_address(server: Serve, tmp_path: Path) -> None:
    other = Serve(tmp_path / "other")
    other.environment["FEDITERR_BASE_URL"] = server.origin
    with pytest.raises(AssertionError, match="Cannot listen on"):
        other.run("serve", "--port", str(server.port))
