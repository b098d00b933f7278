"""What an operator types to complete the directory from files."""

from pathlib import Path

from tests.cli.test_commands import Fediterr


def test_competences_are_looked_at_then_taken_over_once(fediterr: Fediterr, tmp_path: Path) -> None:
    file = tmp_path / "competences_2025.csv"
    file.write_text("code,intitule\n1030,Éclairage public\n4505,Eau\n", encoding="cp1252")
    looked = fediterr("territories", "import-competences", str(file), "--dry-run")
    assert (looked.exit_code, looked.stderr) == (0, "")
    assert looked.stdout == ("DGCL, BANATIC (compétences) (2025): 2 read, 2 would change, 0 unknown here, 0 left out\n")
    assert "2 changed" in fediterr("territories", "import-competences", str(file)).stdout
    assert "0 changed" in fediterr("territories", "import-competences", str(file)).stdout


def test_a_wrong_file_is_refused_with_its_line(fediterr: Fediterr, tmp_path: Path) -> None:
    file = tmp_path / "competences.csv"
    file.write_text("code,intitule\n1030,Éclairage public\n45,Eau\n")
    refused = fediterr("territories", "import-competences", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Error: Line 3: “45” is not the code of a competence (four digits).\n"
    empty = fediterr("territories", "import-density", str(file))
    assert empty.stderr == "Error: The directory of territories is empty: load it first.\n"
