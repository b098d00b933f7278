"""Access tokens: made, found by their value, taken back. Only their hash is kept."""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, load_only

from fediterr.accounts import scopes
from fediterr.accounts.models import Account, Application, Grant, Token, User
from fediterr.core import clock
from fediterr.core.db import session

REST = timedelta(hours=1)  # between two notes of when a token was used


def create(
    user: User | None,
    wanted: str,
    label: str = "",
    *,
    application: Application | None = None,
    grant: Grant | None = None,
) -> str:
    """A new access token, shown once. Without a user it speaks for its application alone."""
    value = secrets.token_urlsafe(32)
    token = Token(
        user_id=user.id if user else None,
        application_id=application.id if application else None,
        grant_id=grant.id if grant else None,
        account_id=grant.account_id if grant else None,
        hash=hash_of(value),
        scopes=scopes.read(wanted),
        label=label,
    )
    session.add(token)
    session.flush()
    return value


def by_value(value: str) -> Token | None:
    """The token with that value, when it was not revoked; whoever asks proves that its user is let in."""
    return session.scalar(sa.select(Token).where(Token.hash == hash_of(value), Token.revoked_at.is_(None)))


def still_held(identifiers: list[int]) -> dict[int, str]:
    """The scopes of those of these tokens that hold and whose users are let in, by id: one question for all of them."""
    wanted = (
        sa.select(Token)
        .where(Token.id.in_(identifiers), Token.revoked_at.is_(None))
        .options(
            load_only(Token.scopes),
            lazyload(Token.application),
            joinedload(Token.user).options(
                load_only(User.confirmed_at, User.approved_at, User.disabled_at),
                joinedload(User.account).load_only(Account.suspended_at),
            ),
        )
    )
    found = session.scalars(wanted)
    return {token.id: token.scopes for token in found if token.user is not None and token.user.may_sign_in}


def is_stale(token: Token) -> bool:
    """Whether the note of when a token was last used is older than an hour."""
    return token.last_used_at is None or clock.now() - token.last_used_at > REST


def note_use(identifier: int) -> None:
    """Write down that a token is used."""
    token = session.get(Token, identifier)
    if token is not None and is_stale(token):
        token.last_used_at = clock.now()


def revoke(token: Token) -> None:
    if token.revoked_at is None:
        token.revoked_at = clock.now()


def revoke_for(user: User, authority: Account) -> None:
    """Somebody writes for an authority no longer: neither do the applications they let act for it."""
    theirs = sa.update(Token).where(Token.user_id == user.id, Token.account_id == authority.id)
    session.execute(theirs.where(Token.revoked_at.is_(None)).values(revoked_at=clock.now()))


def hash_of(value: str) -> str:
    """What is kept of a secret that is long and random."""
    return hashlib.sha256(value.encode()).hexdigest()
