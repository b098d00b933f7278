"""What was typed into a form, and what was wrong with it, so that nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from fediterr.core import errors
from fediterr.web import problems

LONGEST = 100_000  # characters of one field that are read at all


@dataclass
class Form:
    """Values by the name of their field; what is wrong likewise, under "" when it is about no field."""

    values: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "")[:LONGEST]

    def is_on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.values.get(name))

    def refuse(self, problem: errors.Problem) -> "Form":
        """Show this problem at the field it speaks of."""
        self.wrong[problems.field_of(problem)] = problems.words_of(problem)
        return self

    def require_twice(self, name: str) -> None:
        """Refuse a password that was typed otherwise the second time."""
        if self.value(name) != self.value(f"{name}-again"):
            raise errors.Invalid("The two passwords are not the same.")

    def require(self, name: str, words: str) -> None:
        """Say these words at a field that was left empty."""
        if not self.value(name).strip():
            self.wrong[name] = words


def sent() -> Form:
    """The form of this request."""
    return Form({name: request.form.get(name, "").replace("\r\n", "\n").replace("\0", "") for name in request.form})


def number(name: str) -> int | None:
    """A number in the form of this request, such as the id of what it is about."""
    return next(iter(numbers(name)), None)


def numbers(name: str) -> list[int]:
    """All the numbers of that name; what no id could be is passed over."""
    said = request.form.getlist(name)
    return [int(each) for each in said if each.isascii() and each.isdigit() and len(each) < 19]
