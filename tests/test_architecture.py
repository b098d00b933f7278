"""The rules of the house that a linter of imports cannot see."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from fediterr import reactions
from fediterr.activitypub import federation, inbox, vocabulary
from fediterr.core import errors, facts

HOUSE = Path(__file__).parents[1]
ROOMS = ("fediterr", "workers", "tests", "bench", "scripts")
MIGRATIONS = HOUSE / "fediterr" / "migrations"
RECORDED = HOUSE / "tests" / "recorded"


def files(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((HOUSE / room).rglob("*.py"))]
    return [path for path in found if "node_modules" not in path.parts and MIGRATIONS not in path.parents]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def named(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def test_a_file_begins_with_a_sentence_that_says_what_it_is_for() -> None:
    def begins_well(path: Path) -> bool:
        first = (ast.get_docstring(tree(path)) or "").partition("\n\n")[0].replace("\n", " ")
        empty = path.name == "__init__.py" and path.stat().st_size == 0
        return empty or re.match(r"(fediterr|[A-Z`0-9]).*[.:?!…]$", first) is not None

    assert [named(path) for path in files(*ROOMS) if not begins_well(path)] == []


def test_work_is_kept_in_two_places_only() -> None:
    found = {
        named(path)
        for path in files("fediterr", "workers")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    }
    assert found == {"fediterr/core/db.py", "fediterr/app.py"}


def test_the_environment_is_read_in_one_place_only() -> None:
    found = set()
    for path in files("fediterr", "workers"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv"):
                found.add(named(path))
    assert found == {"fediterr/core/settings.py"}


def kinds(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_fact_has_its_line_among_the_reactions() -> None:
    told = {kind for kind in kinds(facts.Fact) if kind.__module__.startswith("fediterr.")}
    assert told == set(reactions.REACTIONS)


def test_no_fact_has_two_lines_of_which_the_last_would_hide_the_first() -> None:
    lines = next(
        node.value
        for node in ast.walk(tree(HOUSE / "fediterr" / "reactions.py"))
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "REACTIONS"
    )
    assert isinstance(lines, ast.Dict)
    named = [ast.unparse(key) for key in lines.keys if key is not None]
    assert sorted(named) == sorted(set(named))


def test_every_activity_understood_is_recorded_as_some_software_sends_it() -> None:
    seen = set()
    for path in RECORDED.rglob("*.json"):
        try:
            activity = vocabulary.read_activity(json.loads(path.read_text(encoding="utf-8")))
        except errors.Invalid:
            continue  # an actor, a collection
        about = activity.object
        is_actor = about is not None and (about.id == activity.actor or about.type in vocabulary.ACTOR_TYPES)
        seen |= {(activity.type, "actor" if is_actor else about.type if about else None), (activity.type, "*")}
    assert set(inbox.UNDERSTOOD) - seen == set()


def test_every_setting_is_explained_where_it_has_its_default() -> None:
    text = (HOUSE / "config" / "default.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    names = [f"{section}.{name}" for section, values in tomllib.loads(text).items() for name in values]
    section, explained = "", []
    for before, line in zip(["", *lines], lines, strict=False):
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif (match := re.match(r"(\w+) = ", line)) and re.match(r"# .*\bFEDITERR_[A-Z_]+$", before):
            explained.append(f"{section}.{match[1]}")
    assert explained == names


# --- FEDERATION.md -------------------------------------------------------------------------------------------------


def test_what_others_read_of_our_federation_is_current() -> None:
    """If not: python -m fediterr.activitypub.federation > FEDERATION.md"""
    assert (HOUSE / "FEDERATION.md").read_text(encoding="utf-8") == federation.text()


def test_it_names_every_activity_that_is_sent() -> None:
    sent = set()
    for path in files("fediterr/activitypub"):
        for call in calls(path):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in ("wrap", "_send_featured", "_say") and isinstance(call.args[0], ast.Constant):
                sent.add(call.args[0].value)
    assert sent == set(federation.SENT)


def test_it_says_of_everything_understood_what_follows() -> None:
    assert all(says.endswith(".") for _, says in federation.understood())
