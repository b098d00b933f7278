"""Two town halls, two browsers: somebody is found elsewhere, followed, read and answered."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium, files
from tests.browser.test_by_keyboard import enter, tab_to
from tests.browser.test_pages import complaints
from tests.browser.town import Town
from tests.processes import Serve

pytestmark = pytest.mark.processes
TRIES = 60


@pytest.fixture
def towns(browser: Browser, tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    with ExitStack() as stack:
        made = []
        for name, people in (("amont", ("alice",)), ("aval", ("bob",))):
            server = Serve(tmp_path / name, FEDITERR_NAME=f"Réseau de l’{name.capitalize()}")
            stack.callback(server.stop)
            server.start()
            for person in people:
                server.member(person)
            made.append(Town(server))
        yield made[0], made[1]


def reload_until(page: Page, seen: Callable[[], bool]) -> None:
    """Other servers work at their own pace: look again, as people do."""
    for _ in range(TRIES):
        if seen():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"not seen on {page.url}")


def test_a_post_written_here_is_read_and_answered_there(
    browser: Browser, towns: tuple[Town, Town], tmp_path: Path
) -> None:
    upstream, downstream = towns
    picture = tmp_path / "armoire.png"
    picture.write_bytes(files.picture(size=(640, 360)))
    with chromium.visiting(browser) as alice, chromium.visiting(browser, width=390) as bob:
        upstream.sign_in(alice, "alice")
        downstream.sign_in(bob, "bob")

        bob.goto(f"{downstream.origin}/recherche")
        bob.get_by_role("searchbox").last.fill(f"@alice@{upstream.server.host}")
        bob.keyboard.press("Enter")
        expect(bob.get_by_role("heading", level=1)).to_contain_text("alice")
        bob.get_by_role("button", name="Suivre", exact=True).click()
        reload_until(bob, lambda: bob.get_by_role("button", name="Ne plus suivre").is_visible())

        alice.goto(f"{upstream.origin}/publier")
        alice.get_by_role("textbox", name="Votre message").fill("Nos armoires sont ouvertes.")
        alice.locator("input[type=file]").first.set_input_files(picture)
        alice.get_by_role("button", name="Joindre").click()
        alice.get_by_label("Description").first.fill("Une armoire d’éclairage, porte ouverte")
        alice.get_by_role("button", name="Publier", exact=True).click()
        expect(alice.get_by_role("status").first).to_contain_text("publié")

        bob.goto(f"{downstream.origin}/")
        reload_until(bob, lambda: bob.get_by_text("Nos armoires sont ouvertes.").is_visible())
        shown = bob.get_by_role("img", name="Une armoire d’éclairage, porte ouverte")
        expect(shown).to_be_visible()
        shown.scroll_into_view_if_needed()
        bob.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())

        bob.get_by_role("link", name="Répondre").first.click()
        bob.get_by_role("textbox", name="Votre réponse").press("Control+End")
        bob.keyboard.type("Merci, nous venons voir.")
        bob.get_by_role("button", name="Répondre", exact=True).click()
        alice.goto(f"{upstream.origin}/notifications")
        reload_until(alice, lambda: alice.get_by_text("nous venons voir").is_visible())


def test_a_community_elsewhere_is_joined_by_keyboard_and_without_scripts(
    browser: Browser, towns: tuple[Town, Town], axe: str
) -> None:
    upstream, downstream = towns
    with (
        chromium.visiting(browser) as alice,
        chromium.visiting(browser, width=390, java_script_enabled=False) as bob,
    ):
        upstream.sign_in(alice, "alice")
        alice.goto(f"{upstream.origin}/communautes/nouvelle")
        alice.get_by_label("Nom de la communauté").fill("Éclairage sobre")
        alice.get_by_label("Identifiant").fill("eclairage")
        alice.get_by_role("button", name="Fonder la communauté").click()
        expect(alice.get_by_role("status").first).to_contain_text("fondée")
        assert complaints(alice, axe) == []

        downstream.sign_in(bob, "bob")
        bob.goto(f"{downstream.origin}/communautes")
        tab_to(bob, "Son adresse")
        bob.keyboard.type(f"!eclairage@{upstream.server.host}")
        enter(bob)
        expect(bob.get_by_role("heading", level=1)).to_have_text("Éclairage sobre")
        tab_to(bob, "Rejoindre")
        enter(bob)
        reload_until(bob, lambda: bob.get_by_role("link", name="Quitter").is_visible())
        tab_to(bob, "Titre du sujet")
        bob.keyboard.type("Quel relais choisir ?")
        tab_to(bob, "Votre message")
        bob.keyboard.type("Nos armoires en ont deux.")
        tab_to(bob, "Ouvrir le sujet")
        enter(bob)
        expect(bob.get_by_role("status").first).to_contain_text("publié")

        alice.goto(f"{upstream.origin}/@eclairage")
        reload_until(alice, lambda: alice.get_by_role("link", name="Quel relais choisir ?").is_visible())
