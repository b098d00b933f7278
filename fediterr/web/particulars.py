"""What is known of a territory, line by line: each with the register it comes from, and of when that is."""

from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from fediterr.territories import directory
from fediterr.territories.models import Nature, Territory
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
        (_("Nature"), natures.nature_of(territory), "membership" if _is_grouping(territory) else "name"),
        (_("Population municipale"), _people(territory.population), "population"),
        (_("Population totale"), _people(territory.population_total), "population"),
        (_("Superficie"), natures.area_of(territory), "area"),
        (_("Habitants au km²"), _people_per_square_kilometre(territory), ""),
        (_("Grille de densité"), natures.density_of(territory), "density"),
        (_("Régime fiscal"), territory.tax_regime or "", "tax_regime"),
        (_("SIREN"), territory.siren or "", "siren"),
        (_("Code INSEE"), territory.insee_code or "", "insee_code"),
        (_("Zones"), ", ".join(str(each) for each in territory.zones), "zones"),
    ]
    lines = [Line(label, value, _source(territory, what)) for label, value, what in sourced if value]
    return lines + _places(territory)


def _is_grouping(territory: Territory) -> bool:
    return territory.kind not in (Nature.COMMUNE, Nature.DEPARTMENT, Nature.REGION, Nature.SINGLE)


def _people(number: int | None) -> str:
    return "" if number is None else str(format_decimal(number))


def _people_per_square_kilometre(territory: Territory) -> str:
    if not territory.area_km2 or territory.population is None:
        return ""
    return str(format_decimal(round(territory.population / territory.area_km2)))


def _source(territory: Territory, what: str) -> str:
    """`INSEE, 2023`; nothing when it is not written down."""
    found: dict[str, Any] = territory.sources.get(what) or {}
    return ", ".join(str(found[name]) for name in ("source", "vintage") if found.get(name))


def _places(territory: Territory) -> list[Line]:
    """The department and the region it lies in."""
    named = ((_("Département"), f"D{territory.department}"), (_("Région"), f"R{territory.region}"))
    found = ((label, directory.by_code(code)) for label, code in named if code != territory.code)
    return [Line(label, each.name, code=each.code) for label, each in found if each is not None]
