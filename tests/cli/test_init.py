"""`fediterr init`: the first run for scripts, and at a terminal."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from fediterr.app import create_app
from fediterr.core import db, jobs, settings
from tests import territories as cast
from tests.cli.test_commands import Fediterr
from tests.processes import FEDITERR, PATIENCE

GIVEN = (
    "init", "--name", "Réseau du Val", "--place", "Val d’Exemple", "--admin", "alice", "--display-name", "Alice",
    "--email", "alice@val.example", "--federation", "allowlist", "--allow", "reseau.ville.fr",
)  # fmt: skip


@pytest.fixture
def password(tmp_path: Path) -> tuple[str, str]:
    file = tmp_path / "password"
    file.write_text("une phrase assez longue\n")
    return "--password-file", str(file)


def test_a_script_makes_a_server_once(fediterr: Fediterr, password: tuple[str, str]) -> None:
    link = fediterr("init", "--link").stdout
    assert link.startswith("https://brest.test/setup/")
    assert fediterr("init", "--link").stdout != link  # a fresh one
    made = fediterr(*GIVEN, *password)
    assert made.exit_code == 0, made.stderr
    assert made.stdout == "This server is ready: sign in as @alice@brest.test at https://brest.test/connexion\n"
    assert "cannot change afterwards" in made.stderr
    assert "does not conform to the public rules" in made.stderr
    assert fediterr("accounts", "list").stdout == "alice\tadmin\tconfirmed\talice@val.example\n"
    assert "reseau.ville.fr" in fediterr("domains", "list").stdout
    again = fediterr(*GIVEN, *password)
    assert (again.exit_code, again.stdout) == (
        0, "This server is administered by @alice already: nothing is changed.\n",
    )  # fmt: skip
    other = fediterr(*GIVEN, *password, "--admin", "bob")
    assert other.exit_code == 1
    assert "fediterr accounts create bob --role admin" in other.stderr


def test_what_is_missing_or_wrong_is_said_and_nothing_is_made(
    fediterr: Fediterr,
    password: tuple[str, str],
    tmp_path: Path,
) -> None:
    missing = fediterr("init", "--name", "Réseau", *password)
    assert (missing.exit_code, "Give --admin, --email" in missing.stderr) == (2, True)
    assert "Give --password-file" in fediterr(*GIVEN).stderr
    assert "This is not an e-mail address." in fediterr(*GIVEN, *password, "--email", "nowhere").stderr
    assert "reserved" in fediterr(*GIVEN, *password, "--admin", "instance").stderr
    assert "This is not the domain of a server" in fediterr(*GIVEN, *password, "--allow", "pas!bon").stderr
    short = tmp_path / "short"
    short.write_text("court\n")
    assert "A password has at least 8" in fediterr(*GIVEN, "--password-file", str(short)).stderr
    fixed = fediterr(*GIVEN, *password, FEDITERR_NAME="Autre")
    assert "The setting name is fixed by" in fixed.stderr
    assert fediterr("accounts", "list").stdout == ""
    assert fediterr(*GIVEN, *password, FEDITERR_NAME="Réseau du Val").exit_code == 0


def test_the_database_is_made_by_it(fediterr: Fediterr, password: tuple[str, str], tmp_path: Path) -> None:
    empty = {"FEDITERR_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    assert fediterr(*GIVEN, *password, **empty).exit_code == 0
    assert "alice" in fediterr("accounts", "list", **empty).stdout


def test_a_territory_is_named_and_the_rest_follows(
    fediterr: Fediterr, password: tuple[str, str], tmp_path: Path
) -> None:
    own = {"FEDITERR_DATABASE_URL": f"sqlite:///{tmp_path}/own.db", "FEDITERR_DATA_DIR": str(tmp_path)}
    assert fediterr("init", "--link", **own).exit_code == 0  # makes the database
    who = ("init", "--admin", "alice", "--email", "alice@val.example", *password)
    assert "No territory is called 296100001" in fediterr(*who, "--territory", cast.ALVANE, **own).stderr
    app = create_app(settings.load(own), queue=jobs.MemoryQueue())
    with app.app_context(), db.transaction():
        cast.write()
    several = fediterr(*who, "--territory", "alvane", **own).stderr
    assert f"{cast.ALVANE}\tCC des Trois-Rivières-d’Alvane" in several
    made = fediterr(*who, "--territory", cast.ALVANE, **own)
    assert made.exit_code == 0, made.stderr
    assert "cc-trois-rivieres-alvane\talice:manage" in fediterr("authorities", "list", **own).stdout


@pytest.mark.processes
def test_a_terminal_is_asked(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FEDITERR_")},
        "FEDITERR_DATA_DIR": str(tmp_path), "FEDITERR_BASE_URL": "https://reseau.ville.fr",
        "FEDITERR_DIRECTORY_LOAD": "off",
    }  # fmt: skip
    typed = [
        "y",
        "",
        "Réseau du Val",
        "",
        "",
        "",
        "alice",
        "",
        "nowhere",
        "alice@val.example",
        *["une longue phrase"] * 2,
    ]
    with subprocess.Popen(
        [*FEDITERR, "init"], env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        said = ""
        for answer in typed:  # each after its question: what is typed before would be thrown away
            while not re.search(r"(\]|:) $", said.rpartition("\n")[2]):
                said += os.read(ours, 4096).decode()
            os.write(ours, f"{answer}\n".encode())
            while "\n" not in (echo := os.read(ours, 4096).decode()):
                said += echo
            said += echo
        assert process.wait(PATIENCE) == 0, said
    assert "This is not an e-mail address." in said
    assert "une longue phrase" not in said
    os.close(ours)
