"""The directory of territories: looking for some, narrowing the list, taking it away as a table."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import flask
from flask import Blueprint, Response, request
from flask_babel import format_decimal
from flask_babel import gettext as _

from fediterr.accounts.models import Account
from fediterr.core import clock, errors, limits, site
from fediterr.territories import authorities, directory, facets, search
from fediterr.territories.facets import Filters
from fediterr.territories.models import EPCI, SYNDICATES, Nature, Territory
from fediterr.web import journals, natures, rendering

blueprint = Blueprint("territory_directory", __name__)

LONGEST = 200  # characters of a question
FARTHEST = 60_000  # results that one may go past
MOST = 50_000  # lines of a file
SUGGESTED = 8
OFTEN = {"most": 240, "seconds": 60}  # questions of one network while somebody types

# The filters as the address names them.
NAMED = {
    "nature": "nature", "population": "band", "densite": "density", "departement": "department", "region": "region",
    "competence": "competence", "reseau": "network",
}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A value of a filter, in words, and how many there would be with it."""

    value: str
    word: str
    number: int


@dataclass(frozen=True)
class Choice:
    """A filter: its name and label, its values in groups (one without a name stands alone)."""

    name: str
    label: str
    groups: list[tuple[str, list[Option]]]
    current: str

    @property
    def word(self) -> str:
        """What is chosen, in words."""
        found = (each.word for _name, options in self.groups for each in options if each.value == self.current)
        return next(found, self.current)


@blueprint.get("/territoires")
def listed() -> Response:
    """A page of the territories that answer, with what the list can be narrowed to."""
    words, filters, sort, offset = *asked(), rendering.offset(FARTHEST)
    found = search.find(words, filters, sort=sort, limit=rendering.PAGE, offset=offset)
    identifiers = {each.id for each in found.territories}
    return rendering.show(
        "territories/list.html", wanted=words, found=found, offset=offset, sort=sort,
        more=found.total > offset + rendering.PAGE, choices=choices(found.facets, filters),
        outlines=directory.outlines_of(identifiers).keys(), voices=_voices(identifiers),
        is_empty=directory.is_empty(), departments=_named(Nature.DEPARTMENT),
        map_address=flask.url_for("web.territory_map.france", **kept()),
    )  # fmt: skip


def asked() -> tuple[str, Filters, str]:
    """The words, the filters and the order that the address asks for."""
    given = {name: rendering.asked(word) for word, name in NAMED.items()}
    sort = request.args.get("tri", "")
    return rendering.asked("q")[:LONGEST], facets.read(given), sort if sort in search.SORTS else ""


def kept(*more: str) -> dict[str, Any]:
    """What the address asks for that another view of the same territories takes over."""
    return {name: value for name in (*NAMED, *more) if (value := rendering.asked(name))}


def _voices(identifiers: set[int]) -> dict[int, list[Account]]:
    """Who stands for these territories on the network."""
    found = authorities.of_territories(identifiers)
    return {identifier: [each.account for each in some] for identifier, some in found.items()}


# --- what a list can be narrowed to --------------------------------------------------------------------------------


def choices(counted: facets.Facets, filters: Filters) -> list[Choice]:
    """All filters, with those values alone that would leave something."""
    made = []
    for name, label, groups in _filters():
        field = NAMED[name]
        counts, current = counted[field], getattr(filters, field)
        kept = [
            (group, [Option(value, word, counts.get(value, 0)) for value, word in values.items()])
            for group, values in groups.items()
        ]
        kept = [(group, [each for each in options if each.number or each.value == current]) for group, options in kept]
        kept = [(group, options) for group, options in kept if options]
        if kept:
            made.append(Choice(name, label, kept, current))
    return made


def _filters() -> Iterator[tuple[str, str, dict[str, dict[str, str]]]]:
    """Each filter: its name, its label, and its values in words, in groups."""
    kinds = {nature.value: str(natures.NATURES[nature]) for nature in Nature}
    epci: dict[str, str] = {"epci": _("Toutes les intercommunalités"), **{each: kinds.pop(each) for each in EPCI}}
    syndicates: dict[str, str] = {
        "syndicats": _("Tous les syndicats"),
        **{each: kinds.pop(each) for each in SYNDICATES},
    }
    yield "nature", _("Nature"), {"": kinds, _("Intercommunalités"): epci, _("Syndicats"): syndicates}
    yield (
        "population",
        _("Population"),
        {"": {str(each): band_word(each) for each in range(len(facets.BANDS) + 1)}},
    )
    wide = {"rural": _("Rural"), "intermediaire": _("Urbain intermédiaire"), "urbain": _("Urbain dense")}
    fine = {str(number): str(word) for number, word in natures.DENSITIES.items()}
    yield "densite", _("Densité"), {_("En trois classes"): wide, _("En sept classes"): fine}
    yield "departement", _("Département"), {"": _named(Nature.DEPARTMENT)}
    yield "region", _("Région"), {"": _named(Nature.REGION)}
    yield "competence", _("Compétence"), {"": directory.competences()}
    yield "reseau", _("Sur le réseau"), {"": {"oui": _("Oui"), "non": _("Pas encore")}}


def band_word(number: int) -> str:
    """A band of population in words."""
    first = format_decimal(facets.BANDS[number - 1]) if number else ""
    end = format_decimal(facets.BANDS[number]) if number < len(facets.BANDS) else ""
    if not first:
        return str(_("moins de %(end)s habitants", end=end))
    return str(_("%(first)s à %(end)s", first=first, end=end) if end else _("%(first)s et plus", first=first))


def _named(kind: Nature) -> dict[str, str]:
    """Departments or regions by their number, with their names."""
    found = {each.insee_code or each.code: each.name for each in directory.of_kind(kind)}
    if kind == Nature.REGION:
        return dict(sorted(found.items(), key=lambda item: item[1]))
    return {number: f"{number} {name}" for number, name in sorted(found.items())}


# --- while somebody types ------------------------------------------------------------------------------------------


@blueprint.get("/territoires/suggestions")
def suggestions() -> Response:
    """A few territories that somebody may be about to name, for the script."""
    where = limits.network_of(request.remote_addr)
    if site.settings().rate_limits and (wait := limits.wait_for("territory suggestions", where, **OFTEN)):
        raise errors.TooMany("Too many searches from here: wait a minute.", retry_after=int(wait) + 1)
    words = rendering.asked("q")[:LONGEST]
    numbered = search.by_number(words)
    found = [numbered] if numbered is not None else search.suggest(words, SUGGESTED)
    return flask.jsonify(
        [
            {
                "code": each.code, "name": each.name, "what": _told(each),
                "address": flask.url_for("web.territories.show", code=each.code),
            }
            for each in found
        ]
    )  # fmt: skip


def _told(territory: Territory) -> str:
    """What tells a territory from another of the same name."""
    told = natures.size_of(territory)
    return f"{told}, {territory.department}" if territory.department and territory.kind != Nature.DEPARTMENT else told


# --- as a table ----------------------------------------------------------------------------------------------------


@blueprint.get("/territoires.csv")
def export() -> Response:
    """All that the list has, for a spreadsheet."""
    words, filters, sort = asked()
    answer = flask.Response(flask.stream_with_context(_lines(words, filters, sort)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="territoires-{clock.now():%Y-%m-%d}.csv"'
    return answer


def _lines(words: str, filters: Filters, sort: str) -> Iterator[bytes]:
    """The file, a part at a time: all of France is some megabytes."""
    head = ("code", "siren", "insee", "nom", "nature", "population", "millesime", "densite", "departement", "region")
    yield codecs.BOM_UTF8 + _written([[*head, "reseau"]])
    part: list[Territory] = []
    for each in search.each(words, filters, sort=sort, most=MOST):
        part.append(each)
        if len(part) == 500:
            yield _written(_rows(part))
            part = []
    yield _written(_rows(part))


def _rows(part: list[Territory]) -> list[list[str]]:
    voices = _voices({each.id for each in part})
    return [
        [
            each.code, each.siren or "", each.insee_code or "", each.name, natures.nature_of(each),
            str(each.population if each.population is not None else ""), str(each.population_year or ""),
            natures.density_of(each), each.department or "", each.region or "",
            " ".join(account.full_handle for account in voices.get(each.id, ())),
        ]
        for each in part
    ]  # fmt: skip


def _written(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([journals.inert(cell) for cell in row] for row in rows)
    return file.getvalue().encode()
