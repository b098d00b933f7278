"""Web Push: the key that this server shows to push services (RFC 8292), and messages that one application can open
(RFC 8291); for older applications, the drafts of both that Mastodon began with.

The key is derived from the secret key of the server: there is no other file to keep, or to lose.
"""

import base64
import binascii
import functools
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import http_ece
import py_vapid
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fediterr.core import errors

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-4, D.1.2.3
KEEP = timedelta(days=2)  # how long a push service may hold a message
VALID = timedelta(hours=12)  # how long one authorization holds; a day is allowed
LONGEST = 3000  # bytes of a message: what every push service takes


@dataclass(frozen=True)
class Receiver:
    """One application: its address at a push service, its public key and its secret."""

    endpoint: str
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)
    standard: bool = True


@dataclass(frozen=True)
class Message:
    """What is sent to a push service."""

    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def public_key(secret: str) -> str:
    """The key of this server, as applications pass it on to their push service."""
    return base64.urlsafe_b64encode(_point(_own_key(secret))).decode("ascii")


def read_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """An application's public key and secret from base64 of either alphabet; Invalid when they are none."""
    point, shared = _decode(p256dh), _decode(auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        raise errors.Invalid("This is not a public key of an application.") from None
    if len(point) != 65 or len(shared) != 16:
        raise errors.Invalid("This is not a public key of an application.")
    return point, shared


def seal(payload: bytes, receiver: Receiver, *, secret: str, contact: str, now: datetime) -> Message:
    """A message that only the receiver can open, with what proves to the push service that it is ours."""
    if len(payload) > LONGEST:
        raise errors.TooLarge("This is too long for a push.")
    once, salt = ec.generate_private_key(CURVE), os.urandom(16)
    version = "aes128gcm" if receiver.standard else "aesgcm"
    body = http_ece.encrypt(
        payload, salt=salt, private_key=once, dh=receiver.p256dh, auth_secret=receiver.auth, version=version
    )
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": version,
        "TTL": str(int(KEEP.total_seconds())),
        "Urgency": "normal",
    }
    own = {"no-strict": True}  # py_vapid knows no contact at a plain http address, as trials have
    vapid = (py_vapid.Vapid02 if receiver.standard else py_vapid.Vapid01)(_own_key(secret), conf=own)
    address = urlsplit(receiver.endpoint)
    claims = {
        "sub": contact,
        "aud": f"{address.scheme}://{address.netloc}",
        "exp": int((now + VALID).timestamp()),
    }
    if receiver.standard:
        return Message(headers | vapid.sign(claims), body)
    headers["Encryption"] = f"salt={_encode(salt)}"
    return Message(headers | vapid.sign(claims, f"dh={_encode(_point(once))}"), body)


@functools.lru_cache(maxsize=4)
def _own_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """More bits than the order has, so that no number is likelier than another."""
    drawn = HKDF(hashes.SHA256(), 48, salt=None, info=b"fediterr vapid").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (ORDER - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    bare = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        raise errors.Invalid("This is not a public key of an application.") from None
