"""What a client sends with a request, in whichever way it writes it: JSON, a form, several parts, the address.

Names nest as Ruby on Rails reads them, since clients were written against it: `poll[options][]=a`, `fields[0][name]=b`.
"""

import re
from collections.abc import Iterable
from typing import Any

from werkzeug import Request

from fediterr.core import errors

DEPTH = 6  # brackets in a name
ENTRIES = 500  # values of one list
LARGEST = 2**63 - 1  # what a database calls a large number
FALSE = {"0", "f", "F", "false", "FALSE", "False", "off", "OFF", "Off"}

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # no database takes them


class Params:
    """The values of one request, each read as the type that is wanted; what cannot be read so counts as not sent."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return UNSTORABLE.sub("", str(value))

    def flag(self, name: str) -> bool | None:
        value = self.text(name) if not isinstance(self.values.get(name), bool) else self.values[name]
        return None if value in (None, "") else value not in FALSE and value is not False

    def number(self, name: str) -> int | None:
        return _number(self.text(name))

    def texts(self, name: str) -> list[str]:
        """A list, or the one value that a client sends in its place."""
        found = self.values.get(name)
        items = found if isinstance(found, list) else list(found.values()) if isinstance(found, dict) else [found]
        listed = (Params({"": item}).text("") for item in items[:ENTRIES])
        return [item for item in listed if item is not None]

    def numbers(self, name: str) -> list[int]:
        listed = (_number(item) for item in self.texts(name))
        return [item for item in listed if item is not None]

    def part(self, name: str) -> "Params":
        """The values below a name."""
        found = self.values.get(name)
        return Params(found if isinstance(found, dict) else {})

    def parts(self, name: str) -> list["Params"]:
        """The members of a list of things, which a form may number: `{"0": …, "1": …}`."""
        found = self.values.get(name)
        if isinstance(found, dict):
            found = [found[key] for key in sorted(found, key=lambda key: (len(key), key))]
        return [Params(item) for item in (found if isinstance(found, list) else [])[:ENTRIES] if isinstance(item, dict)]


def read(request: Request) -> Params:
    """All that came with a request; Invalid when its JSON is not an object."""
    values = nest(request.args.items(multi=True))
    if request.is_json:
        if request.content_length != 0:
            sent = _json(request)
            if not isinstance(sent, dict):
                raise errors.Invalid("The body is not a JSON object.")
            values |= {name.removesuffix("[]"): value for name, value in sent.items()}
        return Params(values)
    return Params(values | nest(request.form.items(multi=True)))


def _json(request: Request) -> Any:
    try:
        return request.get_json(silent=True, cache=True)
    except RecursionError:
        return None  # nested deeper than anything that makes sense


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Pairs with bracketed names as the tree they stand for; a name that makes no sense is passed over."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = _NAME.fullmatch(name[:1000])
        if match:
            keys = re.findall(r"\[([^\[\]]*)\]", match[2])
            if len(keys) <= DEPTH:
                _put(tree, [match[1], *keys], value)
    return tree


def _put(tree: dict[str, Any], keys: list[str], value: str) -> None:
    key, rest = keys[0], keys[1:]
    if not rest:
        tree[key] = value
    elif rest[0] == "":
        items = tree.setdefault(key, [])
        if isinstance(items, list):
            _append(items, rest[1:], value)
    else:
        below = tree.setdefault(key, {})
        if isinstance(below, dict):
            _put(below, rest, value)


def _append(items: list[Any], keys: list[str], value: str) -> None:
    """`a[]=1` adds a value; `a[][name]=1` begins a thing whenever the name was given to the last one already."""
    if not keys:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or (len(keys) == 1 and keys[0] in items[-1]):
        items.append({})
    _put(items[-1], keys, value)


def _number(value: str | None) -> int | None:
    digits = (value or "").strip()
    if not digits.isascii() or not digits.removeprefix("-").isdigit() or len(digits) > 30:
        return None
    return max(-LARGEST, min(LARGEST, int(digits)))
