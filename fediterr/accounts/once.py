"""Words that serve once: for a new password, a new address, the question that a passkey answers."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import tokens
from fediterr.accounts.credentials import OneTimeWord
from fediterr.accounts.models import User
from fediterr.core import clock, errors
from fediterr.core.db import session

PASSWORD, ADDRESS, PASSKEY = "password", "address", "passkey"
LASTS = {PASSWORD: timedelta(hours=1), ADDRESS: timedelta(days=2), PASSKEY: timedelta(minutes=10)}


def give(purpose: str, user: User | None = None, detail: str = "") -> str:
    """A new word; one that somebody was given before for the same is worth nothing any more."""
    if user is not None:
        take_back(purpose, user)
    word = secrets.token_urlsafe(32)
    expires_at = clock.now() + LASTS[purpose]
    made = {"purpose": purpose, "user_id": user.id if user else None, "detail": detail, "expires_at": expires_at}
    session.add(OneTimeWord(hash=tokens.hash_of(word), **made))
    session.flush()
    return word


def find(purpose: str, word: str) -> OneTimeWord:
    """What a word was given for; NotFound when it was used, is too old, or none of ours."""
    return _required(session.scalar(sa.select(OneTimeWord).where(*_matching(purpose, word))))


def use(purpose: str, word: str) -> OneTimeWord:
    """The same, and the word is used up: of two who come with it, one has it."""
    taken = sa.delete(OneTimeWord).where(*_matching(purpose, word)).returning(OneTimeWord)
    return _required(session.scalar(taken))


def _matching(purpose: str, word: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OneTimeWord.hash == tokens.hash_of(word),
        OneTimeWord.purpose == purpose,
        OneTimeWord.expires_at > clock.now(),
    )


def _required(found: OneTimeWord | None) -> OneTimeWord:
    if found is None:
        raise errors.NotFound("This link has been used, or is too old.")
    return found


def take_back(purpose: str, user: User) -> None:
    """What somebody was given for this purpose is worth nothing any more."""
    session.execute(sa.delete(OneTimeWord).where(OneTimeWord.purpose == purpose, OneTimeWord.user_id == user.id))


def forget_old() -> None:
    session.execute(sa.delete(OneTimeWord).where(OneTimeWord.expires_at < clock.now()))
