"""Authorities as actors: the accounts that stand for territories, what they say of themselves, who verified it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import clock, errors, facts, site, text
from fediterr.core.db import session
from fediterr.territories import faces
from fediterr.territories.models import Authority, Nature, Territory

SIREN, POPULATION, WEBSITE = "SIREN", "Population", "Site"  # lines of the profile of an authority
LINES = 4  # of a profile
REST = timedelta(days=7)  # between two looks at the website of an authority
FAREWELL = timedelta(days=30)  # so long unreachable, it proves nothing any more
SHORT = {Nature.CC: "cc", Nature.CA: "ca", Nature.CU: "cu", Nature.DEPARTMENT: "departement", Nature.REGION: "region"}
SMALL = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sur"}
COLOUR = re.compile("#[0-9a-f]{6}")


@dataclass(frozen=True)
class WebsiteGiven(facts.Fact):
    """An authority of here names its website, which may point back."""

    account_id: int


@dataclass(frozen=True)
class VerificationLost(facts.Fact):
    """The website of an authority points to it no longer."""

    account_id: int
    link: str


# --- finding -------------------------------------------------------------------------------------------------------


def of(account: Account) -> Authority | None:
    """What an account says that it stands for."""
    return session.get(Authority, account.id)


def of_territory(territory: Territory) -> list[Authority]:
    """The accounts that say they stand for a territory: the verified ones first, of those the ones of here."""
    wanted = sa.select(Authority).join(Account, Account.id == Authority.account_id)
    wanted = wanted.where(Authority.territory_id == territory.id, Account.suspended_at.is_(None))
    order = (Authority.verified_at.is_(None), Account.local.desc(), Account.name)
    return list(session.scalars(wanted.order_by(*order)))


def of_territories(identifiers: set[int]) -> dict[int, list[Authority]]:
    """The same for several, by the id of the territory."""
    wanted = sa.select(Authority).join(Account, Account.id == Authority.account_id)
    wanted = wanted.where(Authority.territory_id.in_(identifiers), Account.suspended_at.is_(None))
    found: dict[int, list[Authority]] = {}
    for each in session.scalars(wanted.order_by(Authority.account_id)) if identifiers else ():
        found.setdefault(each.territory_id or 0, []).append(each)
    return found


def of_here(territory: Territory) -> Account | None:
    """The account of this server that stands for a territory."""
    return next((each.account for each in of_territory(territory) if each.account.local), None)


def has_colour(colour: str) -> bool:
    """Whether an authority wears that colour."""
    return bool(session.scalar(sa.select(sa.exists().where(Authority.colour == colour))))


# --- opening -------------------------------------------------------------------------------------------------------


def propose_name(territory: Territory) -> str:
    """A free name made of that of a territory: CC du Pays d’Exemple is cc-pays-exemple."""
    words = [word for word in re.findall(r"[a-z0-9]+", text.fold(territory.name).lower()) if word not in SMALL]
    short = SHORT.get(Nature(territory.kind), "")
    if short and words[:1] != [short]:
        words = [short, *words]
    while len("-".join(words)) > accounts.NAME_LENGTH - 3 and len(words) > 1:
        words.pop()
    base = "-".join(words)[: accounts.NAME_LENGTH - 3].strip("-") or "collectivite"
    tried = (f"{base}-{number}" if number else base for number in (0, *range(2, 100)))
    return next((name for name in tried if name not in accounts.RESERVED and accounts.by_handle(name) is None), "")


def open(territory: Territory, name: str = "") -> Account:  # noqa: A001 (an account is opened)
    """An account of here for a territory. Raises Invalid or Conflict for a name, Conflict when there is one."""
    if of_here(territory) is not None:
        raise errors.Conflict("This territory has an account here already.")
    account = accounts.open_authority(name or propose_name(territory), territory.name)
    link(account, territory)
    return account


def link(account: Account, territory: Territory) -> Authority:
    """Let an account of here stand for a territory, and say so on its profile."""
    if not account.local or account.kind != Kind.ORGANIZATION:
        raise errors.Invalid("Only an authority of this server is spoken for.")
    other = of_here(territory)
    if other is not None and other.id != account.id:
        raise errors.Conflict("This territory has an account here already.")
    found = _row(account)
    found.territory_id, found.territory = territory.id, territory
    found.siren, found.insee_code = territory.siren, territory.insee_code
    found.kind, found.density7 = territory.kind, territory.density7
    _say(found)
    faces.wear(account)
    session.flush()
    return found


def _row(account: Account) -> Authority:
    found = of(account)
    if found is None:
        found = Authority(account_id=account.id, account=account)
        session.add(found)
    return found


# --- what it says --------------------------------------------------------------------------------------------------


def change(account: Account, *, website: str, colour: str) -> Authority:
    """The website and the colour of an authority of here. Raises Invalid."""
    found = _row(account)
    address, wish = read_website(website) if website.strip() else None, colour.strip().lower()
    if wish and not COLOUR.fullmatch(wish):
        raise errors.Invalid("A colour is written #rrggbb.")
    if (wish or None) != found.colour:
        found.colour = wish or None
        session.flush()
        faces.wear(account)
        facts.tell(accounts.AccountUpdated(account.id))
    if address != found.website:
        found.website = address
        if found.verified_by == "domain":
            _forget_proof(found)
        _say(found)
        if address:
            facts.tell(WebsiteGiven(account.id))
    session.flush()
    return found


def read_website(written: str) -> str:
    """The address of a website as it is kept: without what is asked of a page, which anybody may write. Invalid."""
    typed = written.strip()
    parts = urlsplit(typed if "://" in typed else f"https://{typed}")
    if parts.scheme not in ("https", "http") or "." not in (parts.hostname or "") or parts.username or len(typed) > 500:
        raise errors.Invalid("This is not the address of a website.")
    return f"https://{parts.netloc.lower()}{parts.path or '/'}"


def _say(found: Authority) -> None:
    """The lines of its profile: what the registers say first, then one that it wrote itself."""
    told, territory = [], found.territory
    if found.siren:
        told.append((SIREN, found.siren))
    if territory is not None and territory.population:
        year = f" ({territory.population_year})" if territory.population_year else ""
        told.append((POPULATION, f"{territory.population:,} habitants{year}".replace(",", "\u202f")))
    if found.website:
        told.append((WEBSITE, found.website))
    before = {(each["name"], each.get("source")): each for each in found.account.fields}
    own = [each for each in found.account.fields if each["name"] not in (SIREN, POPULATION, WEBSITE)]
    lines = [before.get(each) or {"name": each[0], "source": each[1], "value": _line(each[1]), "verified_at": None}
             for each in told]  # fmt: skip
    found.account.fields = [*lines, *own][:LINES]
    session.flush()
    facts.tell(accounts.AccountUpdated(found.account_id))


def _line(words: str) -> str:
    html = text.compose(words, mentions={}, tag_url=site.tag_page)
    return html.removeprefix("<p>").removesuffix("</p>")


# --- who verified it -----------------------------------------------------------------------------------------------


def verify(account: Account, by: str, link: str = "") -> Authority:
    """An authority is what it says: by its website at `link` ("domain"), by a SIRET, by the operator."""
    found, now = _row(account), clock.now()
    found.verified_by, found.verified_link, found.verified_at, found.checked_at = by, link or None, now, now
    if by == "domain":
        accounts.verify_fields(account, [each["value"] for each in account.fields if each.get("source") == link])
    session.flush()
    faces.wear(account)
    facts.tell(accounts.AccountUpdated(account.id))
    return found


def confirm(found: Authority) -> None:
    """Its website still points to it."""
    found.checked_at = clock.now()
    session.flush()


def doubt(found: Authority) -> None:
    """Its website points to it no longer: it is verified no more, and those who manage it hear of it."""
    link = found.verified_link or ""
    _forget_proof(found)
    session.flush()
    facts.tell(VerificationLost(found.account_id, link))
    facts.tell(accounts.AccountUpdated(found.account_id))


def _forget_proof(found: Authority) -> None:
    lines = found.account.fields
    found.account.fields = [{**each, "verified_at": None} if each["name"] == WEBSITE else each for each in lines]
    found.verified_by = found.verified_link = found.verified_at = None


def due() -> list[Account]:
    """The authorities of here whose website was not looked at for a week."""
    wanted = sa.select(Account).join(Authority, Authority.account_id == Account.id).where(Account.local)
    old = sa.or_(Authority.checked_at.is_(None), Authority.checked_at < clock.now() - REST)
    return list(session.scalars(wanted.where(Authority.verified_by == "domain", old)))
