"""What is done by a link that serves once: a new password for whoever forgot theirs, another e-mail address."""

from fediterr.accounts import letters, once, service, sessions
from fediterr.accounts.models import User
from fediterr.core import errors, site


def ask_for_password(email: str) -> None:
    """Send a link to choose a new password, if somebody who is let in has that address; as much work if nobody has."""
    user = service.by_email(email) if service.is_email(email) else None
    if user is None or not user.may_sign_in:
        once.give(once.PASSWORD)
        return
    letters.new_password(user, once.give(once.PASSWORD, user))


def password_link(user: User) -> str:
    """The same link, to be handed over by whoever administers the server."""
    if not user.may_sign_in:
        raise errors.Conflict("This account is not open, or waits to be let in.")
    return site.address(f"/nouveau-mot-de-passe?token={once.give(once.PASSWORD, user)}")


def whose_password(word: str) -> User:
    """Who chooses a new password with that word; NotFound when it is worth nothing."""
    return _owner(once.find(once.PASSWORD, word).user_id)


def choose_password(word: str, password: str) -> User:
    """A new password by the word of the link, which is used up; every session and token of before ends."""
    user = _owner(once.use(once.PASSWORD, word).user_id)
    service.set_password(user, password)
    return user


def ask_for_address(user: User, email: str) -> None:
    """Send a link to the address that somebody wants to have here; nothing changes before they open it.

    Whether somebody else has that address is told to nobody.
    """
    _require_new(user, email)
    word = once.give(once.ADDRESS, user, email)
    if service.by_email(email) in (None, user):
        letters.new_address(user, email, word)


def asked_address(word: str) -> tuple[User, str]:
    """Who proves which address with that word; NotFound when it is worth nothing."""
    found = once.find(once.ADDRESS, word)
    return _owner(found.user_id), found.detail


def prove_address(word: str, *, session_id: int | None = None) -> User:
    """The address is theirs from now on, by the word of the link."""
    found = once.use(once.ADDRESS, word)
    user = _owner(found.user_id)
    set_address(user, found.detail, session_id=session_id)
    return user


def set_address(user: User, email: str, *, session_id: int | None = None) -> None:
    """Another address: the old one is told, sessions and tokens of before end but one, links sent before are void."""
    _require_new(user, email)
    if service.by_email(email) not in (None, user):
        raise errors.Conflict("This e-mail address has an account already.")
    former, user.email = user.email, email
    once.take_back(once.PASSWORD, user)
    sessions.lock_out(user, but=session_id)
    letters.told(user, "address", former)


def _require_new(user: User, email: str) -> None:
    if not service.is_email(email):
        raise errors.Invalid("This is not an e-mail address.")
    if email == user.email:
        raise errors.Invalid("This is your address already.")


def _owner(user_id: int | None) -> User:
    user = service.user(user_id) if user_id is not None else None
    if user is None or not user.may_sign_in:
        raise errors.NotFound("This link has been used, or is too old.")
    return user
