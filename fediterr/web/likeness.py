"""Why two territories are alike, in words: a phrase for each reason that one would give aloud."""

from collections.abc import Callable, Iterable

from flask_babel import LazyString, format_decimal, ngettext
from flask_babel import lazy_gettext as _

from fediterr.territories.models import Nature
from fediterr.territories.similarity import Reason
from fediterr.web import rendering

CLOSE = 0.7  # from which score on populations and densities are called close

# Where most people live, by the steps of the density grid.
MOSTLY: dict[int, LazyString] = {
    1: _("surtout de grands centres urbains"),
    2: _("surtout des centres urbains intermédiaires"),
    3: _("surtout des petites villes"),
    4: _("surtout des ceintures urbaines"),
    5: _("surtout des bourgs ruraux"),
    6: _("surtout du rural dispersé"),
    7: _("surtout du rural très dispersé"),
}
ZONES: dict[str, LazyString] = {
    "montagne": _("en montagne"),
    "littoral": _("sur le littoral"),
    "outre-mer": _("outre-mer"),
}


def phrases(reasons: Iterable[Reason]) -> list[str]:
    """The reasons that can be said in a few words, in their order."""
    said = (str(SAID[each["criterion"]](each)) for each in reasons if each.get("criterion") in SAID)
    return [words for words in said if words]


def _density(reason: Reason) -> object:
    ours, theirs = reason["ours"], reason["theirs"]
    if ours == theirs and ours in MOSTLY:
        return str(MOSTLY[ours])
    return _("densités proches") if reason["score"] >= CLOSE else ""


def _population(reason: Reason) -> object:
    if reason["score"] < CLOSE:
        return ""
    ours, theirs = format_decimal(reason["ours"]), format_decimal(reason["theirs"])
    if ours == theirs:
        return _("même population : %(ours)s habitants", ours=ours)
    return _("population voisine : %(ours)s et %(theirs)s habitants", ours=ours, theirs=theirs)


def _nature(reason: Reason) -> object:
    same = reason["ours"] == reason["theirs"]
    return _("même nature") if same and reason["ours"] != Nature.COMMUNE else ""


def _place(reason: Reason) -> object:
    return _("même département") if reason["department"] else _("même région")


def _competences(reason: Reason) -> object:
    number = reason["common"]
    return ngettext("%(num)d compétence en commun", "%(num)d compétences en commun", rendering.many(number))


def _zones(reason: Reason) -> str:
    return ", ".join(str(ZONES.get(each, each)) for each in reason["common"])


SAID: dict[str, Callable[[Reason], object]] = {
    "density": _density,
    "population": _population,
    "nature": _nature,
    "place": _place,
    "competences": _competences,
    "zones": _zones,
}
