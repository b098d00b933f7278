"""Addresses of visitors are believed from trusted front servers alone."""

from typing import Any

import pytest

from fediterr.core.proxies import Proxied


def seen(trusted: tuple[str, ...], peer: str, **headers: str) -> tuple[str, str]:
    """The address and scheme that the application sees."""
    noted: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        noted.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    Proxied(application, trusted)(environ | {f"HTTP_{name}": value for name, value in headers.items()}, None)
    return noted["REMOTE_ADDR"], noted["wsgi.url_scheme"]


def test_nobody_is_believed_unless_listed() -> None:
    assert seen((), "127.0.0.1", X_FORWARDED_FOR="203.0.113.9", X_FORWARDED_PROTO="https") == ("127.0.0.1", "http")
    assert seen(("10.0.0.0/8",), "203.0.113.1", X_FORWARDED_FOR="203.0.113.9") == ("203.0.113.1", "http")


def test_a_trusted_front_server_tells_who_asks_and_how() -> None:
    told = {"X_FORWARDED_FOR": "203.0.113.9", "X_FORWARDED_PROTO": "https"}
    assert seen(("127.0.0.1",), "127.0.0.1", **told) == ("203.0.113.9", "https")


def test_what_a_visitor_wrote_before_is_not_believed() -> None:
    chain = "198.51.100.66, 203.0.113.9, 10.0.0.2"
    assert seen(("127.0.0.1", "10.0.0.0/8"), "127.0.0.1", X_FORWARDED_FOR=chain)[0] == "203.0.113.9"


@pytest.mark.parametrize("nonsense", ["", " , ,", "unknown", "<script>", "1.2.3.4.5", "x" * 5000])
def test_nonsense_leaves_the_address_of_the_front_server(nonsense: str) -> None:
    assert seen(("127.0.0.1",), "127.0.0.1", X_FORWARDED_FOR=nonsense)[0] == "127.0.0.1"
