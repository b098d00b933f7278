"""Pictures of other servers are seen on our pages, and no browser goes there for them."""

import io
from datetime import timedelta

from fediterr.core import clock, copies
from fediterr.moderation import service as moderation
from tests import files
from tests.fediverse import Fediverse, Person
from tests.mastodon.client import Application
from tests.web.browser import Browser, Page, signed_in


def towns(fediverse: Fediverse) -> tuple[Person, Person]:
    """Maria of Brest follows Paul of Nantes."""
    maria, paul = fediverse["brest.test"].register("maria"), fediverse["nantes.test"].register("paul")
    maria.follow("paul@nantes.test")
    fediverse.settle()
    return maria, paul


def sent(paul: Person, **more: object) -> None:
    application = Application(paul)
    form = {"file": (io.BytesIO(files.picture(size=(900, 700))), "quai.png"), "description": "Le quai"}
    answer = application.ask("POST", "/api/v2/media", data=form, content_type="multipart/form-data")
    application.says("Le port", media_ids=[answer.json["id"]], **more)


def pictures(page: Page) -> list[dict[str, str]]:
    return [named for tag, named in page.tags if tag == "img" and "/images/" in named["src"]]


def seen(browser: Browser, picture: dict[str, str]) -> tuple[int, str]:
    """The status and the type of what lies where a picture is."""
    with browser.client.get(picture["src"], base_url=browser.server.settings.base_url) as answer:
        assert answer.headers["Cache-Control"].startswith("private")
        return answer.status_code, answer.mimetype


def test_a_picture_of_elsewhere_is_fetched_once_and_shown_small(fediverse: Fediverse) -> None:
    maria, paul = towns(fediverse)
    sent(paul)
    fediverse.settle()
    browser = signed_in(maria)
    [picture] = pictures(browser.open("/"))
    assert picture["alt"] == "Le quai"
    asked = len(fediverse.requests)
    for _ in range(2):
        assert seen(browser, picture) == (200, "image/png")
    [(method, address)] = fediverse.requests[asked:]
    assert method == "GET"
    assert address.startswith("https://nantes.test/media/")
    assert Browser(fediverse["brest.test"]).open(picture["src"], follow=False).status == 302


def test_a_picture_that_its_reader_may_not_see_is_not_shown(fediverse: Fediverse) -> None:
    maria, paul = towns(fediverse)
    sent(paul, visibility="private")
    fediverse.settle()
    [picture] = pictures(signed_in(maria).open("/"))
    stranger = signed_in(fediverse["brest.test"].register("zoe"))
    assert seen(stranger, picture)[0] == 404


def test_what_gives_no_picture_is_not_asked_again_for_hours(fediverse: Fediverse) -> None:
    maria, paul = towns(fediverse)
    sent(paul)
    fediverse.settle()
    browser = signed_in(maria)
    [picture] = pictures(browser.open("/"))
    fediverse["nantes.test"].down = True
    assert seen(browser, picture)[0] == 404
    fediverse["nantes.test"].down = False
    asked = len(fediverse.requests)
    assert seen(browser, picture)[0] == 404
    assert len(fediverse.requests) == asked
    clock.shift(copies.AGAIN + timedelta(minutes=1))
    assert seen(browser, picture)[0] == 200


def test_no_picture_comes_from_a_server_whose_files_are_refused(fediverse: Fediverse) -> None:
    maria, paul = towns(fediverse)
    sent(paul)
    fediverse.settle()
    browser = signed_in(maria)
    [picture] = pictures(browser.open("/"))
    with fediverse["brest.test"].inside():
        moderation.block_domain("nantes.test", moderation.Block(severity="noop", reject_media=True))
    assert seen(browser, picture)[0] == 404


def test_somebody_whose_picture_cannot_be_had_is_shown_by_initials(fediverse: Fediverse) -> None:
    maria, paul = towns(fediverse)
    portrait = {"avatar": (io.BytesIO(files.picture()), "moi.png")}
    changed = Application(paul).ask(
        "PATCH", "/api/v1/accounts/update_credentials", data=portrait, content_type="multipart/form-data"
    )
    assert changed.status_code == 200
    fediverse.settle()
    browser = signed_in(maria)
    [picture, *_] = pictures(browser.open("/@paul@nantes.test"))
    fediverse["nantes.test"].down = True
    assert seen(browser, picture) == (200, "image/svg+xml")
    assert ">P<" in browser.open(picture["src"]).html


def test_copies_are_thrown_away_when_nobody_looks_or_there_are_too_many(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    addresses = [f"https://nantes.test/{number}.png" for number in range(3)]
    with server.app.app_context():
        copies.sweep(most=0)  # what other stories left
        for address in addresses:
            copies.keep(address, b"x" * 100, "image/png")
        copies.sweep(most=250)
        assert len([address for address in addresses if copies.find(address)]) == 2
        clock.shift(copies.UNSEEN + timedelta(days=1))
        copies.sweep(most=250)
        assert not any(copies.find(address) for address in addresses)
