"""A word that looks different each time it is written, so that the length of a compressed page tells nothing of it."""

import base64
import binascii
import secrets


def mask(word: str) -> str:
    """A random mask, and the word under it."""
    plain = word.encode()
    over = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(over + _under(over, plain)).decode()


def unmask(text: str) -> str:
    """The word; empty for what was never masked."""
    try:
        both = base64.urlsafe_b64decode(text.encode())
        half = len(both) // 2
        return _under(both[:half], both[half:]).decode()
    except (binascii.Error, ValueError):
        return ""


def _under(mask: bytes, word: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, word, strict=True))
