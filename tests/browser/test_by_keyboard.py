"""Everything once by keyboard alone, as somebody who sees no mouse."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.browser.town import PASSWORD, Town

pytestmark = pytest.mark.processes
FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.innerText ?? "";
  return [element.getAttribute("aria-label"), label, element.innerText, element.value].filter(Boolean).join(" ").trim();
}"""
OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def tab_to(page: Page, words: str, *, most: int = 80) -> None:
    """Press Tab until what has the focus says these words; whatever has the focus shows it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(FOCUSED)
        if said:
            assert page.evaluate(OUTLINED), f"the focus is not seen on {said!r}"
        if words in said:
            return
    raise AssertionError(f"Tab does not lead to {words!r} on {page.url}")


def enter(page: Page) -> None:
    """Press Enter on what leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_day_at_the_town_hall_without_a_mouse(town: Town, browser: Browser) -> None:
    with chromium.visiting(browser) as page:
        page.goto(f"{town.origin}/")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == "Aller au contenu"
        page.keyboard.press("Enter")
        page.wait_for_url("**/#main")

        page.goto(f"{town.origin}/connexion")
        tab_to(page, "Adresse électronique ou identifiant")
        page.keyboard.type("bob")
        tab_to(page, "Mot de passe")
        page.keyboard.type(PASSWORD)
        enter(page)

        tab_to(page, "Publier")
        enter(page)
        tab_to(page, "Votre message")
        page.keyboard.type("Écrit sans souris.")
        tab_to(page, "Publier")
        enter(page)
        expect(page.get_by_role("status").first).to_contain_text("publié")

        page.goto(f"{town.origin}/@alice/{town.places['post']}")
        tab_to(page, "Utile")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Utile", pressed=True).first).to_be_visible()

        page.goto(f"{town.origin}/")
        tab_to(page, "Notifications")
        enter(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
        tab_to(page, "Se déconnecter")
        enter(page)
        expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
