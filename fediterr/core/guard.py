"""Which addresses this server may call: pure rules, denied unless known to be public or listed by the operator.

`parse` gives an address its one spelling, `Guard.check_url` judges it before a name is looked up, and
`Guard.check_address` judges each address that the name leads to, just before it is dialled.
"""

import functools
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import idna

from fediterr.core import errors

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 8192
MAX_HOST = 253  # RFC 1035 §2.3.4, in its written form

# `ipaddress.is_global` is only right from Python 3.12.4 on, so the registries stand here:
# https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
SPECIAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",  # private use
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocol assignments; Teredo, which wraps IPv4, is one
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps IPv4
        "3fff::/20",  # documentation
    )
)
# Whatever is not in here (loopback, mapped and compatible IPv4, unique local, link-local, multicast…) is not public.
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# RFC 6052: a server that has only IPv6 reaches public IPv4 addresses through these.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE | re.ASCII)
AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%]+)(?::([0-9]{1,5}))?")
HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
# As browsers see it, a host whose last label is a number is an IPv4 address, in whatever odd spelling.
ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
NEVER_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
TO_QUOTE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~!$&'()*+,;=:@/?-]")


@dataclass(frozen=True, slots=True)
class Target:
    """An http(s) address in its one spelling: ASCII, lower-case host, no fragment, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """What the `Host` header says: brackets around IPv6, the port only if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


class Guard:
    """The rules of one server: what the operator listed (`host`, `host:port`, network) may be private and plain http.

    `own_host` (`host` or `host:port`) is never called: a server that asks itself only keeps itself busy.
    Raises `errors.Invalid` when an entry is none of the three.
    """

    def __init__(self, allow_hosts: Iterable[str] = (), own_host: str | None = None) -> None:
        entries = [entry.strip() for entry in allow_hosts]
        try:
            self._networks = [ipaddress.ip_network(entry, strict=False) for entry in entries if "/" in entry]
            self._hosts = {_read_authority(entry) for entry in entries if "/" not in entry}
            self._own = _read_authority(own_host) if own_host else None
        except (ValueError, errors.Refused) as error:
            raise errors.Invalid(f"Not a host, a host:port or a network: {error}.") from error

    def check_url(self, url: str) -> Target:
        """`url` in its one spelling, if it may be called at all; raises `errors.Refused`.

        A name is only half judged here: what it leads to is judged by `check_address`.
        """
        target = parse(url)
        if self._own in {(target.host, target.port), (target.host, None)}:
            raise errors.Refused(f"{target.netloc} is this very server.")
        if self._is_listed(target.host, target.port):
            return target
        if target.scheme == "http" and target.port == DEFAULT_PORTS["https"]:
            raise errors.Refused(f"{target.netloc} would be plain http on the port of https.")
        if _as_address(target.host):
            self.check_address(target.host, target.host, target.port)
        # Where the operator listed networks, a short name, plain http or a port may be fine: the address decides.
        elif not self._networks and (target.port != DEFAULT_PORTS["https"] or "." not in target.host):
            raise errors.Refused(f"{target.netloc} is not a public https address.")
        return target

    def check_address(self, address: str, host: str, port: int) -> None:
        """Whether `address`, which `host` leads to, may be dialled on `port`; raises `errors.Refused`."""
        if self._is_listed(host, port):
            return
        found = _as_address(address)
        if found is None:
            raise errors.Refused(f"{host} does not lead to an address.")
        found = _unwrap(found)
        if any(found in network for network in self._networks):
            return
        if port != DEFAULT_PORTS["https"] or not _is_public(found):
            raise errors.Refused(f"{host} is not a public https address.")

    def _is_listed(self, host: str, port: int) -> bool:
        return (host, port) in self._hosts or (host, None) in self._hosts


# Remembered, because deliveries go to the same inboxes again and again.
@functools.lru_cache(maxsize=1024)
def parse(url: str) -> Target:
    """Read an http(s) address strictly; raises `errors.Refused` for userinfo, control characters and odd hosts."""
    if len(url) > MAX_URL or NEVER_IN_URL.search(url):
        raise errors.Refused("This address is too long or holds characters that no address holds.")
    match = URL.fullmatch(url)
    if not match:
        raise errors.Refused("This is not a web address.")
    scheme, (host, port) = match[1].lower(), _read_authority(match[2])
    try:
        path = TO_QUOTE.sub(_quote, (match[3] or "/") + (match[4] or ""))
    except UnicodeEncodeError as error:
        raise errors.Refused("This address is not text.") from error
    return Target(scheme, host, port or DEFAULT_PORTS[scheme], path)


def normal_origin(url: str) -> tuple[str, str, int]:
    """(scheme, ASCII host, port) of an address, equal for all spellings of one origin; raises `errors.Refused`."""
    target = parse(url)
    return target.scheme, target.host, target.port


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of the same origin; what cannot be read is of no origin at all."""
    try:
        return normal_origin(one) == normal_origin(other)
    except errors.Refused:
        return False


# --- hosts ------------------------------------------------------------------------------------------------------------


def _read_authority(text: str) -> tuple[str, int | None]:
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    match = AUTHORITY.fullmatch(text)
    port = int(match[2]) if match and match[2] else None
    if not match or (port is not None and not 0 < port < 65536):
        raise errors.Refused("This address has no readable host.")
    return _read_host(match[1]), port


def _read_host(text: str) -> str:
    """A host in ASCII lower case without its final dot, an IP address in its canonical form."""
    try:
        if text.startswith("["):
            return str(ipaddress.IPv6Address(text[1:-1]))
        if not text.isascii():
            # The length first: what IDNA costs grows with it.
            text = idna.encode(text[: MAX_HOST + 1], uts46=True, std3_rules=True).decode("ascii")
        host = text.lower().removesuffix(".")
        if ENDS_IN_NUMBER.search(host):
            return str(ipaddress.IPv4Address(host))
    except ValueError as error:  # idna's errors are among them
        raise errors.Refused("This address has no readable host.") from error
    if len(host) > MAX_HOST or not HOST_NAME.fullmatch(host):
        raise errors.Refused("This address has no readable host.")
    return host


def _quote(match: re.Match[str]) -> str:
    """Percent-encode what must be, and write what already is in upper case: what is signed is what is sent."""
    text = match[0]
    return text.upper() if len(text) == 3 else "".join(f"%{byte:02X}" for byte in text.encode())


# --- addresses --------------------------------------------------------------------------------------------------------


def _as_address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _unwrap(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, for the two wrappings that still carry traffic (mapped and NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in SPECIAL)
