"""Other sites show a public post of here in a frame of their own pages: oEmbed."""

import re
from urllib.parse import urlsplit

from tests.fediverse import Fediverse, Server
from tests.mastodon.client import Application


def test_a_public_post_is_described_and_framed(brest: Server) -> None:
    alice = Application(brest.register("alice", display_name='Alice "du port"'))
    said = alice.says("Le <pont> ouvre", poll={"options": ["Oui", "Non"], "expires_in": 600})
    page = brest.get(urlsplit(said["url"]).path, accept="text/html")
    [address] = re.findall(r'type="application/json\+oembed" href="([^"]+)"', page.text)
    made = brest.get(address.removeprefix("https://brest.test"), accept="*/*")
    assert made.headers["Access-Control-Allow-Origin"] == "*"
    described = made.json
    assert described | {"html": ""} == {
        "type": "rich", "version": "1.0", "author_name": 'Alice "du port"', "author_url": said["account"]["url"],
        "provider_name": "fediterr", "provider_url": "https://brest.test/", "cache_age": 86400, "html": "",
        "width": 550, "height": None,
    }  # fmt: skip
    [source] = re.findall(r'<iframe src="([^"]+)"', described["html"])
    assert source == f"{said['url']}/embed"
    shown = brest.get(urlsplit(source).path, accept="text/html")
    assert shown.status_code == 200
    assert "Le &lt;pont&gt; ouvre" in shown.text
    assert "<script" not in shown.text
    assert "<form" not in shown.text
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert {"X-Frame-Options", "Set-Cookie"} & set(shown.headers.keys()) == set()
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_frame_has_the_size_that_fits(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    said = alice.says("Le pont")

    def size(**asked: int) -> tuple[int, int]:
        described = alice.get("/api/oembed", url=said["url"], **asked)
        return described["width"], described["height"]

    assert size(maxwidth=400, maxheight=300) == (400, 300)
    assert size(maxwidth=10**9) == (2000, None)
    assert size(maxwidth=-5) == (220, None)
    answer = alice.ask("GET", "/api/oembed", query_string={"url": said["url"], "format": "xml"})
    assert answer.status_code == 422


def test_nothing_else_can_be_framed(fediverse: Fediverse, brest: Server) -> None:
    alice = Application(brest.register("alice"))
    bob = Application(fediverse["nantes.test"].register("bob"))
    brest.fediverse.settle()
    hidden = alice.says("Caché", visibility="private")
    remote = bob.says("Là-bas")
    alice.person.look_up(remote["uri"])
    boost = alice.post(f"/api/v1/statuses/{alice.says('Ici')['id']}/reblog")
    boosted = f"https://brest.test/@alice/{boost['id']}"
    for address in (
        hidden["url"],
        remote["url"],
        boosted,
        "https://brest.test/@alice",
        "x",
        "",
        "https://brest.test/@a/9",
    ):
        assert alice.ask("GET", "/api/oembed", query_string={"url": address}).status_code == 404, address
    for path in (urlsplit(hidden["url"]).path, f"/@alice/{boost['id']}", "/@alice/12"):
        assert brest.get(f"{path}/embed", accept="text/html").status_code == 404
