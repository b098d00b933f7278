"""Measure a whole server as others see it: `fediterr serve`, and a made-up fediverse (apbench) that talks with it.

    python -m bench.federation                                  SQLite, embedded queue
    python -m bench.federation --database postgresql+psycopg://postgres@127.0.0.1:5432/fediterr_bench
    python -m bench.federation --small                          a minute, to see that it works

Start it from the root of the project. One table is printed; each figure with its circumstances goes to `--out`.
"""

import argparse
import contextlib
import http.client
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import load, machine
from tests.processes import Serve

ROOT = Path(__file__).resolve().parents[1]
APBENCH = ROOT.parent / "shared" / "tools" / "apbench" / "apbench.py"
KEPT = ROOT / "var" / "bench"
REST = 10  # seconds of quiet before the memory at rest is read
QUIET_WAIT = 20  # seconds that a quiet moment is waited for before each run
HOMES = 400  # readings of the home timeline
LATE = 100  # milliseconds that late remotes take to answer
Json = dict[str, Any]


class Run:
    """One server, one made-up fediverse, and what was measured."""

    def __init__(self, options: argparse.Namespace, directory: Path) -> None:
        self.options, self.directory = options, directory
        self.results: list[Json] = []
        settings = {"FEDITERR_LOG_LEVEL": "WARNING"}
        if options.database:
            settings["FEDITERR_DATABASE_URL"] = options.database
        if options.broker:
            settings |= {"FEDITERR_BROKER_URL": options.broker, "FEDITERR_REDIS_PREFIX": "fediterr-bench:"}
        self.server = Serve(directory / "data", **settings)
        (directory / "data").mkdir()
        self.until = time.monotonic() + options.minutes * 60
        self.pids: list[int] = []
        self.token = ""

    def note(self, phase: str, **figures: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.results.append({"phase": phase, "label": self.options.label, "at": at, **figures})
        print(json.dumps(self.results[-1]), file=sys.stderr, flush=True)

    def start(self, which: str) -> None:
        """Start the server and time it to its first 200 and to its first work."""
        began = time.monotonic()
        self.server.process = subprocess.Popen(self.command(), env=self.server.environment, stdout=sys.stderr)
        while not _answers(self.server.port, "/api/v1/instance"):
            if self.server.process.poll() is not None or time.monotonic() - began > 60:
                raise SystemExit("The server did not start: see its errors above.")
            time.sleep(0.005)
        self.note("start", which=which, first_200_s=round(time.monotonic() - began, 3))
        self.pids = [self.server.process.pid]
        if postgres := machine.database_server(self.options.database):
            self.pids.append(postgres)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "fediterr", "serve", "--port", str(self.server.port)]

    def rest(self, when: str) -> None:
        time.sleep(REST)
        span = machine.Span(self.pids[0])
        time.sleep(REST)
        found, spent = machine.memory(self.pids[0]), span.end()
        self.note("rest", when=when, **vars(found), cores=round(spent["server"] / spent["elapsed"], 4))

    def apbench(self, phase: str, **more: Any) -> None:
        """One phase of apbench; its results, which it prints one to a line, become ours."""
        given = {
            "base": self.server.origin,
            "user": "alice",
            "token": self.token,
            "state": str(self.directory / "apbench"),
            "keys": str(KEPT / "keys.json"),
            "label": self.options.label,
            "senders": self.options.senders,
            "followers": self.options.followers,
            "runs": self.options.runs,
            "inbox-mode": self.options.inbox,
            "quiet": self.options.quiet,
            "quiet-wait": QUIET_WAIT,
            **more,
        }
        if not self.options.database:
            given["db"] = f"{self.directory}/data/*.db*"
        arguments = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        arguments += [part for pid in self.pids for part in ("--pid", str(pid))]
        left = max(1.0, self.until - time.monotonic())
        command = [sys.executable, self.options.apbench, phase, *arguments]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, timeout=left)
        for line in done.stdout.splitlines():
            result = json.loads(line)
            self.results.append({**result, "run": phase})
            print(line, file=sys.stderr, flush=True)
            if result.get("bad"):
                raise SystemExit(f"The server refused what it should take: {result['bad']}")
        if done.returncode:
            raise SystemExit(f"apbench {phase} ended with {done.returncode}: see its errors above.")

    def read_home(self, statuses: int) -> None:
        """The newest page over one connection, as apbench reads it, for the percentile that it does not tell."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        page = load.request("GET", "/api/v1/timelines/home?limit=20", self.server.host, headers)
        delays = sorted(load.drive(self.server.port, [page] * HOMES, 1).delays)
        p50, p95 = (round(delays[int(HOMES * share)] * 1000, 2) for share in (0.5, 0.95))
        self.note("home", statuses=statuses, n=HOMES, p50_ms=p50, p95_ms=p95)

    def measure(self) -> None:
        options = self.options
        self.start("first")
        self.server.stop()
        for _ in range(options.starts):
            self.start("later")
            self.server.stop()
        self.start("later")
        self.rest("before any load")
        self.token = str(self.server.member("alice").session.headers["Authorization"]).removeprefix("Bearer ")
        with machine.Peak(self.pids[0]) as peak:
            self.apbench("setup")
            self.apbench("inbox", n=options.n, conc=options.conc, warmup=options.warmup)
            self.apbench("fanout")
            self.apbench("fanout", **{"remote-delay": LATE})
            for size in options.sizes:
                self.apbench("fill", total=size)
                self.apbench("timeline")
                self.read_home(size)
        self.note("peak", **vars(peak.most))
        self.rest("after the load")


def _answers(port: int, path: str) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path)
        answered = connection.getresponse().status == 200
        connection.close()
        return answered
    return False


# --- the table --------------------------------------------------------------------------------------------------------


def figures(results: list[Json]) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure as median (least - most), and how many times."""

    def rows(phase: str, **wanted: Any) -> list[Json]:
        return [each for each in results if each["phase"] == phase and wanted.items() <= each.items()]

    def row(name: str, found: list[Json], *path: str, per_cpu: bool = False) -> tuple[str, str, str]:
        values = [_at(each, *path) for each in found]
        return name, _spread([1000 / value for value in values] if per_cpu else values), str(len(values))

    for which in ("first", "later"):
        yield row(f"start to first 200, {which} start, s", rows("start", which=which), "first_200_s")
    for each in rows("rest"):
        yield row(f"memory at rest, {each['when']}, PSS MiB", [each], "pss")
        yield row(f"memory at rest, {each['when']}, RSS MiB", [each], "rss")
        yield row(f"processor at rest, {each['when']}, cores", [each], "cores")
    yield row("memory at most, PSS MiB", rows("peak"), "pss")
    yield row("memory at most, RSS MiB", rows("peak"), "rss")
    yield row("following a remote actor, CPU-ms", rows("setup-follow-remote"), "cpu_ms_each")
    yield row("being followed, CPU-ms", rows("setup-followers"), "cpu_ms_each")
    for conc in sorted({each["conc"] for each in rows("inbox")}):
        found = rows("inbox", conc=conc)
        yield row(f"signed activities accepted, {conc} connections, /s", found, "accepted_per_s")
        yield row(f"signed activities processed, {conc} connections, /s", found, "processed_per_s")
        yield row(f"the same per CPU-second, {conc} connections", found, "cpu_ms", per_cpu=True)
        yield row(f"the same, CPU-ms each, {conc} connections", found, "cpu_ms")
        yield row(f"lost, {conc} connections", found, "lost")
        yield row(f"answer of the inbox, {conc} connections, p50 ms", found, "post", "p50_ms")
    for delay in (0, LATE):
        for posts in sorted({each["posts"] for each in rows("fanout")}):
            found = rows("fanout", posts=posts, remote_delay_ms=delay)
            name = f"{posts} post{'s' if posts > 1 else ''} to each follower" + (f", {delay} ms late" if delay else "")
            yield row(f"deliveries, {name}, /s", found, "deliveries_per_s")
            yield row(f"deliveries, {name}, CPU-ms each", found, "cpu_ms")
            yield row(f"deliveries missing, {name}", found, "missing")
            yield row(f"answer to the author, {name}, p50 ms", found, "post", "p50_ms")
    for each in rows("timeline"):
        name = f"{each['statuses']} statuses, {each['conc']} connections"
        for figure, key in (
            ("p50 ms", "p50_ms"),
            ("p90 ms", "p90_ms"),
            ("requests/s", "requests_per_s"),
            ("CPU-ms", "cpu_ms"),
        ):
            yield row(f"home timeline, {name}, {figure}", [each], key)
    for each in rows("home"):
        yield row(f"home timeline, {each['statuses']} statuses, p95 ms", [each], "p95_ms")
    for each in rows("timeline-walk"):
        yield row(f"home timeline, walking back, {each['statuses']} statuses, p50 ms", [each], "p50_ms")
    loaded = [each for each in results if each.get("span_s")]
    noise = [each["other_cpu_s"] / each["span_s"] for each in loaded]
    yield "cores used by others meanwhile", _spread(noise), str(len(noise))


def _at(result: Json, *path: str) -> float:
    found: Any = result
    for name in path:
        found = found[name]
    return float(found)


def _spread(values: list[float]) -> str:
    if not values:
        return "not measured"
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:.4g}" if least == most else f"{middle:.4g} ({least:.4g} - {most:.4g})"


# --- the command ------------------------------------------------------------------------------------------------------


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apbench", type=Path, default=APBENCH, help="the load generator")
    parser.add_argument("--database", default="", help="postgresql+psycopg://…/NAME, made and dropped; else SQLite")
    parser.add_argument("--broker", default="", help="redis://… or amqp://…; else the embedded queue")
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--followers", type=int, default=200, help="each on a host of its own")
    parser.add_argument("--n", type=int, default=1000, help="activities of one run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--starts", type=int, default=3, help="starts timed after the first")
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--conc", default="8,32", help="connections to the inbox")
    parser.add_argument("--inbox", choices=("shared", "personal"), default="shared")
    parser.add_argument("--sizes", default="", help="statuses before the timeline is read; else what the runs left")
    parser.add_argument("--quiet", type=float, default=0.3, help="wait until others use fewer cores than this")
    parser.add_argument("--minutes", type=float, default=15, help="it ends after so many at the latest")
    parser.add_argument("--label", default="")
    parser.add_argument("--out", type=Path, default=KEPT / "federation.jsonl")
    parser.add_argument("--small", action="store_true", help="few of everything")
    options = parser.parse_args()
    if options.small:
        options.senders, options.followers, options.n, options.runs = 5, 20, 100, 1
        options.starts, options.warmup, options.conc, options.quiet = 1, 20, "8", 0
    options.sizes = [int(size) for size in options.sizes.split(",") if size] or [
        options.warmup + options.n * options.runs * len(options.conc.split(","))
    ]
    options.label = options.label or ("PostgreSQL" if options.database else "SQLite")
    return options


def main() -> None:
    options = read_options()
    if not options.apbench.is_file():
        raise SystemExit(f"There is no load generator at {options.apbench}: name it with --apbench.")
    KEPT.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what follows is cleaned up all the same
    with tempfile.TemporaryDirectory() as directory, machine.database(options.database):
        run = Run(options, Path(directory))
        try:
            run.measure()
        except subprocess.TimeoutExpired:
            print(f"Not all was measured in {options.minutes} minutes.", file=sys.stderr)
        finally:
            if run.server.process is not None and run.server.process.poll() is None:
                run.server.stop()
    with options.out.open("a", encoding="utf-8") as out:
        out.writelines(json.dumps(result) + "\n" for result in run.results)
    print(f"| {options.label} | median (least - most) | runs |\n|---|---|---|")
    for name, figure, times in figures(run.results):
        print(f"| {name} | {figure} | {times} |")


if __name__ == "__main__":
    main()
