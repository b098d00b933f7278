"""Compare web servers: Granian, as `fediterr web` runs it, and another; same application, same machine.

    python -m bench.web_servers [--against gunicorn|granian-wsgi] [--n 2000] [--times 3] [--threads 8] [--connections 8]

Start it from the root of the project. The other is gunicorn with threads, which is installed aside for the run since
the project does not depend on it, or Granian by WSGI, with which live updates would need an address of their own. Both
serve one process on one socket with as many threads, and take turns. Four questions: an answer made in one line (what
the server itself costs), `/healthz`, an actor, and the inbox (an unsigned activity: 401; a signed one: 202).
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench import load, machine
from bench.inbound import Sender
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, ActorKey
from fediterr.app import create_app
from fediterr.cli import parts, schema
from fediterr.core import db, ids, keys, settings
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[1]
OTHERS = ("gunicorn", "granian-wsgi")
EXPECTED = {"one line": 200, "healthz": 200, "actor": 200, "inbox, unsigned": 401, "inbox, signed": 202}
MORE = {"one line": 10, "healthz": 3}  # times as many, so that processor time, counted in 10 ms, is told well enough
SENDER = "https://nantes.test/actors/bob"


# --- what is served ---------------------------------------------------------------------------------------------------


def application() -> Any:
    """The application, and one line beside it that costs nothing."""
    app = create_app(settings.load())

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/line":
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "3")])
        return [b"ok\n"]

    answer.extensions = app.extensions  # type: ignore[attr-defined] # asked for its queue when Granian ends
    return answer


def serve_granian(port: int) -> None:
    parts.web(settings.load(), application(), parts.listen("127.0.0.1", port))


def command(server: str, port: int, threads: int) -> list[str]:
    if server == "granian":
        return [sys.executable, "-m", "bench.web_servers", "--serve", str(port)]
    if server == "granian-wsgi":
        options = ["--interface", "wsgi", "--blocking-threads", str(threads), "--no-ws", "--log-level", "error"]
        options += ["--backlog", str(parts.BACKLOG), "--factory", "--port", str(port)]
        return [sys.executable, "-m", "granian", *options, "bench.web_servers:application"]
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", str(threads), "--keep-alive", "60"]
    options += ["--backlog", str(parts.BACKLOG), "--log-level", "warning", "--preload"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        *options,
        "--bind",
        f"127.0.0.1:{port}",
        "bench.web_servers:application()",
    ]


# --- what is asked ----------------------------------------------------------------------------------------------------


def prepare() -> str:
    """A database with alice, and bob of elsewhere whose key is known; bob's private key."""
    app = create_app(settings.load())
    schema.upgrade(app)
    private = keys.generate_rsa()
    with app.app_context(), db.transaction():
        accounts.register("alice", "alice@brest.example", "a long secret", confirmed=True)
        bob = Account(id=ids.new(), name="bob", domain="nantes.test", uri=SENDER, url=SENDER, inbox=f"{SENDER}/inbox")
        db.session.add(bob)
        db.session.flush()
        db.session.add(ActorKey(id=f"{SENDER}#main-key", account_id=bob.id, pem=keys.public_pem(private)))
    with app.app_context():
        db.db.engine.dispose()
    return private


def questions(name: str, host: str, n: int, sender: Sender) -> list[bytes]:
    activity = {"Accept": "application/activity+json", "User-Agent": "bench"}
    paths = {"one line": "/line", "healthz": "/healthz", "actor": "/actors/alice"}
    if name in paths:
        return [load.request("GET", paths[name], host, activity)] * n
    bodies = [sender.note() for _ in range(n)]
    if name == "inbox, unsigned":
        posted = {**activity, "Content-Type": "application/activity+json"}
        return [load.request("POST", "/inbox", host, posted, body) for body in bodies]
    return [load.request("POST", "/inbox", host, sender.sign(body), body) for body in bodies]


# --- the comparison ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running(server: str, threads: int, environment: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command(server, port, threads), env=environment, cwd=ROOT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                load.drive(port, [load.request("GET", "/healthz", "bench")], 1)
                break
            if process.poll() is not None:
                raise SystemExit(f"{server} did not start: see its errors above.")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def measure(
    options: argparse.Namespace, environment: dict[str, str], sender: Sender
) -> dict[tuple[str, str], list[Any]]:
    """(requests/s, CPU-ms each, median delay in ms, cores used by others) of each server and question."""
    found: dict[tuple[str, str], list[Any]] = {}
    for _ in range(options.times):
        for server in ("granian", options.against):
            with running(server, options.threads, environment, options.port) as pid:
                for name, expected in EXPECTED.items():
                    host = f"127.0.0.1:{options.port}"
                    n = options.n * MORE.get(name, 1)
                    load.drive(options.port, questions(name, host, n // 10, sender), options.connections)
                    asked = questions(name, host, n, sender)
                    span = machine.Span(pid)
                    done = load.drive(options.port, asked, options.connections)
                    spent = span.end()
                    assert done.statuses == {expected: n}, (server, name, done.statuses)
                    figures = (
                        done.per_second,
                        spent["server"] * 1000 / n,
                        done.median_ms,
                        spent["others"] / spent["elapsed"],
                    )
                    found.setdefault((server, name), []).append(figures)
                    print(server, name, *(f"{figure:.2f}" for figure in figures), file=sys.stderr, flush=True)
                found.setdefault((server, "memory"), []).append((machine.memory(pid).pss,))
    return found


def show(found: dict[tuple[str, str], list[Any]], other: str) -> None:
    servers = ("granian", other)

    def middle(server: str, name: str, place: int) -> float:
        return float(statistics.median(row[place] for row in found[server, name]))

    print(f"| question | Granian /s | {other} /s | ratio | Granian CPU-ms | {other} CPU-ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name in EXPECTED:
        speed, cost = ([middle(server, name, place) for server in servers] for place in (0, 1))
        print(
            f"| {name} | {speed[0]:.0f} | {speed[1]:.0f} | {speed[0] / speed[1]:.2f}"
            f" | {cost[0]:.3f} | {cost[1]:.3f} | {cost[1] / cost[0]:.2f} |"
        )
    memory = ", ".join(f"{server} {middle(server, 'memory', 0):.0f} MiB" for server in servers)
    print(f"\nPSS of the process tree: {memory}.")
    noise = [row[3] for (_, name), rows in found.items() if name != "memory" for row in rows]
    print(f"Cores used by others meanwhile: {statistics.median(noise):.2f} (at most {max(noise):.2f}).")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=2000, help="requests of each kind in one run")
    parser.add_argument("--times", type=int, default=3, help="runs of each server, in turns")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--against", choices=OTHERS, default=OTHERS[0])
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve_granian(options.serve)
        return
    options.port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        aside = f"{directory}/packages"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", aside]
        if options.against == "gunicorn":
            subprocess.run([*pip, "gunicorn"], check=True)
        os.environ |= {
            "FEDITERR_BASE_URL": f"http://127.0.0.1:{options.port}",
            "FEDITERR_DATA_DIR": f"{directory}/data",
            "FEDITERR_WEB_THREADS": str(options.threads),
            "FEDITERR_RATE_LIMITS": "off",
            "FEDITERR_LOG_LEVEL": "ERROR",
        }
        host = f"http://127.0.0.1:{options.port}"
        sender = Sender(SENDER, f"{SENDER}/followers", prepare(), f"{SENDER}#main-key", inbox=f"{host}/inbox")
        show(measure(options, {**os.environ, "PYTHONPATH": aside}, sender), options.against)


if __name__ == "__main__":
    main()
