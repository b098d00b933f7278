"""How a page introduces itself: read from good pages, and from pages made to hurt."""

import time

import pytest

from fediterr.core import webpage

ADDRESS = "https://journal.test/a/b"


def test_what_is_said_best_is_taken_first() -> None:
    said = webpage.read(
        """<!-- <title>Caché</title> --><HTML LANG=fr><head><script>"<title>Piège</title>"</script>
        <title> Un
        pont </title><meta name=description content='Simple'><META NAME="twitter:description" CONTENT="Mieux">
        <meta property="og:image" content="//img.test/a.png?x=1&amp;y=2"><link rel="image_src" href="/autre.png">
        <meta property="og:image:width" content="640"><meta property="article:author" content="https://journal.test/@c">
        """,
        ADDRESS,
    )
    assert said is not None
    assert (said.title, said.description, said.language) == ("Un pont", "Mieux", "fr")
    assert said.image_url == "https://img.test/a.png?x=1&y=2"
    assert (said.width, said.height) == (0, 0)  # one alone tells no shape
    assert (said.author_name, said.author_url) == ("", "https://journal.test/@c")
    assert (said.kind, said.provider_url, said.published_at) == ("link", "https://journal.test/", None)


def test_films_and_photographs_are_told_apart() -> None:
    size = '<meta property="og:video:width" content="640"><meta property="og:video:height" content="360px">'
    film = f'<title>F</title><meta property="og:video" content="https://v.test/1">{size}'
    photo = '<title>P</title><meta name="twitter:card" content="photo"><meta name="twitter:image" content="p.jpg">'
    said = webpage.read(film, ADDRESS)
    assert said is not None
    assert (said.kind, said.embed_url, said.width, said.height) == ("video", "https://v.test/1", 640, 360)
    said = webpage.read(photo, ADDRESS)
    assert said is not None
    assert (said.kind, said.embed_url, said.image_url) == ("photo", *["https://journal.test/a/p.jpg"] * 2)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "data:text/html,x", "http://", "https://a@b.test/", "https://[::1", "https://a.test:x/",
        "https://a.test:99999/", "ftp://a.test/", 'https://a.test/"><script>', "https://a.test/ b",
    ],
)  # fmt: skip
def test_only_whole_addresses_of_the_web_come_out(address: str) -> None:
    page = f"<title>T</title><meta property='og:image' content='{address}'>"
    said = webpage.read(page, ADDRESS)
    assert said is not None
    assert said.image_url is None


@pytest.mark.parametrize("page", ["", "<title>", "<title></title>", "<meta", "<meta content=x>", "<title>  </title>"])
def test_without_a_title_nothing_is_said(page: str) -> None:
    assert webpage.read(page, ADDRESS) is None


def test_words_come_out_plain_and_short() -> None:
    said = webpage.read("<title>&lt;script&gt;\0\u202e&#8238;&#99999999999; " + "a" * 9000 + "</title>", ADDRESS)
    assert said is not None
    assert said.title.startswith("<script>")  # text: escaped by whoever shows it
    assert said.title.isprintable()
    assert len(said.title) <= webpage.TITLE


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Éclair".encode(), None),
        ("Éclair".encode("latin-1"), "iso-8859-1"),
        (b'<meta charset="latin-1">' + "Éclair".encode("latin-1"), None),
        ("Éclair".encode(), "no-such-thing"),
        ("Éclair".encode(), "hex"),
    ],
)
def test_a_page_is_read_in_its_own_encoding(body: bytes, charset: str | None) -> None:
    assert webpage.decode(body, charset).endswith("Éclair")


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<meta ",
        '<meta "',
        "<meta '>",
        "<!--",
        "<script>",
        "<title>",
        "<meta a=",
        '<meta content="" ',
        "<html lang='",
    ],
)
def test_no_page_takes_long(piece: str) -> None:
    began = time.perf_counter()
    webpage.read(piece * (webpage_size() // len(piece)), ADDRESS)
    webpage.read("<title>T</title>" + piece * (webpage_size() // len(piece)) + ">", ADDRESS)
    assert time.perf_counter() - began < 4


def webpage_size() -> int:
    return 1 << 20
