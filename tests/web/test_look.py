"""How pages look: their style sheet and script, the pictures of people, small charts."""

import gzip

from fediterr.social import profiles
from fediterr.web import assets, charts, legal
from tests import files
from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in

SAID = (
    "REX court : 1 200 points lumineux passés en LED en trois ans, avec extinction de 23 h à 5 h. Facture : −61 %. "
    "Ce que nous referions autrement : écrire la réversibilité des données de télégestion dès le cahier des charges. "
    "#EclairagePublic #REX"
)


def test_the_style_and_the_script_are_kept_for_good_and_compressed(fediverse: Fediverse) -> None:
    browser = Browser(fediverse["brest.test"])
    page = browser.open("/")
    script = next(attributes for tag, attributes in page.tags if tag == "script")
    assert script["type"] == "module"
    for address in (page.link(rel="stylesheet"), script["src"]):
        path, _, mark = address.partition("?v=")
        assert path.startswith("/static/")
        assert len(mark) == 12
        answer = browser.open(address)
        assert "immutable" in answer.headers["Cache-Control"]
        again = browser.open(address, If_None_Match=answer.headers["ETag"])
        assert again.status == 304
        packed = browser.client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data).decode() == answer.html
        assert "immutable" not in browser.open(f"{path}?v=0123456789ab").headers["Cache-Control"]
    assert len(browser.open(script["src"]).html.encode()) < 10_000


def test_pages_are_compressed_unless_another_site_leads_to_what_is_for_one_person(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    visitor, member = Browser(alice.server), signed_in(alice)
    for browser, site, packed in (
        (visitor, "cross-site", True),
        (member, "same-origin", True),
        (member, "none", True),
        (member, "cross-site", False),
        (member, "", False),
    ):
        headers = {"Accept-Encoding": "gzip, br", "Accept": "text/html", "Sec-Fetch-Site": site}
        answer = browser.client.get("/", base_url="https://brest.test", headers=headers)
        assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None), site
        assert "Accept-Encoding" in answer.headers["Vary"]
        html = gzip.decompress(answer.data) if packed else answer.data
        assert b"</html>" in html


def test_the_word_of_forms_looks_different_on_every_page_and_serves_all_the_same(fediverse: Fediverse) -> None:
    browser = signed_in(fediverse["brest.test"].register("alice"))
    pages = [browser.open("/publier") for _ in range(2)]
    first, second = (page.form("/publier").values["csrf"] for page in pages)
    assert first != second
    for page in pages:
        assert browser.send(page, "/publier", words="Bonjour").status == 200
    for word in ("", "é", first[:-4], second[4:] + first[:4], "A" * 86):
        assert browser.post("/deconnexion", {"csrf": word}).status == 403


def test_a_page_of_twenty_posts_is_light(fediverse: Fediverse) -> None:
    """What it weighs is told on /ecoconception; the aim is 150 kB with the style sheet and the script."""
    server = fediverse["brest.test"]
    alice = server.register("alice")
    for number in range(20):
        alice.says(f"{number} {SAID}")
    browser = signed_in(alice)
    headers = {"Accept-Encoding": "gzip", "Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    page = browser.client.get("/", base_url="https://brest.test", headers=headers)
    assert gzip.decompress(page.data).count(b"<article") == 20
    whole = len(page.data) + sum(len(assets.asset(name).packed) for name in ("style.css", "script.js"))
    assert whole < 150_000
    assert len(page.data) <= legal.PAGE_WEIGHT * 1000


def test_who_has_a_picture_is_seen_by_it_when_it_lies_here(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob = brest.register("alice"), nantes.register("bob")
    assert not [tag for tag, _ in signed_in(alice).open("/").tags if tag == "img"]
    with alice.acting():
        icon = profiles.develop("icon", files.picture(size=(300, 300)), "a.png")
        wide = profiles.develop("image", files.picture(size=(900, 300)), "b.png")
    with alice.acting() as me:
        profiles.change(me, profiles.Profile(icon=icon, image=wide))
    alice.says("Bonjour")
    bob.follow("alice@brest.test")
    fediverse.settle()

    browser = signed_in(alice)
    shown = [each for tag, each in browser.open("/@alice").tags if tag == "img"]
    assert shown
    for each in shown:
        assert each["alt"] == ""
        assert each["src"].startswith("https://brest.test/media/")
        with browser.client.get(each["src"].removeprefix("https://brest.test")) as answer:
            assert answer.status_code == 200
    # What lies on another server is shown as our copy of it.
    elsewhere = [each["src"] for tag, each in signed_in(bob).open("/@alice@brest.test").tags if tag == "img"]
    assert elsewhere
    assert all(address.startswith("/") for address in elsewhere)


def test_a_chart_has_bars_in_proportion_and_shows_what_is_not_nothing() -> None:
    none, one, most = charts.bars([0, 1, 1000], ["lundi", "mardi", "mercredi"])
    assert (none.height, most.height) == (0, charts.HEIGHT)
    assert one.height > 0
    assert none.x + none.width < one.x < most.x
    assert most.x + most.width <= charts.WIDTH
    assert charts.bars([], []) == []
    assert charts.bars([0], ["rien"])[0].height == 0
