"""From a text to the words it is found by: folded (no case, no accents), and their French stems.

Done here and not by the database, so that every database finds the same. Words of other languages go through the same
stemmer: it takes endings off that look French, the same ones from what is written and from what is looked for.
"""

import functools
import itertools
import re
import unicodedata
from typing import NamedTuple

import snowballstemmer

from fediterr.core import text

MOST = 10_000  # words read of one text
LONGEST = 64  # characters of one word

# Too frequent to say what is looked for, and what stands before an apostrophe.
SMALL = {
    "a", "au", "aux", "c", "ce", "ces", "d", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "ils", "j",
    "je", "jusqu", "l", "la", "le", "les", "leur", "lorsqu", "lui", "m", "ma", "mais", "me", "mes", "n", "ne", "nous",
    "on", "ou", "par", "pas", "pour", "puisqu", "qu", "que", "qui", "quoiqu", "s", "sa", "se", "ses", "son", "sont",
    "sur", "t", "te", "tu", "un", "une", "vous", "y",
}  # fmt: skip

_WORD = re.compile(r"\w+")
_KEPT_PLURAL = re.compile(r".{2,}[aiou]s")  # élus, lois: the stemmer leaves their s


class Word(NamedTuple):
    """A word as it is filed."""

    form: str
    stems: frozenset[str]


def read(written: str) -> list[Word]:
    """The words of a plain text in their order."""
    found = _WORD.finditer(unicodedata.normalize("NFKC", written).lower())
    return [_word(match[0][:LONGEST]) for match in itertools.islice(found, MOST)]


def sought(*names: str) -> str:
    """Names as they are filed for who types the beginning of one of their words: ` alice du port`."""
    return "".join(f" {word.form}" for name in names for word in read(name))


@functools.lru_cache(maxsize=16_384)
def _word(written: str) -> Word:
    """With the stems of the word as it is written and of the word without accents.

    The stemmer takes `-ité` off, but not `-ite`: who types without accents finds by the second, who types with them by
    both.
    """
    form = text.fold(written)
    spellings = {written, form}
    if _KEPT_PLURAL.fullmatch(form):
        spellings.add(form[:-1])
    stemmer = snowballstemmer.stemmer("french")  # keeps its state in itself: one for all threads would mix them up
    return Word(form, frozenset(text.fold(stemmer.stemWord(spelling)) for spelling in spellings))
