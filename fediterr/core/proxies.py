"""Who really asks, behind a front server: `X-Forwarded-*` is believed from listed addresses, and from nobody else."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Proxies:
    """The front servers whose word is trusted.

    Of `X-Forwarded-For` the last address that is not itself a trusted one counts: what stands before it was written by
    whoever asked.
    """

    def __init__(self, trusted: Iterable[str]) -> None:
        self.trusted = [ipaddress.ip_network(network, strict=False) for network in trusted]

    def client(self, remote: str, forwarded: str) -> str:
        """Who asks, when the connection comes from `remote`, which passes on `forwarded`."""
        if not self.trusts(remote):
            return remote
        hops = [hop.strip() for hop in forwarded[-2048:].split(",") if hop.strip()]
        while len(hops) > 1 and self.trusts(hops[-1]):
            hops.pop()
        found = _as_address(hops[-1]) if hops else None
        return remote if found is None else str(found)

    def trusts(self, text: str) -> bool:
        address = _as_address(text) if self.trusted else None
        return address is not None and any(address in network for network in self.trusted)


class Proxied:
    """A WSGI application whose `REMOTE_ADDR` and scheme are those that the trusted front servers tell."""

    def __init__(self, app: Wsgi, trusted: Iterable[str]) -> None:
        self.app = app
        self.proxies = Proxies(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        remote = environ.get("REMOTE_ADDR", "")
        if self.proxies.trusts(remote):
            environ["REMOTE_ADDR"] = self.proxies.client(remote, environ.get("HTTP_X_FORWARDED_FOR", ""))
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self.app(environ, start_response)


def _as_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
