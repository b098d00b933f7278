"""What a page costs on a weak line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response

from tests import chromium
from tests.browser.town import Town
from tests.processes import Serve

pytestmark = pytest.mark.processes

MOST = 150_000  # bytes of a feed of twenty posts, without its pictures
WORDS = (
    "Nous avons éteint l’éclairage public de 23 h à 5 h dans les trente et une communes, avec un capteur par armoire. "
    "L’économie est réelle ; le dialogue avec les habitants a compté plus que la technique. #Sobriété #Éclairage"
)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Town]:
    server = Serve(tmp_path / "busy")
    try:
        server.start()
        alice = server.member("alice")
        for number in range(20):
            alice.says(f"{number}. {WORDS}")
        yield Town(server)
    finally:
        server.stop()


def test_a_feed_of_twenty_posts_is_light(browser: Browser, busy: Town) -> None:
    with chromium.visiting(browser) as page:
        busy.sign_in(page, "alice")
        state = page.context.storage_state()
    with chromium.visiting(browser, storage_state=state) as page:
        weights: dict[str, int] = {}

        def weigh(answer: Response) -> None:
            if answer.request.resource_type != "image":
                sizes = answer.request.sizes()
                weights[answer.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

        page.on("requestfinished", lambda request: weigh(request.response()))
        page.goto(busy.origin)
        page.wait_for_load_state("networkidle")
        assert page.get_by_role("article").count() == 20
        assert sum(weights.values()) < MOST, weights
        assert len(weights) < 10, weights
