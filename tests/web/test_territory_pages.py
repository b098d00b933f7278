"""A territory's page and its face: what is known of it, whom it is made of, who speaks for it, and what it is like."""

import io

from PIL import Image

from fediterr.accounts import service as accounts
from fediterr.core import siret, site
from fediterr.core.db import session
from fediterr.social import profiles
from fediterr.territories import authorities, directory, faces
from fediterr.territories.models import Territory, Twin
from fediterr.web.pixels import rings
from tests import territories as cast
from tests.fediverse import Fediverse, Person, Server
from tests.web.browser import Browser


def planted(fediverse: Fediverse) -> Server:
    town = fediverse["alvane.test"]
    cast.plant(town)
    return town


def represent(town: Server, name: str, code: str, *, verified: bool = True) -> None:
    """An authority of here, verified by whoever runs the server."""
    with town.inside():
        account = authorities.open(directory.get(code), name)
        if verified:
            authorities.verify(account, "operator")


def test_the_cast_of_territories_is_well_formed(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    assert town.count(Territory) == len(cast.PLACES)
    assert all(siret.is_siren(each.siren) for each in cast.PLACES)
    with town.inside():
        assert [each.name for each in directory.members_of(directory.get(cast.BRUMEUX))] == [
            "Brumeville",
            "Le Haut-Val",
        ]
        assert [each.code for each in directory.successors_of(cast.MERGED)] == ["96001"]


def test_anybody_reads_what_is_known_of_a_territory_and_where_it_is_from(fediverse: Fediverse) -> None:
    page = Browser(planted(fediverse)).open(f"/territoires/{cast.ALVANE}")
    assert page.status == 200
    for words in ("Communauté de communes", "18 400", "Registre inventé, 2023", "Rural à habitat dispersé", "412 km²"):
        assert words in page.words.replace("\xa0", " "), words
    assert "Saint-Elme-d’Alvane" in page.words
    assert "Collecte et traitement des déchets" in page.words
    assert page.link(tag="link", rel="canonical").endswith(f"/territoires/{cast.ALVANE}")
    assert ("meta", {"property": "og:title", "content": "CC des Trois-Rivières-d’Alvane"}) in page.tags


def test_every_number_of_a_territory_leads_to_its_one_page(fediverse: Fediverse) -> None:
    browser = Browser(planted(fediverse))
    city = next(each for each in cast.PLACES if each.code == cast.CITY)
    for number in (city.siren, f"{city.siren[:3]} {city.siren[3:]}"):
        assert browser.open(f"/territoires/{number}", follow=False).headers["Location"] == f"/territoires/{cast.CITY}"
    assert browser.open("/territoires/96", follow=False).headers["Location"] == f"/territoires/{cast.DEPARTMENT}"
    page = browser.open(f"/territoires/{cast.MERGED}")
    assert "Vieux-Pont fait maintenant partie de Saint-Elme-d’Alvane" in page.words
    assert "Réunit aussi Vieux-Pont" in page.words
    page = browser.open("/territoires/00000")
    assert page.status == 404
    assert page.form("/territoires").method == "get"


def test_its_page_shows_who_speaks_for_it_what_they_say_and_whom_it_is_like(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    represent(town, "cc_alvane", cast.ALVANE)
    represent(town, "val_brumeux", cast.BRUMEUX, verified=False)
    with town.inside():
        alvane, brumeux = directory.get(cast.ALVANE), directory.get(cast.BRUMEUX)
        session.add(Twin(territory_id=alvane.id, other_id=brumeux.id, rank=1, score=0.93, reasons=[]))
    authority = Person(town, "cc_alvane")
    authority.says("Le conseil se réunit jeudi.")
    authority.says("Entre nous.", visibility="followers")
    page = Browser(town).open(f"/territoires/{cast.ALVANE}")
    assert "Vérifié par décision de l’administration de ce serveur" in page.words
    assert "Le conseil se réunit jeudi." in page.words
    assert "Entre nous." not in page.words
    assert "Communauté de communes, 21 050 hab. · sur le réseau" in page.words
    feed = Browser(town).open(f"/territoires/{cast.ALVANE}.rss")
    assert "Le conseil se réunit jeudi." in feed.html
    assert (
        "Rien ne prouve encore que ce compte est celui de la collectivité"
        in Browser(town).open(f"/territoires/{cast.BRUMEUX}").words
    )


def test_a_face_is_small_safe_and_kept_for_good(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    browser = Browser(town)
    with town.inside():
        address = faces.address(directory.get(cast.ALVANE))
    path = address.removeprefix(town.settings.base_url)
    drawn = browser.client.get(path.replace(".png", ".svg"))
    assert len(drawn.data) < 700
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert drawn.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert drawn.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in drawn.headers["Cache-Control"]
    assert "immutable" not in browser.client.get(path.partition("?")[0]).headers["Cache-Control"]
    again = browser.client.get(path, headers={"If-None-Match": browser.client.get(path).headers["ETag"]})
    assert again.status_code == 304
    picture = Image.open(io.BytesIO(browser.client.get(path).data))
    assert (picture.format, picture.size) == ("PNG", (400, 400))
    assert picture.convert("RGB").getpixel((200, 200)) != picture.convert("RGB").getpixel((2, 2))


def test_a_path_of_lines_is_read_in_every_way_of_writing_it() -> None:
    square = [[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)]]
    for path in ("M1 1L3 1 3 3 1 3Z", "m1,1l2,0 0 2-2,0z", "M1 1H3V3H1Z", "m1 1h2v2h-2z"):
        assert rings(path) == square, path
    assert rings("M0 0H4V4H0ZM1 1h1v1h-1z")[1] == [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)]


def test_an_authority_without_a_picture_shows_its_territory_to_everybody(fediverse: Fediverse) -> None:
    town, there = planted(fediverse), fediverse["ailleurs.test"]
    represent(town, "cc_alvane", cast.ALVANE)
    page = Browser(town).open("/@cc_alvane")
    assert f"/territoires/{cast.ALVANE}/contour.svg?v=" in page.html
    actor = town.get("/actors/cc_alvane").json
    assert actor["icon"]["url"].startswith(f"https://alvane.test/territoires/{cast.ALVANE}/contour.png?v=")
    assert actor["icon"]["mediaType"] == "image/png"
    paul = there.register("paul")
    assert paul.look_up("cc_alvane@alvane.test").icon_url == actor["icon"]["url"]
    shown = town.get("/api/v1/accounts/lookup?acct=cc_alvane", accept="application/json").json
    assert shown["avatar"] == actor["icon"]["url"]


def test_a_picture_of_its_own_takes_the_place_of_the_face_until_it_is_taken_down(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    represent(town, "cc_alvane", cast.ALVANE)
    with town.inside():
        account = accounts.local("cc_alvane")
        worn = account.icon_url or ""
        authorities.change(account, website="", colour="#8a4b08")
        coloured = account.icon_url or ""
        assert faces.is_face(coloured)
        assert coloured != worn  # another colour, another address: nobody shows the old one
        account.icon_url = site.media_address("portrait.png")
        authorities.change(account, website="", colour="#33506e")
        assert account.icon_url == site.media_address("portrait.png")
        profiles.take_down(account, "icon")
        assert faces.is_face(account.icon_url or "")
    drawn = Browser(town).client.get(f"/territoires/{cast.ALVANE}/contour.svg").data.decode()
    assert "#33506e" in drawn
