"""Every page in a real browser: accessible in both languages and themes, whole on a phone, and ours alone."""

import itertools
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from fediterr.app import create_app
from fediterr.core import jobs
from fediterr.core.settings import Settings
from tests import chromium
from tests.browser.pages import ELSEWHERE, PAGES, Row
from tests.browser.town import Town

pytestmark = pytest.mark.processes

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Kept as an artifact, to be looked at.
PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
LANGUAGES = ("fr-FR", "en-GB")
SCHEMES: dict[Literal["light", "dark"], str] = {"light": "clair", "dark": "sombre"}
WIDTHS = {1280: "bureau", 390: "telephone"}


def test_every_page_has_a_row(base_settings: Settings) -> None:
    app = create_app(base_settings, queue=jobs.MemoryQueue())
    served = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("web.") and "GET" in (rule.methods or ())
    }
    assert served - {row.endpoint for row in PAGES} - set(ELSEWHERE) == set(), "add these to tests/browser/pages.py"
    assert {row.endpoint for row in PAGES} | set(ELSEWHERE) <= served


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_is_for_everybody(row: Row, town: Town, browser: Browser, axe: str) -> None:
    found = []
    state = town.state(browser, row.who)
    for language in LANGUAGES:
        with chromium.visiting(browser, storage_state=state, locale=language, reduced_motion="reduce") as page:
            asked = _addresses(page)
            answer = page.goto(town.origin + town.path(row.path))
            assert answer is not None
            assert answer.status == row.status
            assert page.locator("html").get_attribute("lang") == language[:2]
            for scheme, width in itertools.product(SCHEMES, WIDTHS):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"sideways at {width}"
                if language == LANGUAGES[0]:
                    page.screenshot(path=PICTURES / f"{row}.{WIDTHS[width]}.{SCHEMES[scheme]}.png", full_page=True)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                found += [f"{language}, {scheme}: {each}" for each in complaints(page, axe)]
            assert all(address.startswith((town.origin, "data:", "blob:")) for address in asked), asked
            assert len(page.context.cookies()) <= 1
    assert found == []


def _addresses(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def complaints(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    # Only what is wrong travels back: all that is right would be megabytes.
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(({violations, passes}) => ({violations, looked: passes.length}))",
        RULES,
    )
    assert result["looked"]
    return [
        f"{wrong['id']} ({wrong['help']}): {node['html'][:200]}"
        for wrong in result["violations"]
        for node in wrong["nodes"]
    ]
