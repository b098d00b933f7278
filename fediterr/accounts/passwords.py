"""Passwords: what is kept of them, and whether one is right.

Argon2id with OWASP's minimum (19 MiB, two passes, one lane): as slow for who guesses as it should be, and the threads
of a small machine can all prove a password at once. Hashes of before (scrypt, PBKDF2) still prove, and are renewed.
"""

import functools
import secrets

import argon2
from werkzeug.security import check_password_hash

from fediterr.core import errors

LENGTH = range(8, 257)
HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PREFIX = "$argon2"


def hash_of(password: str) -> str:
    """What is kept of a new password; Invalid when it will not do."""
    if len(password) not in LENGTH:
        raise errors.Invalid("A password has at least 8 characters (and at most 256).")
    return HASHER.hash(password)


def proves(password: str, hashed: str) -> bool:
    """Whether a password is the one of which this was kept."""
    given = password[: LENGTH[-1]]
    if hashed.startswith(PREFIX):
        try:
            return HASHER.verify(hashed, given)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
    return check_password_hash(hashed, given)


def is_old(hashed: str) -> bool:
    """Whether a hash was made otherwise than it would be now."""
    return not hashed.startswith(PREFIX) or HASHER.check_needs_rehash(hashed)


@functools.cache
def nobody() -> str:
    """The hash of a password that nobody has: a wrong name takes as long as a wrong password."""
    return HASHER.hash(secrets.token_hex(16))
