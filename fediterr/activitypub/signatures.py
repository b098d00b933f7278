"""HTTP signatures, both kinds: made, read and checked, without a network, a clock or a database.

Two steps for what comes in, so that no key is fetched for a request that could not pass anyway: `read` looks at all
that needs no key (form, coverage, dates, digest of the body), `check` does the rest. Demanded, for less proves nothing:

    draft-cavage-http-signatures-12   (request-target), host, date or (created); digest when there is a body
    RFC 9421                          @method, @target-uri or what amounts to it, created; content-digest likewise
"""

import base64
import dataclasses
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from email.utils import formatdate, parsedate_to_datetime
from typing import Literal, TypeAlias, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from fediterr.core import errors, keys

Scheme: TypeAlias = Literal["cavage", "rfc9421"]
T = TypeVar("T")

LONGEST_FIELD = 8192  # characters of a header we parse
LONGEST_KEY_ID = 2048  # characters
MOST_COMPONENTS = 64  # covered by one signature
MOST_LABELS = 8  # signatures in one request

# In the fediverse "hs2019", or no name at all, means: RSA with SHA-256, or Ed25519 if such is the key.
CAVAGE_NAMES = {"", "rsa-sha256", "hs2019", "ed25519"}
RFC9421_NAMES = {"", "rsa-v1_5-sha256", "rsa-pss-sha512", "ed25519"}
RSA_NAMES = {"", "rsa-sha256", "hs2019", "rsa-v1_5-sha256"}
ED25519_NAMES = {"", "hs2019", "ed25519"}

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
DIGESTS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}

# The grammars. Every repetition is possessive (`*+`), so that no input makes the engine go back and try again.
_HOST = r"(?:[A-Za-z0-9._-]++|\[[0-9A-Fa-f:.]++\])(?::[0-9]{1,5}+)?+"
_URL = re.compile(
    rf"(https?)://({_HOST})(/[!$-;=@-\[\]-~]*+)?+(\?[!$-;=?-\[\]-~]*+)?+(?:#[!$-;=?-\[\]-~]*+)?+", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_COMMA = re.compile(r"[ \t]*+,[ \t]*+")
_CAVAGE = re.compile(r'([A-Za-z]++)=(?:"([^"\\]*+)"|([0-9.]++))')
_DIGEST = re.compile(r"([A-Za-z0-9-]++)=([A-Za-z0-9+/=]++)")
# RFC 8941, of which only the canonical spelling is taken: what was signed is then what we read, letter for letter.
_KEY = r"[a-z*][a-z0-9_.*-]*+"
_STRING = r'"(?:[ !#-\[\]-~]|\\["\\])*+"'
_VALUE = rf"(?:{_STRING}|-?+[0-9]{{1,15}}+|\?[01]|:[A-Za-z0-9+/=]*+:|[A-Za-z*][!#-'*+.^-z|~A-Z0-9:/-]*+)"
_PARAMETERS = rf"(?:;{_KEY}(?:={_VALUE})?+)*+"
_BYTES = re.compile(rf"({_KEY})=:([A-Za-z0-9+/=]*+):")
_INPUT = re.compile(rf'({_KEY})=(\(((?:"[!#-\[\]-~]*+"{_PARAMETERS}(?: (?=")|(?=\))))*+)\)({_PARAMETERS}))')
_COMPONENT = re.compile(rf'"([^"]*+)"({_PARAMETERS})')
_PARAMETER = re.compile(rf";({_KEY})(?:=({_VALUE}))?+")


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """A request, as we believe it was or will be sent.

    `url` is absolute: our public scheme and host (never those a Host header claims), then path and query as they
    stood on the wire, percent-encoded. `headers` may come in any case. Raises Invalid for what is not http(s).
    """

    method: str
    url: str
    headers: Mapping[str, str] = dataclasses.field(repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)
    scheme: str = dataclasses.field(init=False, repr=False)
    authority: str = dataclasses.field(init=False, repr=False)
    path: str = dataclasses.field(init=False, repr=False)
    query: str = dataclasses.field(init=False, repr=False)  # with its question mark, or empty

    def __post_init__(self) -> None:
        parts = _URL.fullmatch(self.url)
        if parts is None:
            raise errors.Invalid("this is not the address of a web resource")
        scheme = parts[1].lower()
        normal: dict[str, object] = {
            "method": self.method.upper(),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "scheme": scheme,
            "authority": _authority(scheme, parts[2]),
            "path": parts[3] or "/",
            "query": parts[4] or "",
        }
        for name, value in normal.items():
            object.__setattr__(self, name, value)

    @property
    def target(self) -> str:
        return self.path + self.query

    @property
    def needs_digest(self) -> bool:
        return bool(self.body) or self.method in {"POST", "PUT", "PATCH"}


@dataclasses.dataclass(frozen=True, slots=True)
class Signature:
    """What `read` understood: who claims to have signed (`key_id`), and what `check` needs to believe it."""

    key_id: str
    scheme: Scheme
    algorithm: str  # lower case; empty when the signer did not name one
    base: bytes  # what was signed
    value: bytes
    created: float | None  # epoch seconds, as signed


def digest_of(body: bytes) -> bytes:
    """Return the SHA-256 of a body, to be made once for all the deliveries that carry it."""
    return hashlib.sha256(body).digest()


def read(message: Message, *, now: float, window: float) -> Signature:
    """Return the signature of a request, having checked all that can be without the key.

    `now` is in epoch seconds; `window` is how many seconds the date may lie on either side of it.
    Raises Unauthorized, and nothing else, saying what is missing.
    """
    if "signature-input" in message.headers:
        signature, digest, pattern = _read_rfc9421(message, now, window), "content-digest", _BYTES
    else:
        signature, digest, pattern = _read_cavage(message, now, window), "digest", _DIGEST
    if message.needs_digest:
        _check_digest(message.body, _members(pattern, _field(message, digest)))
    return signature


def check(signature: Signature, public_pem: str) -> None:
    """Return if this key made this signature; raises Unauthorized if not, or if the key is not one we accept."""
    try:
        key = keys.load_public(public_pem)
    except errors.Invalid as problem:
        raise errors.Unauthorized(problem.message) from None
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and signature.algorithm in ED25519_NAMES:
            return key.verify(signature.value, signature.base)
        if isinstance(key, rsa.RSAPublicKey) and signature.algorithm in RSA_NAMES:
            return key.verify(signature.value, signature.base, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, rsa.RSAPublicKey) and signature.algorithm == "rsa-pss-sha512":
            pss = padding.PSS(padding.MGF1(hashes.SHA512()), salt_length=64)
            return key.verify(signature.value, signature.base, pss, hashes.SHA512())
    except InvalidSignature:
        raise errors.Unauthorized("the signature does not match the key") from None
    raise errors.Unauthorized("the algorithm of the signature is not that of the key")


def sign(
    message: Message,
    *,
    key_id: str,
    private_pem: str,
    scheme: Scheme,
    now: float,
    body_sha256: bytes | None = None,
) -> dict[str, str]:
    """Return the headers to add to a request: Host, Date, the digest of its body, and the signature.

    `now` is in epoch seconds; `body_sha256` is `digest_of(message.body)` when the caller has it already.
    """
    assert '"' not in key_id
    key = keys.load_private(private_pem)
    added = {"Host": message.authority, "Date": formatdate(now, usegmt=True)}
    if message.needs_digest:
        digest = base64.b64encode(body_sha256 or digest_of(message.body)).decode("ascii")
        added |= {"Digest": f"SHA-256={digest}"} if scheme == "cavage" else {"Content-Digest": f"sha-256=:{digest}:"}
    complete = dataclasses.replace(message, headers={**message.headers, **added})
    if scheme == "cavage":
        return added | _sign_cavage(complete, key_id, key)
    return added | _sign_rfc9421(complete, key_id, key, int(now))


# --- draft-cavage-http-signatures-12 ----------------------------------------------------------------------------------


def _read_cavage(message: Message, now: float, window: float) -> Signature:
    parameters = _unique((found[1], found[2] or found[3] or "") for found in _members(_CAVAGE, _cavage_field(message)))
    key_id = _key_id(parameters.get("keyId", ""))
    algorithm = _algorithm(parameters.get("algorithm", ""), CAVAGE_NAMES)
    covered = parameters.get("headers", "").lower().split()
    _demand(covered, ["(request-target)", "host", *(["digest"] if message.needs_digest else [])])
    if _authority(message.scheme, _field(message, "host")) != message.authority:
        raise errors.Unauthorized("the request is signed for another host")

    times = []
    if "(created)" in covered:
        if algorithm.startswith("rsa"):
            raise errors.Unauthorized("(created) cannot be signed with rsa-sha256")  # section 2.3 of the draft
        times.append(_seconds(parameters.get("created", "")))
    if "date" in covered:
        times.append(_http_date(_field(message, "date")))
    if not times:
        raise errors.Unauthorized("the signature covers neither date nor (created)")
    _check_times(times, parameters.get("expires"), now, window)

    base = _cavage_base(message, covered, parameters)
    return Signature(key_id, "cavage", algorithm, base, _base64(parameters.get("signature", "")), times[0])


def _cavage_field(message: Message) -> str:
    if text := message.headers.get("signature", "").strip():
        return text
    kind, _, text = message.headers.get("authorization", "").partition(" ")
    if kind.lower() == "signature" and text.strip():
        return text
    raise errors.Unauthorized("the request is not signed")


def _cavage_base(message: Message, covered: list[str], parameters: Mapping[str, str]) -> bytes:
    def value_of(name: str) -> str:
        if name == "(request-target)":
            return f"{message.method.lower()} {message.target}"
        if name in {"(created)", "(expires)"}:
            return parameters.get(name.strip("()"), "")
        return _field(message, name)

    return _encode("\n".join(f"{name}: {value_of(name)}" for name in covered))


def _sign_cavage(message: Message, key_id: str, key: keys.PrivateKey) -> dict[str, str]:
    optional = ["digest", "content-type"] if message.needs_digest else ["accept"]
    covered = ["(request-target)", "host", "date", *(name for name in optional if name in message.headers)]
    algorithm = "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "hs2019"
    value = _sign(key, _cavage_base(message, covered, {}))
    names = " ".join(covered)
    return {"Signature": f'keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{value}"'}


# --- RFC 9421 ---------------------------------------------------------------------------------------------------------


def _read_rfc9421(message: Message, now: float, window: float) -> Signature:
    """Return the first signature, in the order of Signature-Input, that covers what is demanded.

    A proxy on the way may have added its own label, so one that covers too little is passed over; whichever is
    returned carries its own key, base and value, and if `check` then refuses it, no other label is tried.
    """
    inputs = _unique((found[1], found) for found in _members(_INPUT, message.headers["signature-input"]))
    values = _unique((found[1], found[2]) for found in _members(_BYTES, _field(message, "signature")))
    if len(inputs) > MOST_LABELS:
        raise errors.Unauthorized("the request carries too many signatures")
    refusals = []
    for label, found in inputs.items():
        try:
            return _read_label(message, found, values.get(label, ""), now, window)
        except errors.Unauthorized as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _read_label(message: Message, found: re.Match[str], value: str, now: float, window: float) -> Signature:
    components, parameters = _COMPONENT.findall(found[3]), _unique(_PARAMETER.findall(found[4]))
    if any(modifiers for _, modifiers in components):
        raise errors.Unauthorized("the components of a signature may carry no parameters here")
    covered = [name for name, _ in components]
    path = {"@path", "@authority", *(["@query"] if message.query else [])}
    bound = any(way <= {*covered} for way in ({"@target-uri"}, {"@request-target", "@authority"}, path))
    _demand(covered, ["@method"] if bound else ["@method", "@target-uri"])
    _demand(covered, ["content-digest"] if message.needs_digest else [])

    key_id = _key_id(_string(parameters.get("keyid", '""')))
    algorithm = _algorithm(_string(parameters.get("alg", '""')), RFC9421_NAMES)
    created = _seconds(parameters.get("created", ""))
    _check_times([created], parameters.get("expires"), now, window)
    base = _rfc9421_base(message, covered, found[2])
    return Signature(key_id, "rfc9421", algorithm, base, _base64(value), created)


def _rfc9421_base(message: Message, covered: list[str], parameters: str) -> bytes:
    derived = {
        "@method": message.method,
        "@target-uri": f"{message.scheme}://{message.authority}{message.target}",
        "@authority": message.authority,
        "@scheme": message.scheme,
        "@request-target": message.target,
        "@path": message.path,
        "@query": message.query or "?",
    }
    lines = [f'"{name}": {derived[name] if name in derived else _field(message, name)}' for name in covered]
    return _encode("\n".join([*lines, f'"@signature-params": {parameters}']))


def _sign_rfc9421(message: Message, key_id: str, key: keys.PrivateKey, created: int) -> dict[str, str]:
    covered = ["@method", "@target-uri", *(["content-digest"] if message.needs_digest else [])]
    algorithm = "rsa-v1_5-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519"
    names = " ".join(f'"{name}"' for name in covered)
    parameters = f'({names});created={created};keyid="{key_id}";alg="{algorithm}"'
    value = _sign(key, _rfc9421_base(message, covered, parameters))
    return {"Signature-Input": f"sig1={parameters}", "Signature": f"sig1=:{value}:"}


# --- what both need ---------------------------------------------------------------------------------------------------


def _members(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    text, found, position = text.strip(" \t"), [], 0
    if len(text) > LONGEST_FIELD:
        raise errors.Unauthorized("a header of the signature is too long")
    while match := pattern.match(text, position):
        found.append(match)
        if match.end() == len(text):
            return found
        comma = _COMMA.match(text, match.end())
        position = comma.end() if comma else len(text)
    raise errors.Unauthorized("a header of the signature is malformed")


def _unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, value in pairs:
        # Two servers that choose differently between two values would see two different requests.
        if name in found:
            raise errors.Unauthorized("a header of the signature says the same thing twice")
        found[name] = value
    return found


def _field(message: Message, name: str) -> str:
    value = message.headers.get(name)
    if value is None:
        raise errors.Unauthorized(f"the request has no {name[:40]!a} header")
    # A line break inside a value would let one header pass for two in what is signed.
    if _CONTROL.search(value):
        raise errors.Unauthorized(f"the {name[:40]!a} header contains control characters")
    return value.strip(" \t")


def _demand(covered: list[str], wanted: list[str]) -> None:
    if len(covered) > MOST_COMPONENTS or len({*covered}) < len(covered):
        raise errors.Unauthorized("the signature covers the same thing twice, or too many things")
    if missing := [name for name in wanted if name not in covered]:
        raise errors.Unauthorized(f"the signature does not cover {', '.join(missing)}")


def _check_times(times: list[float], expires: str | None, now: float, window: float) -> None:
    if any(abs(now - time) > window for time in times):
        raise errors.Unauthorized("the signature was made too long ago, or in the future")
    if expires is not None and _seconds(expires) < now:
        raise errors.Unauthorized("the signature has expired")


def _check_digest(body: bytes, claims: list[re.Match[str]]) -> None:
    known = [(DIGESTS[claim[1].lower()], claim[2]) for claim in claims if claim[1].lower() in DIGESTS]
    if not known:
        raise errors.Unauthorized("the digest of the body is neither SHA-256 nor SHA-512")
    # Only the first few: a header may not make us digest one body a hundred times.
    if len(known) > len(DIGESTS):
        raise errors.Unauthorized("the body has too many digests")
    if not all(hmac.compare_digest(make(body).digest(), _base64(claim)) for make, claim in known):
        raise errors.Unauthorized("the digest is not that of the body")


def _key_id(text: str) -> str:
    if len(text) > LONGEST_KEY_ID or _URL.fullmatch(text) is None:
        raise errors.Unauthorized("the key of the signature is not a web address")
    return text


def _algorithm(text: str, allowed: set[str]) -> str:
    if text.lower() not in allowed:
        raise errors.Unauthorized("the algorithm of the signature is not one we accept")
    return text.lower()


def _string(text: str) -> str:
    if not text.startswith('"'):
        raise errors.Unauthorized("a header of the signature is malformed")
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _seconds(text: str) -> float:
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", text) is None:
        raise errors.Unauthorized("the signature does not say when it was created, or badly")
    return float(text)


def _http_date(text: str) -> float:
    try:
        return parsedate_to_datetime(text[:64]).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        raise errors.Unauthorized("the date cannot be read") from None


def _base64(text: str) -> bytes:
    try:
        if raw := base64.b64decode(text, validate=True):
            return raw
    except ValueError:
        pass
    raise errors.Unauthorized("a signature or a digest is missing, or is not base64")


def _authority(scheme: str, host: str) -> str:
    """Return a host as two servers would both write it: lower case, without the port that goes without saying."""
    return host.strip().lower().removesuffix(DEFAULT_PORTS[scheme])


def _encode(base: str) -> bytes:
    try:
        return base.encode("latin-1")  # the bytes of the wire, as WSGI decoded them
    except UnicodeEncodeError:
        raise errors.Unauthorized("what is signed contains characters no header can carry") from None


def _sign(key: keys.PrivateKey, base: bytes) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return base64.b64encode(key.sign(base, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")
    return base64.b64encode(key.sign(base)).decode("ascii")
