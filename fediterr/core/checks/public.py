"""Proving the public address, from this machine: its name is known, its certificate holds, this server answers there.

It asks its own address and that of its handles only, as the operator gave them.
"""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from fediterr.core import clock, site
from fediterr.core.checks.findings import Finding

SECONDS = 5  # for one word with a server
SOON = timedelta(days=10)  # certificates are renewed before
WHOLE = 100_000  # bytes that are read of an answer


def is_local() -> bool:
    """For trials on one machine, nothing is public."""
    return site.settings().is_loopback and site.settings().base_url.startswith("http:")


def _port() -> tuple[str, int]:
    parts = urlsplit(site.settings().base_url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def check_name() -> Iterator[Finding]:
    if is_local():
        return
    host, port = _port()
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        yield Finding(
            f"The name {host} leads nowhere.",
            "Where the name is managed, add an A record (and AAAA for IPv6) that leads to this machine.",
        )


def check_certificate() -> Iterator[Finding]:
    host, port = _port()
    if not site.settings().base_url.startswith("https:"):
        return
    try:
        with (
            socket.create_connection((host, port), SECONDS) as plain,
            _tls().wrap_socket(plain, server_hostname=host) as wire,
        ):
            ends = ssl.cert_time_to_seconds(str((wire.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            f"The certificate of {host} is not accepted: {error.verify_message}.",
            "Have one made for this name, for instance by Let's Encrypt: Caddy does it by itself.",
        )
        return
    except OSError as error:
        yield Finding(
            f"Nobody speaks TLS at {host}, port {port}: {error.strerror or error}.",
            "Start the reverse proxy, and let port 443 through the firewall and the router.",
        )
        return
    moment = datetime.fromtimestamp(ends, UTC)
    if moment - clock.now() < SOON:
        yield Finding(
            f"The certificate of {host} ends on {moment:%Y-%m-%d}.",
            "Have it renewed, and look why it was not by itself.",
        )


def check_answer() -> Iterator[Finding]:
    """Whether this very server answers at its address, and at the domain of its handles."""
    if is_local():
        return
    settings = site.settings()
    secure = settings.base_url.startswith("https:")
    host = urlsplit(settings.base_url).netloc
    try:
        status, _, body = _ask(host, "/.well-known/nodeinfo", secure=secure)
    except (OSError, http.client.HTTPException) as error:
        yield Finding(
            f"{host} does not answer: {error}.",
            "Have the reverse proxy lead this name to fediterr. Some routers hide one's own address from inside: "
            "then ask from outside.",
        )
        return
    if status != http.client.OK or settings.base_url not in _links(body):
        yield Finding(
            f"Something else than this server answers at {host} ({status}).",
            "Have the reverse proxy lead this name to fediterr, with its Host header as it came.",
        )
    elif settings.handle_domain != settings.host:
        yield from _handles(settings.handle_domain, settings.base_url)


def _handles(domain: str, base_url: str) -> Iterator[Finding]:
    path = f"/.well-known/webfinger?resource=acct:instance@{domain}"
    try:
        status, onward, _ = _ask(domain, path, secure=base_url.startswith("https:"))
    except (OSError, http.client.HTTPException) as error:
        status, onward = 0, str(error)
    if not onward.startswith(f"{base_url}/.well-known/webfinger"):
        yield Finding(
            f"The domain of the handles, {domain}, does not lead here ({status or onward}).",
            f"Have its site redirect /.well-known/webfinger and /.well-known/host-meta to {base_url}.",
        )


def _ask(host: str, path: str, *, secure: bool) -> tuple[int, str, bytes]:
    """Status, redirection and beginning of what a host of ours answers."""
    made: http.client.HTTPConnection
    made = http.client.HTTPSConnection(host, timeout=SECONDS, context=_tls()) if secure else _plain(host)
    try:
        made.request("GET", path, headers={"Accept": "application/json", "User-Agent": "fediterr (check of itself)"})
        answer = made.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read(WHOLE)
    finally:
        made.close()


def _plain(host: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(host, timeout=SECONDS)


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=site.settings().ca_bundle or None)


def _links(body: bytes) -> set[str]:
    """The bases of the addresses that a NodeInfo index leads to."""
    try:
        links = json.loads(body)["links"]
        return {"{0.scheme}://{0.netloc}".format(urlsplit(link["href"])) for link in links}
    except (ValueError, KeyError, TypeError):
        return set()
