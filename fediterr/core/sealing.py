"""Secrets that must be read again, sealed in the database: a copy of it without `secret_key` opens none of them."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fediterr.core import site


def seal(secret: str, purpose: str) -> str:
    """A secret as it is kept; only `unseal` with the same purpose reads it."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str | None:
    """The secret; None when it was sealed by another key than this server has now."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=f"fediterr {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(site.settings().secret_key.encode())))
