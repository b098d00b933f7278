"""Looking for a territory in a real browser: suggestions while one types, by keyboard alone, and the map."""

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium
from tests.browser.town import Town

pytestmark = pytest.mark.processes


def test_a_territory_is_found_by_keyboard_while_its_name_is_typed(town: Town, browser: Browser) -> None:
    with chromium.visiting(browser) as page:
        page.goto(f"{town.origin}/territoires")
        field = page.get_by_role("combobox", name="Nom, code INSEE ou SIREN")
        expect(field).to_have_attribute("aria-expanded", "false")
        field.focus()
        page.keyboard.type("portelnde")
        options = page.locator(".suggesting [role=option]:visible")
        expect(options).to_have_count(2)
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
        page.keyboard.press("Escape")
        expect(options).to_have_count(0)
        expect(field).to_have_value("portelnde")
        page.keyboard.press("ArrowDown")
        expect(options).to_have_count(2)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/territoires/96005")


def test_the_map_is_walked_by_keyboard_and_can_be_passed_over(town: Town, browser: Browser) -> None:
    with chromium.visiting(browser) as page:
        page.goto(f"{town.origin}/territoires/carte/D96")
        page.get_by_role("link", name="Passer la carte").focus()
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert "réseau" in focused
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(focused.partition(" :")[0])
