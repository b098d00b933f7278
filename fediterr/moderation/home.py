"""The territory that a server belongs to: what it proposes for the first run, and the account that stands for it."""

import re

from fediterr.accounts.models import Account, Office, User
from fediterr.moderation import acts, journal, offices
from fediterr.territories import authorities, directory
from fediterr.territories.models import Nature, Territory

WITHOUT_ARTICLE = (Nature.DEPARTMENT, Nature.REGION, Nature.SINGLE)
ARTICLES = (("Le ", "du "), ("Les ", "des "), ("La ", "de la "), ("L’", "de l’"), ("L'", "de l’"))
OF_THE = re.compile(r"(CC|CA|CU|Communauté|Métropole|Ville|Commune|Collectivité)\b")
VOWEL = re.compile(r"[AEIOUYÀÂÄÉÈÊËÎÏÔÖÛÜŒH]", re.IGNORECASE)


def proposed(territory: Territory, language: str) -> dict[str, str]:
    """What the first run proposes for a territory; all of it may be changed."""
    if language != "fr":
        about = f"Where those who work for {territory.name} exchange with other territories."
        return {"name": f"Network of {territory.name}", "place": place_of(territory), "description": about}
    name = f"Réseau {territory.name}" if territory.kind in WITHOUT_ARTICLE else f"Réseau {_of(territory.name)}"
    about = f"Ici, qui travaille pour {territory.name} échange avec les autres territoires."
    return {"name": name, "place": place_of(territory), "description": about}


def _of(name: str) -> str:
    """`du Havre`, `de la CC du Val`, `d’Alès`, `de Brest`."""
    for article, contracted in ARTICLES:
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    if OF_THE.match(name):
        return f"de la {name}"
    return f"d’{name}" if VOWEL.match(name) else f"de {name}"


def place_of(territory: Territory) -> str:
    """A territory and where it lies: `Brest (Finistère)`."""
    around = directory.by_code(f"D{territory.department}") or directory.by_code(f"R{territory.region}")
    return f"{territory.name} ({around.name})" if around and around.code != territory.code else territory.name


def settle(actor: Account | None, user: User, territory: Territory, *, name: str = "", website: str = "") -> Account:
    """Open the account of the server's own territory, unless there is one, and let somebody manage it.

    Whoever runs the server answers for it: it is verified by that. Raises Invalid or Conflict for the name.
    """
    authority = authorities.of_here(territory)
    if authority is None:
        authority = authorities.open(territory, name)
        journal.write_down(actor, "open_authority", authority.full_handle, target=authority)
        acts.write_down(actor, authority, "open_authority", authority.full_handle)
    offices.let_speak(actor, user, authority, Office.MANAGE)
    if website:
        authorities.change(authority, website=website, colour="")
    row = authorities.of(authority)
    if row is None or row.verified_by is None:
        authorities.verify(authority, "operator")
        acts.write_down(actor, authority, "verify:operator", territory.name)
    return authority
