"""A real browser (Debian's Chromium, driven by Playwright) in the hands of somebody who reads French."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextmanager
def opened(*, width: int = 1100, height: int = 800) -> Iterator[Page]:
    """An empty browser; no page may end with an error in its console. Skips where there is no Chromium."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        assert os.environ.get("CI") != "true", "the tests of browsers need Chromium"
        pytest.skip("there is no Chromium here (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        context = browser.new_context(locale="fr-FR", viewport={"width": width, "height": height})
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        yield page
        browser.close()
        assert errors == []


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in the page of signing in, by keyboard."""
    page.get_by_label("Adresse électronique ou identifiant").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def allow(page: Page) -> None:
    """Let an application in."""
    page.get_by_role("button", name="Autoriser").click()
