"""Signing in with more than a password, in a real browser: codes of a telephone, passkeys of a device."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.browser.test_pages import PICTURES, SCHEMES, WIDTHS, complaints
from tests.processes import Serve

pytestmark = pytest.mark.processes

PASSWORD = "a long secret"
SECURITY = "/reglages/securite"


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """At a name, since no device keeps a key for a bare address."""
    made = Serve(tmp_path_factory.mktemp("security"))
    made.origin = f"http://localhost:{made.port}"
    made.environment["FEDITERR_BASE_URL"] = made.origin
    try:
        made.start()
        for name in ("alice", "bob"):
            made.run(
                "accounts", "create", name, "--email", f"{name}@brest.example", "--password", PASSWORD, "--confirmed"
            )
        yield made
    finally:
        made.stop()


def sign_in(page: Page, server: Serve, name: str) -> None:
    page.goto(f"{server.origin}/connexion?next=/notifications")
    chromium.sign_in(page, name, PASSWORD)
    page.wait_for_url(lambda address: "/connexion?" not in address)


def looked_at(page: Page, axe: str, name: str) -> None:
    """A page that only a story comes to: accessible, whole on a phone, kept as a picture."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert complaints(page, axe) == []
        for width, screen in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"sideways at {width}"
            page.screenshot(path=PICTURES / f"{name}.{screen}.{SCHEMES[scheme]}.png", full_page=True)
    page.set_viewport_size({"width": 1100, "height": 800})


def test_somebody_switches_the_second_factor_on_and_signs_in_with_it(server: Serve, browser: Browser, axe: str) -> None:
    with chromium.visiting(browser, reduced_motion="reduce") as page:
        sign_in(page, server, "alice")
        page.goto(server.origin + SECURITY)
        page.get_by_role("link", name="Activer la double authentification").click()
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_text("Recopier le secret").click()
        telephone = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
        looked_at(page, axe, "second_factor.begin")
        page.get_by_label("Code à six chiffres").fill(telephone.now())
        page.keyboard.press("Enter")
        expect(page.locator("ol.codes li")).to_have_count(10)
        code = page.locator("ol.codes code").first.inner_text()
        looked_at(page, axe, "second_factor.prove")
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger").click()
        assert download.value.suggested_filename == "codes-de-secours.txt"
        assert code in Path(download.value.path()).read_text()
        page.get_by_role("link", name="C’est fait, continuer").click()
        expect(page.get_by_text("Il vous reste 10 codes de secours.")).to_be_visible()
    with chromium.visiting(browser, java_script_enabled=False) as page:
        sign_in(page, server, "alice")
        expect(page.get_by_role("heading", name="Votre code de connexion")).to_be_visible()
        page.get_by_text("Je n’ai pas mon téléphone").click()
        page.get_by_label("Code de secours").fill(code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server.origin}/notifications")
    with chromium.visiting(browser, reduced_motion="reduce") as page:
        sign_in(page, server, "alice")
        expect(page.get_by_role("heading", name="Votre code de connexion")).to_be_visible()
        looked_at(page, axe, "second_step.ask")
        page.get_by_label("Code à six chiffres").fill(later(telephone))
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server.origin}/notifications")


def later(telephone: pyotp.TOTP) -> str:
    """The code of a moment from now, as a telephone says it whose clock is early: the one of now may have been used."""
    return telephone.at(datetime.now(UTC), counter_offset=1)


def test_a_passkey_is_added_opens_the_account_and_is_removed(server: Serve, browser: Browser, axe: str) -> None:
    with chromium.visiting(browser, reduced_motion="reduce") as page:
        device = Device(page)
        sign_in(page, server, "bob")
        page.goto(f"{server.origin}{SECURITY}/cles")
        looked_at(page, axe, "passkeys.listed.first")
        page.get_by_label("Nom de la clé").fill("Téléphone")
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Votre clé d’accès est enregistrée.")).to_be_visible()
        assert len(device.keys()) == 1
        looked_at(page, axe, "passkeys.listed")
        page.get_by_role("button", name="Se déconnecter").first.click()
        page.wait_for_url(f"{server.origin}/")

        page.goto(f"{server.origin}/connexion?next=/notifications")
        looked_at(page, axe, "entrance.sign_in.passkey")
        page.get_by_label("Rester connecté").check()
        page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
        page.wait_for_url(f"{server.origin}/notifications")
        assert page.context.cookies()[0]["expires"] > 0, "it outlives the window"
        page.goto(f"{server.origin}{SECURITY}/cles")
        expect(page.get_by_text("Utilisée")).to_be_visible()

        page.get_by_role("link", name="Retirer Téléphone").click()
        looked_at(page, axe, "passkeys.ask_to_remove")
        page.get_by_role("button", name="Retirer").click()
        expect(page.get_by_text("Cette clé d’accès est retirée.")).to_be_visible()


def test_a_wrong_password_adds_no_passkey_and_what_was_typed_stays(server: Serve, browser: Browser) -> None:
    with chromium.context(browser) as opened:
        page = opened.new_page()
        device = Device(page)
        sign_in(page, server, "bob")
        page.goto(f"{server.origin}{SECURITY}/cles")
        page.get_by_label("Nom de la clé").fill("Téléphone")
        page.get_by_label("Votre mot de passe").fill("not the password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Ce n’est pas votre mot de passe.")
        expect(page.get_by_label("Nom de la clé")).to_have_value("Téléphone")
        assert device.keys() == []


class Device:
    """An authenticator that Chromium plays, whose owner always touches it."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found
