"""Sessions of browsers: begun, found again at every request, listed, ended; only the hash of their word is kept."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import tokens
from fediterr.accounts.credentials import Stage, WebSession
from fediterr.accounts.models import Token, User
from fediterr.core import clock, errors
from fediterr.core.db import session

REST = timedelta(hours=1)  # between two notes of when a session was used
LASTING = timedelta(days=30)  # without use, for whoever stays signed in on a device of theirs
SHORT = timedelta(hours=12)  # without use, for a browser that may be shared
HALF = timedelta(minutes=15)  # for the steps after the password


def begin(user: User, *, stage: str = Stage.OPEN, lasting: bool = False, agent: str = "", network: str = "") -> str:
    """A new session; its word, for the cookie."""
    word = secrets.token_urlsafe(32)
    made = WebSession(
        hash=tokens.hash_of(word), user_id=user.id, stage=stage, lasting=lasting, agent=agent, network=network
    )
    session.add(made)
    session.flush()
    return word


def by_word(word: str) -> WebSession | None:
    """The session with that word, with its user, as long as it lasts and they are let in."""
    found = session.scalar(sa.select(WebSession).where(WebSession.hash == tokens.hash_of(word)))
    return found if found and not is_over(found) and found.user.may_sign_in else None


def is_over(found: WebSession) -> bool:
    if found.stage != Stage.OPEN:
        return clock.now() - found.created_at > HALF
    return clock.now() - found.seen_at > (LASTING if found.lasting else SHORT)


def is_stale(found: WebSession) -> bool:
    """Whether the note of when it was last used is older than an hour."""
    return clock.now() - found.seen_at > REST


def note_use(identifier: int, network: str) -> None:
    """Write down that a session is used, and from where."""
    mine = sa.update(WebSession).where(WebSession.id == identifier)
    session.execute(mine.values(seen_at=clock.now(), network=network))


def of(user: User) -> list[WebSession]:
    """The open sessions of somebody, the one used last first."""
    wanted = sa.select(WebSession).where(WebSession.user_id == user.id, WebSession.stage == Stage.OPEN)
    listed = session.scalars(wanted.order_by(WebSession.seen_at.desc(), WebSession.id.desc()))
    return [found for found in listed if not is_over(found)]


def end(user: User, identifier: int) -> None:
    """End one session of somebody; NotFound when it is none of theirs."""
    mine = (WebSession.id == identifier, WebSession.user_id == user.id)
    if not session.scalar(sa.delete(WebSession).where(*mine).returning(WebSession.id)):
        raise errors.NotFound("There is no such session.")


def end_by_word(word: str) -> None:
    """End the session with that word, if it has not ended yet."""
    session.execute(sa.delete(WebSession).where(WebSession.hash == tokens.hash_of(word)))


def end_all(user: User, *, but: int | None = None) -> None:
    """End the sessions of somebody, but one."""
    mine = sa.delete(WebSession).where(WebSession.user_id == user.id)
    session.execute(mine if but is None else mine.where(WebSession.id != but))


def lock_out(user: User, *, but: int | None = None) -> None:
    """End all that was opened with what proved somebody before: sessions, and the tokens of applications."""
    end_all(user, but=but)
    session.execute(
        sa.update(Token).where(Token.user_id == user.id, Token.revoked_at.is_(None)).values(revoked_at=clock.now())
    )


def forget_old() -> None:
    """Sessions that nobody can use any more."""
    unused = sa.case((WebSession.lasting, clock.now() - LASTING), else_=clock.now() - SHORT)
    half = sa.and_(WebSession.stage != Stage.OPEN, WebSession.created_at < clock.now() - HALF)
    session.execute(sa.delete(WebSession).where(sa.or_(WebSession.seen_at < unused, half)))
