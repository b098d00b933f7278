"""The second factor: codes that a telephone makes (RFC 6238), and recovery codes for the day it is lost."""

import re
import secrets
from datetime import timedelta

import pyotp
import sqlalchemy as sa

from fediterr.accounts import letters, sessions, tokens
from fediterr.accounts.credentials import RecoveryCode, SecondFactor, Stage
from fediterr.accounts.models import Role, User
from fediterr.core import clock, errors, sealing, site
from fediterr.core.db import session

PURPOSE = "second factor"  # what its secret is sealed for
PENDING = timedelta(minutes=15)  # to prove a new secret by a first code
STEP = 30  # seconds of one code
DRIFT = (0, -1, 1)  # steps by which the clock of a telephone may be off
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # those that are not taken for each other
GROUPS, GROUP = 4, 4  # 79 bits: nobody finds one of them by its hash


def is_on(user: User) -> bool:
    """Whether somebody signs in with a second factor."""
    factor = session.get(SecondFactor, user.id)
    return factor is not None and factor.proved_at is not None


def is_required(user: User) -> bool:
    """Whether this server asks for one of this user."""
    who = site.settings().require_second_factor
    return who == "all" or (who == "administrators" and user.role == Role.ADMIN)


def next_step(user: User) -> Stage:
    """What must follow a right password."""
    if is_on(user):
        return Stage.CODE
    return Stage.ENROLMENT if is_required(user) else Stage.OPEN


# --- enrolling -----------------------------------------------------------------------------------------------------


def begin(user: User) -> None:
    """Make a secret; it asks nothing of anybody until a code of it has proved right."""
    if is_on(user):
        raise errors.Conflict("There is a second factor already.")
    sealed = sealing.seal(pyotp.random_base32(), PURPOSE)
    session.merge(SecondFactor(user_id=user.id, secret=sealed, created_at=clock.now(), last_step=0))
    session.flush()


def pending(user: User) -> str | None:
    """The secret that waits for its first code."""
    factor = session.get(SecondFactor, user.id)
    if factor is None or factor.proved_at is not None or clock.now() - factor.created_at > PENDING:
        return None
    return sealing.unseal(factor.secret, PURPOSE)


def address(user: User, secret: str) -> str:
    """The secret as telephones read it from a square of dots."""
    server = site.settings()
    return pyotp.TOTP(secret).provisioning_uri(name=user.account.full_handle, issuer_name=server.name or server.host)


def prove(user: User, code: str, *, session_id: int | None) -> list[str]:
    """Switch it on by a first code; the recovery codes. Other sessions and tokens end: they began without it."""
    factor = session.get(SecondFactor, user.id)
    if factor is None or pending(user) is None:
        raise errors.Conflict("This took too long: begin again.")
    if not _takes(factor, code):
        raise errors.Invalid("This code is wrong, or has been used.")
    factor.proved_at = clock.now()
    sessions.lock_out(user, but=session_id)
    letters.told(user, "second_factor_on")
    return renew_codes(user)


# --- proving -------------------------------------------------------------------------------------------------------


def require_code(user: User, code: str) -> None:
    """Invalid unless this is a code of the telephone that was not used yet, or a recovery code, which is used up."""
    factor = session.get(SecondFactor, user.id)
    if factor is None or factor.proved_at is None or not (_takes(factor, code) or _uses_up(user, code)):
        raise errors.Invalid("This code is wrong, or has been used.")


def _takes(factor: SecondFactor, code: str) -> bool:
    """Whether a code is right, and of a later step than the last that was taken: of two who send it, one comes in."""
    typed = re.sub(r"\s", "", code)
    secret = sealing.unseal(factor.secret, PURPOSE)
    if secret is None or not re.fullmatch(r"[0-9]{6}", typed):
        return False
    now = int(clock.now().timestamp()) // STEP
    step = next((now + by for by in DRIFT if secrets.compare_digest(pyotp.HOTP(secret).at(now + by), typed)), 0)
    later = (SecondFactor.user_id == factor.user_id, SecondFactor.last_step < step)
    taken = sa.update(SecondFactor).where(*later).values(last_step=step).returning(SecondFactor.user_id)
    return session.scalar(taken) is not None


def _uses_up(user: User, code: str) -> bool:
    mine = (RecoveryCode.user_id == user.id, RecoveryCode.hash == tokens.hash_of(_normal(code)))
    return session.scalar(sa.delete(RecoveryCode).where(*mine).returning(RecoveryCode.id)) is not None


# --- recovery codes ------------------------------------------------------------------------------------------------


def renew_codes(user: User) -> list[str]:
    """Ten new recovery codes, shown this once; those of before are worth nothing any more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["-".join(_letters(GROUP) for _ in range(GROUPS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user.id, hash=tokens.hash_of(_normal(code))) for code in codes)
    session.flush()
    return codes


def codes_left(user: User) -> int:
    mine = sa.select(sa.func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id)
    return session.scalar(mine) or 0


def _letters(number: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(number))


def _normal(code: str) -> str:
    """A code as it was made, however it was copied."""
    return re.sub(r"[\W_]", "", code[:100].lower())


# --- removing ------------------------------------------------------------------------------------------------------


def remove(user: User, *, session_id: int | None = None) -> None:
    """Sign in without it from now on; other sessions and tokens end."""
    for model in (SecondFactor, RecoveryCode):
        session.execute(sa.delete(model).where(model.user_id == user.id))
    sessions.lock_out(user, but=session_id)
    letters.told(user, "second_factor_off")
