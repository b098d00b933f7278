"""Everything once in a browser that runs no script, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium, files
from tests.browser.town import Town
from tests.processes import Serve

pytestmark = pytest.mark.processes


@pytest.fixture
def hall(browser: Browser, tmp_path: Path) -> Iterator[Town]:
    """A server of this story's own: it is changed."""
    server = Serve(tmp_path / "hall")
    try:
        server.start()
        made = Town(server)
        server.member("alice", role="admin")
        server.member("bob").says(
            "Qui connaît un capteur fiable ?", poll={"options": ["Nous", "Non"], "expires_in": 3600}
        )
        yield made
    finally:
        server.stop()


def said(page: Page, words: str) -> None:
    """The page tells of success."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def more(page: Page, words: str) -> None:
    """Open what else can be done with the post that says this."""
    page.get_by_role("article").filter(has_text=words).last.locator("summary").filter(has_text="Plus").click()


def test_all_is_done_by_forms_and_links(browser: Browser, hall: Town, tmp_path: Path) -> None:
    picture = tmp_path / "plan.png"
    picture.write_bytes(files.picture(size=(320, 200)))
    with chromium.visiting(browser, width=390, java_script_enabled=False) as page:
        hall.sign_in(page, "alice")

        page.goto(f"{hall.origin}/publier")
        page.get_by_role("textbox", name="Votre message").fill("Le plan est affiché.")
        page.locator("input[type=file]").first.set_input_files(picture)
        page.get_by_role("button", name="Publier", exact=True).click()
        expect(page.get_by_role("textbox", name="Votre message")).to_have_value("Le plan est affiché.")
        page.get_by_label("Description").first.fill("Le plan du quartier")
        page.get_by_role("button", name="Publier", exact=True).click()
        said(page, "publié")
        expect(page.get_by_role("img", name="Le plan du quartier")).to_be_visible()

        page.goto(f"{hall.origin}/@bob")
        page.get_by_role("button", name="Suivre", exact=True).click()
        said(page, "Vous suivez")
        page.get_by_text("Nous", exact=True).click()
        page.get_by_role("button", name="Voter").click()
        said(page, "enregistrée")
        page.get_by_role("button", name="Relayer").first.click()
        expect(page.get_by_role("button", name="Relayer", pressed=True)).to_be_visible()
        page.get_by_role("button", name="Utile").first.click()
        expect(page.get_by_role("button", name="Utile", pressed=True)).to_be_visible()

        page.get_by_role("link", name="Répondre").first.click()
        page.get_by_role("textbox", name="Votre réponse").press("Control+End")
        page.keyboard.type("Demandez au syndicat.")
        page.get_by_role("button", name="Répondre", exact=True).click()
        expect(page.get_by_text("Demandez au syndicat.")).to_be_visible()
        more(page, "Demandez au syndicat.")
        page.get_by_role("link", name="Modifier").locator("visible=true").click()
        page.get_by_role("textbox").last.fill("@bob Demandez au syndicat d’énergie.")
        page.get_by_role("button", name="Enregistrer").first.click()
        said(page, "modifié")
        more(page, "syndicat d’énergie")
        page.get_by_role("link", name="Supprimer", exact=True).locator("visible=true").click()
        page.get_by_role("button", name="Supprimer").first.click()
        said(page, "supprimé")

        page.goto(f"{hall.origin}/reglages/profil")
        page.get_by_label("Nom affiché").fill("Alice, directrice")
        page.get_by_role("button", name="Enregistrer").click()
        said(page, "enregistré")

        page.goto(f"{hall.origin}/listes")
        page.get_by_label("Nom de la liste").fill("Voisins")
        page.get_by_role("button", name="Créer la liste").click()
        expect(page.get_by_text("Voisins").first).to_be_visible()

        page.goto(f"{hall.origin}/reglages/filtres")
        page.get_by_role("link", name="Nouveau filtre").click()
        page.get_by_role("textbox", name="Nom du filtre").fill("Élections")
        page.get_by_label("Mots ou expressions").fill("élection*")
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Élections").first).to_be_visible()

        page.goto(f"{hall.origin}/messages/nouveau")
        page.get_by_label("À qui ?").fill("@bob")
        page.get_by_label("Votre message").fill("Pouvez-vous me rappeler ?")
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_text("Pouvez-vous me rappeler ?").first).to_be_visible()

        page.goto(f"{hall.origin}/administration/annonces")
        page.get_by_label("Texte", exact=True).fill("Coupure jeudi à 18 h.")
        page.get_by_role("button", name="Publier l’annonce").click()
        page.goto(hall.origin)
        page.get_by_role("button", name="J’ai lu").click()
        expect(page.get_by_text("Coupure jeudi")).to_have_count(0)

        page.goto(f"{hall.origin}/reglages/donnees")
        page.get_by_role("button", name="Préparer une archive").click()
        ready = page.get_by_role("link", name="Télécharger l’archive")
        for _ in range(60):
            if ready.is_visible():
                break
            page.wait_for_timeout(500)
            page.reload()
        with page.expect_download() as archive:
            ready.click()
        assert archive.value.path().read_bytes().startswith(b"PK")

        page.goto(f"{hall.origin}/recherche")
        page.get_by_role("searchbox").last.fill("@bob")
        page.keyboard.press("Enter")
        expect(page.get_by_text("bob").first).to_be_visible()
        page.goto(f"{hall.origin}/@bob")
        page.get_by_role("link", name="Signaler").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Signaler")

        page.goto(f"{hall.origin}/")
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
