"""Writing in a real browser: what is typed is kept by itself, and without scripts nothing is missing."""

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium, files
from tests.browser.test_pages import complaints
from tests.browser.town import Town

pytestmark = pytest.mark.processes


def test_what_is_typed_becomes_a_draft_by_itself_and_is_published_from_there(town: Town, browser: Browser) -> None:
    with chromium.visiting(browser, storage_state=town.state(browser, "bob")) as page:
        page.clock.install()
        page.goto(f"{town.origin}/publier")
        page.get_by_label("Votre message").fill("Une idée qui ne doit pas se perdre")
        page.clock.fast_forward(5000)
        expect(page.get_by_text("Brouillon gardé")).to_be_visible()
        assert "/publier?brouillon=" in page.url
        page.reload()
        words = page.get_by_label("Votre message")
        expect(words).to_have_value("Une idée qui ne doit pas se perdre")
        words.fill("Une idée retrouvée")
        page.clock.fast_forward(5000)
        expect(page.get_by_text("Brouillon gardé")).to_be_visible()
        page.goto(f"{town.origin}/brouillons")
        expect(page.get_by_text("Une idée retrouvée")).to_have_count(1)
        page.get_by_role("link", name="Continuer").click()
        page.get_by_label("Les personnes mentionnées seulement").check()
        page.get_by_role("main").get_by_role("button", name="Publier").click()
        expect(page.get_by_text("Votre message est publié.")).to_be_visible()
        page.goto(f"{town.origin}/brouillons")
        expect(page.get_by_text("Aucun brouillon")).to_be_visible()


def test_without_scripts_the_sentence_of_the_chosen_audience_is_shown(town: Town, browser: Browser) -> None:
    state = town.state(browser, "bob")
    with chromium.visiting(browser, storage_state=state, java_script_enabled=False) as page:
        page.goto(f"{town.origin}/")
        chosen = page.get_by_label("Qui peut lire")
        expect(page.get_by_text("Visible sur le web et dans les listes publiques")).to_be_visible()
        chosen.select_option("direct")
        expect(page.get_by_text("Ce n’est pas chiffré")).to_be_visible()
        expect(page.get_by_text("Visible sur le web et dans les listes publiques")).to_be_hidden()
        page.get_by_placeholder("Une question, une nouvelle").fill("Presque rien")
        page.get_by_role("button", name="Tous les choix").click()
        expect(page.get_by_label("Votre message")).to_have_value("Presque rien")
        expect(page.get_by_label("Les personnes mentionnées seulement")).to_be_checked()
        page.goto(f"{town.origin}/brouillons")
        page.get_by_role("link", name="Supprimer").first.click()
        page.get_by_role("button", name="Supprimer le brouillon").click()
        expect(page.get_by_text("Aucun brouillon")).to_be_visible()


def test_a_picture_without_words_is_asked_for_them_in_an_accessible_way(town: Town, browser: Browser, axe: str) -> None:
    with chromium.visiting(browser, storage_state=town.state(browser, "bob")) as page:
        page.goto(f"{town.origin}/publier")
        page.get_by_label("Votre message").fill("Une carte")
        picture = {"name": "carte.png", "mimeType": "image/png", "buffer": files.picture(size=(320, 200))}
        page.get_by_label("Ajouter des fichiers").set_input_files(picture)
        page.get_by_role("main").get_by_role("button", name="Publier").click()
        expect(page.get_by_role("alert")).to_contain_text("Décrivez le fichier 1")
        page.get_by_role("link", name="Décrivez le fichier 1").click()
        expect(page.get_by_label("Description")).to_be_focused()
        assert complaints(page, axe) == []
        page.get_by_label("Description").fill("Un rectangle jaune et bleu")
        page.get_by_role("main").get_by_role("button", name="Publier").click()
        expect(page.get_by_text("Votre message est publié.")).to_be_visible()
        expect(page.get_by_role("img", name="Un rectangle jaune et bleu")).to_be_visible()
        page.get_by_role("article").first.get_by_text("Plus").click()
        assert complaints(page, axe) == []
        page.get_by_role("link", name="Supprimer").click()
        page.get_by_role("button", name="Supprimer pour toujours").click()
        expect(page.get_by_text("Votre message est supprimé")).to_be_visible()
