"""A report in a real browser: made on a phone, decided by a moderator, contested by the person, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.browser.town import Town
from tests.processes import Serve

pytestmark = pytest.mark.processes


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Town]:
    """Mallory has said too much; Alice and Dora moderate, Bob reads."""
    server = Serve(tmp_path / "hall")
    try:
        server.start()
        made = Town(server)
        for name, role in (("alice", "moderator"), ("dora", "moderator"), ("bob", "member")):
            server.member(name, role=role)
        server.member("mallory").says("Achetez mes capteurs miracles !")
        yield made
    finally:
        server.stop()


def decide(page: Page, measure: str, reason: str) -> None:
    page.get_by_role("radio", name=measure).check()
    page.get_by_label("Motif", exact=True).last.fill(reason)
    page.get_by_role("button", name="Prendre cette décision").click()


def test_a_report_is_made_decided_contested_and_taken_back(browser: Browser, hall: Town) -> None:
    with (
        chromium.visiting(browser, width=390) as bob,
        chromium.visiting(browser) as alice,
        chromium.visiting(browser) as mallory,
        chromium.visiting(browser) as dora,
    ):
        for page, name in ((bob, "bob"), (alice, "alice"), (mallory, "mallory"), (dora, "dora")):
            hall.sign_in(page, name)

        bob.goto(f"{hall.origin}/@mallory")
        bob.get_by_role("link", name="Signaler ce compte").click()
        bob.get_by_role("radio", name="courrier indésirable").check()
        bob.get_by_role("checkbox", name="capteurs miracles").check()
        bob.get_by_label("Ce que la modération doit savoir").fill("Toujours la même annonce.")
        bob.get_by_role("button", name="Envoyer le signalement").click()
        expect(bob.get_by_role("heading", level=1)).to_contain_text("Merci")

        alice.goto(f"{hall.origin}/moderation/signalements")
        alice.get_by_role("link", name="mallory").first.click()
        expect(alice.get_by_text("Toujours la même annonce.")).to_be_visible()
        expect(alice.get_by_text("capteurs miracles")).to_be_visible()
        alice.get_by_role("button", name="Je m’en occupe").click()
        decide(alice, "Limiter", "La publicité n’a pas sa place ici.")
        expect(alice.get_by_role("status").first).to_be_visible()

        mallory.goto(f"{hall.origin}/notifications")
        mallory.get_by_role("link", name="décision").first.click()
        expect(mallory.get_by_text("La publicité n’a pas sa place ici.").first).to_be_visible()
        mallory.get_by_label("Pourquoi cette décision devrait être revue").fill("C’était un essai.")
        mallory.get_by_role("button", name="Contester la décision").click()
        expect(mallory.get_by_role("heading", name="attend une réponse")).to_be_visible()

        dora.goto(f"{hall.origin}/moderation/contestations")
        dora.get_by_role("link", name="mallory").first.click()
        dora.get_by_role("radio", name="Oui : la décision est annulée").check()
        dora.get_by_role("button", name="Répondre").click()
        expect(dora.get_by_role("status").first).to_be_visible()
        mallory.reload()
        expect(mallory.get_by_role("heading", name="est acceptée")).to_be_visible()

        dora.goto(f"{hall.origin}/moderation/journal")
        expect(dora.get_by_text("La publicité n’a pas sa place ici.")).to_be_visible()
