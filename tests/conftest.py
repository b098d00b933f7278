"""One process, fresh databases, a clock that stories move."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fediterr.core import clock, settings
from fediterr.core.settings import Settings
from tests.databases import Databases
from tests.fediverse import Fediverse


@pytest.fixture(scope="session")
def base_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a server in a story: production's, on a name of its own."""
    folder = tmp_path_factory.mktemp("data")
    environment = {"FEDITERR_BASE_URL": "https://brest.test", "FEDITERR_DATA_DIR": str(folder)}
    return settings.load(environment)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, base_settings: Settings, worker_id: str) -> Iterator[Databases]:
    made = Databases(Path(tmp_path_factory.mktemp("databases")), base_settings, worker_id)
    yield made
    made.drop_all()


@pytest.fixture
def fediverse(databases: Databases, base_settings: Settings) -> Iterator[Fediverse]:
    made = Fediverse(databases, base_settings)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    yield
    clock.reset()
