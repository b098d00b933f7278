"""What an operator writes is understood, or told to be wrong in one clear sentence."""

import dataclasses
import re
import stat
import tomllib
from pathlib import Path

import pytest

from fediterr.core import errors, settings


def load(here: Path, **variables: str) -> settings.Settings:
    return settings.load(environ={"FEDITERR_DATA_DIR": str(here), **variables})


def test_nothing_set_serves_this_machine_with_files_only(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found.base_url == "http://localhost:8000"
    assert (found.host, found.handle_domain) == ("localhost:8000", "localhost:8000")
    assert found.database_url == f"sqlite:///{tmp_path}/fediterr.db"
    assert (found.broker_url, found.redis_url) == ("", "")
    assert (found.federation_mode, found.federation_allow_hosts) == ("open", ())


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "fediterr.toml").write_text(
        '[server]\nname = "Brest"\nbase_url = "https://brest.test"\n[limits]\nbody = 2048\n[log]\nformat = "json"\n'
    )
    found = load(tmp_path, FEDITERR_NAME="Nantes", FEDITERR_LIMITS_NAME="99")
    assert (found.name, found.base_url, found.limits_body) == ("Nantes", "https://brest.test", 2048)
    assert (found.limits_name, found.log_format, found.limits_bio) == (99, "json", 20480)


def test_the_file_may_stand_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "etc.toml"
    file.write_text('[federation]\nallow_hosts = ["127.0.0.0/8", "intranet.test:8443"]\nauthorized_fetch = true\n')
    found = load(tmp_path / "data", FEDITERR_CONFIG=str(file))
    assert found.federation_allow_hosts == ("127.0.0.0/8", "intranet.test:8443")
    assert found.authorized_fetch is True


def test_words_for_yes_and_no_and_lists_by_commas(tmp_path: Path) -> None:
    found = load(tmp_path, FEDITERR_RATE_LIMITS="off", FEDITERR_TRUSTED_PROXIES="10.0.0.1, 10.1.0.0/16,")
    assert found.rate_limits is False
    assert found.trusted_proxies == ("10.0.0.1/32", "10.1.0.0/16")


def test_files_are_at_the_base_address_unless_they_have_a_host_of_their_own(tmp_path: Path) -> None:
    same = load(tmp_path, FEDITERR_BASE_URL="https://brest.test")
    assert (same.media_url, same.media_host) == ("https://brest.test", "")
    own = load(tmp_path, FEDITERR_BASE_URL="https://brest.test", FEDITERR_MEDIA_URL="https://files.brest.test/")
    assert (own.media_url, own.media_host) == ("https://files.brest.test", "files.brest.test")


def test_a_base_address_loses_its_slash_and_its_capitals(tmp_path: Path) -> None:
    assert load(tmp_path, FEDITERR_BASE_URL="https://Brest.Test/").base_url == "https://brest.test"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("FEDITERR_BASE_ULR", "https://brest.test", "Unknown setting .* Did you mean FEDITERR_BASE_URL"),
        ("FEDITERR_BASE_URL", "brest.test", "must look like https://"),
        ("FEDITERR_BASE_URL", "https://brest.test/social", "must have no path"),
        ("FEDITERR_BASE_URL", "https://brest.test:99999", "is not an address"),
        ("FEDITERR_HANDLE_DOMAIN", "@brest.test", "must be a domain"),
        ("FEDITERR_MEDIA_URL", "files.brest.test", "must look like https://"),
        ("FEDITERR_RATE_LIMITS", "perhaps", "must be on or off"),
        ("FEDITERR_LIMITS_BODY", "1 MiB", "must be a whole number"),
        ("FEDITERR_WORKER_THREADS", "0", "above zero"),
        ("FEDITERR_FEDERATION_MODE", "closed", "must be one of open, allowlist"),
        ("FEDITERR_LANGUAGE", "de", "must be one of fr, en"),
        ("FEDITERR_DATABASE_URL", "mysql://alice:hunter22@db.test/x", "must begin with sqlite://"),
        ("FEDITERR_BROKER_URL", "sqs://", "must begin with redis://"),
        ("FEDITERR_FEDERATION_ALLOW_HOSTS", "127.0.0.0/99", "neither an address nor a network"),
        ("FEDITERR_FEDERATION_ALLOW_HOSTS", "http://brest.test:80", "neither"),
        ("FEDITERR_TRUSTED_PROXIES", "proxy.test", "neither an address nor a network"),
        ("FEDITERR_CA_BUNDLE", "nowhere.pem", "does not exist"),
        ("FEDITERR_CONFIG", "nowhere.toml", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    with pytest.raises(errors.Invalid, match=sentence) as caught:
        load(tmp_path, **{variable: value})
    assert variable.removeprefix("FEDITERR_").lower() in caught.value.message.lower() or value in caught.value.message
    assert "\n" not in caught.value.message
    assert "hunter22" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[server]\nnaem = 'x'\n", r"unknown setting “naem” in \[server\]\. Did you mean name"),
        ("[servre]\nname = 'x'\n", r"unknown setting “name” in \[servre\]"),
        ("name = 'x'\n", "outside a"),
        ("[limits]\nbody = 'much'\n", r"\[limits\] body must be a whole number"),
        ("[limits]\nbody = true\n", r"\[limits\] body must be a whole number"),
        ("[federation]\nallow_hosts = [1]\n", "must be a list of texts"),
        ("[server\n", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_one_clear_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "fediterr.toml").write_text(text)
    with pytest.raises(errors.Invalid, match=sentence):
        load(tmp_path)


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = load(tmp_path)
    assert len(first.secret_key) >= 32
    assert load(tmp_path).secret_key == first.secret_key
    assert stat.S_IMODE(first.secret_file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_who_comes_second_takes_the_secret_of_the_first(tmp_path: Path) -> None:
    settings._write_once(tmp_path / "secret.key", "a" * 40)
    settings._write_once(tmp_path / "secret.key", "b" * 40)
    assert load(tmp_path).secret_key == "a" * 40


def test_a_secret_that_was_cut_short_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("abc")
    with pytest.raises(errors.Invalid, match="no secret key"):
        load(tmp_path)


def test_a_secret_that_is_given_touches_no_file(tmp_path: Path) -> None:
    assert load(tmp_path / "data", FEDITERR_SECRET_KEY="k" * 40).secret_key == "k" * 40
    assert not (tmp_path / "data").exists()


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.Invalid, match=r"data directory .* cannot be used"):
        load(tmp_path / "file" / "data")


def test_settings_do_not_tell_their_secrets(tmp_path: Path) -> None:
    found = load(tmp_path, FEDITERR_DATABASE_URL="postgresql+psycopg://alice:hunter22@db.test/x")
    assert "hunter22" not in repr(found)
    assert found.secret_key not in repr(found)


def test_changed_settings_derive_again_what_is_empty(tmp_path: Path) -> None:
    moved = dataclasses.replace(
        load(tmp_path), base_url="https://nantes.test", handle_domain="", data_dir=tmp_path / "b", database_url=""
    )
    assert (moved.handle_domain, moved.database_url) == ("nantes.test", f"sqlite:///{tmp_path}/b/fediterr.db")


@pytest.mark.parametrize("base_url", ["http://localhost:8000", "http://127.0.0.1:8001", "http://[::1]:8000"])
def test_a_trial_on_one_machine_may_talk_with_this_machine(tmp_path: Path, base_url: str) -> None:
    trial = load(tmp_path, FEDITERR_BASE_URL=base_url, FEDITERR_FEDERATION_ALLOW_HOSTS="localhost,brest.test")
    assert trial.with_loopback_allowed().federation_allow_hosts == (
        "localhost",
        "brest.test",
        "127.0.0.0/8",
        "::1/128",
    )


def test_a_public_server_may_not(tmp_path: Path) -> None:
    public = load(tmp_path, FEDITERR_BASE_URL="https://brest.test")
    assert public.with_loopback_allowed().federation_allow_hosts == ()


def test_every_setting_has_a_default_with_a_comment_that_names_it() -> None:
    text = settings.default_file().read_text()
    tables = tomllib.loads(text)
    names = {settings._flat(section, key) for section, table in tables.items() for key in table}
    assert names == {field.name for field in dataclasses.fields(settings.Settings)} - {"fixed"}
    for comment, key in re.findall(r"((?:^#.*\n)+)^(\w+) = ", text, flags=re.MULTILINE):
        assert re.search(rf"FEDITERR_(\w+_)?{key.upper()}$", comment.strip().splitlines()[-1]), key
    assert len(re.findall(r"^#.*\n\w+ = ", text, flags=re.MULTILINE)) == len(names)
