"""Real servers, a real browser, and people who have something to show on every page."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import chromium
from tests.browser.town import Town
from tests.processes import Serve

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed before stories of other files: while it is open, nothing else in this process runs an event loop."""
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A `fediterr serve` where much has been said; stories read it, and change nothing that others look at."""
    server = Serve(tmp_path_factory.mktemp("town"), FEDITERR_REGISTRATIONS="approval",
                   FEDITERR_OIDC_ISSUER="http://127.0.0.1:9")  # fmt: skip # a service that is away
    try:
        server.start()
        made = Town(server)
        made.furnish()
        with chromium.started() as browser:
            made.keep_a_draft(browser)
            made.keep_order(browser)
        yield made
    finally:
        server.stop()


@pytest.fixture(scope="session")
def axe() -> str:
    """The rules of accessibility as a script; skips where npm cannot bring it."""
    npm, script = shutil.which("npm"), HERE / "node_modules" / "axe-core" / "axe.min.js"
    with (HERE / "package.json").open() as lock:  # two test processes must not install at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not script.exists():
            if npm is None:
                assert os.environ.get("CI") != "true", "the tests of accessibility need npm"
                pytest.skip("axe-core comes by npm, and npm is not here")
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                assert os.environ.get("CI") != "true", done.stderr
                pytest.skip(f"`npm ci` failed: {done.stderr[-400:]}")
    return script.read_text(encoding="utf-8")
