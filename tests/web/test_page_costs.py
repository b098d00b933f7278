"""Every list on the pages is loaded in a number of questions that does not grow with it."""

from datetime import UTC, datetime

from fediterr.accounts import service as accounts
from fediterr.core import clock
from tests.counting import counted
from tests.fediverse import Fediverse, Person
from tests.mastodon.test_query_counts import World
from tests.web.browser import Browser, signed_in

SIZES = (1, 8)
LOOKS = 3  # some questions are asked again every few seconds, whatever the page
MOST = 32  # questions for any page


def test_no_page_asks_more_of_the_database_when_its_list_is_longer(fediverse: Fediverse) -> None:
    clock.shift(datetime(2030, 1, 1, tzinfo=UTC) - clock.now())
    world = World(fediverse)
    browser = signed_in(Person(world.brest, "watcher"))
    with world.brest.inside():
        someone = accounts.local("alice").id
    post = world.root["id"]
    paths = (
        "/", "/comme-nous", "/public", "/public/reseau", "/tags/pont", "/@alice", f"/@alice/{post}", "/@alice/abonnes",
        "/@alice/abonnements", "/notifications", "/notifications?vue=reactions", "/notifications/filtrees", "/messages",
        f"/listes/{world.list_id}", f"/listes/{world.list_id}/membres", "/listes", f"/listes/pour/{someone}",
        "/enregistres", "/utiles", "/tags", "/personnes", "/personnes?q=p", "/recherche?q=numéro",
        "/recherche?q=p&dans=personnes", "/recherche?q=m&dans=mots-diese", "/reglages/filtres", "/reglages/distances",
        "/reglages/distances/bloques", "/brouillons",
    )  # fmt: skip
    asked: dict[str, list[int]] = {path: [] for path in paths}
    news: dict[str, set[str]] = {}
    for size in SIZES:
        world.grow(size)
        for path in paths:
            assert browser.open(path).status == 200, path  # what is new is seen now
            looks = [_asked(world, browser, path) for _ in range(LOOKS)]
            given = min(looks, key=len)
            asked[path].append(len(given))
            news[path] = {statement[:200] for statement in given if given.count(statement) > 2}
    assert {path: (numbers, news[path]) for path, numbers in asked.items() if len(set(numbers)) > 1} == {}
    assert {path: numbers for path, numbers in asked.items() if max(numbers) > MOST} == {}


def _asked(world: World, browser: Browser, path: str) -> list[str]:
    with counted(world.brest) as given:
        browser.open(path)
    return given
