"""Writing with files, and coming back to it later: nothing typed is lost, pictures are described, drafts stay."""

import io
import re
from typing import Any

from fediterr.core import clock
from fediterr.social.models import Medium, Post, SavedDraft, ScheduledPost
from tests import clips, files
from tests.fediverse import Fediverse
from tests.web.browser import Browser, Page, path_of, signed_in


def sent(*names: str, data: bytes | None = None) -> list[Any]:
    return [(io.BytesIO(data or files.picture()), name) for name in names]


def fields(page: Page, action: str = "/publier") -> dict[str, str]:
    return page.form(action).values


def described(page: Page) -> list[str]:
    """The names of the fields for what pictures show."""
    return [name for name in fields(page) if name.startswith("description-")]


def test_a_picture_is_described_before_it_is_published_and_seen_elsewhere_with_its_words(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    paul.follow("alice@brest.test")
    fediverse.settle()
    browser = signed_in(alice)
    page = browser.send(browser.open("/"), "/publier", words="La place", do="publish", **{"new-files": sent("a.png")})
    assert page.status == 400, "a picture without words"
    assert "Décrivez le fichier 1" in page.words
    assert fields(page)["words"] == "La place"
    (name,) = described(page)
    assert f'aria-describedby="{name}-help {name}-error"' in page.html
    assert "La place" in browser.open("/brouillons").words, "kept at once"
    page = browser.send(page, "/publier", **{name: "Une place, deux arbres"})
    assert "Votre message est publié." in page.words
    assert 'alt="Une place, deux arbres"' in page.html
    assert "Aucun brouillon" in browser.open("/brouillons").words
    fediverse.settle()
    page = signed_in(paul).open("/")
    assert "La place" in page.words
    assert "Une place, deux arbres" in page.html
    assert nantes.count(Medium, Medium.description == "Une place, deux arbres") == 1


def test_files_are_joined_moved_and_removed_on_the_page(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    page = browser.open("/publier")
    typed = {"words": "Deux images", "visibility": "followers", "warning": "Travaux", "option-1": "Oui"}
    page = browser.post("/publier", {**fields(page), **typed, "do": "files", "new-files": sent("a.png", "b.jpg")})
    assert page.path.startswith("/publier?brouillon=")
    first, second = described(page)
    values = fields(page)
    assert [values[name] for name in typed] == list(typed.values())
    two = second.partition("-")[2]
    page = browser.send(page, "/publier", do=f"before:{two}", **{first: "La première"})
    assert described(page) == [second, first]
    assert fields(page)[first] == "La première"
    page = browser.send(page, "/publier", do=f"remove:{two}")
    assert described(page) == [first]
    refused = browser.post("/publier", {**fields(page), "do": "files", "new-files": sent("x.svg", data=files.SVG)})
    assert refused.status == 400
    assert "x.svg : Ce genre de fichier n’est pas accepté" in refused.words
    assert fields(refused)["words"] == "Deux images"
    page = browser.send(page, "/publier", do="publish", **{"option-1": ""})
    assert "Votre message est publié." in page.words
    fediverse.wait(hours=30)
    server.run("clear")
    assert server.count(Medium) == 1, "what was removed is forgotten"


def test_a_draft_stays_until_it_is_thrown_away(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    browser = signed_in(alice)
    page = browser.post(
        "/publier",
        {
            **fields(browser.open("/publier")),
            "words": "Pas fini",
            "do": "save",
            "new-files": sent("a.pdf", data=files.PDF),
        },
    )
    assert "Votre brouillon est gardé." in page.words
    assert "Pas fini" in page.words
    assert "1 fichier" in page.words
    fediverse.wait(days=60)
    server.run("clear")
    assert server.count(Medium) == 1, "files of drafts are not swept"
    link, browser = page.link(tag="a", **{"class": "button small"}), signed_in(alice)
    assert signed_in(bob).open(link).status == 404
    assert Browser(server).open(link, follow=False).status == 302
    page = browser.open(link)
    assert fields(page)["words"] == "Pas fini"
    assert "a.pdf" in page.words
    away = link.replace("publier?brouillon=", "brouillons/") + "/supprimer"
    assert "Pas fini" in browser.open(away).words
    assert server.count(SavedDraft) == 1, "asked first"
    assert "Aucun brouillon" in browser.send(browser.open(away), "/supprimer").words
    nothing = browser.send(browser.open("/publier"), "/publier", words=" ", do="save")
    assert nothing.path == "/publier"
    assert server.count(SavedDraft) == 0


def test_a_post_waits_for_its_hour_and_can_be_taken_back(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    start = browser.open("/publier")
    soon = browser.send(start, "/publier", words="Bientôt", later="2020-01-01T10:00")
    assert soon.status == 400
    assert "au moins cinq minutes à l’avance" in soon.words
    assert 'aria-describedby="later-help later-error"' in soon.html
    assert browser.send(start, "/publier", words="Bientôt", later="demain").status == 400
    hour = f"{clock.now().year + 1}-05-04T09:30"
    page = browser.send(start, "/publier", words="Bientôt", later=hour, option__1="A", option__2="B", poll__days="7")
    assert "Votre message sera publié le 4 mai" in page.words
    assert "09:30" in page.words
    assert server.count(ScheduledPost) == 1
    page = browser.send(page, "/reprendre")
    assert server.count(ScheduledPost) == 0
    values = fields(page)
    assert (values["words"], values["later"], values["option-2"]) == ("Bientôt", hour, "B")
    assert values["poll-days"] == "7"
    browser.send(page, "/publier", do="publish")
    fediverse.wait(days=800)
    server.run("publish_scheduled")
    assert server.count(Post) == 1
    assert "Rien n’est programmé" in signed_in(alice).open("/brouillons").words


def signed_in_again(browser: Browser) -> Browser:
    return browser


def test_a_post_is_changed_with_its_files_and_its_versions_are_read(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    page = browser.post("/publier", {**fields(browser.open("/publier")), "words": "Avant", "new-files": sent("a.png")})
    (name,) = described(page)
    page = browser.send(page, "/publier", **{name: "Un arbre", "quotable": "nobody"})
    path = page.path
    form = browser.open(f"{path}/modifier")
    assert form.form("/modifier").values[name] == "Un arbre"
    assert form.form("/modifier").values["quotable"] == "nobody", "an edit changes nothing that is not touched"
    page = browser.post(
        f"{path}/modifier",
        {**form.form("/modifier").values, "words": "Après", "do": "files", "new-files": sent("b.png")},
    )
    assert page.path.startswith(f"{path}/modifier?brouillon=")
    values = page.form("/modifier").values
    assert values["words"] == "Après"
    assert "Avant" in Browser(server).open(path).words, "nothing changed yet"
    other = next(each for each in values if re.fullmatch(r"description-\d+", each) and each != name)
    assert browser.send(page, "/modifier", do="publish").status == 400
    page = browser.send(page, "/modifier", do="publish", **{other: "Un banc", name: "Un platane"})
    assert "Votre message est modifié." in page.words
    assert 'alt="Un platane"' in page.html
    assert 'alt="Un banc"' in page.html
    page = Browser(server).open(f"{path}/versions")
    assert "Après" in page.words
    assert "Avant" in page.words
    assert 'alt="Un arbre"' in page.html


def test_a_deleted_post_is_written_anew(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    asked = bob.says("Une question")
    answer = alice.says("Une faut", answers=asked, visibility="unlisted")
    browser = signed_in(alice)
    page = browser.send(browser.open(path_of(answer, alice) + "/supprimer"), "/supprimer", do="rewrite")
    assert "pour le réécrire" in page.words
    assert "Une question" in page.words
    assert (fields(page)["words"], fields(page)["visibility"]) == ("Une faut", "unlisted")
    page = browser.send(page, "/publier", words="Une faute", do="publish")
    assert "Une faute" in page.words
    assert "Une question" in page.words
    assert server.count(Post) == 2


def test_a_film_is_prepared_while_one_writes(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    film = sent("a.mp4", data=clips.film())
    start = fields(browser.open("/publier"))
    page = browser.post("/publier", {**start, "words": "Le chantier", "do": "files", "new-files": film})
    assert "en préparation" in page.words
    (name,) = described(page)
    page = browser.send(page, "/publier", do="publish", **{name: "Une grue, un pont"})
    assert page.status == 409
    assert "Un fichier n’est pas encore prêt" in page.words
    assert (fields(page)["words"], fields(page)[name]) == ("Le chantier", "Une grue, un pont")
    server.work()
    page = browser.send(page, "/publier", do="publish")
    assert "Votre message est publié." in page.words
    assert 'aria-label="Une grue, un pont"' in page.html
    assert 'preload="none"' in page.html
    both = sent("a.png", "b.png")
    page = browser.post(
        "/publier", {**start, "words": "Trop", "do": "files", "new-files": both + sent("c.mp3", data=clips.sound())}
    )
    server.work()
    values = dict.fromkeys(described(page), "Dit")
    page = browser.send(page, "/publier", do="publish", **values)
    assert page.status == 400
    assert "Une vidéo ou un son s’envoie seul" in page.words


def test_nonsense_in_a_form_is_a_page_that_says_so(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    large = "9" * 30
    for path in (f"/publier?brouillon={large}", f"/brouillons/{large}/supprimer", f"/@alice/{large}/versions"):
        assert browser.open(path).status in (200, 404)
    start = {**fields(browser.open("/publier")), "words": "Bonjour"}
    for typed in ({"draft": large}, {"later": "9999-12-31T23:59"}, {"quotable": "x"}, {"as": large}):
        page = browser.post("/publier", {**start, **typed})
        assert 400 <= page.status < 500
        assert "Bonjour" in page.html
    assert browser.post("/publier", {**start, "do": f"remove:{large}", "files": f"x,{large},,1"}).status == 200
    assert server.count(Post) == 0
    visitor = Browser(server)
    token = visitor.open("/connexion").form("/connexion").values["csrf"]
    assert visitor.post("/publier", {"csrf": token, "words": "Bonjour", "new-files": sent("a.png")}).status == 401


def test_what_is_too_large_is_said_in_words(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", limits_media=100_000, limits_media_per_post=1)
    browser = signed_in(server.register("alice"))
    start = {**fields(browser.open("/publier")), "words": "Bonjour"}
    page = browser.post("/publier", {**start, "new-files": sent("a.pdf", data=files.PDF + bytes(100_000))})
    assert page.status == 400
    assert "a.pdf : Un fichier pèse au plus" in page.words
    assert fields(page)["words"] == "Bonjour"
    announced = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "1000000"}
    answer = browser.client.post(
        "/publier", base_url="https://brest.test", headers={"Accept-Language": "fr"}, environ_overrides=announced
    )
    assert answer.status_code == 413
    assert "revenez en arrière" in answer.text
