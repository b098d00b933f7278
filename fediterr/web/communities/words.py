"""How one comes into a community, who reads it, and what one is in it, in words."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from fediterr.social.models import Joining, Rank
from fediterr.territories.models import Nature
from fediterr.web import forms


@dataclass(frozen=True)
class Way:
    """A way to come in: in few words, and in a sentence that says what follows."""

    value: Joining
    word: LazyString
    sentence: LazyString


WAYS = (
    Way(Joining.OPEN, _("Ouverte"), _("Toute personne de ce serveur ou d’un autre en devient membre aussitôt.")),
    Way(Joining.REQUEST, _("Sur demande"), _("Chaque demande attend la réponse d’une personne qui modère.")),
    Way(Joining.INVITATION, _("Sur invitation"), _("Personne ne peut demander : vous invitez qui vous voulez.")),
    Way(
        Joining.NATURE,
        _("Entre certaines collectivités"),
        _("Les collectivités cochées ci-dessous et leurs agents entrent aussitôt ; les autres font une demande."),
    ),
)

RANKS = {
    Rank.MEMBER: _("Membre"),
    Rank.MODERATOR: _("Modération"),
    Rank.ANIMATOR: _("Animation"),
}

DAYS = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))


@dataclass(frozen=True)
class Natures:
    """Kinds of authorities that a form offers together."""

    field: str
    word: LazyString
    codes: tuple[Nature, ...]


# Together they hold every nature that there is.
NATURES = (
    Natures("nature-communes", _("Communes"), (Nature.COMMUNE,)),
    Natures("nature-cc", _("Communautés de communes"), (Nature.CC,)),
    Natures("nature-ca", _("Communautés d’agglomération"), (Nature.CA,)),
    Natures("nature-metropoles", _("Communautés urbaines et métropoles"), (Nature.CU, Nature.METROPOLE, Nature.LYON)),
    Natures("nature-ept", _("Établissements publics territoriaux"), (Nature.EPT,)),
    Natures(
        "nature-syndicats",
        _("Syndicats (d’énergie, d’eau, mixtes…)"),
        (Nature.SIVU, Nature.SIVOM, Nature.CLOSED_MIXED, Nature.OPEN_MIXED),
    ),
    Natures("nature-poles", _("Pôles territoriaux et métropolitains"), (Nature.PETR, Nature.METROPOLITAN_POLE)),
    Natures("nature-departements", _("Départements"), (Nature.DEPARTMENT,)),
    Natures("nature-regions", _("Régions et collectivités uniques"), (Nature.REGION, Nature.SINGLE)),
    Natures("nature-autres", _("Autres organismes publics"), (Nature.OTHER,)),
)


def way_of(joining: str) -> Way:
    return next((way for way in WAYS if way.value == joining), WAYS[0])


def natures_in(form: forms.Form) -> list[str]:
    """The codes of the natures that are ticked."""
    return [str(code) for each in NATURES if form.is_on(each.field) for code in each.codes]


def ticked(codes: Collection[str]) -> dict[str, str]:
    """The boxes that stand for these codes."""
    return {each.field: "1" for each in NATURES if any(code in codes for code in each.codes)}


def named(codes: Collection[str]) -> list[LazyString]:
    """The words for these codes."""
    return [each.word for each in NATURES if any(code in codes for code in each.codes)]
