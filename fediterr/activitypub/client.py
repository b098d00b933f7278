"""Speaking HTTP to other servers, the only module that does: addresses checked, costs bounded, each hop signed.

There is no requests *session*, so nothing passes from one request to the next: no cookies, no netrc, no proxies from
the environment, no redirect that is not looked at here.
"""

import importlib.metadata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as MimeHeaders
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import requests
import requests.adapters
import requests.utils
import urllib3
from requests.structures import CaseInsensitiveDict

from fediterr.activitypub import signatures
from fediterr.activitypub.signatures import Scheme
from fediterr.activitypub.vocabulary import shapes
from fediterr.core import clock, errors, webpage, wire
from fediterr.core.guard import Guard, Target, normal_origin
from fediterr.core.settings import Settings

ACTIVITY = "application/activity+json"
LINKED_DATA = "application/ld+json"
PROFILE = "https://www.w3.org/ns/activitystreams"
# ActivityPub §3.2; the second form for servers that only know the first by its profile.
ACCEPT_DOCUMENT = f'{ACTIVITY}, {LINKED_DATA}; profile="{PROFILE}"'
ACCEPT_JSON = "application/jrd+json, application/json"
ACCEPT_PAGE = "text/html, application/xhtml+xml"
PAGE = 1024 * 1024  # bytes of a page: what it says of itself stands at its beginning

REDIRECTS = {301, 302, 303, 307, 308}
PIECE = 16 * 1024
# What may come besides the body: headers, framing, and the body being packed badly.
OVERHEAD = 256 * 1024
BEGINNING = 4 * 1024
LONGEST_WAIT = 24 * 3600  # seconds


@dataclass(frozen=True)
class Signer:
    """In whose name a request is made: the id of the key, and its private half as PEM."""

    key_id: str
    private_pem: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What another server answered; `url` is where the bytes finally came from, `body` is decoded."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """Media type in lower case, without parameters; `text/plain` when there is none or it is malformed."""
        return _read_content_type(self.headers.get("Content-Type", "")).get_content_type()

    def retry_after(self, now: datetime) -> int | None:
        """Seconds to wait, at most a day, from `Retry-After` in seconds or as a date (RFC 9110 §10.2.3)."""
        text = self.headers.get("Retry-After", "").strip()[:64]
        if text.isascii() and text.isdigit():
            return min(int(text), LONGEST_WAIT)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
        return min(max(int(seconds.total_seconds()), 0), LONGEST_WAIT)


@dataclass(frozen=True)
class Document:
    """An ActivityPub document and the address that its bytes finally came from: the only authority it has."""

    url: str
    json: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """The beginning of a page of the web, and where it was found in the end."""

    url: str
    html: str = field(repr=False)


class Client:
    """Speaks to other servers; one for the process, used by all its threads.

    `mount` takes the place of the network (any requests adapter; the guard still judges every address), `resolve` that
    of the system's look-up of names.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        mount: requests.adapters.BaseAdapter | None = None,
        resolve: wire.Resolve = wire.resolve,
    ) -> None:
        self._settings = settings
        own_host, own_port = normal_origin(settings.base_url)[1:]
        own = f"[{own_host}]:{own_port}" if ":" in own_host else f"{own_host}:{own_port}"
        self._guard = Guard(settings.federation_allow_hosts, own_host=own)
        self._dialler = wire.Dialler(self._guard, resolve)
        self._adapter = mount or _Network(settings.ca_bundle or requests.utils.DEFAULT_CA_BUNDLE_PATH)
        self._user_agent = f"fediterr/{_version()} (+{settings.base_url})"

    def close(self) -> None:
        """Let go of the connections kept open."""
        self._adapter.close()

    def schemes(self, host: str) -> list[str]:
        """How to knock at a host that was named without a scheme: plain http is for those the operator listed."""
        try:
            self._guard.check_url(f"http://{host}/")
        except errors.Refused:
            return ["https"]
        return ["http", "https"]

    def get(
        self,
        url: str,
        *,
        accept: str,
        signer: Signer | None = None,
        scheme: Scheme = "cavage",
        limit: int | None = None,
        seconds: float | None = None,
        cut: bool = False,
    ) -> Answer:
        """Ask for `url`, following redirects, and return the answer whatever its status.

        A body of at most `limit` decoded bytes (a longer one is refused, or `cut`), or the first few KiB of one that
        only explains a failure.
        Raises `errors.Refused` (an address that may not be called, too many redirects or bytes, an encoding not asked
        for) and `errors.Unreachable` (no answer, or not in time).
        """
        limit = self._settings.limits_fetch_bytes if limit is None else limit
        target = self._guard.check_url(url)
        with self._exchange(seconds or self._settings.limits_fetch_seconds, limit) as exchange:
            for _ in range(self._settings.limits_redirects + 1):
                response = self._send(exchange, "GET", target, {"Accept": accept}, signer=signer, scheme=scheme)
                location = response.headers.get("Location", "") if response.status_code in REDIRECTS else ""
                if not location:
                    whole = 200 <= response.status_code < 300
                    read = _read if cut else _read_whole
                    body = read(response, limit) if whole else _read_beginning(response)
                    return Answer(response.status_code, target.url, response.headers, body)
                response.close()
                target = self._follow(target, location)
        raise errors.Refused(f"{url} leads through too many redirects.")

    def fetch(
        self, url: str, *, signer: Signer | None, scheme: Scheme = "cavage", seconds: float | None = None
    ) -> Document:
        """The ActivityPub document at `url`, of an ActivityPub media type: nothing else is anybody's word.

        Raises `errors.NotFound`, `errors.Gone`, `errors.Unreachable` (with `retry_after`), `errors.Refused`.
        """
        answer = self.get(url, accept=ACCEPT_DOCUMENT, signer=signer, scheme=scheme, seconds=seconds)
        _check_status(answer)
        if not _is_activitypub(answer.headers.get("Content-Type", "")):
            raise errors.Refused(f"{answer.url} is not an ActivityPub document.")
        return Document(answer.url, _parse(answer))

    def fetch_json(self, url: str, *, seconds: float | None = None) -> dict[str, Any]:
        """A document about a server or a handle: WebFinger (RFC 7033) or NodeInfo. Raises as `fetch`."""
        answer = self.get(url, accept=ACCEPT_JSON, seconds=seconds)
        _check_status(answer)
        if answer.content_type not in {"application/jrd+json", "application/json"}:
            raise errors.Refused(f"{answer.url} is not JSON.")
        return _parse(answer)

    def page(self, url: str) -> Page:
        """The beginning of a page of the web, asked for in nobody's name. Raises as `fetch`; Refused for a file."""
        answer = self.get(url, accept=ACCEPT_PAGE, limit=PAGE, cut=True)
        _check_status(answer)
        if answer.content_type not in ("text/html", "application/xhtml+xml"):
            raise errors.Refused(f"{answer.url} is not a page.")
        charset = _read_content_type(answer.headers.get("Content-Type", "")).get_content_charset()
        return Page(answer.url, webpage.decode(answer.body, charset))

    def post(
        self,
        url: str,
        body: bytes,
        *,
        signer: Signer,
        scheme: Scheme = "cavage",
        body_sha256: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Deliver an activity to an inbox, and return the answer whatever its status, cut after a few KiB.

        A redirect is an answer like any other: what was signed for one address is sent to no other.
        Raises `errors.Refused` and `errors.Unreachable` as `get` does.
        """
        target = self._guard.check_url(url)
        given = {"Content-Type": ACTIVITY, **(headers or {})}
        with self._exchange(self._settings.limits_deliver_seconds, BEGINNING) as exchange:
            response = self._send(
                exchange, "POST", target, given, body, signer=signer, scheme=scheme, body_sha256=body_sha256
            )
            return Answer(response.status_code, target.url, response.headers, _read_beginning(response))

    def push(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Bring a message to a push service (RFC 8030), and return the answer as `post` does.

        Not signed: the headers of the message say who sends it.
        """
        target = self._guard.check_url(url)
        with self._exchange(self._settings.limits_deliver_seconds, BEGINNING) as exchange:
            response = self._send(exchange, "POST", target, headers, body, signer=None, scheme="cavage")
            return Answer(response.status_code, target.url, response.headers, _read_beginning(response))

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Ask what is no server of the fediverse (a service that lets people sign in); the answer whatever its status.

        Neither signed nor led on: what is told to one address is told to no other. Raises as `get`.
        """
        target = self._guard.check_url(url)
        limit = self._settings.limits_fetch_bytes
        with self._exchange(self._settings.limits_fetch_seconds, limit) as exchange:
            response = self._send(exchange, method, target, headers, body, signer=None, scheme="cavage")
            whole = 200 <= response.status_code < 300
            found = _read_whole(response, limit) if whole else _read_beginning(response)
            return Answer(response.status_code, target.url, response.headers, found)

    # --- one request --------------------------------------------------------------------------------------------------

    def _exchange(self, seconds: float, limit: int) -> wire.Exchange:
        return wire.Exchange(self._dialler, seconds=seconds, most_bytes=limit + OVERHEAD)

    def _follow(self, target: Target, location: str) -> Target:
        try:
            # The bytes of a header come as latin-1, and what servers put there is UTF-8.
            following = self._guard.check_url(urljoin(target.url, location.encode("latin-1").decode()))
        except ValueError as error:
            raise errors.Refused(f"{target.url} redirects to what is no address.") from error
        if target.scheme == "https" and following.scheme != "https":
            raise errors.Refused(f"{target.url} redirects from https to plain http.")
        return following

    def _send(
        self,
        exchange: wire.Exchange,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        signer: Signer | None,
        scheme: Scheme,
        body_sha256: bytes | None = None,
    ) -> requests.Response:
        complete = {"Host": target.netloc, "User-Agent": self._user_agent, "Accept-Encoding": "gzip", **headers}
        if method == "POST":
            complete["Content-Length"] = str(len(body))
        if signer:
            complete |= signatures.sign(
                signatures.Message(method, target.url, complete, body),
                key_id=signer.key_id,
                private_pem=signer.private_pem,
                scheme=scheme,
                now=clock.now().timestamp(),
                body_sha256=body_sha256,
            )
        # Written down by hand: `prepare()` would spell the address its own way, not the one checked and signed.
        request = requests.PreparedRequest()
        request.method, request.url, request.body = method, target.url, body or None
        request.headers = CaseInsensitiveDict(complete)
        try:
            return self._attempt(exchange, request)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise errors.Unreachable(f"{target.netloc} cannot be reached.") from error

    def _attempt(self, exchange: wire.Exchange, request: requests.PreparedRequest) -> requests.Response:
        try:
            return self._adapter.send(request, stream=True, timeout=exchange.left(), verify=True, proxies={})
        except requests.ConnectionError:
            # A kept connection that the other side closed just now: once more, and this time the pool knows.
            if exchange.dialled or exchange.received:
                raise
            return self._adapter.send(request, stream=True, timeout=exchange.left(), verify=True, proxies={})


class _Network(requests.adapters.HTTPAdapter):
    """The requests adapter over our own connections."""

    def __init__(self, ca_file: str) -> None:
        self._pools = wire.Pools(ca_file)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        self.poolmanager = self._pools

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: Any, **__: Any
    ) -> urllib3.HTTPConnectionPool:
        scheme, host, port = normal_origin(request.url or "")
        return self._pools.connection_from_host(host, port, scheme)

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing to set: the pools hold the one TLS context, which always verifies."""


def _version() -> str:
    try:
        return importlib.metadata.version("fediterr")
    except importlib.metadata.PackageNotFoundError:  # a checkout that was not installed
        return "unknown"


# --- reading answers --------------------------------------------------------------------------------------------------


def _read_whole(response: requests.Response, limit: int) -> bytes:
    """The decoded body; raises `errors.Refused` when it has more than `limit` bytes, `errors.Unreachable` when cut."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        response.close()
        raise errors.Refused("The other server sends too much.")
    body = _read(response, limit + 1)
    if len(body) > limit:
        raise errors.Refused("The other server sends too much.")
    return body


def _read_beginning(response: requests.Response) -> bytes:
    """A few KiB of what came with a status that already says all: whatever goes wrong now changes nothing to it."""
    try:
        return _read(response, BEGINNING)
    except errors.Problem:
        return b""


def _read(response: requests.Response, most: int) -> bytes:
    """The decoded body, never more than `most` bytes whatever it unpacks to."""
    body = bytearray()
    try:
        unpack = _unpacker(response.headers.get("Content-Encoding", ""))
        while (room := most - len(body)) and (piece := response.raw.read(min(PIECE, room), decode_content=False)):
            body += unpack.decompress(piece, room) if unpack else piece
        if room and unpack and not unpack.eof:
            raise errors.Unreachable("The answer of the other server broke off.")
    except (urllib3.exceptions.HTTPError, OSError, ValueError, zlib.error) as error:  # ValueError: a chunk of -5 bytes
        raise errors.Unreachable("The answer of the other server broke off.") from error
    finally:
        # One that was read to its end is back in the pool by now, and this does nothing to it.
        response.raw.close()
    return bytes(body)


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # Nothing else was asked for; and what is packed twice wants to become very large.
    raise errors.Refused("The answer of the other server is packed in a way that was not asked for.")


def _check_status(answer: Answer) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 404:
        raise errors.NotFound(f"{answer.url} does not exist.")
    if status == 410:
        raise errors.Gone(f"{answer.url} was deleted.")
    if status in {408, 425, 429} or status >= 500:
        wait = answer.retry_after(clock.now())
        raise errors.Unreachable(f"{answer.url} cannot be had for now ({status}).", retry_after=wait)
    raise errors.Refused(f"{answer.url} is refused to us ({status}).")


def _read_content_type(text: str) -> MimeHeaders:
    headers = MimeHeaders()
    headers["Content-Type"] = text
    return headers


def _is_activitypub(text: str) -> bool:
    """ActivityPub §3.2: `application/activity+json`, or `application/ld+json` with the profile; always UTF-8."""
    found = _read_content_type(text)
    if str(found.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8"}:
        return False
    if found.get_content_type() == LINKED_DATA:
        return PROFILE in str(found.get_param("profile", "")).split()
    return found.get_content_type() == ACTIVITY


def _parse(answer: Answer) -> dict[str, Any]:
    try:
        return shapes.parse(answer.body)
    except errors.Invalid as error:
        raise errors.Refused(f"{answer.url}: {error.message}") from error
