"""Who is on the network elsewhere: the list of authorities that each server gives, and the reading of others."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known, resolver, vocabulary
from fediterr.activitypub.models import Host, PeerDirectory
from fediterr.core import clock, db, errors, guard, paging, site
from fediterr.core.db import session, upsert
from fediterr.moderation import service as moderation
from fediterr.social.models import Post
from fediterr.territories import hearsay
from fediterr.territories.models import Authority, Territory

Document = dict[str, Any]

FORMER = "ft-former"  # a server with that feature leads on from where its posts were before

EVERY = timedelta(days=1)
LATE = timedelta(hours=1)  # the first time, when a hint was lost
PAUSES = tuple(timedelta(days=days) for days in (1, 2, 4, 8, 16))  # then who lives there is forgotten
AT_ONCE = 20  # servers asked in one hour
PAGES = 20  # of one list
LISTED = 2000  # authorities that are read of one server
NEW = 200  # of them that are looked into after one reading; the others after the next


# --- ours ----------------------------------------------------------------------------------------------------------


def address() -> str:
    return site.address("/actor/authorities")


def _found_here() -> tuple[Any, ...]:
    return (
        Account.local, Account.kind == Kind.ORGANIZATION, Account.discoverable, Account.suspended_at.is_(None),
        Account.moved_to_id.is_(None),
    )  # fmt: skip


def total() -> int:
    asked = sa.select(sa.func.count(Account.id)).join(Authority, Authority.account_id == Account.id)
    return session.scalar(asked.where(*_found_here())) or 0


def listed(page: paging.Page) -> list[Authority]:
    """The authorities of here that let themselves be found, the last first."""
    mine = sa.select(Authority).join(Account, Account.id == Authority.account_id).where(*_found_here())
    return paging.take(mine, Authority.account_id, page)


def as_item(authority: Authority) -> Document:
    """As much as tells whether there is something new to be read."""
    account = authority.account
    item = {"id": account.uri, "type": account.kind, "name": account.shown_name, "url": account.url}
    numbers = {"siren": authority.siren, "inseeCode": authority.insee_code}
    return item | {name: value for name, value in numbers.items() if value}


def territory() -> str | None:
    """The code of the territory that this server is for: that of its first authority."""
    first = sa.select(Territory.code).join(Authority, Authority.territory_id == Territory.id)
    first = first.join(Account, Account.id == Authority.account_id).where(*_found_here())
    return session.scalar(first.order_by(Account.id).limit(1))


# --- where somebody went ------------------------------------------------------------------------------------------


def meet_new_place(fact: accounts.AccountMoved) -> None:
    """Somebody of here lives elsewhere now: whether what they said before is found there is asked of that server."""
    account, target = accounts.get(fact.account_id), accounts.get(fact.target_id)
    host = urlsplit(target.uri).netloc
    if account.local and not target.local and moderation.is_welcome(host):
        meet(host)


def new_page_of(post: Post) -> str:
    """Where a post of here is read now that its author lives on another server of ours; empty when it stays here.

    Its author agrees: the account there names this one as its alias, and this one says that it moved there.
    """
    place = post.author.moved_to if post.local else None
    if place is None or place.local or post.author.uri not in place.also_known_as or not post.is_public:
        return ""
    parts = urlsplit(place.uri)
    peer = session.get(PeerDirectory, parts.netloc)
    if peer is None or FORMER not in peer.features:
        return ""
    return f"{parts.scheme}://{parts.netloc}/former?uri={quote(post.uri, safe='')}"


# --- those of others -----------------------------------------------------------------------------------------------


def meet(host: str) -> None:
    """Ask a server that was named what runs there; if it is fediterr, its list is read."""
    if site.is_own_host(host) or not moderation.is_welcome(host):
        raise errors.Refused(f"{host} is not to be asked.")
    upsert(Host, [{"name": host, "seen_at": clock.now()}], {"seen_at": lambda new: new.seen_at})
    known.ask_for("software", host)


def note(host: str, said: object, start: str) -> None:
    """Keep what a server says of itself under the name of fediterr (NodeInfo); one that says nothing is no peer."""
    found = session.get(PeerDirectory, host)
    if not isinstance(said, dict):
        if found is not None:
            session.delete(found)
        return
    place = said.get("authorities")
    if found is None:
        found = PeerDirectory(host=host, due_at=clock.now() + LATE)
        session.add(found)
        known.ask_for("directory", host)
    found.address = place if isinstance(place, str) and guard.same_host(place, start) else None
    found.version = _short(said.get("version"))
    found.territory = _short(said.get("territory"))
    features = said.get("features")
    found.features = [each for each in features[:50] if _short(each)] if isinstance(features, list) else []
    session.flush()


def _short(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable() else None


def ask_around() -> None:
    """Once an hour: the lists whose day has passed."""
    due = sa.select(PeerDirectory.host).where(PeerDirectory.due_at <= clock.now()).order_by(PeerDirectory.due_at)
    for host in session.scalars(due.limit(AT_ONCE)):
        known.ask_for("directory", host)


def read(host: str) -> None:
    """An errand: read the list of a server, look into what is new, and into those that are on it no longer."""
    peer = session.get(PeerDirectory, host)
    if peer is None or peer.address is None or not moderation.is_welcome(host):
        return
    place = peer.address
    try:
        items, whole = _items(place)
    except errors.Problem as problem:
        with db.transaction():
            _put_off(host, problem.message or type(problem).__name__)
        return
    with db.transaction():
        found = session.get(PeerDirectory, host)
        if found is not None:
            found.read_at, found.due_at = clock.now(), clock.now() + EVERY
            found.failures, found.problem, found.listed = 0, None, len(items)
            _look_into(host, items, whole=whole)


def _items(place: str) -> tuple[dict[str, Document], bool]:
    """What a list says of the actors of its own server by their id, and whether it was read to its end."""
    found: dict[str, Document] = {}
    page: vocabulary.Collection = resolver.fetch_collection(place)
    seen = {place}
    for _ in range(PAGES):
        for item in page.items:
            if item.id and vocabulary.same_origin(item.id, place):
                found.setdefault(item.id, item.document or {})
        following = (page.first.id if page.first is not None else None) or page.next
        if following is None:
            return found, True
        if len(found) >= LISTED or following in seen or not vocabulary.same_origin(following, place):
            break
        seen.add(following)
        page = resolver.fetch_collection(following)
    return dict(list(found.items())[:LISTED]), False


def _put_off(host: str, problem: str) -> None:
    """A server that gives no list is asked ever less; in the end nobody is said to live there."""
    peer = session.get(PeerDirectory, host)
    if peer is None:
        return
    peer.failures, peer.problem = peer.failures + 1, problem[:500]
    if peer.failures > len(PAUSES):
        for authority in _known_of(host):
            hearsay.forget_authority(authority.account)
    peer.due_at = clock.now() + PAUSES[min(peer.failures, len(PAUSES)) - 1]


def _known_of(host: str) -> list[Authority]:
    """The authorities that we believe to live on a server."""
    mine = sa.select(Authority).join(Account, Account.id == Authority.account_id)
    mine = mine.where(~Account.local, Account.uri.contains(f"://{host}/", autoescape=True))
    return [each for each in session.scalars(mine) if urlsplit(each.account.uri).netloc == host]


def _look_into(host: str, items: dict[str, Document], *, whole: bool) -> None:
    before = {each.account.uri: each for each in _known_of(host)}
    new = [uri for uri, said in items.items() if uri not in before or _differs(before[uri], said)]
    gone = [uri for uri in before if uri not in items] if whole else []
    for uri in [*new[:NEW], *gone[:NEW]]:
        known.ask_for("authority", uri)


def _differs(known_: Authority, said: Document) -> bool:
    pairs = (
        ("name", known_.account.shown_name),
        ("siren", known_.siren),
        ("inseeCode", known_.insee_code),
    )
    return any(name in said and said[name] != value for name, value in pairs)


def peers() -> list[PeerDirectory]:
    """The servers that run fediterr, as far as this one knows, by name."""
    return list(session.scalars(sa.select(PeerDirectory).order_by(PeerDirectory.host)))
