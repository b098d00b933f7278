"""A real browser (Debian's Chromium, driven by Playwright) in the hands of somebody who reads French."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
_running: list[Browser] = []


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium without a window. Skips where there is none."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        assert os.environ.get("CI") != "true", "the tests of browsers need Chromium"
        pytest.skip("there is no Chromium here (on Debian: apt-get install chromium)")
    if _running:  # a process has one at a time
        yield _running[0]
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.clear()
            browser.close()


@contextmanager
def visiting(browser: Browser, *, width: int = 1100, height: int = 800, **more: Any) -> Iterator[Page]:
    """A page of a browser that knows nothing yet; it may not end with an error in its console."""
    with context(browser, width=width, height=height, **more) as opened:
        page = opened.new_page()
        with without_errors(page):
            yield page


@contextmanager
def context(browser: Browser, *, width: int = 1100, height: int = 800, **more: Any) -> Iterator[BrowserContext]:
    made = browser.new_context(**{"locale": "fr-FR", "viewport": {"width": width, "height": height}, **more})
    made.set_default_timeout(15_000)
    yield made
    made.close()


@contextmanager
def without_errors(page: Page) -> Iterator[None]:
    """Nothing that the page needs may be refused or missing, and nothing raised, meanwhile."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if _is_wrong(said, page) else None)
    yield
    assert not errors, errors


def _is_wrong(said: ConsoleMessage, page: Page) -> bool:
    """An error, unless it is the status of the page itself."""
    is_status = said.text.startswith("Failed to load resource") and said.location["url"] == page.url
    return said.type == "error" and not is_status


@contextmanager
def opened(*, width: int = 1100, height: int = 800) -> Iterator[Page]:
    """An empty browser with one page."""
    with started() as browser, visiting(browser, width=width, height=height) as page:
        yield page


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in the page of signing in, by keyboard."""
    page.get_by_label("Adresse électronique ou identifiant").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def allow(page: Page) -> None:
    """Let an application in."""
    page.get_by_role("button", name="Autoriser").click()
