"""Coming to this server: who may register, what they must give, proving an address, being let in or sent away."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import invitations, letters, passwords, service, tokens
from fediterr.accounts.models import Application, Invitation, Role, User
from fediterr.core import clock, errors, facts, site, text
from fediterr.core.db import session

LINK_LASTS = timedelta(days=2)
NEW = timedelta(hours=1)  # an account that young may still correct its address where none is proved
KEPT = timedelta(days=7)  # an account whose address nobody proves
REASON = 420  # characters
LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")

# What may be wrong with a field: the code that programs know, and the words.
BLANK = ("ERR_BLANK", "can't be blank")
INVALID = ("ERR_INVALID", "is invalid")
TAKEN = ("ERR_TAKEN", "has already been taken")
RESERVED = ("ERR_RESERVED", "is reserved")
ACCEPTED = ("ERR_ACCEPTED", "must be accepted")
UNKNOWN = ("ERR_INCLUSION", "is not included in the list")
LETTERS = ("ERR_INVALID", "must contain only letters, numbers and underscores")


@dataclass(frozen=True)
class NewcomerArrived(facts.Fact):
    """Somebody registered, and their address is proved or need not be."""

    account_id: int


class Mistakes(errors.Invalid):
    """Everything that is wrong with a registration, by field: (code, words)."""

    def __init__(self, found: dict[str, list[tuple[str, str]]]) -> None:
        said = [f"{name.capitalize()} {words}" for name, listed in found.items() for _, words in listed]
        super().__init__(", ".join(said))
        self.found = found


@dataclass(frozen=True)
class Request:
    """What somebody gives who registers, and where they come from."""

    name: str
    email: str
    password: str
    agreement: bool
    language: str = ""
    reason: str = ""
    code: str = ""  # of an invitation
    ip: str | None = None
    application: Application | None = None
    to_approve: bool = False  # a moderator looks at it first, whatever the rule of the server


def is_open(code: str = "") -> bool:
    """Whether somebody may register now, with the code of an invitation or without."""
    mode = site.settings().registrations
    if mode != "invite":
        return mode in ("open", "approval")
    return invitations.open_by(code) is not None or invitations.any_welcome()


def register(asked: Request) -> User:
    """Somebody comes in; Forbidden when nobody may, Mistakes when what they give will not do."""
    if not is_open(asked.code):
        raise errors.Forbidden("This action is not allowed")
    invitation, mode = invitations.open_by(asked.code), site.settings().registrations
    awaited = invitation is not None or invitations.is_welcome(asked.email)
    if mode == "invite" and not awaited:
        raise Mistakes({"email": [("ERR_BLOCKED", "is not of a domain that is welcome here")]})
    waits = asked.to_approve or (mode == "approval" and not awaited)
    _require_sound(asked, reason=waits)
    user = service.register(
        asked.name,
        asked.email,
        asked.password,
        confirmed=not site.settings().email_confirmation,
        approved=not waits,
        role=invitation.role if invitation else Role.MEMBER,
    )
    user.language = text.language_tag(asked.language)
    user.reason, user.sign_up_ip = asked.reason.strip(), asked.ip
    user.application_id = asked.application.id if asked.application else None
    _come_by(user, invitation)
    if user.confirmed_at is None:
        send_link(user)
    else:
        facts.tell(NewcomerArrived(user.account_id))
    session.flush()
    return user


def _come_by(user: User, invitation: Invitation | None) -> None:
    if invitation is not None:
        if not invitations.use(invitation):
            raise errors.Forbidden("This action is not allowed")
        user.invitation_id = invitation.id


def _require_sound(asked: Request, *, reason: bool) -> None:
    found = {
        "username": _wrong_with_name(asked.name),
        "email": _wrong_with_email(asked.email),
        "password": _wrong_with_password(asked.password),
        "agreement": None if asked.agreement else ACCEPTED,
        "locale": UNKNOWN if asked.language and not LOCALE.fullmatch(asked.language) else None,
        "reason": _wrong_with_reason(asked.reason.strip(), needed=reason),
    }
    if any(found.values()):
        raise Mistakes({name: [wrong] for name, wrong in found.items() if wrong})


def _wrong_with_name(name: str) -> tuple[str, str] | None:
    if not name:
        return BLANK
    if len(name) > service.NAME_LENGTH:
        return "ERR_TOO_LONG", f"is too long (maximum is {service.NAME_LENGTH} characters)"
    if not service.NAME.fullmatch(name):
        return LETTERS
    if name.lower() in service.RESERVED:
        return RESERVED
    return TAKEN if service.by_handle(name) else None


def _wrong_with_email(email: str) -> tuple[str, str] | None:
    if not email:
        return BLANK
    if not service.is_email(email):
        return INVALID
    return TAKEN if service.by_email(email) else None


def _wrong_with_password(password: str) -> tuple[str, str] | None:
    shortest, longest = passwords.LENGTH[0], passwords.LENGTH[-1]
    if not password:
        return BLANK
    if len(password) < shortest:
        return "ERR_TOO_SHORT", f"is too short (minimum is {shortest} characters)"
    if len(password) > longest:
        return "ERR_TOO_LONG", f"is too long (maximum is {longest} characters)"
    return None


def _wrong_with_reason(reason: str, *, needed: bool) -> tuple[str, str] | None:
    if needed and not reason:
        return BLANK
    return ("ERR_TOO_LONG", f"is too long (maximum is {REASON} characters)") if len(reason) > REASON else None


# --- proving an address --------------------------------------------------------------------------------------------


def send_link(user: User) -> None:
    """Send a link that proves the address; one sent before is worth nothing any more."""
    word = secrets.token_urlsafe(24)
    user.confirmation_hash, user.confirmation_sent_at = tokens.hash_of(word), clock.now()
    letters.confirm(user, word)


def send_again(user: User, email: str | None = None) -> None:
    """Send the link once more, to another address if one is given. Where none is proved, it counts at once."""
    proved = site.settings().email_confirmation
    is_waiting = user.confirmed_at is None
    is_new = not proved and clock.now() - user.created_at < NEW
    if not is_waiting and not is_new:
        raise errors.Forbidden("This method is only available while the e-mail is awaiting confirmation")
    if email is not None and email.lower() != user.email.lower():
        wrong = _wrong_with_email(email)
        if wrong:
            raise Mistakes({"email": [wrong]})
        user.email = email
    if is_waiting:
        send_link(user)


def waiting_for(word: str) -> User | None:
    """Who proves an address with that word, while the link lasts."""
    user = session.scalar(sa.select(User).where(User.confirmation_hash == tokens.hash_of(word)))
    sent = user.confirmation_sent_at if user else None
    return user if sent and clock.now() - sent <= LINK_LASTS else None


def confirm(word: str) -> User:
    """The address is theirs; NotFound when the link is too old, or was used."""
    user = waiting_for(word)
    if user is None:
        raise errors.NotFound("This link has been used, or is too old.")
    confirm_by_hand(user)
    return user


def confirm_by_hand(user: User) -> None:
    """The address is theirs: they said so by its link, or an operator knows."""
    was_new = user.confirmed_at is None
    user.confirmed_at, user.confirmation_hash = clock.now(), None
    if was_new:
        facts.tell(NewcomerArrived(user.account_id))


# --- being let in --------------------------------------------------------------------------------------------------


def approve(user: User, words: str = "") -> None:
    """Let somebody in who waits."""
    if user.approved_at is None:
        user.approved_at = clock.now()
        letters.approved(user, words)


def reject(user: User, words: str = "") -> None:
    """Send somebody away who waits: the account is gone, its name is free."""
    if user.approved_at is not None:
        raise errors.Conflict("This account was let in already.")
    letters.rejected(user, words)
    _remove(user)


def _remove(user: User) -> None:
    account = user.account
    session.delete(user)
    session.flush()
    session.delete(account)
    session.flush()


def forget_unproved() -> None:
    """Those who registered and never proved their address: it may be somebody else's, and the name is free again."""
    old = sa.select(User).where(User.confirmed_at.is_(None), User.confirmation_sent_at < clock.now() - KEPT)
    for user in session.scalars(old):
        _remove(user)


def waiting() -> list[User]:
    """Who waits to be let in, first come first."""
    return list(session.scalars(sa.select(User).where(User.approved_at.is_(None)).order_by(User.id)))
