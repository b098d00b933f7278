"""One process, fresh databases, a clock that stories move."""

import functools
import gc
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest

from fediterr.accounts import passwords
from fediterr.core import clock, ids, keys, logs, settings
from fediterr.core.settings import Settings
from tests.databases import Databases
from tests.directory import FullDatabases
from tests.fediverse import Fediverse, Server

_generate_rsa = keys.generate_rsa


def pytest_collection_finish() -> None:
    """What was imported stays; the collector looks at what stories leave, less often: a third of them went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def base_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a server in a story: production's, on a name of its own."""
    folder = tmp_path_factory.mktemp("data")
    environment = {
        "FEDITERR_BASE_URL": "https://brest.test",
        "FEDITERR_DATA_DIR": str(folder),
        "FEDITERR_DIRECTORY_LOAD": "off",  # `tests/directory.py` has it loaded once
    }
    return settings.load(environment)


@pytest.fixture(scope="session")
def databases(base_settings: Settings, worker_id: str) -> Iterator[Databases]:
    """In memory where the system has a folder there: half the time of a story would be the disk's."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="fediterr-", dir=memory if memory.is_dir() else None) as folder:
        made = Databases(Path(folder), base_settings, worker_id)
        yield made
        made.drop_all()


@pytest.fixture(scope="session")
def full_databases(base_settings: Settings, worker_id: str) -> Iterator[FullDatabases]:
    """Databases with the whole directory of territories."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="fediterr-", dir=memory if memory.is_dir() else None) as folder:
        made = FullDatabases(Path(folder), base_settings, worker_id)
        yield made
        made.drop_all()


@functools.cache
def _key(number: int) -> str:
    return _generate_rsa()


@pytest.fixture
def fediverse(databases: Databases, base_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fediverse]:
    """Keys are real but made once for all stories, passwords are hashed the quick way: half the time went there."""
    numbers = itertools.count()
    monkeypatch.setattr(keys, "generate_rsa", lambda: _key(next(numbers) % 24))
    monkeypatch.setattr(passwords, "HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = Fediverse(databases, base_settings)
    yield made
    made.close()


@pytest.fixture
def france(full_databases: FullDatabases, base_settings: Settings) -> Iterator[Server]:
    """A server that knows all territories of the package, and nobody yet."""
    alone = Fediverse(full_databases, base_settings)
    yield alone["brest.test"]
    alone.close()


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    logs.request_id.set("")  # the requests of a story run in its own context
    yield
    clock.reset()
    ids._sequence.last = 0  # ids of a later day would be followed by later ones still
