"""What proves who somebody is, besides their password: sessions, second factors, words that serve once."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import User
from fediterr.core import clock
from fediterr.core.db import Identified, Model


class Stage(StrEnum):
    """How far somebody has come: the password was right; what else must follow before the session is open?"""

    OPEN = "open"
    CODE = "code"  # a code of the second factor
    ENROLMENT = "enrolment"  # a second factor, which this server asks for and they have not yet


class WebSession(Identified, Model):
    """A browser in which somebody signed in; of the word in its cookie only the hash is kept."""

    __tablename__ = "web_sessions"

    hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(default=Stage.OPEN)
    lasting: Mapped[bool] = mapped_column(default=False)  # outlives the window of the browser
    agent: Mapped[str] = mapped_column(default="")  # browser and system, in words
    network: Mapped[str] = mapped_column(default="")  # where it was last used from
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)  # written once an hour at most

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SecondFactor(Model):
    """The secret that a telephone makes codes of; sealed, so that a copy of the database is no key."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    proved_at: Mapped[datetime | None]  # when a first code was right; before, it asks nothing of anybody
    last_step: Mapped[int] = mapped_column(default=0)  # of the last code that was taken: none serves twice


class RecoveryCode(Identified, Model):
    """A code that takes the place of the telephone, once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str]


class Passkey(Identified, Model):
    """A key that a device keeps for its owner; we know its public half."""

    __tablename__ = "passkeys"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(unique=True)  # its id, base64url
    public_key: Mapped[str]  # COSE, base64url
    uses: Mapped[int] = mapped_column(default=0)  # as the device counts them; many always say 0
    label: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class OneTimeWord(Model):
    """A word that was given to somebody and serves once, for one purpose, for a while; only its hash is kept."""

    __tablename__ = "one_time_words"

    hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    detail: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)
