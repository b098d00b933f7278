"""Preview cards: pages that posts link to, asked once how they introduce themselves, and only for what all may read."""

from datetime import timedelta

import pytest

from fediterr.core import clock
from fediterr.social.models import PreviewCard
from tests.fediverse import Fediverse
from tests.mastodon import shapes
from tests.mastodon.client import Application
from tests.strangers import Stranger

HEAD = """<html lang="fr"><head><meta charset="utf-8"><title>Le Pont – Journal</title>
<meta property="og:title" content="Un pont &amp; deux rives"><meta property="og:description" content="Ouvert lundi.">
<meta property="og:image" content="/pont.jpg"><meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630"><meta property="og:image:alt" content="Le pont, vu d’en bas">
<meta property="og:site_name" content="Journal de la ville"><meta name="author" content="Camille">
<meta property="article:published_time" content="2026-03-01T08:00:00+01:00"></head><body>Bonjour</body></html>"""
PAGE = (200, {"Content-Type": "text/html; charset=utf-8"}, HEAD.encode())
ADDRESS = "https://journal.test/pont"


@pytest.fixture
def journal(fediverse: Fediverse) -> Stranger:
    made = Stranger(fediverse, "journal.test")
    made.answers["/pont"] = PAGE
    return made


def test_a_post_shows_the_page_it_links_to(fediverse: Fediverse, journal: Stranger) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    said = alice.says(f"@alice #pont voir {ADDRESS}#lundi et https://journal.test/autre")
    assert said["card"] is None
    path = f"/api/v1/statuses/{said['id']}"
    assert alice.get(f"{path}/card") == {}
    fediverse.settle()
    shown = alice.get(path)
    shapes.check(shown, shapes.OWN_STATUS)
    assert shown["card"] == alice.get(f"{path}/card") == {
        "url": ADDRESS, "title": "Un pont & deux rives", "description": "Ouvert lundi.", "language": "fr",
        "type": "link", "author_name": "Camille", "author_url": "", "provider_name": "Journal de la ville",
        "provider_url": "https://journal.test/", "html": "", "width": 1200, "height": 630,
        "image": "https://journal.test/pont.jpg", "image_description": "Le pont, vu d’en bas", "embed_url": "",
        "blurhash": None, "published_at": "2026-03-01T07:00:00.000Z", "authors": [],
    }  # fmt: skip
    assert journal.asked == ["/pont"]


def test_a_page_is_asked_once_and_again_after_some_days(fediverse: Fediverse, journal: Stranger) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    for _ in range(3):
        alice.says(f"voir {ADDRESS}")
        fediverse.settle()
    assert len(journal.asked) == 1
    assert [status["card"]["title"] for status in alice.get("/api/v1/timelines/home")] == ["Un pont & deux rives"] * 3
    journal.answers["/pont"] = (200, PAGE[1], PAGE[2].replace(b"deux", b"trois"))
    clock.shift(timedelta(days=15))
    alice.says(f"voir {ADDRESS}")
    fediverse.settle()
    assert len(journal.asked) == 2
    assert alice.get("/api/v1/timelines/home")[3]["card"]["title"] == "Un pont & trois rives"


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_is_said_among_a_few_is_not_told_to_the_page(
    fediverse: Fediverse, journal: Stranger, visibility: str
) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    said = alice.says(f"voir {ADDRESS}", visibility=visibility)
    fediverse.settle()
    assert alice.get(f"/api/v1/statuses/{said['id']}")["card"] is None
    assert journal.asked == []


def test_a_post_of_elsewhere_gets_its_card_within_a_minute(fediverse: Fediverse, journal: Stranger) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob = Application(brest.register("alice")), nantes.register("bob")
    alice.person.follow("bob@nantes.test")
    fediverse.settle()
    bob.says(f"voir {ADDRESS}")
    fediverse.settle()
    assert alice.get("/api/v1/timelines/home")[0]["card"] is None
    fediverse.wait(minutes=2)
    assert alice.get("/api/v1/timelines/home")[0]["card"]["url"] == ADDRESS
    assert len(journal.asked) == 2  # once by each server


def test_a_page_that_no_post_links_to_any_more_is_forgotten(fediverse: Fediverse, journal: Stranger) -> None:
    brest = fediverse["brest.test"]
    alice = Application(brest.register("alice"))
    kept, gone = (alice.says(f"voir {ADDRESS}{number}")["id"] for number in (1, 2))
    fediverse.settle()
    alice.delete(f"/api/v1/statuses/{gone}")
    brest.run("clear")
    assert brest.count(PreviewCard) == 2
    clock.shift(timedelta(days=15))
    brest.run("clear")
    assert brest.count(PreviewCard) == 1
    assert alice.get(f"/api/v1/statuses/{kept}")["id"] == kept


def test_what_is_quoted_is_no_page(fediverse: Fediverse, journal: Stranger) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, bob = Application(brest.register("alice")), nantes.register("bob")
    alice.person.follow("bob@nantes.test")
    fediverse.settle()
    bob.says("Un pont")
    fediverse.settle()
    [seen] = alice.get("/api/v1/timelines/home")
    said = alice.says("Oui", quoted_status_id=seen["id"])
    assert "quote-inline" in said["content"]
    fediverse.settle()
    fediverse.wait(minutes=2)
    assert alice.get(f"/api/v1/statuses/{said['id']}")["card"] is None
    assert brest.count(PreviewCard) == 0


def test_an_edit_changes_the_card(fediverse: Fediverse, journal: Stranger) -> None:
    journal.answers["/autre"] = (200, PAGE[1], b"<title>Autre</title>")
    alice = Application(fediverse["brest.test"].register("alice"))
    path = f"/api/v1/statuses/{alice.says(f'voir {ADDRESS}')['id']}"
    fediverse.settle()
    alice.put(path, status="voir https://journal.test/autre")
    fediverse.settle()
    assert alice.get(path)["card"]["title"] == "Autre"
    alice.put(path, status="rien")
    fediverse.settle()
    assert alice.get(path)["card"] is None


@pytest.mark.parametrize(
    "answer",
    [
        (404, {}, b""),
        (403, PAGE[1], PAGE[2]),
        (200, {"Content-Type": "application/pdf"}, PAGE[2]),
        (200, {"Content-Type": "text/html", "Content-Encoding": "br"}, PAGE[2]),
        (200, PAGE[1], b"<p>Sans titre</p>"),
        (302, {"Location": "http://127.0.0.1/"}, b""),
        (302, {"Location": "/pont"}, b""),
    ],
)
def test_what_is_no_page_is_not_shown_and_not_asked_again(
    fediverse: Fediverse, journal: Stranger, answer: tuple[int, dict[str, str], bytes]
) -> None:
    brest = fediverse["brest.test"]
    alice = Application(brest.register("alice"))
    journal.answers["/pont"] = answer
    for _ in range(2):
        alice.says(f"voir {ADDRESS}")
        fediverse.settle()
        asked = len(journal.asked)
    assert alice.get("/api/v1/timelines/home")[0]["card"] is None
    assert len(journal.asked) == asked
    assert brest.is_idle()
    assert brest.count(PreviewCard) == 1


def test_the_beginning_of_a_long_page_is_enough(fediverse: Fediverse, journal: Stranger) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    journal.answers["/pont"] = (200, PAGE[1], PAGE[2] + b"x" * (3 << 20))
    said = alice.says(f"voir {ADDRESS}")
    fediverse.settle()
    assert alice.get(f"/api/v1/statuses/{said['id']}")["card"]["title"] == "Un pont & deux rives"


def test_a_site_that_is_down_is_tried_again(fediverse: Fediverse, journal: Stranger) -> None:
    alice = Application(fediverse["brest.test"].register("alice"))
    journal.down = True
    said = alice.says(f"voir {ADDRESS}")
    fediverse.settle()
    journal.down = False
    fediverse.wait(hours=1)
    assert alice.get(f"/api/v1/statuses/{said['id']}")["card"]["url"] == ADDRESS


def test_who_links_to_a_page_is_found(fediverse: Fediverse, journal: Stranger) -> None:
    brest = fediverse["brest.test"]
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    listed = {"url": ADDRESS}
    assert bob.ask("GET", "/api/v1/timelines/link", query_string=listed).status_code == 404
    said = [alice.says(f"voir {ADDRESS}", visibility=each)["id"] for each in ("public", "unlisted", "public")]
    fediverse.settle()
    assert [each["id"] for each in bob.get("/api/v1/timelines/link", **listed)] == [said[2], said[0]]
    assert [each["id"] for each in bob.get("/api/v1/timelines/link", **listed, max_id=said[2])] == [said[0]]
    alice.put("/api/v1/accounts/update_credentials", discoverable=False)
    assert bob.get("/api/v1/timelines/link", **listed) == []
    assert bob.ask("GET", "/api/v1/timelines/link").status_code == 404
