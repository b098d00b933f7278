"""The whole first run in a real browser, on a server that was just started."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium
from tests.browser.test_signing_in import looked_at
from tests.processes import Serve

pytestmark = pytest.mark.processes


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Serve]:
    """A server where nobody is yet."""
    server = Serve(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def test_ten_minutes_from_the_link_to_a_first_post(empty: Serve, browser: Browser, axe: str) -> None:
    link = empty.run("init", "--link")
    subprocess.run([sys.executable, "-m", "tests.territories"], env=empty.environment, check=True)
    with chromium.visiting(browser, reduced_motion="reduce") as page:
        page.goto(link)
        looked_at(page, axe, "first_run.langue")
        page.get_by_label("Français").check()
        page.get_by_role("button", name="Commencer").click()
        asked = page.get_by_role("combobox", name="Quel est votre territoire ?")
        asked.fill("trois rivieres")
        expect(page.get_by_role("option")).to_have_count(1)
        looked_at(page, axe, "first_run.territoire")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(asked).to_have_value("CC des Trois-Rivières-d’Alvane")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Lieu")).to_have_value("CC des Trois-Rivières-d’Alvane (Alvane-et-Sorel)")
        page.get_by_label("Nom du réseau").fill("Réseau d’Alvane")
        page.get_by_label("Identifiant de ce compte").fill("cc-alvane")
        looked_at(page, axe, "first_run.reseau")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_label("Votre nom").fill("Alice")
        page.get_by_label("Identifiant").fill("alice")
        page.get_by_label("Adresse électronique").fill("alice@val.example")
        looked_at(page, axe, "first_run.administration")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_role("button", name="Étape précédente").click()
        expect(page.get_by_label("Identifiant")).to_have_value("alice")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_label("Avec tous").check()
        looked_at(page, axe, "first_run.federation")
        page.get_by_role("button", name="Continuer et vérifier").click()
        expect(page.get_by_text("Base de données ✓ Bien", exact=True)).to_be_visible()
        looked_at(page, axe, "first_run.verifications")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_label("est la bonne").check()
        page.get_by_label("Votre mot de passe").fill("une phrase assez longue")
        page.get_by_label("une deuxième fois").fill("une autre phrase")
        page.get_by_role("button", name="Créer ce serveur").click()
        expect(page.get_by_role("alert")).to_contain_text("ne sont pas les mêmes")
        looked_at(page, axe, "first_run.creation")
        page.get_by_label("est la bonne").check()
        page.get_by_label("Votre mot de passe").fill("une phrase assez longue")
        page.get_by_label("une deuxième fois").fill("une phrase assez longue")
        page.get_by_role("button", name="Créer ce serveur").click()
        expect(page.get_by_role("heading", name="Votre serveur est prêt")).to_be_visible()
        page.get_by_role("link", name="Écrivez un premier message").click()
        page.locator("#words").fill("Bonjour à tous les territoires !")
        page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.get_by_text("Votre message est publié.")).to_be_visible()
    assert "cc-alvane\talice:manage" in empty.run("authorities", "list")
    assert "alice\tadmin" in empty.run("accounts", "list")
