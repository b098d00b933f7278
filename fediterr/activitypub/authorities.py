"""Public bodies on the wire: what an authority says that it is, and who works there."""

from html import escape
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known, vocabulary
from fediterr.core import site, text
from fediterr.core.db import session
from fediterr.territories import hearsay
from fediterr.territories.models import Authority, Employment, Nature, Territory

Document = dict[str, Any]

AGENTS = 500  # names of agents that are told of one authority

# What others read beside the numbers, in the language of the bodies that they are numbers of.
NATURES = {
    Nature.COMMUNE: "Commune",
    Nature.CC: "Communauté de communes",
    Nature.CA: "Communauté d’agglomération",
    Nature.CU: "Communauté urbaine",
    Nature.METROPOLE: "Métropole",
    Nature.LYON: "Métropole de Lyon",
    Nature.EPT: "Établissement public territorial",
    Nature.SIVU: "Syndicat intercommunal à vocation unique",
    Nature.SIVOM: "Syndicat intercommunal à vocation multiple",
    Nature.CLOSED_MIXED: "Syndicat mixte fermé",
    Nature.OPEN_MIXED: "Syndicat mixte ouvert",
    Nature.PETR: "Pôle d’équilibre territorial et rural",
    Nature.METROPOLITAN_POLE: "Pôle métropolitain",
    Nature.DEPARTMENT: "Département",
    Nature.REGION: "Région",
    Nature.SINGLE: "Collectivité unique",
}


# --- to the wire ---------------------------------------------------------------------------------------------------


def as_part(account: Account) -> Document:
    """What the document of an actor of here says besides: the body it stands for, or for whom somebody works."""
    if account.kind == Kind.PERSON:
        employment = session.get(Employment, account.id)
        return {"worksFor": employment.employer_uri} if employment is not None else {}
    authority = session.get(Authority, account.id) if account.kind == Kind.ORGANIZATION else None
    if authority is None:
        return {}
    return _as_numbers(authority) | {"agents": f"{account.uri}/agents"}


def _as_numbers(authority: Authority) -> Document:
    territory = authority.territory
    siren, insee = authority.siren, authority.insee_code
    kind, density = authority.kind, authority.density7
    if territory is not None:
        siren, insee = siren or territory.siren, insee or territory.insee_code
        kind, density = kind or territory.kind, density or territory.density7
    named = {"siren": siren, "inseeCode": insee, "territoryKind": kind, "density7": density}
    document: Document = {name: value for name, value in named.items() if value is not None}
    if territory is not None and territory.latitude is not None:
        place = {"latitude": territory.latitude, "longitude": territory.longitude}
        document["location"] = {"type": "Place", "name": territory.name, **place}
    return document


def as_lines(account: Account) -> list[Document]:
    """The same as lines of a profile, for everybody; but for those that the profile says already."""
    authority = session.get(Authority, account.id) if account.kind == Kind.ORGANIZATION else None
    if authority is None:
        return []
    said = {vocabulary.fold_line(each["name"]) for each in account.fields}
    values = {_bare(text.plain(each["value"])) for each in account.fields}
    return [
        {"type": "PropertyValue", "name": name, "value": value}
        for name, value in _lines(authority)
        if vocabulary.fold_line(name) not in said and _bare(text.plain(value)) not in values
    ]


def _bare(value: str) -> str:
    """`200 012 345` is `200012345`, and an address is the same with a slash at its end."""
    return "".join(value.split()).rstrip("/").lower()


def _lines(authority: Authority) -> list[tuple[str, str]]:
    numbers, territory = _as_numbers(authority), authority.territory
    lines = [
        ("SIREN", numbers.get("siren", "")),
        ("Code INSEE", numbers.get("inseeCode", "")),
        ("Nature", NATURES.get(numbers.get("territoryKind", ""), "")),
        ("Population", _population(territory) if territory is not None else ""),
        ("Site", _link(authority.website) if authority.website else ""),
    ]
    proof = authority.verified_link if authority.verified_by == hearsay.BY_DOMAIN else None
    if proof and _bare(proof) != _bare(authority.website or ""):
        lines.append(("Vérification", _link(proof)))
    return [(name, value) for name, value in lines if value]


def _population(territory: Territory) -> str:
    if territory.population is None:
        return ""
    number = f"{territory.population:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{number} ({territory.population_year})" if territory.population_year else number


def _link(address: str) -> str:
    """With rel=me, so that whoever follows it back proves it, too."""
    shown = escape(address)
    return f'<a href="{shown}" target="_blank" rel="nofollow noopener noreferrer me">{shown}</a>'


def agents_of(account: Account) -> list[str]:
    """The actors that an authority has among its agents, of those who say so themselves and let themselves be found."""
    shown = sa.select(Account.uri).join(Employment, Employment.account_id == Account.id)
    shown = shown.where(Employment.employer_id == account.id, Employment.confirmed)
    shown = shown.where(Account.discoverable, Account.suspended_at.is_(None))
    return list(session.scalars(shown.order_by(Account.uri).limit(AGENTS)))


# --- from the wire -------------------------------------------------------------------------------------------------


def note(account: Account, actor: vocabulary.Actor) -> None:
    """Keep what an actor says of itself, and look into it soon when it is new."""
    if account.local:
        return
    _note_claim(account, actor.claim if actor.discoverable is not False else None)
    employment = session.get(Employment, account.id)
    before = employment.employer_uri if employment is not None else None
    hearsay.note_employer(account, actor.works_for)
    if actor.works_for and actor.works_for != before and not site.is_here(actor.works_for):
        known.ask_for("authority", actor.works_for)


def _note_claim(account: Account, claim: vocabulary.Claim | None) -> None:
    if claim is None:
        hearsay.forget_authority(account)
        return
    before = session.get(Authority, account.id)
    website = before.website if before is not None else None
    said = hearsay.Said(claim.siren, claim.insee_code, claim.kind, claim.density7, claim.website)
    found = hearsay.note_authority(account, said)
    if before is None or found.website != website:
        known.ask_for("authority", account.uri)
