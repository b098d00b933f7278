"""Claiming a territory and speaking for it, in a real browser: without a mouse, and without scripts."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import chromium
from tests.browser.test_by_keyboard import enter, tab_to
from tests.browser.town import Town
from tests.territories import BRUMEUX

pytestmark = pytest.mark.processes


def test_a_territory_is_claimed_accepted_and_spoken_for_without_a_mouse(town: Town, browser: Browser) -> None:
    with chromium.visiting(browser, storage_state=town.state(browser, "bob")) as page:
        page.goto(f"{town.origin}/territoires/{BRUMEUX}/representer")
        tab_to(page, "Par le site de la collectivité")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Qui vous êtes")
        page.keyboard.type("Je dirige les services ; le standard vous le dira.")
        tab_to(page, "Demander à la représenter")
        enter(page)
        expect(page.get_by_role("heading", name="Votre demande attend une réponse")).to_be_visible()

        with chromium.visiting(browser, storage_state=town.state(browser, "alice")) as office:
            office.goto(f"{town.origin}/administration/representations")
            tab_to(office, "Motif")
            office.keyboard.type("Vérifié par téléphone.")
            tab_to(office, "Accepter")
            enter(office)
            expect(office.get_by_role("status").first).to_contain_text("gère maintenant le compte")

        page.goto(f"{town.origin}/au-nom-de")
        tab_to(page, "Agir en son nom")  # the first by name
        enter(page)
        expect(_band(page)).to_contain_text("Vous lisez et écrivez au nom de CC du Val-Brumeux")
        page.goto(f"{town.origin}/publier")
        tab_to(page, "Votre message")
        page.keyboard.type("Le Val-Brumeux est sur le réseau.")
        tab_to(page, "Publier")
        enter(page)
        expect(page.get_by_role("article").first).to_contain_text("CC du Val-Brumeux")
        page.goto(f"{town.origin}/")
        tab_to(page, "Revenir à votre nom")
        enter(page)
        expect(_band(page)).to_have_count(0)
        page.goto(f"{town.origin}/@cc-val-brumeux")
        expect(page.get_by_text("Vérifié par décision de l’administration")).to_be_visible()


def test_an_agent_acts_for_the_town_without_scripts_and_its_journal_tells_it(town: Town, browser: Browser) -> None:
    state = town.state(browser, "bob")
    with chromium.visiting(browser, storage_state=state, java_script_enabled=False) as page:
        page.goto(f"{town.origin}/au-nom-de")
        page.get_by_role("button", name="Agir en son nom : Ville de Brest").click()
        expect(_band(page)).to_contain_text("au nom de Ville de Brest")
        page.goto(f"{town.origin}/@alice")
        page.get_by_role("button", name="Suivre", exact=True).first.click()
        page.goto(f"{town.origin}/@ville/journal")
        expect(page.get_by_role("row").nth(1)).to_contain_text("a suivi")
        page.get_by_label("Acte").select_option(label="a suivi")
        page.get_by_role("button", name="Filtrer").click()
        expect(page.get_by_role("row")).to_have_count(2)
        page.get_by_role("button", name="Revenir à votre nom").click()
        expect(_band(page)).to_have_count(0)


def _band(page: Page) -> Locator:
    return page.get_by_role("form", name="En quel nom vous écrivez")
