"""What the script spares: a wait, a click, a lost place. Without it all of this works by whole pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium
from tests.browser.town import Town
from tests.processes import Serve

pytestmark = pytest.mark.processes

LOGO = Path(__file__).parents[2] / "fediterr" / "web" / "static" / "avatar.png"


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Town]:
    server = Serve(tmp_path / "busy")
    try:
        server.start()
        alice = server.member("alice", role="admin")
        for number in range(25):
            alice.says(f"Message {number}")
        yield Town(server)
    finally:
        server.stop()


def test_older_posts_come_below_and_gestures_stay_in_place(browser: Browser, busy: Town) -> None:
    with chromium.visiting(browser, height=700) as page:
        busy.sign_in(page, "alice")
        cards, said = page.locator("main article.card"), page.locator("body > p.heard[role=status]")
        expect(cards).to_have_count(20)
        page.evaluate("document.body.dataset.stayed = 'yes'")

        useful = cards.nth(5).get_by_role("button", name="Utile")
        useful.scroll_into_view_if_needed()
        place = page.evaluate("scrollY")
        useful.click()
        expect(useful).to_have_attribute("aria-pressed", "true")
        expect(useful).to_be_focused()
        assert page.evaluate("scrollY") == place

        page.get_by_role("link", name="Plus anciens").click()
        expect(cards).to_have_count(25)
        expect(said).to_have_text("5 de plus")
        expect(cards.nth(20)).to_be_focused()
        assert "max_id=" in page.url
        expect(page.locator("body")).to_have_attribute("data-stayed", "yes")
        page.reload()
        expect(page.locator("main article.card").first).to_contain_text("Message 4")

        page.goto(f"{busy.origin}/publier")
        words = page.get_by_label("Votre message")
        expect(page.locator(".left")).to_have_count(0)
        words.fill("x" * 4990)
        expect(page.locator(".left")).to_have_text("Caractères restants : 10")
        expect(said).to_have_text("Caractères restants : 10")


def test_a_file_says_how_far_it_is_and_what_the_server_says_is_shown(browser: Browser, busy: Town) -> None:
    with chromium.visiting(browser) as page:
        busy.sign_in(page, "alice")
        page.goto(f"{busy.origin}/administration/apparence")
        page.get_by_label("Une image").set_input_files(
            {"name": "logo.txt", "mimeType": "text/plain", "buffer": b"Bonjour"}
        )
        page.evaluate("document.documentElement.dataset.stayed = 'yes'")
        with chromium.without_errors(page):
            page.get_by_role("button", name="Enregistrer").click()
            expect(page.locator("#logo-error")).to_contain_text("Choisissez une image")
        expect(page.locator("html")).to_have_attribute("data-stayed", "yes")
        page.get_by_label("Une image").set_input_files(
            {"name": "logo.png", "mimeType": "image/png", "buffer": LOGO.read_bytes()}
        )
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator(".notice-good")).to_contain_text("est enregistrée")
        expect(page.locator(".brand img.logo")).to_be_visible()
