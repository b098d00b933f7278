"""Object integrity proofs (FEP-8b32, eddsa-jcs-2022): a signature that travels inside a document, whoever forwards it.

The proof is made over the document as JSON (RFC 8785), not as linked data: nothing is fetched or expanded, so what
was signed is what is read. Made as in https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from fediterr.core import errors, keys

DEEPEST = 64  # levels of a document; the deepest activities seen have about ten
LARGEST_INTEGER = 2**53  # beyond, JavaScript and Python would not write the same number
KIND = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


def canonical(value: object) -> bytes:
    """Write a JSON value the one way RFC 8785 allows. Raises Invalid for what it cannot write."""
    try:
        return "".join(_write(value, DEEPEST)).encode("utf-8")
    except UnicodeEncodeError:
        raise errors.Invalid("half a character (a lone surrogate) cannot be written") from None


def add(document: Mapping[str, Any], *, private_pem: str, verification_method: str, created: str) -> dict[str, Any]:
    """Return the document with its proof, in place of any it had.

    `verification_method` is the id of our key; `created` is like "2023-02-24T23:36:38Z".
    Raises Invalid for a document JSON cannot carry, or a key that is not Ed25519.
    """
    key = keys.load_private(private_pem)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise errors.Invalid("a proof is made with an Ed25519 key")
    unsecured = _without(document, "proof")
    proof = {**KIND, "verificationMethod": verification_method, "created": created}
    if "@context" in unsecured:  # VC-DI-EDDSA, section 3.3.1, step 2; Fedify hashes with it always
        proof["@context"] = unsecured["@context"]
    value = "z" + keys.encode_base58(key.sign(_hashes(unsecured, proof)))
    return {**unsecured, "proof": {**proof, "proofValue": value}}


def verification_method(document: Mapping[str, Any]) -> str | None:
    """Return the id of the key that would have made the proof, or None when there is no proof we can check."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict) or not proof.items() >= KIND.items():
        return None
    method = proof.get("verificationMethod")
    return method if isinstance(method, str) and method else None


def verify(document: Mapping[str, Any], public_key: ed25519.Ed25519PublicKey) -> None:
    """Return if the holder of this key signed this document; raises Unauthorized if not.

    That the key belongs to the author of the document is for the caller to know.
    """
    if verification_method(document) is None:
        raise errors.Unauthorized("the document has no proof we can check")
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    if "expires" in proof or not isinstance(proof.get("created"), str):
        raise errors.Unauthorized("the proof must have a date, and no end")
    try:
        signed = _hashes(_as_signed(document, proof), _without(proof, "proofValue"))
        public_key.verify(_signature(proof.get("proofValue")), signed)
    except errors.Invalid as problem:
        raise errors.Unauthorized(problem.message) from None
    except InvalidSignature:
        raise errors.Unauthorized("the proof does not match the document and the key") from None


def _as_signed(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the proof was made over: when it has a context of its own, others may have been appended since.

    Fedify adds a Linked-Data `signature` after its proof; nobody here ever looks at that.
    """
    unsecured = _without(_without(document, "proof"), "signature")
    if "@context" not in proof:
        return unsecured
    signed, present = _listed(proof["@context"]), _listed(document.get("@context"))
    if present[: len(signed)] != signed:
        raise errors.Invalid("the context of the proof is not that of the document")
    return {**unsecured, "@context": proof["@context"]}


def _hashes(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(proof)).digest() + hashlib.sha256(canonical(document)).digest()


def _signature(text: object) -> bytes:
    if not isinstance(text, str) or not text.startswith("z"):
        raise errors.Invalid("the value of a proof begins with z")
    return keys.decode_base58(text[1:])


def _without(thing: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != name}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _write(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        raise errors.Invalid("the document is nested too deeply")
    if value is None or isinstance(value, bool | str):
        # RFC 8785 section 3.2.2.2 escapes what the json module escapes, and the same way.
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int | float):
        yield _number(value)
    elif isinstance(value, dict):
        yield "{"
        for place, name in enumerate(sorted(value, key=_utf16)):
            yield f"{',' if place else ''}{json.dumps(name, ensure_ascii=False)}:"
            yield from _write(value[name], depth - 1)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for place, item in enumerate(value):
            yield "," if place else ""
            yield from _write(item, depth - 1)
        yield "]"
    else:
        raise errors.Invalid("this is not a JSON value")


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        raise errors.Invalid("the names of a JSON object are texts")
    return name.encode("utf-16-be")


def _number(value: float) -> str:
    """Write a number as JavaScript does (ECMA-262, Number::toString), as RFC 8785 section 3.2.2.3 demands."""
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise errors.Invalid("a number is too large to be exact")
        return str(value)
    if not math.isfinite(value):
        raise errors.Invalid("JSON has neither infinity nor NaN")
    if value == 0:
        return "0"
    # Python and JavaScript agree on the shortest digits that read back as the same number, not on how to place them.
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    return ("-" if sign else "") + _place_point(text, point)


def _place_point(digits: str, point: int) -> str:
    """Write 0.DIGITS x 10^point."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
