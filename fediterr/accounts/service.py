"""Who is here: registering, signing in, roles, profiles, moving house, suspension."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from fediterr.accounts import letters, once, passwords, sessions
from fediterr.accounts.models import Account, ActorKey, KeyPair, Kind, Role, User
from fediterr.core import clock, db, errors, facts, keys, site, text
from fediterr.core.db import session

INSTANCE = "instance"  # the server's own actor
NAME = re.compile(r"[A-Za-z0-9_]+([A-Za-z0-9_.-]*[A-Za-z0-9_]+)?")
EMAIL_DOMAIN = re.compile(r"\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?")
RESERVED = {  # names that seem to speak for the server: those of administrators, if anybody's
    "about", "admin", "administrator", "api", "actor", "actors", "contact", "help", "inbox", "instance", "media",
    "moderator", "oauth", "outbox", "postmaster", "root", "security", "static", "support", "system", "tags",
    "webmaster", "well-known",
}  # fmt: skip
NAME_LENGTH = 30
MOVE_PAUSE = timedelta(days=30)
STALE = timedelta(minutes=5)  # a document of elsewhere is not asked for again before


class NotOpen(errors.Forbidden):
    """Moderators closed an account; whoever has proved that it is theirs may read why."""

    def __init__(self, user: User) -> None:
        super().__init__("This account is not open: ask an administrator.")
        self.user = user


@dataclass(frozen=True)
class AccountUpdated(facts.Fact):
    account_id: int


@dataclass(frozen=True)
class AccountMoved(facts.Fact):
    account_id: int
    target_id: int


@dataclass(frozen=True)
class AccountSuspended(facts.Fact):
    account_id: int


@dataclass(frozen=True)
class AccountUnsuspended(facts.Fact):
    account_id: int


# --- finding -------------------------------------------------------------------------------------------------------


def get(identifier: int) -> Account:
    account = session.get(Account, identifier)
    if account is None:
        raise errors.NotFound("There is no such account.")
    return account


def many(identifiers: set[int]) -> dict[int, Account]:
    """These accounts by their id, asked for at once."""
    found = session.scalars(sa.select(Account).where(Account.id.in_(identifiers))) if identifiers else ()
    return {account.id: account for account in found}


def by_uri(uri: str) -> Account | None:
    return session.scalar(sa.select(Account).where(Account.uri == uri))


def by_handle(handle: str) -> Account | None:
    """Whoever is known as `name`, `@name` or `name@domain`; here when no domain is said."""
    name, _, domain = handle.removeprefix("@").partition("@")
    domain = (domain or site.settings().handle_domain).lower().rstrip(".")
    if domain == site.settings().host:
        domain = site.settings().handle_domain
    return session.scalar(
        sa.select(Account).where(sa.func.lower(Account.name) == name.lower(), Account.domain == domain)
    )


def awaited() -> sa.Exists:
    """A condition on accounts: who registered, and waits to be let in or has not proved their address yet."""
    unproved = sa.and_(User.confirmed_at.is_(None), User.confirmation_sent_at.is_not(None))
    return sa.exists().where(User.account_id == Account.id, sa.or_(User.approved_at.is_(None), unproved))


def require_arrived(account: Account) -> None:
    """NotFound for somebody who is not here yet: others see nothing of them before."""
    if account.local and session.scalar(sa.select(Account.id).where(Account.id == account.id, awaited())):
        raise errors.NotFound("There is no such account.")


def local(name: str) -> Account:
    """The account of here with that name; NotFound otherwise."""
    account = by_handle(name)
    if account is None or not account.local:
        raise errors.NotFound(f"Nobody here is called {name}.")
    return account


def instance_actor() -> Account:
    """The actor that speaks for the server itself: it signs what is fetched, and reports.

    Made when it is first needed, in a unit of work of its own, so that others find the key that signed in its name.
    """
    uri = site.address("/actor")
    found = by_uri(uri)
    if found is None:
        with db.transaction():
            db.exclusive("instance actor")
            found = by_uri(uri) or _create(INSTANCE, Kind.APPLICATION, uri=uri, url=site.address("/about"))
    return found


def public_key(account: Account) -> ActorKey:
    """The key that signs HTTP requests of an account of here."""
    return session.scalars(sa.select(ActorKey).where(ActorKey.account_id == account.id)).one()


def key_pair(account: Account) -> KeyPair:
    pair = session.get(KeyPair, account.id)
    if pair is None:
        raise errors.NotFound(f"{account.full_handle} has no keys here.")
    return pair


# --- registering and signing in ------------------------------------------------------------------------------------


def register(
    name: str,
    email: str,
    password: str,
    *,
    role: str = Role.MEMBER,
    kind: str = Kind.PERSON,
    confirmed: bool = False,
    approved: bool = True,
    display_name: str = "",
) -> User:
    """Create an account of here and the way to sign in to it; Invalid or Conflict say what is wrong."""
    check_name(name, official=role == Role.ADMIN)
    if role not in set(Role):
        raise errors.Invalid(f"There is no role {role}: choose admin, moderator, member or guest.")
    if not is_email(email):
        raise errors.Invalid("This is not an e-mail address.")
    if by_email(email):
        raise errors.Conflict("This e-mail address has an account already.")
    hashed = passwords.hash_of(password)
    account = _create(name, kind, display_name=display_name)
    user = User(account_id=account.id, account=account, email=email, password_hash=hashed, role=role)
    account.discoverable = role != Role.GUEST
    user.confirmed_at = clock.now() if confirmed else None
    user.approved_at = clock.now() if approved else None
    session.add(user)
    session.flush()
    return user


def open_authority(name: str, display_name: str) -> Account:
    """An account for an authority: nobody signs in to it, those whom an administrator names publish in its name."""
    check_name(name, official=True)
    return _create(name, Kind.ORGANIZATION, display_name=display_name.strip())


def open_community(name: str, display_name: str) -> Account:
    """An account for a community: nobody signs in to it, its moderators look after it."""
    check_name(name, official=False)
    return _create(name, Kind.GROUP, display_name=display_name.strip())


def check_name(name: str, *, official: bool) -> None:
    """Raise Invalid or Conflict unless an account may have that name; some are only for who speaks for this server."""
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise errors.Invalid("A name has 1 to 30 letters, digits or underscores (dots and hyphens inside).")
    if name.lower() in RESERVED and (not official or name.lower() == INSTANCE):
        raise errors.Invalid(f"The name {name} is reserved.")
    if by_handle(name):
        raise errors.Conflict(f"The name {name} is taken.")


def _create(name: str, kind: str, *, uri: str = "", url: str = "", display_name: str = "") -> Account:
    uri = uri or site.account_uri(name)
    rsa, ed25519 = keys.generate_rsa(), keys.generate_ed25519()
    account = Account(
        name=name,
        domain=site.settings().handle_domain,
        local=True,
        kind=kind,
        uri=uri,
        url=url or site.account_page(name),
        display_name=display_name,
        inbox=f"{uri}/inbox",
        shared_inbox=site.address("/inbox"),
        outbox=f"{uri}/outbox",
        followers_uri=f"{uri}/followers",
        following_uri=f"{uri}/following",
        featured_uri=f"{uri}/featured",
        featured_tags_uri=f"{uri}/featured-tags",
        assertion_keys=[{"id": f"{uri}#ed25519-key", "multibase": keys.to_multibase(keys.public_pem(ed25519))}],
    )
    session.add(account)
    session.flush()
    session.add(KeyPair(account_id=account.id, rsa=rsa, ed25519=ed25519))
    session.add(ActorKey(id=f"{uri}#main-key", account_id=account.id, pem=keys.public_pem(rsa)))
    session.flush()
    return account


def is_email(value: str) -> bool:
    """Whether this can be an e-mail address; its domain may be a name of the network inside."""
    name, at, domain = value.rpartition("@")
    words = all(character.isprintable() and character not in ' <>,"%' for character in name)
    return bool(at and name and words and EMAIL_DOMAIN.fullmatch(domain)) and len(value) <= 254


def by_email(email: str) -> User | None:
    """Who signs in with that address."""
    return session.scalar(sa.select(User).where(sa.func.lower(User.email) == email.lower()))


def sign_in(email: str, password: str) -> User:
    """The user whose address (or name) and password these are; Unauthorized otherwise, in the same words and time."""
    wanted = email.strip().lower()
    user = session.scalar(
        sa.select(User)
        .join(Account, Account.id == User.account_id)
        .where(sa.or_(sa.func.lower(User.email) == wanted, sa.func.lower(Account.name) == wanted))
    )
    matches = passwords.proves(password, user.password_hash if user else passwords.nobody())
    if user is None or not matches:
        raise errors.Unauthorized("The address or the password is wrong.")
    require_let_in(user)
    return user


def require_let_in(user: User) -> None:
    """Forbidden, with the reason, for somebody who may not come in (yet, or any more)."""
    if not user.is_open:
        raise NotOpen(user)
    if user.confirmed_at is None:
        raise errors.Forbidden("Confirm your address first: open the link that was sent to it.")
    if user.approved_at is None:
        raise errors.Forbidden("Somebody of this server reads your request first: you will get the answer by e-mail.")


def require_password(user: User, password: str) -> None:
    """Forbidden unless this is the password of somebody who is signed in already."""
    if not passwords.proves(password, user.password_hash):
        raise errors.Forbidden("This is not your password.")


def renew_hash(user: User, password: str) -> None:
    """Keep a password that just proved right as one keeps them now."""
    if passwords.is_old(user.password_hash):
        user.password_hash = passwords.hash_of(password)


def set_password(user: User, password: str, *, session_id: int | None = None) -> None:
    """A new password; every session of before ends, but the one in which it was chosen, and every token."""
    user.password_hash = passwords.hash_of(password)
    once.take_back(once.PASSWORD, user)
    sessions.lock_out(user, but=session_id)
    letters.told(user, "password")


def set_role(user: User, role: str) -> None:
    if role not in set(Role):
        raise errors.Invalid(f"There is no role {role}: choose admin, moderator, member or guest.")
    if user.role == Role.ADMIN and role != Role.ADMIN and _administrators() == 1:
        raise errors.Conflict("The last administrator stays one: name another first.")
    user.role = role


def ranks(user: User, role: str) -> bool:
    """Whether a user has that role, or one above it."""
    order = list(Role)
    return order.index(Role(user.role)) >= order.index(Role(role))


def is_guest(account: Account) -> bool:
    """Whether somebody is here as a guest: at home in another administration."""
    return session.scalar(sa.select(User.role).where(User.account_id == account.id)) == Role.GUEST


def set_language(user: User, language: str) -> None:
    """The language of the pages for this user; empty: as the browser asks."""
    user.language = text.language_tag(language)


def user(identifier: int) -> User | None:
    return session.get(User, identifier)


def user_of(account: Account) -> User | None:
    return session.scalar(sa.select(User).where(User.account_id == account.id))


def users() -> list[User]:
    return list(session.scalars(sa.select(User).order_by(User.id)))


def _administrators() -> int:
    return session.scalar(sa.select(sa.func.count(User.id)).where(User.role == Role.ADMIN)) or 0


# --- the first run -------------------------------------------------------------------------------------------------


def administrators() -> list[Account]:
    """Who administers this server, first come first."""
    return [user.account for user in session.scalars(sa.select(User).where(User.role == Role.ADMIN).order_by(User.id))]


def administrator_addresses() -> list[str]:
    """Where mail reaches them."""
    return list(session.scalars(sa.select(User.email).where(User.role == Role.ADMIN).order_by(User.id)))


def has_administrator() -> bool:
    return _administrators() > 0


# --- profiles ------------------------------------------------------------------------------------------------------


def verify_fields(account: Account, values: list[str]) -> None:
    """Remember that the pages these fields point to point back with rel=me."""
    moment = clock.now().isoformat()
    account.fields = [
        {**field, "verified_at": moment} if field["value"] in values else field for field in account.fields
    ]


# --- moving house --------------------------------------------------------------------------------------------------


def add_alias(account: Account, other: Account) -> None:
    """Say that `other` is me too: what a move to here needs."""
    if other.id == account.id:
        raise errors.Invalid("An account is not its own alias.")
    if other.uri not in account.also_known_as:
        account.also_known_as = [*account.also_known_as, other.uri]
        facts.tell(AccountUpdated(account.id))


def remove_alias(account: Account, uri: str) -> None:
    """The actor with that id is me no longer."""
    if uri in account.also_known_as:
        account.also_known_as = [each for each in account.also_known_as if each != uri]
        facts.tell(AccountUpdated(account.id))


def move(account: Account, target: Account) -> None:
    """Say that an account now lives at `target`, which must name it as an alias; once in thirty days."""
    if target.id == account.id:
        raise errors.Invalid("An account cannot move to itself.")
    if account.uri not in target.also_known_as:
        raise errors.Invalid(f"{target.full_handle} does not name {account.full_handle} as an alias.")
    if target.moved_to_id is not None or not target.active:
        raise errors.Invalid(f"{target.full_handle} has moved itself, or is closed.")
    if account.moved_at and clock.now() - account.moved_at < MOVE_PAUSE:
        raise errors.Conflict("This account moved less than thirty days ago.")
    account.moved_to_id, account.moved_at = target.id, clock.now()
    session.flush()
    facts.tell(AccountMoved(account.id, target.id))


def stay(account: Account) -> None:
    """Lead nobody on from an account that moved: it is lived in again. Followers who have left do not come back."""
    if account.moved_to_id is not None:
        account.moved_to_id = None
        session.flush()
        facts.tell(AccountUpdated(account.id))


def may_move_at(account: Account) -> datetime | None:
    """From when on an account may move again; None: now."""
    until = account.moved_at + MOVE_PAUSE if account.moved_at else None
    return until if until and until > clock.now() else None


# --- suspension ----------------------------------------------------------------------------------------------------


def close(account: Account) -> None:
    """Nothing of an account is shown any more, its sessions and tokens end at once."""
    account.suspended_at = account.suspended_at or clock.now()
    user = user_of(account)
    if user:
        sessions.end_all(user)
    session.flush()


def suspend(account: Account) -> None:
    """Close an account, and let the others know."""
    if account.suspended_at is None:
        close(account)
        facts.tell(AccountSuspended(account.id))


def unsuspend(account: Account) -> None:
    if account.suspended_at is not None:
        account.suspended_at = None
        facts.tell(AccountUnsuspended(account.id))
