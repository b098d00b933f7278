"""Loading the packaged directory: time, processor and memory, on SQLite or PostgreSQL; what it weighs in a package."""

import argparse
import dataclasses
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import flask_migrate

from bench import machine
from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from fediterr.territories import loading, register

MIB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL database to make and drop; SQLite otherwise")
    parser.add_argument("--wheel", action="store_true", help="also build the package, and look what is in it")
    given = parser.parse_args()
    with machine.database(given.database) as url, tempfile.TemporaryDirectory(prefix="fediterr-directory-") as folder:
        environment = {"FEDITERR_DATA_DIR": folder, "FEDITERR_LOG_LEVEL": "ERROR"}
        app = create_app(dataclasses.replace(settings.load(environment), database_url=url), queue=jobs.MemoryQueue())
        with app.app_context():
            flask_migrate.upgrade()
            before = db.size()
            for name in ("empty", "again"):
                _load(name)
            print(f"database: {(db.size() - before) / MIB:.1f} MiB more")
            print(f"most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
            db.session.remove()
            db.db.engine.dispose()
    print(f"packaged: {sum(path.stat().st_size for path in register.DATA.iterdir()) / MIB:.2f} MiB")
    if given.wheel:
        _weigh()


def _load(name: str) -> None:
    started, processor = time.perf_counter(), time.process_time()
    with db.transaction():
        loaded = loading.load()
    spent, processor = time.perf_counter() - started, time.process_time() - processor
    print(f"{name}: {spent:.1f} s, {processor:.1f} CPU-s; {loaded}")


def _weigh() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
        subprocess.run([*command, "--wheel-dir", folder], check=True)
        (wheel,) = Path(folder).iterdir()
        listed = subprocess.run(
            [shutil.which("unzip") or "unzip", "-l", wheel], check=True, capture_output=True, text=True
        )
        print(f"wheel: {wheel.stat().st_size / MIB:.2f} MiB")
        print("\n".join(line for line in listed.stdout.splitlines() if "territories/data" in line))


if __name__ == "__main__":
    main()
