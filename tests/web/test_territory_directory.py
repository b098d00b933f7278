"""The directory of territories and its map: how anybody finds, narrows, takes away, and looks at them from above."""

import csv
import io

from fediterr.accounts import service as accounts
from fediterr.core.db import session
from fediterr.territories import directory, search
from fediterr.territories.models import Authority, Territory
from tests import territories as cast
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser, signed_in


def planted(fediverse: Fediverse) -> Server:
    town = fediverse["alvane.test"]
    cast.plant(town)
    return town


def on_network(town: Server) -> None:
    """The communauté of the cast that is on the network, by an account of this server."""
    with town.inside():
        account = accounts.open_authority("cc-alvane", "CC d’Alvane")
        session.add(Authority(account_id=account.id, territory_id=directory.get(cast.ALVANE).id))


def test_a_visitor_looks_for_a_territory_without_a_script(fediverse: Fediverse) -> None:
    browser = Browser(planted(fediverse))
    page = browser.open("/territoires?q=brumvile")
    assert "Aucun territoire ne s’appelle exactement « brumvile »" in page.words
    assert browser.open(page.link(href="/territoires/96003")).status == 200
    assert "Retirer tous les filtres" in browser.open("/territoires?q=nulle+part&nature=COM").words
    assert "Voir tous les territoires" in browser.open("/territoires?q=nulle+part").words


def test_filters_say_how_many_they_would_leave_and_can_be_taken_off(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    on_network(town)
    browser = Browser(town)
    page = browser.open("/territoires?nature=epci")
    assert "Communauté de communes (2)" in page.words
    assert "4 territoires" in page.words
    assert "Oui (1)" in page.words
    assert "@cc-alvane@alvane.test" in page.words
    page = browser.open("/territoires?nature=epci&reseau=oui")
    assert "1 territoire" in page.words
    assert "Nature : Toutes les intercommunalités" in page.words
    assert page.link(href="/territoires?reseau=oui")
    assert "13 territoires" in browser.open("/territoires?nature=nonsense&densite=99").words


def test_the_list_is_sorted_and_goes_on(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    with town.inside():
        names = [f"Bourg {letter * 2}" for letter in "abcdefghijklmnopqrstuv"]
        new = [
            Territory(code=f"968{n:02}", kind="COM", insee_code=f"968{n:02}", name=name, population=n, department="96")
            for n, name in enumerate(names)
        ]
        session.add_all(new)
        session.flush()
        search.refile([each.id for each in new])
    browser = Browser(town)
    page = browser.open("/territoires?q=bourg&tri=nom")
    assert "22 territoires" in page.words
    assert page.words.index("Bourg aa") < page.words.index("Bourg tt")
    assert "Bourg uu" not in page.words
    assert "Bourg uu" in browser.open(page.link(rel="next")).words


def test_what_is_found_is_taken_away_as_a_table_in_which_nothing_is_worked_out(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    on_network(town)
    with town.inside():
        directory.get("96004").name = "=HYPERLINK(1)"
    answer = Browser(town).client.get("/territoires.csv?departement=96&tri=nom", base_url=town.settings.base_url)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    named = {row["code"]: row for row in rows}
    assert len(rows) == 12
    assert named["96004"]["nom"] == "'=HYPERLINK(1)"
    assert named[cast.ALVANE]["reseau"] == "cc-alvane@alvane.test"
    assert named["96005"]["population"] == "46000"


def test_somebody_who_types_is_given_a_few_with_what_tells_them_apart(fediverse: Fediverse) -> None:
    client = Browser(planted(fediverse)).client
    found = client.get("/territoires/suggestions?q=portel").json
    assert [each["code"] for each in found] == [cast.PORTELANDE, cast.CITY]
    assert found[1]["address"] == "/territoires/96005"
    assert found[1]["what"].startswith("Commune, 46")
    assert [each["code"] for each in client.get("/territoires/suggestions?q=296100001").json] == [cast.ALVANE]
    assert client.get("/territoires/suggestions?q=").json == []


def test_the_map_tells_what_its_table_tells_and_leads_deeper(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    on_network(town)
    browser = Browser(town)
    page = browser.open("/territoires/carte?nature=epci")
    assert "Alvane-et-Sorel : 1 sur 4 sur le réseau" in page.html
    assert "1 sur 4" in page.words
    department = browser.open(page.link(href="/territoires/carte/D96?nature=epci"))
    assert "Brumeville : hors du filtre" in department.html
    region = browser.open("/territoires/carte/R96")
    assert "CC des Trois-Rivières-d’Alvane : sur le réseau" in region.html
    assert region.link(href=f"/territoires/{cast.ALVANE}")
    assert browser.open("/territoires/carte/96005").path == "/territoires/96005"
    assert browser.open("/territoires/carte/D00").status == 404


def test_a_map_that_has_not_changed_is_not_sent_to_a_visitor_again(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    browser = Browser(town)
    mark = browser.client.get("/territoires/carte", headers={"Accept-Language": "fr"}).headers["ETag"]
    assert browser.open("/territoires/carte", If_None_Match=mark).status == 304
    on_network(town)
    assert browser.open("/territoires/carte", If_None_Match=mark).status == 200


def test_territories_are_found_by_name_among_all_else(fediverse: Fediverse) -> None:
    town = planted(fediverse)
    page = signed_in(town.register("alice")).open("/recherche?q=les+salines")
    assert page.link(href="/territoires/96006")
    assert page.link(href="/territoires?q=les+salines")
    assert "dans tous les territoires" in page.words
    assert "dans tous les territoires" not in Browser(town).open("/recherche?q=zz").words


def test_a_server_without_territories_says_how_to_load_them(fediverse: Fediverse) -> None:
    browser = Browser(fediverse["alvane.test"])
    assert "fediterr territories load" in browser.open("/territoires").words
    assert "pas encore de contour" in browser.open("/territoires/carte").words
