"""What territories are, in words: their nature in law, and where on the density grid of INSEE they lie."""

from flask_babel import LazyString, format_decimal, gettext
from flask_babel import lazy_gettext as _

from fediterr.territories.models import Nature, Territory

NATURES: dict[str, LazyString] = {
    Nature.COMMUNE: _("Commune"),
    Nature.CC: _("Communauté de communes"),
    Nature.CA: _("Communauté d’agglomération"),
    Nature.CU: _("Communauté urbaine"),
    Nature.METROPOLE: _("Métropole"),
    Nature.LYON: _("Métropole de Lyon"),
    Nature.EPT: _("Établissement public territorial"),
    Nature.SIVU: _("Syndicat à vocation unique"),
    Nature.SIVOM: _("Syndicat à vocation multiple"),
    Nature.CLOSED_MIXED: _("Syndicat mixte fermé"),
    Nature.OPEN_MIXED: _("Syndicat mixte ouvert"),
    Nature.PETR: _("Pôle d’équilibre territorial et rural"),
    Nature.METROPOLITAN_POLE: _("Pôle métropolitain"),
    Nature.DEPARTMENT: _("Département"),
    Nature.REGION: _("Région"),
    Nature.SINGLE: _("Collectivité territoriale unique"),
    Nature.OTHER: _("Autre organisme public"),
}

# The seven steps of the grid, from the densest.
DENSITIES: dict[int, LazyString] = {
    1: _("Grands centres urbains"),
    2: _("Centres urbains intermédiaires"),
    3: _("Petites villes"),
    4: _("Ceintures urbaines"),
    5: _("Bourgs ruraux"),
    6: _("Rural à habitat dispersé"),
    7: _("Rural à habitat très dispersé"),
}


def nature_of(territory: Territory) -> str:
    return str(NATURES.get(territory.kind, territory.kind))


def density_of(territory: Territory) -> str:
    """Nothing when it is not known."""
    return str(DENSITIES.get(territory.density7 or 0, ""))


def size_of(territory: Territory) -> str:
    """What one reads beside its name: what it is, and how many live there."""
    if territory.population is None:
        return nature_of(territory)
    people = gettext("%(people)s hab.", people=format_decimal(territory.population))
    return f"{nature_of(territory)}, {people}"


def area_of(territory: Territory) -> str:
    """Nothing when it is not known."""
    if not territory.area_km2:
        return ""
    digits = 0 if territory.area_km2 >= 10 else 1
    return str(gettext("%(area)s km²", area=format_decimal(round(territory.area_km2, digits))))
