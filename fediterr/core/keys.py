"""The keys people and servers sign with: made, read back, and written the ways the fediverse writes them."""

from functools import lru_cache
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from fediterr.core import errors

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey: TypeAlias = rsa.RSAPublicKey | ed25519.Ed25519PublicKey

LONGEST_PEM = 8192  # characters; a public key of 4096 bits takes 800, a private one 3300
RSA_BITS = range(2048, 4096 + 1)
LARGEST_EXPONENT = 2**33  # the work of checking a signature grows with the exponent, which the other side chooses
LONGEST_BASE58 = 128  # characters; our own arithmetic is quadratic, a key or a signature takes at most 90

ED25519_PREFIX = b"\xed\x01"  # "ed25519-pub" in the table of multicodec
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58_VALUES = {letter: value for value, letter in enumerate(BASE58)}


def generate_rsa() -> str:
    """Return a new private RSA key of 2048 bits, the size every fediverse server accepts, as PKCS#8 PEM."""
    return _private_pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def generate_ed25519() -> str:
    """Return a new private Ed25519 key, as PKCS#8 PEM."""
    return _private_pem(ed25519.Ed25519PrivateKey.generate())


def public_pem(private_pem: str) -> str:
    """Return the public half of a private key, as SubjectPublicKeyInfo PEM. Raises Invalid."""
    public = load_private(private_pem).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def load_private(pem: str) -> PrivateKey:
    """Return one of our own keys, read once and remembered. Raises Invalid, without a word of the key."""
    return _load_private(_capped(pem))


def load_public(pem: str) -> PublicKey:
    """Return somebody's public key, read once and remembered.

    Takes SubjectPublicKeyInfo or PKCS#1 PEM; RSA of 2048 to 4096 bits or Ed25519.
    Raises Invalid for anything else: too long, private, of another kind, too weak or too costly.
    """
    return _load_public(_capped(pem))


def to_multibase(public: ed25519.Ed25519PublicKey | str) -> str:
    """Write an Ed25519 public key (or its PEM) as a Multikey, "z6Mk…" (FEP-521a). Raises Invalid."""
    key = load_public(public) if isinstance(public, str) else public
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise errors.Invalid("only an Ed25519 key is written as a multikey here")
    return "z" + encode_base58(ED25519_PREFIX + key.public_bytes_raw())


def from_multibase(text: str) -> ed25519.Ed25519PublicKey:
    """Read an Ed25519 public key written as a Multikey, "z6Mk…" (FEP-521a). Raises Invalid."""
    if not _capped(text).startswith("z"):
        raise errors.Invalid("a multikey begins with z")
    raw = decode_base58(text[1:])
    if not raw.startswith(ED25519_PREFIX) or len(raw) != len(ED25519_PREFIX) + 32:
        raise errors.Invalid("this multikey is not an Ed25519 public key")
    return ed25519.Ed25519PublicKey.from_public_bytes(raw[len(ED25519_PREFIX) :])


def encode_base58(raw: bytes) -> str:
    """Write bytes in base 58 with the alphabet of Bitcoin; each leading zero byte is a leading "1"."""
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, value = divmod(number, 58)
        letters = BASE58[value] + letters
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + letters


def decode_base58(text: str) -> bytes:
    """Read bytes from base 58, at most LONGEST_BASE58 characters. Raises Invalid."""
    if len(text) > LONGEST_BASE58:
        raise errors.Invalid("too long for base58")
    number = 0
    for letter in text:
        if letter not in BASE58_VALUES:
            raise errors.Invalid("not base58")
        number = number * 58 + BASE58_VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _capped(text: object) -> str:
    # Before the cache and the parser see it: it may be anything that JSON can carry, and as long as it likes.
    if not isinstance(text, str) or len(text) > LONGEST_PEM:
        raise errors.Invalid("a key is a text of reasonable length")
    return text


@lru_cache(maxsize=1024)
def _load_private(pem: str) -> PrivateKey:
    try:
        # Our own primes need no proof: testing them again takes 48 ms, reading the key without takes 0.02.
        key = serialization.load_pem_private_key(pem.encode("ascii"), None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise errors.Invalid("this private key cannot be read") from None
    if not isinstance(key, PrivateKey):
        raise errors.Invalid("a private key is RSA or Ed25519")
    return key


@lru_cache(maxsize=4096)
def _load_public(pem: str) -> PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode("ascii"))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise errors.Invalid("this public key cannot be read") from None
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if not isinstance(key, rsa.RSAPublicKey):
        raise errors.Invalid("a public key is RSA or Ed25519")
    if key.key_size not in RSA_BITS:
        raise errors.Invalid("an RSA key has 2048 to 4096 bits")
    exponent = key.public_numbers().e
    if not 3 <= exponent < LARGEST_EXPONENT or exponent % 2 == 0:
        raise errors.Invalid("this RSA key has an unsafe exponent")
    return key


def _private_pem(key: PrivateKey) -> str:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode("ascii")
