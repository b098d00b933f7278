"""Values as clients write them: nested names, lists, numbers, yes and no."""

from typing import Any

import pytest

from fediterr.mastodon.params import LARGEST, Params, nest


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("poll[options][]", "x"), ("poll[multiple]", "1")], {"poll": {"options": ["x"], "multiple": "1"}}),
        ([("f[0][n]", "a"), ("f[0][v]", "b"), ("f[1][n]", "c")], {"f": {"0": {"n": "a", "v": "b"}, "1": {"n": "c"}}}),
        ([("f[][n]", "a"), ("f[][v]", "b"), ("f[][n]", "c")], {"f": [{"n": "a", "v": "b"}, {"n": "c"}]}),
        ([("a[b]", "1"), ("a", "2")], {"a": "2"}),
        ([("a", "2"), ("a[b]", "1")], {"a": "2"}),
        ([("a", "2"), ("a[]", "1")], {"a": "2"}),
        ([("a[", "1"), ("]a", "1"), ("", "1"), ("a]b", "1")], {}),
        ([("a" + "[b]" * 50, "1")], {}),
    ],
)  # fmt: skip
def test_names_with_brackets_make_a_tree(pairs: list[tuple[str, str]], tree: dict[str, Any]) -> None:
    assert nest(pairs) == tree


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *((value, True) for value in (True, "true", "1", "on", "yes", 1)),
        *((value, False) for value in (False, "false", "FALSE", "0", "off", 0)),
        *((value, None) for value in ("", None, [], {})),
    ],
)
def test_yes_and_no(value: Any, meant: bool | None) -> None:
    assert Params({"a": value}).flag("a") is meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *(("12", 12), (12, 12), (" 7 ", 7), ("-3", -3), ("9" * 25, LARGEST)),
        *((value, None) for value in ("9" * 40, "²", "1e3", "", None, True, [1], "٣")),
    ],
)
def test_numbers(value: Any, meant: int | None) -> None:
    assert Params({"a": value}).number("a") == meant


def test_a_list_or_the_one_value_in_its_place() -> None:
    assert Params({"a": ["1", 2, None, {}]}).numbers("a") == [1, 2]
    assert Params({"a": "1"}).texts("a") == ["1"]
    assert Params({"a": {"1": "x", "0": "y"}}).texts("a") == ["x", "y"]
    assert Params({}).texts("a") == []


def test_things_in_a_list_or_numbered() -> None:
    numbered = Params({"f": {"10": {"n": "c"}, "2": {"n": "b"}, "0": {"n": "a"}}})
    assert [each.text("n") for each in numbered.parts("f")] == ["a", "b", "c"]
    assert [each.text("n") for each in Params({"f": [{"n": "a"}, "x"]}).parts("f")] == ["a"]
