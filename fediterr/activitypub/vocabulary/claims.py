"""What an actor says of the public body that it stands for: its numbers, its nature, where it lies, its site."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from fediterr.activitypub.vocabulary import origins, parts, shapes
from fediterr.activitypub.vocabulary.parts import Place
from fediterr.activitypub.vocabulary.shapes import Document, Limits
from fediterr.core import siret, text

_INSEE: Final = re.compile(r"[0-9][0-9AB][0-9]{0,3}")
_KIND: Final = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_LONG: Final = 200  # characters: no number, code or address of a site needs more, and nothing longer is looked at
# What people call these lines of a profile, folded.
SIREN_NAMES: Final = frozenset({"siren", "n siren", "numero siren"})
INSEE_NAMES: Final = frozenset({"code insee", "insee", "code commune"})
SITE_NAMES: Final = frozenset({"site", "site officiel", "site web", "site internet", "website", "web"})


class Line(Protocol):
    """A line of a profile."""

    @property
    def name(self) -> str: ...

    @property
    def value(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """What it says, as far as it can be true: well-formed numbers; nothing of it is proven."""

    siren: str | None
    insee_code: str | None
    kind: str | None
    density7: int | None
    website: str | None
    place: Place | None


def read(document: Document, lines: Iterable[Line], limits: Limits) -> Claim | None:
    """The claim of an organization; None when it names no number: any association is an Organization, too.

    Other software has only lines of a profile to say it in.
    """
    named = {fold_line(line.name): text.plain(line.value).strip() for line in lines if len(line.value) <= limits.name}
    siren = _siren(document.get("siren")) or _siren(_among(named, SIREN_NAMES))
    insee = _insee(document.get("inseeCode")) or _insee(_among(named, INSEE_NAMES))
    if siren is None and insee is None:
        return None
    return Claim(
        siren=siren,
        insee_code=insee,
        kind=_kind(document.get("territoryKind", document.get("kind"))),
        density7=_density(document.get("density7")),
        website=_site(_among(named, SITE_NAMES)),
        place=parts.place(document.get("location"), limits),
    )


def fold_line(name: str) -> str:
    """The name of a line as it is compared: `N° SIREN` and `n siren` are one."""
    return " ".join(re.sub(r"[^\w]+", " ", text.fold(name[:_LONG])).split())


def _among(named: dict[str, str], names: frozenset[str]) -> str | None:
    return next((value for name, value in named.items() if name in names), None)


def _word(value: object) -> str | None:
    """One short word or number, from a string, a number, or a list of them."""
    value = shapes.first(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**14:
        return str(value)
    return value.strip() if isinstance(value, str) and len(value) <= _LONG else None


def _siren(value: object) -> str | None:
    """Nine digits with the right last one; of a SIRET the first nine."""
    digits = siret.normal(_word(value) or "")
    if siret.is_siret(digits):
        return siret.siren_of(digits)
    return digits if siret.is_siren(digits) else None


def _insee(value: object) -> str | None:
    code = (_word(value) or "").upper()
    return code if _INSEE.fullmatch(code) else None


def _kind(value: object) -> str | None:
    code = _word(value) or ""
    return code if _KIND.fullmatch(code) else None


def _density(value: object) -> int | None:
    word = _word(value) or ""
    return int(word) if len(word) == 1 and word in "1234567" else None


def _site(value: str | None) -> str | None:
    found = value if value and len(value) <= _LONG and origins.origin(value) else None
    return found if found and found.startswith("https://") else None
