"""What accounts of elsewhere say: which authority they are, for whom they work; nothing is proven by being said."""

from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import clock
from fediterr.core.db import session
from fediterr.territories import directory
from fediterr.territories.models import Authority, Employment, Nature, Territory

BY_DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Said:
    """What an organization of elsewhere says that it is; its numbers are well formed."""

    siren: str | None
    insee_code: str | None
    kind: str | None
    density7: int | None
    website: str | None


# --- authorities ---------------------------------------------------------------------------------------------------


def note_authority(account: Account, said: Said) -> Authority:
    """Keep what it says beside the territory that its numbers name; another site must be proven anew."""
    found = session.get(Authority, account.id) or Authority(account_id=account.id)
    territory = _territory(said)
    found.territory_id = territory.id if territory is not None else None
    found.siren, found.insee_code, found.density7 = said.siren, said.insee_code, said.density7
    found.kind = said.kind if said.kind in set(Nature) else None
    if found.website != said.website:
        found.website = said.website
        unverify(found)
    session.add(found)
    session.flush()
    session.expire(found, ["territory"])
    return found


def forget_authority(account: Account) -> None:
    """It no longer says so."""
    found = session.get(Authority, account.id)
    if found is not None:
        session.delete(found)
        session.flush()


def _territory(said: Said) -> Territory | None:
    """The territory of that SIREN; of that INSEE code when nothing else is said, or when both name the same."""
    by_siren = directory.by_siren(said.siren) if said.siren else None
    if said.insee_code is None:
        return by_siren
    code = sa.select(Territory).where(Territory.insee_code == said.insee_code, Territory.kind == _kind_of(said))
    by_code = session.scalars(code).first()
    if by_siren is not None and by_code is not None and by_siren.id != by_code.id:
        return None  # two numbers of two territories: neither is believed
    return by_siren or by_code


def _kind_of(said: Said) -> str:
    """What an INSEE code is a code of: communes have five characters, regions and departments share the others."""
    if said.insee_code and len(said.insee_code) == 5:
        return Nature.COMMUNE
    return said.kind or Nature.DEPARTMENT


def verify(authority: Authority, link: str) -> None:
    """Its site was seen to point back to it."""
    authority.verified_by, authority.verified_link, authority.verified_at = BY_DOMAIN, link, clock.now()


def unverify(authority: Authority) -> None:
    """What was seen is there no longer."""
    authority.verified_by = authority.verified_link = authority.verified_at = None


# --- agents --------------------------------------------------------------------------------------------------------


def note_employer(account: Account, uri: str | None) -> Employment | None:
    """Keep for whom somebody of elsewhere says that they work; it is confirmed once that authority names them."""
    found = session.get(Employment, account.id)
    if uri is None or uri == account.uri:
        if found is not None:
            session.delete(found)
            session.flush()
        return None
    employer = session.scalar(sa.select(Account).where(Account.uri == uri))
    if found is None or found.employer_uri != uri:
        found = found or Employment(account_id=account.id)
        found.employer_uri, found.confirmed, found.since = uri, False, clock.now()
    found.employer_id = employer.id if employer is not None else None
    session.add(found)
    session.flush()
    return found


def confirm_agents(authority: Account, uris: set[str]) -> None:
    """An authority of elsewhere names its agents: those who say so, too, are confirmed, the others no longer."""
    mine = sa.select(Employment, Account.uri).join(Account, Account.id == Employment.account_id)
    for employment, uri in session.execute(mine.where(Employment.employer_uri == authority.uri)).all():
        employment.employer_id, employment.confirmed = authority.id, uri in uris
    session.flush()


def is_named(authority_uri: str) -> bool:
    """Whether anybody says that they work there."""
    return bool(session.scalar(sa.select(sa.exists().where(Employment.employer_uri == authority_uri))))
