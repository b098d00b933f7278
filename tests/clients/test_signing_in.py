"""Signing in to an application through the real page, in a real browser: by a code to copy, and by a redirect."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import mastodon
import pytest
from playwright.sync_api import expect

from tests import chromium as browser
from tests.clients.people import OUT_OF_BAND, PASSWORD, Town
from tests.clients.test_javascript import node  # noqa: F401 (a fixture: installs the packages that the page uses)

HERE = Path(__file__).parent
PAGE = (
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="importmap">{"imports": '
    '{"masto": "/node_modules/masto/dist/index.js", '
    '"change-case": "/node_modules/change-case/dist/index.js", '
    '"events-to-async": "/node_modules/events-to-async/module/events-to-async.js", '
    '"isomorphic-ws": "/node_modules/isomorphic-ws/browser.js", '
    '"ts-custom-error": "/node_modules/ts-custom-error/dist/custom-error.mjs"}}</script>'
    '<script type="module" src="/page.mjs"></script><body></body>'
)

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("signing in")]


def test_a_code_is_shown_to_be_copied_into_mastodon_py(town: Town) -> None:
    town.register("maud")
    application = mastodon.Mastodon(town.client_id, town.client_secret, api_base_url=town.origin)
    scopes = ["read", "write:statuses"]
    address = application.auth_request_url(redirect_uris=OUT_OF_BAND, scopes=scopes, allow_http=True)
    with browser.opened(width=390) as page:
        page.goto(address)
        browser.sign_in(page, "maud", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Marée")
        browser.allow(page)
        code = page.get_by_label("Code").input_value()
    token = application.log_in(code=code, redirect_uri=OUT_OF_BAND, scopes=scopes, allow_http=True)
    assert application.me().username == "maud"
    assert application.status_post("Bonjour").content == "<p>Bonjour</p>"
    with pytest.raises(mastodon.MastodonAPIError, match="outside the authorized scopes"):
        application.account_update_credentials(note="Non demandé")
    application.revoke_access_token(allow_http=True)
    with pytest.raises(mastodon.MastodonUnauthorizedError):
        mastodon.Mastodon(access_token=token, api_base_url=town.origin).me()


def test_toot_is_let_in_and_posts(town: Town, tmp_path: Path) -> None:
    town.register("nils")
    command = [sys.executable, "-m", "toot"]
    ours = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    started = subprocess.Popen(
        [*command, "login", "--instance", town.origin],
        env=ours, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip
    assert started.stdin is not None
    assert started.stdout is not None
    address = next(line.strip() for line in started.stdout if line.startswith(town.origin))
    with browser.opened() as page:
        page.goto(address)
        browser.sign_in(page, "nils", PASSWORD)
        browser.allow(page)
        code = page.get_by_label("Code").input_value()
    said, _ = started.communicate(f"n\n{code}\n", timeout=60)
    assert "Successfully logged in" in said

    def toot(*words: str) -> str:
        done = subprocess.run([*command, *words], env=ours, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    posted = re.search(r"/(\d+)\s*$", toot("post", "La marée monte", "--visibility", "unlisted"))
    assert posted is not None
    assert "La marée monte" in toot("timelines", "home")
    assert "La marée monte" in toot("status", posted[1])
    assert "nils" in toot("whoami")
    toot("delete", posted[1])
    assert "La marée monte" not in toot("timelines", "home")


class Site(http.server.SimpleHTTPRequestHandler):
    """The site of a web application: one page, and the packages it is made of."""

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())
        return None

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site(node: str) -> Iterator[str]:  # noqa: F811
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, directory=str(HERE))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_web_application_of_another_site_signs_in_by_redirect_and_listens(town: Town, site: str) -> None:
    town.register("olga")
    with browser.opened() as page:
        page.goto(f"{site}?server={quote(town.origin)}")
        browser.sign_in(page, "olga", PASSWORD)
        browser.allow(page)
        expect(page.locator("body")).to_have_text("olga: Depuis une page", timeout=30_000)


def test_whoever_refuses_goes_back_with_nothing(town: Town, site: str) -> None:
    town.register("paula")
    with browser.opened() as page:
        page.goto(f"{site}?server={quote(town.origin)}")
        browser.sign_in(page, "paula", PASSWORD)
        page.get_by_role("button", name="Refuser").click()
        expect(page.locator("body")).to_have_text("access_denied marée")
