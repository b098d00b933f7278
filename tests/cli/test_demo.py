"""`fediterr demo` as a visitor meets it: three servers, a cast that talks, a way in, an end that leaves nothing."""

import logging
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from fediterr.app import create_app
from fediterr.cli import demo_cast, main
from tests.processes import until

CAST = demo_cast.read()


def three_ports() -> int:
    """The first of three free ports in a row."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            try:
                for other in (port + 1, port + 2):
                    socket.create_server(("127.0.0.1", other)).close()
            except OSError:
                continue
            return port


def descendants(pid: int) -> set[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return set()
    return {int(child) for child in children} | {below for child in children for below in descendants(int(child))}


class Demo:
    """A demo that runs, and what it says."""

    def __init__(self, folder: Path, port: int, pace: float) -> None:
        self.port = port
        self.printed = folder.parent / "printed.txt"
        command = ["demo", "--port", str(port), "--data", str(folder), "--pace", str(pace)]
        with self.printed.open("w") as out:
            self.process = subprocess.Popen([sys.executable, "-m", "fediterr", *command], stdout=out)

    def says(self, words: str) -> bool:
        assert self.process.poll() is None, f"the demo ended with {self.process.returncode}: see its errors above"
        return words in self.printed.read_text()

    def stop(self, how: signal.Signals) -> None:
        """Ask it to end; all it started must end with it."""
        below = descendants(self.process.pid)
        assert len(below) >= 3 * 4, "each server is a parent with web, worker and scheduler"
        self.process.send_signal(how)
        assert self.process.wait(60) == 0
        assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]

    def visitor(self, place: int, name: str) -> requests.Session:
        """Somebody who signs in on one of the servers (0, 1, 2) with what the demo printed."""
        browser = requests.Session()
        page = browser.get(f"http://127.0.0.1:{self.port + place}/connexion", timeout=20)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf is not None
        person = CAST.people[name]
        sent = {"csrf": csrf[1], "email": person.email, "password": demo_cast.PASSWORD}
        answer = browser.post(page.url, data=sent, timeout=20)
        assert answer.ok
        return browser

    def feed(self, place: int, browser: requests.Session) -> str:
        return browser.get(f"http://127.0.0.1:{self.port + place}/", timeout=20).text


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Demo]]:
    """Demos of this story; one that the story left running is ended."""
    made: list[Demo] = []
    yield made
    for demo in made:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(60)


@pytest.mark.processes
def test_what_is_said_on_one_server_is_read_on_another_and_not_said_twice(tmp_path: Path, started: list[Demo]) -> None:
    demo = Demo(tmp_path / "demo", three_ports(), pace=0.3)
    started.append(demo)
    until(lambda: demo.says("dave@brumeux.example"), 60)
    dave = demo.visitor(1, "dave")
    first = "340 points lumineux"  # alice, of the first server
    until(lambda: demo.says("alice publie"), 120)
    until(lambda: first in demo.feed(1, dave), 30)
    demo.stop(signal.SIGTERM)

    again = Demo(tmp_path / "demo", demo.port, pace=0.3)
    started.append(again)
    until(lambda: again.says("Ce qui se dit maintenant"), 60)
    assert not again.says("alice publie : Nous rédigeons"), "it goes on where it was"
    outside = requests.get(f"http://127.0.0.1:{again.port}/@alice", timeout=20).text
    assert outside.count(first) == 1
    again.stop(signal.SIGINT)


def test_every_line_names_people_and_earlier_lines_that_exist() -> None:
    servers = {server.name for server in CAST.servers}
    assert {person.server for person in CAST.people.values()} == servers
    assert all(name in CAST.people for person in CAST.people.values() for name in person.follows)
    known: set[str] = set()
    for line in CAST.lines:
        assert line.who in CAST.people
        assert bool(line.says) != bool(line.likes or line.boosts or line.votes)
        assert not line.about or line.about in known, f"{line.name} speaks of what was not said"
        known.add(line.name)
    assert len(known) == len(CAST.lines), "a line is remembered by its name"
    talking = [line for line in CAST.lines if line.ago is None]
    assert 20 <= len(talking) <= 30


@pytest.fixture
def fediterr(tmp_path: Path) -> Iterator[Callable[..., Result]]:
    """The command line, in this process: for what is refused before anything starts."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    usual = {"FEDITERR_BASE_URL": "http://127.0.0.1:8000", "FEDITERR_DATA_DIR": str(tmp_path)}

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner(env={**usual, **more}).invoke(main.fediterr, list(arguments), obj=create_app)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_public_server_is_no_place_for_known_passwords(fediterr: Callable[..., Result], tmp_path: Path) -> None:
    refused = fediterr("demo", FEDITERR_BASE_URL="https://brest.test")
    assert refused.exit_code == 1
    assert "loopback only" in refused.stderr
    assert not (tmp_path / "demo").exists()


def test_a_port_that_is_taken_is_said_in_one_sentence(fediterr: Callable[..., Result], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = fediterr("demo", "--port", str(port))
    assert refused.exit_code == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "--port" in refused.stderr
    assert not (tmp_path / "demo" / "demo.json").exists(), "another port may be chosen"


def test_another_port_would_be_another_identity(fediterr: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demo.json").write_text('{"port": 8001}')
    refused = fediterr("demo", "--port", "9001")
    assert refused.exit_code == 1
    assert "8001" in refused.stderr
    assert "--fresh" in refused.stderr
