"""Sentences of the domain, recognised again with what was filled in."""

import re
from collections.abc import Iterable
from functools import cached_property


class Sentences:
    """Sentences with {} for what is filled in."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = known

    def match(self, message: str) -> tuple[str, tuple[str, ...]] | None:
        """The sentence that a message is, and what was filled in; the first in their order."""
        for sentence, pattern in self._patterns:
            if found := pattern.fullmatch(message):
                return sentence, found.groups()
        return None

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """Compiled when the first is looked for: a start of the server needs none."""
        return [(each, re.compile("(.*)".join(re.escape(part) for part in each.split("{}")))) for each in self.known]
