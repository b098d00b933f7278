"""An authority that leaves, and the other servers of the network, at the command line."""

from pathlib import Path

from tests.cli.test_commands import Fediterr


def test_an_authority_is_written_to_a_file_and_not_taken_back_by_the_same_server(
    fediterr: Fediterr, tmp_path: Path
) -> None:
    fediterr("authorities", "open", "ville", "--display-name", "Ville")
    file = tmp_path / "ville.tar"
    made = fediterr("authorities", "export", "ville", str(file))
    assert made.stdout == f"{file}: {file.stat().st_size} bytes\n"
    assert [each.name for each in tmp_path.glob("*.part")] == []
    assert "very server" in fediterr("authorities", "import", str(file), "--as", "mairie").stderr
    there = {"FEDITERR_BASE_URL": "https://ville.test"}
    brought = fediterr("authorities", "import", str(file), "--as", "mairie", **there)
    assert brought.stdout == "@mairie@ville.test: 0 posts, 0 files, 0 to follow\n"
    assert "nobody" in fediterr("authorities", "export", "nobody", str(file)).stderr


def test_what_is_no_archive_is_told_in_one_sentence(fediterr: Fediterr, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_text("nonsense")
    refused = fediterr("authorities", "import", str(file), "--as", "mairie")
    assert (refused.exit_code, refused.stderr) == (
        1, "Error: This is no archive that can be read: a ZIP or a tar is expected.\n",
    )  # fmt: skip


def test_a_server_is_introduced_and_asked(fediterr: Fediterr) -> None:
    assert fediterr("territories", "peers").stdout == ""
    assert fediterr("territories", "meet", "sorel.test").stdout == "sorel.test is asked.\n"
    assert fediterr("territories", "meet", "brest.test").exit_code == 1
