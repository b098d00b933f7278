"""For whom agents work, as they say it, and whether the authority has them among its own."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.accounts.models import Account, Kind
from fediterr.core import errors, facts
from fediterr.core.db import session
from fediterr.territories.models import Employment

EMPLOYERS = (Kind.ORGANIZATION,)
EMPLOYERS_ELSEWHERE = (Kind.ORGANIZATION, Kind.GROUP, Kind.SERVICE, Kind.PERSON)  # other software knows persons only


def of(account: Account) -> Employment | None:
    """For whom somebody says that they work."""
    return session.get(Employment, account.id)


def many(identifiers: set[int]) -> dict[int, Employment]:
    """The same of these accounts by their id, asked for at once."""
    found = session.scalars(sa.select(Employment).where(Employment.account_id.in_(identifiers))) if identifiers else ()
    return {each.account_id: each for each in found}


def employer_of(account: Account) -> Account | None:
    """The account of that authority, when this server knows it."""
    found = of(account)
    return session.get(Account, found.employer_id) if found is not None and found.employer_id else None


def agents_of(authority: Account) -> list[Account]:
    """Who says that they work there and is among its agents, by name."""
    mine = sa.select(Account).join(Employment, Employment.account_id == Account.id)
    mine = mine.where(Employment.employer_id == authority.id, Employment.confirmed, Account.suspended_at.is_(None))
    return list(session.scalars(mine.order_by(Account.display_name, Account.name)))


def say(person: Account, authority: Account) -> Employment:
    """Somebody of here works for an authority, of here or of elsewhere. Raises Invalid, Forbidden."""
    if not authority.active or authority.kind not in (EMPLOYERS if authority.local else EMPLOYERS_ELSEWHERE):
        raise errors.Invalid("This is not the account of an authority.")
    confirmed = speakers.office_of(accounts.user_of(person), authority) is not None
    if authority.local and not confirmed:
        raise errors.Forbidden("You are not among the agents of this authority.")
    found = of(person) or Employment(account_id=person.id)
    found.employer_uri, found.employer_id, found.confirmed = authority.uri, authority.id, confirmed
    session.add(found)
    session.flush()
    facts.tell(accounts.AccountUpdated(person.id))
    return found


def unsay(person: Account) -> None:
    """Somebody no longer says for whom they work."""
    found = of(person)
    if found is not None:
        session.delete(found)
        session.flush()
        facts.tell(accounts.AccountUpdated(person.id))


def settle(person: Account) -> None:
    """Whether an authority of here has somebody among its agents may have changed: what they say follows."""
    found, employer = of(person), employer_of(person)
    if found is None or employer is None or not employer.local:
        return
    confirmed = speakers.office_of(accounts.user_of(person), employer) is not None
    if confirmed != found.confirmed:
        found.confirmed = confirmed
        session.flush()
        facts.tell(accounts.AccountUpdated(person.id))
