"""Signing in by OpenID Connect: a real browser, a real server, a provider that we did not write (oidc-provider)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import chromium as browser
from tests.clients.people import PASSWORD
from tests.clients.test_javascript import node  # noqa: F401 (a fixture: installs the provider)
from tests.processes import Serve, free_port

HERE = Path(__file__).parent
SIREN = "219990009"
AT_HOME, ELSEWHERE = f"{SIREN}00017", "21998000000018"
PEOPLE = {
    "p-marin": {"given_name": "Marin", "usual_name": "Le Goff", "email": "marin@estran.example", "siret": AT_HOME},
    "p-noe": {"given_name": "Noé", "usual_name": "Dune", "email": "noe@ailleurs.example", "siret": ELSEWHERE},
    "p-maud": {"given_name": "Maud", "usual_name": "Port", "email": "maud@estran.example", "siret": AT_HOME},
}  # fmt: skip

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("openid")]


@contextmanager
def running(node: str, told: dict[str, Any]) -> Iterator[None]:  # noqa: F811
    """The provider, until the story is over."""
    command = [node, "provider.mjs"]
    environment = {"PROVIDER": json.dumps(told), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        command, cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline(), "the provider did not start"
            yield
        finally:
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def town(node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:  # noqa: F811
    """A server whose people come in by that provider."""
    port = free_port()
    server = Serve(
        tmp_path_factory.mktemp("town"),
        FEDITERR_OIDC_ISSUER=f"http://127.0.0.1:{port}",
        FEDITERR_OIDC_CLIENT_ID="fediterr",
        FEDITERR_OIDC_CLIENT_SECRET="entre nous",
        FEDITERR_OIDC_SIRENS=SIREN,
        FEDITERR_OIDC_ACR_VALUES="eidas1",
        FEDITERR_OIDC_SIGNED_USERINFO="on",
    )
    server.start()
    told = {"port": port, "clientId": "fediterr", "secret": "entre nous", "home": server.origin, "people": PEOPLE}
    with running(node, told):
        server.run("accounts", "create", "capitainerie", "--email", "port@estran.example", "--password", PASSWORD,
                   "--confirmed", "--role", "admin")  # fmt: skip
        yield server
    server.stop()


def come(page: Page, town: Serve, who: str) -> None:
    """To the page of signing in, on to the service, and back as somebody."""
    page.goto(f"{town.origin}/connexion")
    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    page.get_by_role("button", name=who).click()


def choose_name(page: Page) -> None:
    page.get_by_label("J’ai lu les règles").check()
    page.get_by_role("button", name="Créer mon compte").click()


def test_an_agent_of_the_territory_comes_leaves_and_comes_again(town: Serve) -> None:
    with browser.opened() as page:
        come(page, town, "marin@estran.example")
        expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Marin Le Goff")
        expect(page.get_by_label("Identifiant")).to_have_value("marin_le_goff")
        choose_name(page)
        expect(page.locator(".notice-good")).to_contain_text("Bienvenue")
        # Out, at the service too: it asks, and leads back.
        page.get_by_role("button", name="Se déconnecter").click()
        page.get_by_role("button", name="Terminer la session").click()
        expect(page.locator(".notice-good")).to_contain_text("Vous êtes déconnecté, ici et de ProConnect")
        come(page, town, "marin@estran.example")
        expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    assert "marin_le_goff\tmember" in town.run("accounts", "list")


def test_whoever_works_elsewhere_is_a_guest(town: Serve) -> None:
    with browser.opened(width=390) as page:
        come(page, town, "noe@ailleurs.example")
        expect(page.get_by_text("vous venez ici en invité")).to_be_visible()
        choose_name(page)
        expect(page.locator(".notice-good")).to_contain_text("Bienvenue")
    assert "noe_dune\tguest" in town.run("accounts", "list")


def test_an_account_of_here_is_linked_once_its_password_is_proved(town: Serve) -> None:
    town.run("accounts", "create", "maud", "--email", "maud@estran.example", "--password", PASSWORD, "--confirmed")
    with browser.opened() as page:
        come(page, town, "maud@estran.example")
        expect(page.get_by_role("heading", level=1)).to_have_text("Vous avez déjà un compte ici")
        page.get_by_role("link", name="Se connecter avec le mot de passe").click()
        browser.sign_in(page, "maud", PASSWORD)
        page.get_by_role("link", name="Relier à ProConnect").click()
        # The service knows her still, and asks nothing.
        expect(page.get_by_text("Maud Port")).to_be_visible()
        page.get_by_role("button", name="Relier", exact=True).click()
        expect(page.locator(".notice-good")).to_contain_text("Vous pouvez maintenant vous connecter avec ProConnect")
        page.get_by_role("button", name="Se déconnecter").click()
        page.get_by_role("button", name="Terminer la session").click()
        come(page, town, "maud@estran.example")
        page.goto(f"{town.origin}/@maud")
        expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()


def test_whoever_turns_back_at_the_service_is_told_so(town: Serve) -> None:
    with browser.opened() as page:
        come(page, town, "Renoncer")
        expect(page.locator(".notice-bad")).to_contain_text("vous avez renoncé")
        expect(page.get_by_label("Mot de passe", exact=True)).to_be_visible()
