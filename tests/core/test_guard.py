"""Which addresses may be called: every odd way of writing a private one is refused, and public ones are not."""

import pytest

from fediterr.core import errors, guard

PUBLIC = guard.Guard(own_host="ville.test")
TRIAL = guard.Guard(("127.0.0.0/8", "intranet.test:8080", "plain.test", "[::1]:9000"), own_host="127.0.0.1:8001")

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.10 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1
198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::808:808 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:808:808::1
3fff::1 4000::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%lo fec0::1 ff02::1
"""
IS_PUBLIC = """
8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 198.17.255.255 198.20.0.1
223.255.255.255 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700::1111 2a01:e0a::1 2001:200::1 2003::1
"""


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("https://brest.test", "https://brest.test/"),
        ("HTTPS://BREST.test.:443/Users?x=1#main-key", "https://brest.test/Users?x=1"),
        ("https://mairie-de-büren.test/é", "https://xn--mairie-de-bren-qsb.test/%C3%A9"),
        ("https://Plœmeur.test/", "https://xn--plmeur-jhb.test/"),
        ("https://brest.test?q=a%2fb|c%zz", "https://brest.test/?q=a%2Fb%7Cc%25zz"),
        ("https://brest.test//a/../b;c=1,2", "https://brest.test//a/../b;c=1,2"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0:0:0:0:0:1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_a_public_https_address_is_let_through_in_its_one_spelling(url: str, spelling: str) -> None:
    assert PUBLIC.check_url(url).url == spelling
    assert PUBLIC.check_url(spelling).url == spelling


@pytest.mark.parametrize(
    "url",
    [
        "",
        "brest.test",
        "//brest.test/",
        "https:brest.test",
        "https:///path",
        "https://?q",
        "HTTPS:\\\\brest.test\\",
        "https://brest.test\\@evil.test/",
        *(f"{scheme}://brest.test/" for scheme in ("http", "file", "ftp", "gopher", "unix", "jar", "http+unix", "wss")),
        "data:text/html,hello",
        "javascript:alert(1)",
        "https://brest.test@evil.test/",
        "https://alice:secret@brest.test/",
        "https://@brest.test/",
        *(f"https://brest{character}.test/" for character in "\r\n\t \0\x7f%_\u2028"),
        *(f"https://brest.test/a{character}b" for character in "\r\n\t \0\x7f"),
        "https://brest.test/\ud800",
        *(
            f"https://brest.test:{port}/"
            for port in (22, 25, 80, 5432, 6379, 8443, 0, 65536, "", "443a", "４４３", "-1")
        ),
        "https://brest..test/",
        "https://.test/",
        "https://-brest.test/",
        "https://" + "a" * 64 + ".test/",
        "https://" + "a." * 126 + "test/",
        "https://" + "é" * 5000 + ".test/",
        "https://brest.test/" + "a" * 8192,
        "https://brest.test／@evil.test/",
        "https://localhost/",
        "https://localhost./",
        "https://redis/",
        "https://ville.test/",
        "https://VILLE.test.:443/inbox",
    ],
)
def test_what_is_not_a_public_https_address_is_refused(url: str) -> None:
    with pytest.raises(errors.Refused):
        PUBLIC.check_url(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7F.0.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "①②⑦.⓪.⓪.①",
        "１２７。0。0。1",
        "%31%32%37.0.0.1",
        "127.0.0.0x1",
        "evil.test.1",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::8.8.8.8]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::8.8.8.8]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[::1",
        "::1",
        "[v1.a]",
        "[127.0.0.1]",
    ],
)
def test_an_ip_literal_is_an_address_however_it_is_written(host: str) -> None:
    with pytest.raises(errors.Refused):
        PUBLIC.check_url(f"https://{host}/")


@pytest.mark.parametrize(
    "address",
    NOT_PUBLIC.split(),
)
def test_an_address_that_is_not_globally_routable_is_not_dialled(address: str) -> None:
    with pytest.raises(errors.Refused):
        PUBLIC.check_address(address, "brest.test", 443)


@pytest.mark.parametrize(
    "address",
    IS_PUBLIC.split(),
)
def test_a_public_address_may_be_dialled_on_443_only(address: str) -> None:
    PUBLIC.check_address(address, "brest.test", 443)
    for port in (22, 80, 6379, 8443):
        with pytest.raises(errors.Refused):
            PUBLIC.check_address(address, "brest.test", port)


def test_what_is_no_address_is_not_dialled() -> None:
    for text in ("", "brest.test", "127.1", "0x7f000001"):
        with pytest.raises(errors.Refused):
            PUBLIC.check_address(text, "brest.test", 443)


def test_what_the_operator_listed_may_be_private_and_plain_http() -> None:
    assert TRIAL.check_url("http://127.0.0.1:8002/users/bob").port == 8002
    assert TRIAL.check_url("http://intranet.test:8080/").netloc == "intranet.test:8080"
    assert TRIAL.check_url("http://plain.test/").port == 80
    assert TRIAL.check_url("http://[::1]:9000/").netloc == "[::1]:9000"
    TRIAL.check_address("10.1.2.3", "intranet.test", 8080)
    TRIAL.check_address("127.9.9.9", "any.test", 6000)
    TRIAL.check_address("::ffff:127.0.0.1", "any.test", 6000)


def test_what_the_operator_listed_opens_nothing_else() -> None:
    for url in (
        "http://10.0.0.1/",
        "https://10.0.0.1/",
        "http://[::1]:9001/",
        "http://8.8.8.8/",
        "http://8.8.8.8:443/",
    ):
        with pytest.raises(errors.Refused):
            TRIAL.check_url(url)
    for address, host, port in (
        ("10.1.2.3", "intranet.test", 8081),
        ("10.1.2.3", "other.test", 8080),
        ("8.8.8.8", "other.test", 80),
        ("::1", "other.test", 9000),
    ):
        with pytest.raises(errors.Refused):
            TRIAL.check_address(address, host, port)
    exact = guard.Guard(("127.0.0.1:8001",))
    for url in ("https://127.0.0.1:8002/", "http://127.0.0.1/", "http://localhost:8001/", "http://127.0.0.2:8001/"):
        with pytest.raises(errors.Refused):
            exact.check_url(url)


def test_a_short_name_in_a_listed_network_is_judged_by_its_address() -> None:
    assert TRIAL.check_url("http://localhost:8002/").host == "localhost"
    TRIAL.check_address("127.0.0.1", "localhost", 8002)
    with pytest.raises(errors.Refused):
        TRIAL.check_address("10.0.0.1", "localhost", 8002)


def test_a_server_does_not_call_itself_even_when_listed() -> None:
    with pytest.raises(errors.Refused):
        TRIAL.check_url("http://127.0.0.1:8001/users/alice")


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "a b", "host:0", "host:99999", "http://brest.test", "", "::g"])
def test_a_wrong_entry_of_the_list_is_told(entry: str) -> None:
    with pytest.raises(errors.Invalid):
        guard.Guard((entry,))


def test_origins_are_compared_in_their_one_spelling() -> None:
    assert guard.normal_origin("HTTPS://Honest.TEST.:443/users/alice#key") == ("https", "honest.test", 443)
    assert guard.same_host("https://honest.test/users/alice", "https://HONEST.test:443/inbox")
    assert guard.same_host("https://bücher.test/a", "https://xn--bcher-kva.test/b")
    for other in (
        "https://honest.test@evil.test/users/alice",
        "https://honest.test.evil.test/",
        "http://honest.test/users/alice",
        "https://honest.test:8443/users/alice",
        "https://hоnest.test/users/alice",  # with a Cyrillic о
        "https://honest.test\\.evil.test/",
        "https://honest%2etest/",
        "acct:alice@honest.test",
        "",
    ):
        assert not guard.same_host("https://honest.test/users/alice", other)
        assert not guard.same_host(other, other) or guard.normal_origin(other)
