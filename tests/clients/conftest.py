"""A real server that lets everybody in, for clients that others wrote; and a real browser to sign in with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.people import Town
from tests.processes import Serve


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A `fediterr serve` where anybody may register, as trials do."""
    made = serve(tmp_path_factory.mktemp("town"))
    yield made
    made.close()


def serve(directory: Path) -> Town:
    server = Serve(directory, FEDITERR_REGISTRATIONS="open", FEDITERR_EMAIL_CONFIRMATION="off")
    server.start()
    return Town(server)
