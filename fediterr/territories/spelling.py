"""How names of territories are compared: without accents, articles or hyphens, and St is Saint; and how mistyped.

What is filed and what is typed go through the same fold, so that "La Rochelle", "rochelle" and "ROCHELLE (LA)" meet.
"""

import re

from fediterr.core import text, words

LEGAL = {
    "cc", "ca", "cu", "ept", "communaute", "communes", "agglomeration", "agglo", "urbaine", "departement", "region",
    "syndicat",
}  # fmt: skip

_WORD = re.compile(r"\w+")
_ARTICLES = {"l", "la", "le", "les"}
_LONG = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_TOWN = re.compile(r"^\s*(?:ville|commune|mairie)\s+(?:de\s+la|de\s+l|de|du|des|d)\b", re.IGNORECASE)
_SOUNDS = tuple(
    (re.compile(written), heard)
    for written, heard in (
        ("ph", "f"), ("eau|au", "o"), ("qu|q|ck|ch(?=[rl])|c(?![eihy])", "k"), ("c(?=[eiy])|ss|z", "s"),
        ("y", "i"), ("(?<![cs])h", ""), ("[ae]n|[ae]m(?=[bp])", "an"), ("(?<=..)[sxt]$", ""), (r"(.)\1", r"\1"),
    )
)  # fmt: skip


def sought(name: str) -> str:
    """A name as it is filed for who types the beginning of one of its words: ` saint etienne`."""
    return "".join(f" {word}" for word in read(name))


def read(name: str) -> list[str]:
    """The words that tell a name from others; its articles only where there is nothing else."""
    found = split(name)
    return [_LONG.get(word, word) for word in found if word not in _ARTICLES] or found


def split(name: str) -> list[str]:
    """All words of a name in their order, as they are written."""
    return _WORD.findall(text.fold(name))


def telling(name: str) -> list[str]:
    """The words of a name that are worth looking for: without "de", "sur", "en" unless nothing else is left."""
    found = read(name)
    return [word for word in found if word not in words.SMALL] or found


def core(name: str) -> list[str]:
    """What a territory is known by: "CC du Pays de l’Étang" by `pays`, `etang`."""
    found = telling(name)
    return [word for word in found if word not in LEGAL] or found


def asked(question: str) -> list[str]:
    """The words that count of what somebody types: "Ville de Brest" asks for `brest`."""
    return telling(_TOWN.sub("", question))


def is_begun(question: str) -> str:
    """The last word of a question when it is short for another but may still become a third: "st" of "Strasbourg"."""
    last = split(question)[-1:]
    return last[0] if last and last[0] in _LONG else ""


# --- mistyped ------------------------------------------------------------------------------------------------------


def sound(word: str) -> str:
    """About how a word is heard: letters that are often doubled, left out or taken for others are the same in it."""
    for written, heard in _SOUNDS:
        word = written.sub(heard, word)
    return word


def pieces(word: str) -> set[str]:
    """How a word is heard, and the same with any one letter missing: words that share a piece differ by an error."""
    heard = sound(word)
    return {heard} | {heard[:place] + heard[place + 1 :] for place in range(len(heard)) if len(heard) > 3}


def tolerance(word: str) -> int:
    """How many errors are forgiven in a word of that length."""
    return 0 if len(word) <= 3 else 1 if len(word) <= 5 else 2


def distance(one: str, other: str, most: int) -> int:
    """How many letters are added, missing, changed or swapped from one to the other; `most + 1` when it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)


def nearness(typed: str, word: str) -> int | None:
    """How far a word is from what was typed of it, whole or its beginning; None when that is too far."""
    most = tolerance(typed)
    found = distance(typed, word, most)
    if len(word) > len(typed) and found > 1:
        found = min(found, 1 + distance(typed, word[: len(typed)], most - 1))
    return found if found <= most else None
