"""What an operator types: answers on the output, one sentence on the error stream, and an exit code to rely on."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from fediterr.cli import main

Fediterr = Callable[..., Result]


@pytest.fixture
def alice(fediterr: Fediterr) -> str:
    made = fediterr(
        "accounts", "create", "alice", "--email", "alice@brest.test", "--password", "a long secret",
        "--role", "admin", "--confirmed",
    )  # fmt: skip
    assert (made.exit_code, made.stderr) == (0, "")
    return "alice"


@pytest.fixture
def bob(fediterr: Fediterr) -> str:
    made = fediterr("accounts", "create", "bob", "--email", "bob@brest.test", "--password", "a long secret")
    assert made.exit_code == 0
    return "bob"


def test_somebody_who_cannot_sign_in_any_more_is_helped(fediterr: Fediterr, alice: str, bob: str) -> None:
    link = fediterr("accounts", "password-link", alice)
    assert re.fullmatch(r"https://brest\.test/nouveau-mot-de-passe\?token=[\w-]{43}\n", link.stdout)
    waiting = fediterr("accounts", "password-link", bob)
    assert (waiting.exit_code, waiting.stdout) == (1, ""), "their address is not proved"
    assert fediterr("accounts", "email", alice, "alice@new.test").exit_code == 0
    assert "alice@new.test" in fediterr("accounts", "list").stdout
    for address, told in (
        ("bob@brest.test", "has an account"),
        ("nonsense", "not an e-mail"),
        ("alice@new.test", "already"),
    ):
        refused = fediterr("accounts", "email", alice, address)
        assert refused.exit_code == 1
        assert told in refused.stderr
    refused = fediterr("accounts", "reset-second-factor", alice)
    assert (refused.exit_code, refused.stderr) == (1, "Error: There is no second factor.\n")
    assert fediterr("accounts", "reset-second-factor", "nobody").exit_code == 1


def test_an_empty_database_is_told_in_one_sentence(fediterr: Fediterr, tmp_path: Path) -> None:
    told = fediterr("accounts", "list", FEDITERR_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == "Error: The database is empty: run `fediterr migrate` first, or `fediterr serve`.\n"


def commands(group: object = main.fediterr, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_helps_even_when_the_settings_are_wrong(fediterr: Fediterr, path: tuple[str, ...]) -> None:
    asked = fediterr(*path, "--help", FEDITERR_BASE_URL="nonsense")
    assert asked.exit_code == 0
    assert "Usage:" in asked.stdout


def test_names_that_speak_for_the_server_are_for_administrators(fediterr: Fediterr) -> None:
    given = ("--email", "a@brest.test", "--password", "a long secret")
    assert "is reserved" in fediterr("accounts", "create", "admin", *given).stderr
    assert "is reserved" in fediterr("accounts", "create", "instance", *given, "--role", "admin").stderr
    assert fediterr("accounts", "create", "admin", *given, "--role", "admin").exit_code == 0


def test_accounts_are_listed_with_their_role_and_state(fediterr: Fediterr, alice: str, bob: str) -> None:
    assert fediterr("accounts", "list").stdout.splitlines() == [
        "alice\tadmin\tconfirmed\talice@brest.test",
        "bob\tmember\tunconfirmed\tbob@brest.test",
    ]


def test_an_operator_confirms_and_lets_in_who_waits(fediterr: Fediterr, alice: str, bob: str) -> None:
    assert fediterr("accounts", "confirm", "bob").exit_code == 0
    assert fediterr("accounts", "approve", "bob").exit_code == 0
    assert "bob\tmember\tconfirmed" in fediterr("accounts", "list").stdout
    refused = fediterr("accounts", "reject", "bob")
    assert (refused.exit_code, refused.stderr) == (1, "Error: This account was let in already.\n")


def test_an_invitation_is_an_address(fediterr: Fediterr) -> None:
    made = fediterr("invite", "--uses", "3", "--days", "7")
    assert made.exit_code == 0
    assert made.stdout.startswith("https://brest.test/inscription?code=")
    assert fediterr("invite", "--uses", "0").exit_code == 2


def test_a_server_that_proves_addresses_needs_mail(fediterr: Fediterr) -> None:
    told = fediterr("check", FEDITERR_REGISTRATIONS="open").stderr
    assert "mail: No mail is sent" in told
    for settings in ({"FEDITERR_REGISTRATIONS": "open", "FEDITERR_EMAIL_CONFIRMATION": "off"}, {}):
        assert "mail:" not in fediterr("check", **settings).stderr
    away = fediterr("check", FEDITERR_MAIL_HOST="127.0.0.1", FEDITERR_MAIL_PORT="1").stderr
    assert "mail: The mail server 127.0.0.1:1 does not take us" in away


def test_a_name_is_taken_once(fediterr: Fediterr, alice: str) -> None:
    again = fediterr("accounts", "create", "Alice", "--email", "other@brest.test", "--password", "a long secret")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "Error: The name Alice is taken.\n"


def test_a_password_that_is_not_given_is_asked_for(fediterr: Fediterr, bob: str) -> None:
    asked = fediterr("accounts", "password", "bob")
    assert asked.exit_code == 1
    assert "Password" in asked.stdout


def test_who_is_suspended_can_be_let_in_again(fediterr: Fediterr, alice: str, bob: str) -> None:
    assert fediterr("accounts", "suspend", "bob").exit_code == 0
    assert "bob\tmember\tsuspended" in fediterr("accounts", "list").stdout
    assert fediterr("accounts", "unsuspend", "bob").exit_code == 0
    assert "suspended" not in fediterr("accounts", "list").stdout


def test_a_role_is_changed_but_the_last_administrator_stays(fediterr: Fediterr, alice: str, bob: str) -> None:
    refused = fediterr("accounts", "role", "alice", "member")
    assert refused.exit_code == 1
    assert "last administrator" in refused.stderr
    assert fediterr("accounts", "role", "bob", "admin").exit_code == 0
    assert fediterr("accounts", "role", "alice", "member").exit_code == 0
    assert "bob\tadmin" in fediterr("accounts", "list").stdout


def test_somebody_speaks_for_an_authority(fediterr: Fediterr, bob: str) -> None:
    assert fediterr("authorities", "open", "ville", "--display-name", "Ville").stdout == "Created @ville@brest.test.\n"
    assert fediterr("authorities", "speak", "bob", "ville").exit_code == 0
    assert fediterr("authorities", "list").stdout == "ville\tbob:write\n"
    assert fediterr("authorities", "speak", "bob", "ville", "--office", "manage").exit_code == 0
    assert fediterr("authorities", "list").stdout == "ville\tbob:manage\n"
    assert fediterr("authorities", "end", "bob", "ville").exit_code == 0
    assert fediterr("authorities", "list").stdout == "ville\t\n"
    assert "Only an authority" in fediterr("authorities", "speak", "bob", "bob").stderr
    assert "nobody signs in" in fediterr("authorities", "speak", "ville", "ville").stderr


def test_a_token_is_one_line_that_scripts_can_read(fediterr: Fediterr, alice: str) -> None:
    made = fediterr("tokens", "create", "alice", "--scopes", "read write")
    assert made.exit_code == 0
    assert len(made.stdout.split()) == 1
    assert fediterr("tokens", "create", "alice", "--scopes", "everything").exit_code == 1
    assert "Nobody here is called carol" in fediterr("tokens", "create", "carol").stderr


def test_following_and_publishing_from_a_script_leave_work_for_the_workers(
    fediterr: Fediterr, alice: str, bob: str
) -> None:
    assert fediterr("follow", "bob", "@alice@brest.test").stdout == "Followed.\n"
    said = fediterr("post", "alice", "Bonjour @bob, la #cantine ouvre")
    assert said.exit_code == 0
    assert said.stdout.startswith("https://brest.test/posts/")
    queues = json.loads(fediterr("queue", "--json").stdout)
    assert queues["facts"]["depth"] >= 2
    assert queues["facts"]["oldest_seconds"] is not None
    assert (queues["inbox"], queues["hosts"]) == ({"depth": 0, "oldest_seconds": None, "set_aside": 0}, [])
    assert "facts" in fediterr("queue").stdout


def test_nobody_can_be_followed_who_is_not_found(fediterr: Fediterr, alice: str) -> None:
    refused = fediterr("follow", "alice", "@carol@brest.test")
    assert refused.exit_code == 1
    assert "Nobody is found" in refused.stderr


def test_a_sound_server_passes_the_check(fediterr: Fediterr) -> None:
    checked = fediterr("check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "database: well" in checked.stdout


@pytest.mark.parametrize(
    ("wrong", "said", "mend"),
    [
        ({"FEDITERR_BASE_URL": "http://brest.test"}, "plain http", "FEDITERR_BASE_URL"),
        ({"FEDITERR_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/x"}, "database cannot be reached", "Start it"),
        ({"FEDITERR_BROKER_URL": "redis://127.0.0.1:1/0"}, "broker (redis) cannot be reached", "Start it"),
        ({"FEDITERR_REDIS_URL": "redis://127.0.0.1:1/0"}, "Redis cannot be reached", "Start it"),
        ({"FEDITERR_SECRET_KEY": "short"}, "secret key is short", "32 characters"),
    ],
    ids=["address", "database", "broker", "redis", "secret"],
)
def test_the_check_says_what_is_wrong_and_how_to_mend_it(
    fediterr: Fediterr, wrong: dict[str, str], said: str, mend: str
) -> None:
    checked = fediterr("check", **wrong)
    assert checked.exit_code == 1
    assert said in checked.stderr
    assert mend in checked.stderr


def test_the_check_finds_a_secret_that_others_can_read(fediterr: Fediterr, tmp_path: Path) -> None:
    assert fediterr("check").exit_code == 0
    (tmp_path / "secret.key").chmod(0o644)
    checked = fediterr("check")
    assert checked.exit_code == 1
    assert "chmod 600" in checked.stderr


def test_a_database_without_its_tables_is_noticed_then_migrated(fediterr: Fediterr, tmp_path: Path) -> None:
    empty = {"FEDITERR_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    assert "fediterr migrate" in fediterr("check", **empty).stderr
    assert "fediterr migrate" in fediterr("worker", **empty).stderr
    assert fediterr("migrate", **empty).exit_code == 0
    assert fediterr("check", **empty).exit_code == 0
    assert fediterr("migrate", **empty).exit_code == 0


def test_a_wrong_setting_is_one_sentence_and_exit_2(fediterr: Fediterr) -> None:
    refused = fediterr("check", FEDITERR_NAEM="Brest")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert "Did you mean FEDITERR_NAME" in refused.stderr


def test_all_posts_are_filed_anew_for_search(fediterr: Fediterr, alice: str) -> None:
    for words in ("Le pont", "La digue"):
        assert fediterr("post", alice, words).exit_code == 0
    filed = fediterr("search", "reindex")
    assert (filed.exit_code, filed.stdout) == (0, "2 posts filed.\n")
    assert fediterr("search", "reindex", "--missing").stdout == "0 posts filed.\n"


def test_rules_announcements_and_texts_are_kept_by_commands(fediterr: Fediterr, tmp_path: Path) -> None:
    fediterr("migrate")
    fediterr("rules", "add", "Restez courtois", "--hint", "Pas d’insultes")
    fediterr("rules", "add", "Parlez de la ville")
    fediterr("rules", "translate", "1", "en", "Be civil")
    fediterr("rules", "move", "2", "1")
    assert fediterr("rules", "list").output == "1\tParlez de la ville\t\n2\tRestez courtois\ten\n"
    fediterr("rules", "remove", "1")
    assert fediterr("rules", "remove", "2").exit_code == 1
    number = fediterr(
        "announcements", "publish", "Travaux", "--at", "2999-01-01", "--ends", "2999-01-03"
    ).output.strip()
    told = fediterr("announcements", "list").output
    assert told == f"{number}\t2999-01-01T00:00\t2999-01-03T00:00\tTravaux\n"
    fediterr("announcements", "withdraw", number)
    assert fediterr("announcements", "list").output == ""
    file = tmp_path / "terms.html"
    file.write_text("<p>Bonjour</p>")
    assert fediterr("texts", "put", "terms_of_service", str(file), "--date", "2026-01-01").exit_code == 0
    assert fediterr("texts", "list").output.startswith("terms_of_service\t2026-01-01\t")
    fediterr("texts", "remove", "terms_of_service")
    assert fediterr("texts", "list").output == ""
    file.write_text("<script>x</script>")
    assert "can't be blank" in fediterr("texts", "put", "privacy_policy", str(file)).stderr


def test_a_server_may_be_limited_rather_than_kept_out(fediterr: Fediterr, tmp_path: Path) -> None:
    fediterr("migrate")
    fediterr("domains", "block", "far.test", "--severity", "silence", "--reject-media", "--reason", "spam")
    fediterr("domains", "block", "bad.test")
    assert fediterr("domains", "list").output == "bad.test\tblock\t\nfar.test\tsilence\tspam\n"
    assert fediterr("domains", "block", "far.test", "--severity", "worst").exit_code == 2
    written = fediterr("domains", "export").output
    assert written.splitlines()[1] == "bad.test,suspend,false,false,,false"
    file = tmp_path / "list.csv"
    file.write_text("#domain,#severity\nbad.test,suspend\nfar.test,suspend\nnew.test,silence\nodd.test,banish\n")
    told = fediterr("domains", "import", str(file), "--dry-run").output.splitlines()
    assert [line.split("\t")[1:] for line in told] == [
        ["bad.test", "same"],
        ["far.test", "changed"],
        ["new.test", "new"],
        ["odd.test", "refused", "unknown severity"],
    ]
    fediterr("domains", "import", str(file))
    assert fediterr("domains", "list").output == "bad.test\tblock\t\nfar.test\tsilence\tspam\nnew.test\tsilence\t\n"
