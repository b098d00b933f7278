"""What cannot be done is told to applications in words that they know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import fediterr
from fediterr.core import errors
from fediterr.mastodon import problems
from tests.fediverse import Fediverse

PACKAGE = Path(fediterr.__file__).parent


def raised() -> Iterator[str]:
    """Each sentence that is raised somewhere, with {} for what is filled in."""
    for module in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(module.read_text())):
            if isinstance(call, ast.Call) and call.args and ast.unparse(call.func).startswith("errors."):
                words = call.args[0]
                parts = words.values if isinstance(words, ast.JoinedStr) else [words]
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


@pytest.fixture
def asked(fediverse: Fediverse) -> Iterator[None]:
    """In the middle of a request that asks for no language."""
    with fediverse["brest.test"].app.test_request_context():
        yield


def test_every_sentence_that_is_translated_is_still_said() -> None:
    assert set(problems.IN_MASTODONS_WORDS) - set(raised()) == set()


def test_a_sentence_is_recognised_with_what_is_filled_in(asked: None) -> None:
    said = problems.answer(errors.Invalid("A post has at most 500 characters."))
    assert said == (422, "Validation failed: Text character limit of 500 exceeded")


def test_what_nobody_knows_is_told_as_it_is_and_what_is_hidden_as_what_is_not_there(asked: None) -> None:
    assert problems.answer(errors.Invalid("Bridges do not fly.")) == (422, "Validation failed: Bridges do not fly.")
    assert problems.answer(errors.Forbidden("Not here.")) == (403, "Not here.")
    assert problems.answer(errors.NotFound("There is no such post.")) == (404, "Record not found")
    assert problems.answer(errors.Gone("It was deleted.")) == (404, "Record not found")
    assert problems.answer(errors.Problem()) == (400, "Problem")
