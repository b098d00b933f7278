"""Who really asks, behind a front server: `X-Forwarded-*` is believed from listed addresses, and from nobody else."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Proxied:
    """A WSGI application whose `REMOTE_ADDR` and scheme are those that the trusted front servers tell.

    Of `X-Forwarded-For` the last address that is not itself a trusted one counts: what stands before it was written by
    whoever asked.
    """

    def __init__(self, app: Wsgi, trusted: Iterable[str]) -> None:
        self.app = app
        self.trusted = [ipaddress.ip_network(network, strict=False) for network in trusted]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.trusted and self._is_trusted(environ.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "")[-2048:].split(",") if hop.strip()]
            while len(hops) > 1 and self._is_trusted(hops[-1]):
                hops.pop()
            if hops and _as_address(hops[-1]) is not None:
                environ["REMOTE_ADDR"] = str(_as_address(hops[-1]))
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self.app(environ, start_response)

    def _is_trusted(self, text: str) -> bool:
        address = _as_address(text)
        return address is not None and any(address in network for network in self.trusted)


def _as_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
