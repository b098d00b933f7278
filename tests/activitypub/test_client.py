"""Speaking to other servers, over real loopback sockets: polite to good ones, and not to be led astray by bad ones."""

import contextlib
import datetime as dt
import gzip
import io
import ipaddress
import json
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fediterr.activitypub import client, signatures
from fediterr.core import clock, errors, keys, settings, wire

NOTE = {"id": "https://brest.test/posts/1", "type": "Note", "content": "<p>Demat</p>"}
BODY = json.dumps(NOTE).encode()
PRIVATE = keys.generate_rsa()
ALICE = client.Signer("https://nantes.test/actors/alice#main-key", PRIVATE)

Reply = bytes | Callable[[socket.socket], object]


def answer(body: bytes = BODY, status: str = "200 OK", *, kind: str = client.ACTIVITY, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=location)


def hang_up(_: socket.socket) -> None:
    """Answer by closing the connection."""


def leads_to(*addresses: str) -> wire.Resolve:
    """A system of names that knows one answer."""
    return lambda *_: addresses


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Peer:
    """Another server, on a loopback port: answers each path as it was told, and remembers what it was asked."""

    def __init__(self, replies: Mapping[str, Reply], *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._tls = tls
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.replies = dict(replies)
        self.requests: list[Request] = []
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]
        self.netloc = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self.url = f"http://{self.netloc}"
        self._start(self._accept)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                self._start(self._converse, connection)

    def _converse(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection, connection.makefile("rb") as lines:
                while request := self._read(lines):
                    self.requests.append(request)
                    reply = self.replies.get(request.target, answer(b"", "404 Not Found"))
                    if isinstance(reply, bytes):
                        connection.sendall(reply)
                    else:
                        reply(connection)
                        return

    def _read(self, lines: Any) -> Request | None:
        words = lines.readline().decode("latin-1").split(" ")
        if len(words) != 3:
            return None
        headers = {}
        while line := lines.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Request(words[0], words[1], headers, lines.read(int(headers.get("content-length", 0))))

    def close(self) -> None:
        # Shutting down wakes up whoever still waits in `accept` or `recv`; closing alone does not.
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
        for one in self._open:
            one.close()


class Canary:
    """A port that nobody may ever call."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.netloc = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.port = self._listener.getsockname()[1]

    @property
    def is_silent(self) -> bool:
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._listener.close()


Tell = Callable[..., Peer]
Make = Callable[..., client.Client]


@pytest.fixture
def peer() -> Iterator[Tell]:
    with contextlib.ExitStack() as stack:

        def tell(replies: Mapping[str, Reply], **how: Any) -> Peer:
            return stack.enter_context(contextlib.closing(Peer(replies, **how)))

        yield tell


@pytest.fixture
def canary() -> Iterator[Canary]:
    with contextlib.closing(Canary()) as listener:
        yield listener


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with contextlib.ExitStack() as stack:

        def build(*allowed: str, ca_bundle: str = "", limits: Mapping[str, int] | None = None, **how: Any):
            environment = {
                "FEDITERR_BASE_URL": "https://nantes.test",
                "FEDITERR_DATA_DIR": str(tmp_path),
                "FEDITERR_FEDERATION_ALLOW_HOSTS": ",".join(allowed),
                "FEDITERR_CA_BUNDLE": ca_bundle,
                **{f"FEDITERR_LIMITS_{name.upper()}": str(value) for name, value in (limits or {}).items()},
            }
            made = client.Client(settings.load(environment), **how)
            return stack.enter_context(contextlib.closing(made))

        yield build


def check_signed(request: Request, url: str) -> signatures.Signature:
    message = signatures.Message(request.method, url, request.headers, request.body)
    signature = signatures.read(message, now=clock.now().timestamp(), window=60)
    signatures.check(signature, keys.public_pem(PRIVATE))
    return signature


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_a_document_is_fetched_as_activitypub_asks_for_it(peer: Tell, make: Make) -> None:
    brest = peer({"/posts/1": answer()})
    found = make(brest.netloc).fetch(f"{brest.url}/posts/1", signer=None)
    assert found == client.Document(f"{brest.url}/posts/1", NOTE)
    (request,) = brest.requests
    assert request.headers["accept"].startswith("application/activity+json, application/ld+json; profile=")
    assert request.headers["accept-encoding"] == "gzip"
    assert request.headers["host"] == brest.netloc
    assert request.headers["user-agent"].startswith("fediterr/")
    assert request.headers["user-agent"].endswith("(+https://nantes.test)")
    assert "signature" not in request.headers


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
def test_what_is_signed_is_what_is_sent(peer: Tell, make: Make, scheme: signatures.Scheme) -> None:
    odd = "/é|%2f%zz//a/../b;c=[1]?q=[x]&r='é'#main-key"
    sent = "/%C3%A9%7C%2F%25zz//a/../b;c=%5B1%5D?q=%5Bx%5D&r='%C3%A9'"
    brest = peer({sent: answer()})
    found = make(brest.netloc).get(brest.url + odd, accept=client.ACTIVITY, signer=ALICE, scheme=scheme)
    assert (found.status, found.url) == (200, brest.url + sent)
    assert check_signed(brest.requests[0], brest.url + sent).key_id == ALICE.key_id


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
def test_a_delivery_is_signed_with_its_body_and_further_headers(peer: Tell, make: Make, scheme: Any) -> None:
    brest = peer({"/inbox": answer(b"thanks", "202 Accepted")})
    extra = {"Collection-Synchronization": 'collectionId="x"'}
    sha = signatures.digest_of(BODY)
    found = make(brest.netloc).post(
        f"{brest.url}/inbox", BODY, signer=ALICE, scheme=scheme, body_sha256=sha, headers=extra
    )
    assert (found.status, found.body) == (202, b"thanks")
    (request,) = brest.requests
    check_signed(request, f"{brest.url}/inbox")
    assert (request.method, request.body) == ("POST", BODY)
    assert request.headers["content-type"] == "application/activity+json"
    assert request.headers["collection-synchronization"] == 'collectionId="x"'


def test_webfinger_and_nodeinfo_are_json(peer: Tell, make: Make) -> None:
    for kind in ("application/jrd+json; charset=utf-8", "application/json"):
        brest = peer({"/.well-known/webfinger": answer(b'{"subject": "acct:bob@brest.test"}', kind=kind)})
        url = f"{brest.url}/.well-known/webfinger"
        assert make(brest.netloc).fetch_json(url) == {"subject": "acct:bob@brest.test"}
    brest = peer({"/": answer(kind="text/html")})
    with pytest.raises(errors.Refused):
        make(brest.netloc).fetch_json(brest.url)


def test_another_adapter_may_take_the_place_of_the_network_but_not_of_the_guard(make: Make) -> None:
    class Wsgi(requests.adapters.BaseAdapter):
        def send(self, request: Any, *_: object, **__: object) -> requests.Response:
            raw = urllib3.HTTPResponse(io.BytesIO(BODY), {"Content-Type": client.ACTIVITY}, 200, preload_content=False)
            return requests.adapters.HTTPAdapter().build_response(request, raw)

        def close(self) -> None:
            pass

    nantes = make(mount=Wsgi())
    assert nantes.fetch("https://brest.test/posts/1", signer=ALICE).json == NOTE
    with pytest.raises(errors.Refused):
        nantes.fetch("https://127.0.0.1/posts/1", signer=ALICE)


# --- what comes back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("404 Not Found", errors.NotFound),
        ("410 Gone", errors.Gone),
        ("400 Bad Request", errors.Refused),
        ("401 Unauthorized", errors.Refused),
        ("403 Forbidden", errors.Refused),
        ("406 Not Acceptable", errors.Refused),
        ("204 No Content", errors.Refused),
        ("302 Found", errors.Refused),
        ("304 Not Modified", errors.Refused),
        ("408 Request Timeout", errors.Unreachable),
        ("429 Too Many Requests", errors.Unreachable),
        ("500 Oops", errors.Unreachable),
        ("503 Later", errors.Unreachable),
        ("599 Whatever", errors.Unreachable),
    ],
)
def test_a_status_says_whether_to_try_again(peer: Tell, make: Make, status: str, problem: type[Exception]) -> None:
    brest = peer({"/posts/1": answer(b"", status, Retry_After="120")})
    with pytest.raises(problem) as caught:
        make(brest.netloc).fetch(f"{brest.url}/posts/1", signer=None)
    assert type(caught.value) is problem
    assert caught.value.retry_after == (120 if problem is errors.Unreachable else None)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("9" * 40, 86400),
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
        ("Thu, 01 Jan 2026 00:02:00 -0000", 120),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 86400),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("Thu, 99 Jan 2026 00:00:00 GMT", None),
    ],
)
def test_when_to_try_again_is_read_from_seconds_or_a_date(text: str, seconds: int | None) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert client.Answer(503, "https://brest.test/", {"Retry-After": text}, b"").retry_after(now) == seconds


@pytest.mark.parametrize(
    "kind",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=UTF-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json; charset=utf-8; profile="https://example.test/a https://www.w3.org/ns/activitystreams"',
    ],
)
def test_what_is_of_an_activitypub_type_is_a_document(peer: Tell, make: Make, kind: str) -> None:
    brest = peer({"/posts/1": answer(kind=kind)})
    assert make(brest.netloc).fetch(f"{brest.url}/posts/1", signer=None).json == NOTE


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/html",
        "text/plain",
        "application/json",
        "application/octet-stream",
        "application/ld+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreamsx"',
        "application/activity+json, text/html",
        "text/html; application/activity+json",
        "application/activity+jsonx",
        "application/activity+json; charset=utf-16",
        "application/activity+json; charset=iso-8859-1",
    ],
)
def test_what_is_of_another_type_is_nobodys_word(peer: Tell, make: Make, kind: str) -> None:
    brest = peer({"/posts/1": answer(kind=kind)})
    with pytest.raises(errors.Refused):
        make(brest.netloc).fetch(f"{brest.url}/posts/1", signer=None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b"{}{}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\xff"}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_not_a_readable_json_object_is_refused(peer: Tell, make: Make, body: bytes) -> None:
    brest = peer({"/posts/1": answer(body)})
    with pytest.raises(errors.Refused):
        make(brest.netloc).fetch(f"{brest.url}/posts/1", signer=None)


# --- being led elsewhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed_with_a_signature_of_its_own(peer: Tell, make: Make, status: str) -> None:
    nantes = peer({"/b": answer()})
    brest = peer({"/": moved("/a?x=1#y", status), "/a?x=1": moved(f"{nantes.url}/b", status)})
    found = make(brest.netloc, nantes.netloc).fetch(brest.url, signer=ALICE)
    assert found.url == f"{nantes.url}/b"
    (first, second), (third,) = brest.requests, nantes.requests
    for request, url in ((first, f"{brest.url}/"), (second, f"{brest.url}/a?x=1"), (third, f"{nantes.url}/b")):
        check_signed(request, url)
    assert len({request.headers["signature"] for request in (first, second, third)}) == 3
    assert third.headers["host"] == nantes.netloc


def test_three_redirects_are_followed_and_not_a_fourth(peer: Tell, make: Make) -> None:
    brest = peer({f"/{step}": moved(f"/{step + 1}") for step in range(4)} | {"/4": answer(), "/loop": moved("/loop")})
    nantes = make(brest.netloc)
    assert nantes.fetch(f"{brest.url}/1", signer=None).json == NOTE
    for path in ("/0", "/loop"):
        brest.requests.clear()
        with pytest.raises(errors.Refused):
            nantes.fetch(brest.url + path, signer=None)
        assert len(brest.requests) == 4


def test_a_redirect_leads_nowhere_that_one_may_not_go(peer: Tell, make: Make, canary: Canary) -> None:
    brest, looked_up = peer({}), []
    nantes = make(brest.netloc, resolve=lambda host, _: looked_up.append(host) or ["127.0.0.1"])
    for location in (
        f"http://{canary.netloc}/",
        f"//{canary.netloc}/",
        f"https://{canary.netloc}/",
        f"https://evil.test:{canary.port}/",
        "https://evil.test/",
        "http://evil.test/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "gopher://evil.test/",
        "data:application/activity+json,{}",
        f"http://alice@{brest.netloc}/",
        "https://nantes.test/",
        "http://[",
        "\\\\evil.test",
    ):
        brest.replies["/"] = moved(location)
        with pytest.raises(errors.Refused):
            nantes.fetch(f"{brest.url}/", signer=ALICE)
    assert canary.is_silent
    assert {request.target for request in brest.requests} == {"/"}
    assert set(looked_up) == {"127.0.0.1", "evil.test"}
    assert looked_up.count("evil.test") == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_delivery_follows_no_redirect(peer: Tell, make: Make, status: str) -> None:
    nantes = peer({"/inbox": answer(b"", "202 Accepted")})
    brest = peer({"/inbox": moved(f"{nantes.url}/inbox", status)})
    found = make(brest.netloc, nantes.netloc).post(f"{brest.url}/inbox", BODY, signer=ALICE, scheme="cavage")
    assert found.status == int(status[:3])
    assert not nantes.requests


def test_nothing_is_remembered_from_one_request_to_the_next(
    peer: Tell, make: Make, canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login alice password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for variable in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, f"http://{canary.netloc}")
    hop = answer(b"", "302 Found", Location="/b", Set_Cookie="hop=1; Path=/")
    brest = peer({"/": hop, "/b": answer(Set_Cookie="session=1; Path=/")})
    nantes = make(brest.netloc)
    for _ in range(2):
        nantes.fetch(f"{brest.url}/", signer=ALICE)
    assert len(brest.requests) == 4
    assert not any({"cookie", "authorization"} & set(request.headers) for request in brest.requests)
    assert canary.is_silent


# --- names and addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["10.0.0.1", "8.8.8.8"],
        ["8.8.8.8"] * 49 + ["169.254.169.254"],
        ["2606:4700::1111", "::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%lo"],
        ["0.0.0.0"],
        ["not-an-address"],
    ],
)
def test_a_name_that_also_leads_inside_is_not_dialled_at_all(
    make: Make, monkeypatch: pytest.MonkeyPatch, addresses: Sequence[str]
) -> None:
    dialled: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *where, **_: dialled.append(where))
    nantes = make(resolve=leads_to(*addresses))
    with pytest.raises(errors.Refused):
        nantes.fetch("https://evil.test/users/mallory", signer=None)
    with pytest.raises(errors.Refused):
        nantes.post("https://evil.test/inbox", BODY, signer=ALICE, scheme="cavage")
    assert not dialled


def test_what_may_not_be_called_is_not_even_looked_up(make: Make, peer: Tell, canary: Canary) -> None:
    looked_up: list[str] = []
    brest = peer({"/": answer()})
    nantes = make(brest.netloc, resolve=lambda host, _: looked_up.append(host) or ["127.0.0.1"])
    for url in (
        f"http://{canary.netloc}/",
        f"http://localhost:{brest.port}/",
        f"https://127.1:{brest.port}/",
        "https://nantes.test/",
        "http://evil.test/",
        "https://evil.test:6379/",
        "https://evil.test/\r\nX: y",
    ):
        with pytest.raises(errors.Refused):
            nantes.fetch(url, signer=ALICE)
        with pytest.raises(errors.Refused):
            nantes.post(url, BODY, signer=ALICE, scheme="cavage")
    assert not looked_up
    assert canary.is_silent
    assert not brest.connections


def test_the_address_that_was_checked_is_the_one_that_is_dialled(make: Make, peer: Tell) -> None:
    brest = peer({"/": answer(Connection="close")})
    turns = iter([["127.0.0.1"], ["10.0.0.1"]])
    nantes = make("127.0.0.0/8", resolve=lambda *_: next(turns))
    url = f"http://rebinding.test:{brest.port}/"
    assert nantes.fetch(url, signer=None).json == NOTE
    assert brest.requests[0].headers["host"] == f"rebinding.test:{brest.port}"
    with pytest.raises(errors.Refused):
        nantes.fetch(url, signer=None)


def test_when_one_address_is_dead_the_next_is_dialled(make: Make, peer: Tell) -> None:
    brest = peer({"/": answer()})
    nantes = make("127.0.0.0/8", resolve=leads_to("127.0.0.9", "127.0.0.1"))
    assert nantes.fetch(f"http://brest.test:{brest.port}/", signer=None).json == NOTE


def test_who_cannot_be_found_or_reached_may_be_there_later(make: Make, canary: Canary) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    for resolve in (nowhere, leads_to()):
        with pytest.raises(errors.Unreachable):
            make(resolve=resolve).fetch("https://brest.test/", signer=None)
    canary.close()
    with pytest.raises(errors.Unreachable):
        make(canary.netloc).fetch(f"http://{canary.netloc}/", signer=None)


def test_ipv6_is_spoken(make: Make, peer: Tell) -> None:
    try:
        brest = peer({"/": answer()}, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert make("::1").fetch(brest.url, signer=ALICE).json == NOTE
    check_signed(brest.requests[0], f"{brest.url}/")


# --- TLS --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own, and the server side of a connection to `brest.test`."""

    bundle: str
    server: ssl.SSLContext
    names: list[str | None]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder, now = tmp_path_factory.mktemp("tls"), dt.datetime.now(dt.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prefecture of Tests")])

    def certify(subject: str, public: Any, **extension: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder().issuer_name(ca_name).public_key(public)
        builder = builder.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(1))
        builder = builder.not_valid_after(now + dt.timedelta(1))
        for one in extension.values():
            builder = builder.add_extension(one, critical=isinstance(one, x509.BasicConstraints))
        return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    bundle, chain = folder / "ca.pem", folder / "brest.pem"
    bundle.write_bytes(
        certify(
            "Prefecture of Tests",
            ca_key.public_key(),
            basic=x509.BasicConstraints(ca=True, path_length=None),
            key=x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()),
        )
    )
    names = [x509.DNSName("brest.test"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    own = certify(
        "brest.test",
        key.public_key(),
        names=x509.SubjectAlternativeName(names),
        issuer=x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(pem + own)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    asked: list[str | None] = []
    server.sni_callback = lambda _, name, __: asked.append(name)
    return Authority(str(bundle), server, asked)


def test_over_tls_the_name_is_asked_for_and_the_certificate_is_checked_for_it(
    make: Make, peer: Tell, authority: Authority
) -> None:
    brest = peer({"/": answer(), "/down": moved("http://brest.test/")}, tls=authority.server)
    allowed = (f"brest.test:{brest.port}", f"nantes.example.test:{brest.port}", f"127.0.0.1:{brest.port}", "brest.test")
    here: dict[str, Any] = {"resolve": leads_to("127.0.0.1")}
    url = f"https://brest.test:{brest.port}"

    nantes = make(*allowed, ca_bundle=authority.bundle, **here)
    authority.names.clear()
    assert nantes.fetch(url, signer=ALICE).url == f"{url}/"
    assert authority.names == ["brest.test"]
    check_signed(brest.requests[0], f"{url}/")
    for _ in range(3):
        nantes.post(url, BODY, signer=ALICE, scheme="cavage")
    assert brest.connections == 1

    with pytest.raises(errors.Unreachable):
        nantes.fetch(f"https://nantes.example.test:{brest.port}/", signer=None)
    with pytest.raises(errors.Refused):  # from https down to http, even where http would be allowed
        nantes.fetch(f"{url}/down", signer=None)
    by_address = make(*allowed, ca_bundle=authority.bundle)
    assert by_address.fetch(f"https://127.0.0.1:{brest.port}/", signer=None).json == NOTE


def test_a_certificate_that_nobody_vouches_for_is_not_believed(make: Make, peer: Tell, authority: Authority) -> None:
    brest = peer({"/": answer()}, tls=authority.server)
    nantes = make(f"brest.test:{brest.port}", resolve=leads_to("127.0.0.1"))
    with pytest.raises(errors.Unreachable):
        nantes.fetch(f"https://brest.test:{brest.port}/", signer=None)
    with pytest.raises(errors.Unreachable):
        nantes.post(f"https://brest.test:{brest.port}/", BODY, signer=ALICE, scheme="cavage")
    assert not brest.requests


# --- too much ---------------------------------------------------------------------------------------------------------

SMALL = {"fetch_bytes": 20_000}


def pour(piece: bytes, beginning: bytes = b"", *, pause: float = 0) -> Callable[[socket.socket], None]:
    """Begin, then the same again and again until the other side has enough."""

    def send(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def endless(piece: bytes, beginning: bytes = b"") -> Callable[[socket.socket], None]:
    return pour(piece, b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n" + beginning)


def drip(beginning: bytes, piece: bytes = b"x") -> Callable[[socket.socket], None]:
    return pour(piece, beginning, pause=0.05)


def bomb(times: int = 1) -> bytes:
    packed = b" " * 20_000_000
    for _ in range(times):
        packed = gzip.compress(packed, mtime=0)
    return packed


@pytest.mark.parametrize(
    "reply",
    [
        answer(b" " * 20_001),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + b" " * 30_000,
        endless(b" " * 1000, b"\r\n"),
        endless(b"3e8\r\n" + b" " * 1000 + b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n"),
        endless(b"0" * 1000, b"Transfer-Encoding: chunked\r\n\r\n"),
        endless(b"X-More: " + b"y" * 1000 + b"\r\n"),
        endless(b"y" * 1000, b"X-More: "),
        endless(b"A: b\r\n" * 200, b"Transfer-Encoding: chunked\r\n\r\n0\r\n"),
        pour(b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 20001\r\n\r\n"),
        answer(bomb(), Content_Encoding="gzip"),
        answer(bomb(2), Content_Encoding="gzip, gzip"),
        answer(BODY, Content_Encoding="br"),
        answer(zlib.compress(BODY), Content_Encoding="deflate"),
    ],
    ids=range(14),
)
def test_too_much_is_cut_short(peer: Tell, make: Make, reply: Reply) -> None:
    brest, begun = peer({"/": reply}), time.monotonic()
    with pytest.raises((errors.Refused, errors.Unreachable)):
        make(brest.netloc, limits=SMALL).fetch(brest.url, signer=None)
    assert time.monotonic() - begun < 5  # cut by its size, not by the clock


def test_what_is_packed_is_not_unpacked_beyond_the_limit(peer: Tell, make: Make) -> None:
    brest = peer({"/": answer(bomb(), Content_Encoding="gzip")})
    nantes = make(brest.netloc, limits=SMALL)
    tracemalloc.start()
    try:
        with pytest.raises(errors.Refused):
            nantes.fetch(brest.url, signer=None)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_as_much_as_allowed_is_read_packed_or_not(peer: Tell, make: Make) -> None:
    full = BODY + b" " * (20_000 - len(BODY))
    packed = gzip.compress(full)
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (7, full[:7], len(full) - 7, full[7:])
    brest = peer({"/": answer(full), "/packed": answer(packed, Content_Encoding="gzip"), "/chunked": chunked})
    nantes = make(brest.netloc, limits=SMALL)
    for path in ("/", "/packed", "/chunked"):
        assert nantes.fetch(brest.url + path, signer=None).json == NOTE
    assert brest.connections == 1
    with pytest.raises(errors.Refused):
        nantes.get(brest.url, accept="*/*", limit=19_999)
    assert len(nantes.get(f"{brest.url}/packed", accept="*/*", limit=20_000).body) == 20_000


@pytest.mark.parametrize(
    "reply",
    [
        answer(gzip.compress(BODY)[:-9], Content_Encoding="gzip"),
        answer(BODY, Content_Encoding="gzip"),
        lambda connection: connection.sendall(answer()[:-5]),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcde\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"),
        lambda connection: connection.sendall(b"HTTP/1.1 99999 OK\r\n\r\n"),
        lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n"),
        lambda connection: connection.sendall(b"\x00\xff" * 40_000),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n: x\r\n\xff\xfe\r\n\r\n{}"),
        lambda connection: connection.sendall(b"HTTP/1.1 301 Go\r\nLocation: \xc3\xff\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
        hang_up,
    ],
    ids=range(15),
)
def test_a_broken_answer_is_an_error_of_ours_and_nothing_worse(peer: Tell, make: Make, reply: Reply) -> None:
    brest = peer({"/": reply})
    with pytest.raises((errors.Unreachable, errors.Refused)):
        make(brest.netloc).fetch(brest.url, signer=None)


def test_a_delivery_that_was_accepted_is_so_whatever_follows(peer: Tell, make: Make) -> None:
    accepted = b"HTTP/1.1 202 Accepted\r\n"
    replies: list[Reply] = [
        endless(b" " * 1000, b"\r\n"),
        answer(b" " * 1_000_000, "202 Accepted"),
        answer(b"not packed", "202 Accepted", Content_Encoding="gzip"),
        answer(b"whatever", "202 Accepted", Content_Encoding="br"),
        lambda connection: connection.sendall(accepted + b"Content-Length: 5\r\n\r\nab"),
    ]
    for reply in replies:
        brest = peer({"/inbox": reply})
        found = make(brest.netloc).post(f"{brest.url}/inbox", BODY, signer=ALICE, scheme="cavage")
        assert found.status in (200, 202)
        assert len(found.body) <= client.BEGINNING


# --- too long ---------------------------------------------------------------------------------------------------------


def test_whatever_takes_too_long_ends_at_the_deadline(peer: Tell, make: Make) -> None:
    silent = socket.create_server(("127.0.0.1", 0))  # accepts and never says a word
    silence = f"127.0.0.1:{silent.getsockname()[1]}"
    sipping = socket.create_server(("127.0.0.1", 0))  # accepts, and drinks what it is sent in very small sips
    sips = f"127.0.0.1:{sipping.getsockname()[1]}"
    over = threading.Event()

    def sip() -> None:
        connection, _ = sipping.accept()
        with connection:
            while not over.wait(0.01) and connection.recv(50_000):
                pass

    sipper = threading.Thread(target=sip)
    sipper.start()
    brest = peer(
        {
            "/status": drip(b"HTTP/1.1 200 O"),
            "/headers": drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
            "/more": drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
            "/continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "/body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
            "/chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            "/hops": lambda connection: (time.sleep(0.7), connection.sendall(moved("/hops"))),
        }
    )
    limits = {"fetch_seconds": 1, "deliver_seconds": 1}
    nantes = make(brest.netloc, silence, sips, limits=limits)
    lost = make(resolve=lambda *_: over.wait(20) and [], limits=limits)
    ways = [lambda path=path: nantes.fetch(brest.url + path, signer=None) for path in brest.replies]
    ways += [
        lambda: nantes.fetch(f"http://{silence}/", signer=None),
        lambda: nantes.fetch(f"https://{silence}/", signer=None),  # stalls in the TLS handshake
        lambda: lost.fetch("https://brest.test/", signer=None),
        lambda: nantes.post(f"http://{silence}/", b"x" * 20_000_000, signer=ALICE, scheme="cavage"),
        lambda: nantes.post(f"http://{sips}/", b"x" * 50_000_000, signer=ALICE, scheme="cavage"),
        lambda: nantes.post(f"{brest.url}/headers", BODY, signer=ALICE, scheme="cavage"),
    ]

    def measure(way: Callable[[], object]) -> tuple[Exception | None, float]:
        begun = time.monotonic()
        try:
            way()
        except errors.Problem as problem:
            return problem, time.monotonic() - begun
        return None, 0

    with silent, sipping, ThreadPoolExecutor(len(ways)) as threads:
        for problem, seconds in threads.map(measure, ways):
            assert type(problem) is errors.Unreachable
            assert 0.5 < seconds < 2.5
    over.set()
    sipper.join()


def test_many_hanging_lookups_do_not_keep_others_waiting_for_ever(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(wire, "LOOKUPS", 2)
    nantes = make(resolve=lambda *_: over.wait(20) and [], limits={"fetch_seconds": 1})

    def attempt(number: int) -> type[Exception] | None:
        try:
            nantes.fetch(f"https://slow{number}.test/", signer=None)
        except errors.Problem as problem:
            return type(problem)
        return None

    begun = time.monotonic()
    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(attempt, range(6))) == {errors.Unreachable}
    assert time.monotonic() - begun < 2.5
    over.set()


# --- keeping connections ----------------------------------------------------------------------------------------------


def test_deliveries_in_series_share_one_connection(peer: Tell, make: Make) -> None:
    brest = peer({"/inbox": answer(b"", "202 Accepted")})
    nantes = make(brest.netloc)
    for _ in range(20):
        assert nantes.post(f"{brest.url}/inbox", BODY, signer=ALICE, scheme="cavage").status == 202
    assert (brest.connections, len(brest.requests)) == (1, 20)


def test_a_kept_connection_that_the_other_side_let_go_is_replaced_without_a_word(peer: Tell, make: Make) -> None:
    brest = peer({"/inbox": lambda connection: connection.sendall(answer(b"", "202 Accepted"))})  # then hangs up
    nantes = make(brest.netloc)
    for turn in range(1, 6):
        assert nantes.post(f"{brest.url}/inbox", BODY, signer=ALICE, scheme="cavage").status == 202
        assert brest.connections == turn


def test_a_connection_lost_while_it_was_being_used_again_is_tried_once_more(peer: Tell, make: Make) -> None:
    brest = peer({"/": answer(), "/once": hang_up})
    nantes = make(brest.netloc)
    nantes.fetch(f"{brest.url}/", signer=None)

    def hang_up_once(connection: socket.socket) -> None:
        brest.replies["/once"] = answer()

    brest.replies["/once"] = hang_up_once
    assert nantes.fetch(f"{brest.url}/once", signer=None).json == NOTE
    brest.replies["/once"] = hang_up
    with pytest.raises(errors.Unreachable):
        nantes.fetch(f"{brest.url}/once", signer=None)
    assert [request.target for request in brest.requests] == ["/", "/once", "/once", "/once", "/once"]


def test_many_threads_share_one_client(peer: Tell, make: Make) -> None:
    towns = [peer({f"/{name}": answer(json.dumps({"name": name}).encode())}) for name in "abc"]
    nantes = make(*(town.netloc for town in towns))

    def ask(number: int) -> bool:
        name, town = "abc"[number % 3], towns[number % 3]
        return nantes.fetch(f"{town.url}/{name}", signer=ALICE).json == {"name": name}

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(ask, range(150)))
    assert sum(len(town.requests) for town in towns) == 150


def test_outside_of_an_exchange_nothing_can_be_dialled(peer: Tell) -> None:
    brest = peer({"/": answer()})
    with pytest.raises(LookupError):
        wire.Pools(requests.utils.DEFAULT_CA_BUNDLE_PATH).request("GET", brest.url)
    assert not brest.connections
