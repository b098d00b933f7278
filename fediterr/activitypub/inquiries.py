"""Looking into what authorities of elsewhere say: whether their site points back to them, whom they have as agents."""

from zlib import crc32

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, representations, resolver, vocabulary
from fediterr.core import clock, db, errors
from fediterr.core.db import session
from fediterr.territories import hearsay
from fediterr.territories.models import Authority

HOURS = 7 * 24  # each authority of elsewhere is looked at again once in so many
AT_ONCE = 50  # of them, in one hour
AGENTS = 500  # names of agents that are read of one authority
PAGES = 5


def look_into(uri: str) -> None:
    """Read an authority anew, whether its site points back to it, and whom it has among its agents."""
    actor = _refresh(uri)
    account = accounts.by_uri(uri)
    if actor is None or account is None or account.local or not account.active:
        return
    authority = session.get(Authority, account.id)
    if authority is not None:
        _check_site(account, authority)
    if actor.agents and hearsay.is_named(account.uri):
        uris = _read_agents(actor.agents)
        with db.transaction():
            hearsay.confirm_agents(accounts.get(account.id), uris)


def _refresh(uri: str) -> vocabulary.Actor | None:
    """What an actor says now; None when it is gone, or was not there."""
    try:
        actor = vocabulary.read_actor(resolver.fetch(uri))
        resolver.store_actor(actor)
    except (errors.NotFound, errors.Gone):
        with db.transaction():
            gone = accounts.by_uri(uri)
            if gone is not None and not gone.local:
                hearsay.forget_authority(gone)
        return None
    return actor


def _check_site(account: Account, authority: Authority) -> None:
    """It is verified by its domain as long as its site points back; one that is away for a while changes nothing."""
    website = authority.website
    if website is None:
        return
    try:
        proven = representations.proves(website, {account.url, account.uri})
    except errors.Unreachable:
        if not representations.has_long_been_away(authority):
            return
        proven = False
    except errors.Problem:
        proven = False
    with db.transaction():
        found = session.get(Authority, account.id)
        if found is not None and found.website == website:
            found.checked_at = clock.now()
            if proven:
                hearsay.verify(found, website)
            else:
                hearsay.unverify(found)


def _read_agents(address: str) -> set[str]:
    """The names in a collection on an authority's own server."""
    page: vocabulary.Collection | None = resolver.fetch_collection(address)
    found: set[str] = set()
    for _ in range(PAGES):
        if page is None:
            break
        found |= {item.id for item in page.items if item.id}
        following = page.first.id if page.first is not None else page.next
        if len(found) >= AGENTS or not following or not vocabulary.same_origin(following, address):
            break
        page = resolver.fetch_collection(following)
    return set(sorted(found)[:AGENTS])


def ask_around() -> None:
    """Once an hour: those authorities of elsewhere whose hour of the week it is."""
    now = int(clock.now().timestamp() // 3600) % HOURS
    wanted = sa.select(Account.uri).join(Authority, Authority.account_id == Account.id)
    due = [uri for uri in session.scalars(wanted.where(~Account.local)) if crc32(uri.encode()) % HOURS == now]
    for uri in due[:AT_ONCE]:
        known.ask_for("authority", uri)
