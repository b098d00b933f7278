"""Three territories on one machine, to see federation happen: real servers, an invented cast, a slow conversation."""

import functools
import os
import shutil
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from flask import Flask

from fediterr.cli import check, context, demo_cast, demo_stage, parts, schema, serve, supervisor
from fediterr.cli.demo_cast import Cast, Line, Server
from fediterr.cli.demo_stage import Journal, Stage
from fediterr.core import errors, logs
from fediterr.core import settings as core_settings
from fediterr.core.settings import Settings

HOST = "127.0.0.1"  # never another: everybody knows the passwords
FIRST_PORT = 8001
JOURNAL = "demo.json"
EXCERPT = 80  # characters of a line that the terminal shows

WORDS = {
    "fr": {
        "begin": "Trois serveurs démarrent…",
        "head": "Trois territoires, trois serveurs, un seul réseau. Tout est inventé.",
        "enter": "Pour entrer : {first}/connexion, avec l’une de ces adresses et le mot de passe {password}",
        "try": (
            "À essayer :\n"
            "1. Entrez chez dave ({second}) : ce qu’alice dit sur {first} arrive dans son fil en quelques secondes.\n"
            "2. Dans un autre onglet, entrez chez alice ({first}) : répondez, relayez, et regardez l’autre onglet.\n"
            "3. Mentionnez @eclairage_public@{host} : la communauté relaie à ses membres de tous les serveurs."
        ),
        "stop": "Ctrl-C arrête tout ; la fois suivante reprend là, ou au début avec --fresh. Les journaux : {folder}",
        "now": "Ce qui se dit maintenant :",
        "end": "Le scénario est fini ; les serveurs continuent. Ctrl-C les arrête.",
        "says": "publie", "answers": "répond", "likes": "juge utile", "boosts": "relaie", "votes": "vote",
    },
    "en": {
        "begin": "Three servers start…",
        "head": "Three territories, three servers, one network. Everything is invented.",
        "enter": "To sign in: {first}/connexion, with one of these addresses and the password {password}",
        "try": (
            "Try this:\n"
            "1. Sign in as dave ({second}): what alice says on {first} is in his feed a few seconds later.\n"
            "2. In another tab, sign in as alice ({first}): answer, boost, and watch the first tab.\n"
            "3. Mention @eclairage_public@{host}: the community passes it on to its members on every server."
        ),
        "stop": "Ctrl-C stops everything; next time goes on from there, or anew with --fresh. The logs: {folder}",
        "now": "What is being said now:",
        "end": "The script is over; the servers go on. Ctrl-C stops them.",
        "says": "publishes", "answers": "answers", "likes": "likes", "boosts": "boosts", "votes": "votes",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Running:
    """One of the servers: its settings, its application, and the socket it listens on."""

    settings: Settings
    app: Flask
    listener: socket.socket


@click.command()
@click.option("--port", type=click.IntRange(1, 65533), help=f"Of the first of the three. Default: {FIRST_PORT}.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Default: `demo` in the data directory.")
@click.option("--fresh", is_flag=True, help="Forget what was said in an earlier demo.")
@click.option(
    "--pace", type=click.FloatRange(min=0), default=10.0, show_default=True, help="Seconds between two lines."
)
@click.pass_context
def demo(ctx: click.Context, port: int | None, data: Path | None, fresh: bool, pace: float) -> None:
    """Run three small servers that know each other, with a cast that talks; for trials on this machine only."""
    usual = context.load_settings()
    if not usual.is_loopback:
        raise errors.Refused(
            "The demo tells its passwords to everybody, so it runs on loopback only;"
            f" this would be {usual.base_url} (FEDITERR_BASE_URL)."
        )
    logs.configure(replace(usual, log_level="WARNING"))
    stage, servers = _set_stage(ctx, (data or usual.data_dir / "demo").absolute(), port, fresh, usual.language)
    languages = ("fr", "en") if usual.language == "fr" else ("en",)
    children = [supervisor.Child("cast", functools.partial(_perform, stage, servers, pace, languages), patience=5)]
    children += [supervisor.Child(name, functools.partial(_serve, name, servers), patience=100) for name in servers]
    supervisor.supervise(
        children,
        on_start=lambda: click.echo("\n".join(WORDS[language]["begin"] for language in languages)),
        on_stop=functools.partial(_stop, children, servers),
    )


def _set_stage(
    ctx: click.Context, folder: Path, port: int | None, fresh: bool, language: str
) -> tuple[Stage, dict[str, Running]]:
    """Sockets first, so that nothing of a demo that still runs is touched; then the servers, as they were left."""
    cast, journal = demo_cast.read(), Journal(folder / JOURNAL)
    if journal.port and port not in (None, journal.port) and not fresh:
        raise errors.Conflict(f"This demo lives at port {journal.port}: leave --port out, or begin anew with --fresh.")
    first = port or journal.port or FIRST_PORT
    listeners = [_listen(first + place) for place in range(len(cast.servers))]
    if fresh and journal.port:
        _forget(folder, cast)
        journal = Journal(folder / JOURNAL)
    journal.port = first
    try:
        journal.write()
    except OSError as error:
        raise errors.Conflict(f"The folder {folder} cannot be written to: {error.strerror}.") from error
    parts.celery_app()
    servers = {
        about.name: _prepare(ctx, about, folder, listener, language)
        for about, listener in zip(cast.servers, listeners, strict=True)
    }
    apps = {name: server.app for name, server in servers.items()}
    return Stage(cast, apps, {name: server.settings.host for name, server in servers.items()}, journal), servers


def _forget(folder: Path, cast: Cast) -> None:
    """Remove what an earlier demo wrote, and nothing else that may lie in that folder."""
    for server in cast.servers:
        shutil.rmtree(folder / server.name, ignore_errors=True)
    (folder / JOURNAL).unlink()


def _listen(port: int) -> socket.socket:
    try:
        return parts.listen(HOST, port)
    except OSError as error:
        raise errors.Conflict(
            f"Port {port} is taken ({error.strerror}): is a demo running already? Choose three others with --port N."
        ) from error


def _prepare(ctx: click.Context, about: Server, folder: Path, listener: socket.socket, language: str) -> Running:
    """A server with its database as it must be."""
    settings = core_settings.load(
        {
            "FEDITERR_BASE_URL": f"http://{HOST}:{listener.getsockname()[1]}",
            "FEDITERR_DATA_DIR": str(folder / about.name),
            "FEDITERR_NAME": about.title,
            "FEDITERR_DESCRIPTION": about.about,
            "FEDITERR_LANGUAGE": language,
            "FEDITERR_WORKER_THREADS": "2",
            "FEDITERR_DIRECTORY_LOAD": "off",  # its territories are invented
        }
    ).with_loopback_allowed()
    app = context.make_app(ctx, settings)
    check.refuse_to_lose(app)
    schema.upgrade(app)
    parts.leave_parent(app)
    return Running(settings, app, listener)


def _close(servers: dict[str, Running], besides: str = "") -> None:
    for name, server in servers.items():
        if name != besides:
            server.listener.close()


def _stop(children: Sequence[supervisor.Child], servers: dict[str, Running]) -> None:
    """Take no more visitors, and let all drain at the same time: the supervisor then waits for each."""
    _close(servers)
    for child in children:
        child.tell_to_stop()


# --- in the children --------------------------------------------------------------------------------------------------


def _serve(name: str, servers: dict[str, Running]) -> None:
    """Be one of the servers, with a log of its own."""
    server = servers[name]
    _close(servers, besides=name)
    with (server.settings.data_dir / "log.txt").open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    logs.configure(server.settings)
    serve.run(server.settings, server.app, server.listener, on_start=lambda: None)


def _perform(stage: Stage, servers: dict[str, Running], pace: float, languages: Sequence[str]) -> int:
    """Be the cast: sign up, meet, say what was said before, go on slowly; then wait for the end."""
    _close(servers)
    for app in stage.apps.values():
        parts.leave_parent(app)
    stage = replace(stage, journal=Journal(stage.journal.path))  # this may be a second attempt
    try:
        demo_stage.sign_up(stage)
        demo_stage.wait_for_servers(stage)
        _greet(stage, languages)
        demo_stage.meet(stage)
    except errors.Problem as problem:
        click.echo(f"fediterr demo: {problem.message}", err=True)
        return 1
    for line in stage.cast.lines:
        if line.ago is not None:
            demo_stage.play(stage, line)
    click.echo(" / ".join(WORDS[language]["now"] for language in languages))
    for line in stage.cast.lines:
        if line.ago is None and demo_stage.play(stage, line):
            _tell(stage, line, languages[0])
            time.sleep(pace)
    for language in languages:
        click.echo(WORDS[language]["end"])
    while True:
        signal.pause()


# --- what the visitor reads -------------------------------------------------------------------------------------------


def _greet(stage: Stage, languages: Sequence[str]) -> None:
    """Where to look, who lives there, how to sign in, what to try."""
    addresses = {name: f"http://{host}" for name, host in stage.hosts.items()}
    first, second, _ = addresses.values()
    filled = {
        "first": first, "second": second, "password": demo_cast.PASSWORD,
        "host": list(stage.hosts.values())[1], "folder": str(stage.journal.path.parent),
    }  # fmt: skip
    lines = ["", *(WORDS[language]["head"] for language in languages)]
    for server in stage.cast.servers:
        lines += ["", f"  {addresses[server.name]}  {server.title}"]
        lines += [f"      {person.email:<36}{person.title}" for person in stage.cast.living_at(server.name)]
    for language in languages:
        words = WORDS[language]
        lines += ["", *(part.format(**filled) for part in (words["enter"], words["try"], words["stop"]))]
    click.echo("\n".join((*lines, "")))


def _tell(stage: Stage, line: Line, language: str) -> None:
    """One line on what one of the cast has just done."""
    person = stage.cast.people[line.who]
    subject = next((other for other in stage.cast.lines if other.key and other.key == line.about), line)
    words = " ".join((line.says or subject.says).split())
    short = words if len(words) <= EXCERPT else words[:EXCERPT].rpartition(" ")[0] + "…"
    click.echo(
        f"{time.strftime('%H:%M:%S')}  {stage.hosts[person.server]}  {line.who} {WORDS[language][line.verb]} : {short}"
    )
