"""One server and the people of most stories about applications; a file whose story needs others has its own."""

import pytest

from fediterr.accounts.models import Role
from tests.fediverse import Fediverse, Server
from tests.mastodon.client import EVERYTHING, Application


@pytest.fixture
def brest(fediverse: Fediverse) -> Server:
    return fediverse["brest.test"]


@pytest.fixture
def alice(brest: Server) -> Application:
    return Application(brest.register("alice"))


@pytest.fixture
def bob(brest: Server) -> Application:
    return Application(brest.register("bob"))


@pytest.fixture
def admin(brest: Server) -> Application:
    return Application(brest.register("alice", role=Role.ADMIN), EVERYTHING)
