"""The web process in front of the application: bodies and answers of any size, and clients who take their time."""

import socket
from collections.abc import Iterator

import pytest
import requests

from tests.files import PDF
from tests.processes import Member, Serve

pytestmark = pytest.mark.processes

LARGE = PDF + b"%" * 6_000_000
THREADS = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    made = Serve(tmp_path_factory.mktemp("pages"), FEDITERR_WEB_THREADS=str(THREADS))
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture(scope="module")
def alice(server: Serve) -> Member:
    return server.member("alice")


@pytest.fixture(scope="module")
def address(alice: Member) -> str:
    """Where a large file of alice's is handed out."""
    sent = alice.api("POST", "v2/media", files={"file": ("plan.pdf", LARGE, "application/pdf")})
    url: str = alice.says("Le plan", media_ids=[sent["id"]])["media_attachments"][0]["url"]
    return url


def test_a_large_file_goes_in_and_comes_out_as_it_was(address: str) -> None:
    assert requests.get(address, timeout=20).content == LARGE
    head = requests.head(address, timeout=20)
    assert (int(head.headers["Content-Length"]), head.content) == (len(LARGE), b"")
    part = requests.get(address, headers={"Range": "bytes=0-7"}, timeout=20)
    assert (part.status_code, part.content) == (206, LARGE[:8])


def test_slow_clients_hold_no_thread(server: Serve, address: str) -> None:
    path = address.removeprefix(server.origin)
    upload = f"POST /inbox HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 1000\r\n\r\n{{"
    download = f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4 * THREADS)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall((upload if number % 2 else download).encode())
        for connection in slow[::2]:
            assert connection.recv(12) == b"HTTP/1.1 200"  # and no more is read
        assert requests.get(f"{server.origin}/about", timeout=5).ok
    finally:
        for connection in slow:
            connection.close()


def test_what_is_larger_than_anything_that_is_taken_is_refused(server: Serve) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(1_000_000)

    try:
        answer = requests.post(f"{server.origin}/inbox", data=pieces(), timeout=60)
    except requests.ConnectionError:
        return  # the connection was closed while we were still sending
    assert answer.status_code == 413


def test_addresses_reach_the_application_as_they_were_sent(server: Serve) -> None:
    page = requests.get(f"{server.origin}/tags/%C3%A9t%C3%A9", timeout=20)
    assert "été" in page.text
    for odd in ("/%FF", "/a%00b", "/%2e%2e/etc/passwd", "/?%FF=%00"):
        assert requests.get(f"{server.origin}{odd}", timeout=20).status_code < 500
