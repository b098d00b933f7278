"""What is known of a territory, line by line: each with the register it comes from, and of when that is."""

from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from fediterr.territories import directory
from fediterr.territories.models import Territory
from fediterr.web import natures


@dataclass(frozen=True)
class Line:
    """A fact in words, and where it is from."""

    label: str
    value: str
    source: str = ""
    code: str = ""  # of the territory that the value names


def of(territory: Territory) -> list[Line]:
    """The facts that are known, in the order a reader asks."""
    sourced = [
        (_("Nature"), natures.nature_of(territory), "register"),
        (_("Population municipale"), _people(territory.population), "population"),
        (_("Population totale"), _people(territory.population_total), "population_total"),
        (_("Superficie"), natures.area_of(territory), "outline"),
        (_("Habitants au km²"), _people_per_square_kilometre(territory), ""),
        (_("Grille de densité"), natures.density_of(territory), "density"),
        (_("Régime fiscal"), territory.tax_regime or "", "register"),
        (_("SIREN"), territory.siren or "", "register"),
        (_("Code INSEE"), territory.insee_code or "", "register"),
        (_("Zones"), ", ".join(_zone(str(each)) for each in territory.zones), "zones"),
    ]
    lines = [Line(label, value, source_of(territory, what)) for label, value, what in sourced if value]
    return lines + _places(territory)


def _people(number: int | None) -> str:
    return "" if number is None else str(format_decimal(number))


def _people_per_square_kilometre(territory: Territory) -> str:
    if not territory.area_km2 or territory.population is None:
        return ""
    return str(format_decimal(round(territory.population / territory.area_km2)))


def _zone(name: str) -> str:
    words: dict[str, str] = {
        "montagne": _("montagne"), "littoral": _("littoral"), "outre-mer": _("outre-mer"),
    }  # fmt: skip
    return words.get(name, name)


def source_of(territory: Territory, what: str) -> str:
    """`INSEE, 2023`; nothing when it is not written down."""
    found: dict[str, Any] = territory.sources.get(what) or {}
    if what == "register" and not found:
        found = territory.sources.get("groupings") or {}
    return ", ".join(str(found[name]) for name in ("source", "vintage") if found.get(name))


def _places(territory: Territory) -> list[Line]:
    """The department and the region it lies in."""
    named = ((_("Département"), f"D{territory.department}"), (_("Région"), f"R{territory.region}"))
    found = ((label, directory.by_code(code)) for label, code in named if code != territory.code)
    return [Line(label, each.name, code=each.code) for label, each in found if each is not None]
