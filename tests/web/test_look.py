"""How pages look: their style sheet and script, the pictures of people, small charts."""

import gzip

from fediterr.social import profiles
from fediterr.web import charts
from tests import files
from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in


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
