"""The command line of a server on a fresh database."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fediterr.app import create_app
from fediterr.cli import main
from tests.cli.test_commands import Fediterr
from tests.databases import Databases


@pytest.fixture
def fediterr(databases: Databases, tmp_path: Path) -> Iterator[Fediterr]:
    """The command line of a server on a fresh database."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    url = databases.take()
    usual = {
        "FEDITERR_BASE_URL": "https://brest.test",
        "FEDITERR_DATA_DIR": str(tmp_path),
        "FEDITERR_DATABASE_URL": url,
        "FEDITERR_DIRECTORY_LOAD": "off",
    }

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner(env={**usual, **more}).invoke(main.fediterr, list(arguments), obj=create_app)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    databases.give_back(url)
