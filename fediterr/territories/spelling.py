"""How names of territories are compared: without accents, articles or hyphens, and St is Saint.

What is filed and what is typed go through the same fold, so that "La Rochelle", "rochelle" and "ROCHELLE (LA)" meet.
"""

import re

from fediterr.core import text

_WORD = re.compile(r"\w+")
_ARTICLES = {"l", "la", "le", "les"}
_LONG = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def sought(name: str) -> str:
    """A name as it is filed for who types the beginning of one of its words: ` saint etienne`."""
    return "".join(f" {word}" for word in read(name))


def read(name: str) -> list[str]:
    """The words that tell a name from others; its articles only where there is nothing else."""
    words = _WORD.findall(text.fold(name))
    return [_LONG.get(word, word) for word in words if word not in _ARTICLES] or words
