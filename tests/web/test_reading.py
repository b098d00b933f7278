"""What is seen, by whom, and what is never seen."""

import io
import re
from datetime import timedelta

import pytest

from fediterr.core import clock, site
from fediterr.social import posts
from fediterr.social.drafts import Draft, MediumDraft
from tests import files
from tests.fediverse import Fediverse
from tests.mastodon.client import Application
from tests.web.browser import Browser, Page, path_of, signed_in

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">x</a> "\'&{{7*7}}'


def without_trace(page: Page, path: str) -> str:
    """A page without what differs from one request to the next."""
    html = re.sub(r"demande \w+", "", page.html).replace(path, "")
    return re.sub(r'(name="(csrf|next)" value=")[^"]*', r"\1", html)


def test_visitors_read_the_public_posts_of_this_server(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    alice.follow("paul@nantes.test")
    alice.says("Bonjour à tous")
    alice.says("Entre nous", visibility="followers")
    alice.says("Sans bruit", visibility="unlisted")
    paul.says("De Nantes")
    fediverse.settle()
    for path in ("/", "/public"):
        words = Browser(brest).open(path).words
        assert "Bonjour à tous" in words
        assert not [hidden for hidden in ("Entre nous", "Sans bruit", "De Nantes") if hidden in words]
    profile = Browser(brest).open("/@alice").words
    assert "Sans bruit" in profile
    assert "Entre nous" not in profile
    assert Browser(brest).open("/public/reseau").form("/connexion")


def test_the_fil_holds_what_one_follows_each_post_once(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob, carol = (server.register(name) for name in ("alice", "bob", "carol"))
    alice.follow("bob")
    alice.follow("carol")
    fediverse.settle()
    uri = bob.says("Le compteur de la piscine")
    carol.boosts(uri)
    words = signed_in(alice).open("/").words
    assert words.count("Le compteur de la piscine") == 1
    assert "Relayé par" in words


@pytest.mark.parametrize("audience", ["followers", "direct"])
def test_a_hidden_post_answers_exactly_like_a_missing_one(fediverse: Fediverse, audience: str) -> None:
    server = fediverse["brest.test"]
    alice, mallory = server.register("alice"), server.register("mallory")
    path = path_of(alice.says("Un secret", visibility=audience), alice)
    missing = "/@alice/123456789"
    for browser in (Browser(server), signed_in(mallory)):
        for way in ("", "/modifier", "/supprimer"):
            hidden, absent = browser.open(path + way), browser.open(missing + way)
            assert hidden.status == absent.status
            assert without_trace(hidden, path + way) == without_trace(absent, missing + way)
        assert browser.open(path).status == 404
    attacker = signed_in(mallory)
    word = attacker.open("/publier").form("/publier").values["csrf"]
    for way in ("/utile", "/relayer", "/voter", "/supprimer", "/modifier"):
        answer = attacker.post(path + way, {"csrf": word, "on": "1", "choice": "0", "words": "x"})
        assert answer.status == 404, way
    answered = attacker.post("/publier", {"csrf": word, "words": "x", "in_reply_to": path.rpartition("/")[2]})
    assert answered.status == 404
    assert "Un secret" not in answered.html
    assert "Un secret" in signed_in(alice).open(path).words


def test_a_deleted_post_is_gone_when_all_could_read_it(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    shown, hidden = alice.says("Ouvert"), alice.says("Fermé", visibility="followers")
    alice.deletes(shown)
    alice.deletes(hidden)
    assert Browser(server).open(path_of(shown, alice)).status == 410
    assert Browser(server).open(path_of(hidden, alice)).status == 404


def test_a_post_under_another_name_is_not_found(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    server.register("bob")
    path = path_of(alice.says("Bonjour"), alice)
    assert Browser(server).open(path.replace("alice", "bob")).status == 404


def test_what_people_write_stays_text(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice", display_name=HOSTILE[:90])
    browser = signed_in(alice)
    form = browser.open("/publier").form("/publier")
    page = browser.post("/publier", form.values | {"words": HOSTILE, "warning": HOSTILE})
    settings = browser.open("/reglages/profil").form("/reglages/profil").values
    told = {"note": HOSTILE, "field-1-name": HOSTILE, "field-1-value": HOSTILE}
    profile = browser.post("/reglages/profil", settings | told)
    pages = [page, profile, *(browser.open(path) for path in ("/", "/public", "/@alice", "/recherche?q=" + HOSTILE))]
    pages.append(browser.post("/publier", form.values | {"words": HOSTILE, "option-1": HOSTILE}))
    pages.append(Browser(server).open("/connexion?next=" + HOSTILE))
    for each in pages:
        tags = [(tag, name, value) for tag, attributes in each.tags for name, value in attributes.items()]
        ours = [attributes.get("id") for tag, attributes in each.tags if tag in ("script", "img")]
        assert ours in (["script"], ["script", "passkeys-script"]), each.path
        assert not [tag for tag in tags if tag[1].startswith("on") or tag[2].startswith("javascript:")], each.path
        assert "49" not in re.sub(r"\d{5,}", "", each.words), each.path


def test_html_of_elsewhere_is_cleaned_on_its_way_out(fediverse: Fediverse) -> None:
    """Even if something unclean had come in."""
    server = fediverse["brest.test"]
    alice = server.register("alice")
    with alice.acting() as me:
        post = posts.publish(me, Draft(content="<p onclick=x>Bonjour<script>alert(1)</script></p>"))
        path = site.post_page("alice", post.id).removeprefix("https://brest.test")
    page = Browser(server).open(path)
    assert "<p>Bonjour</p>" in page.html
    assert "script" not in page.html.partition("<main")[2]


def test_pictures_of_elsewhere_are_our_copies_with_their_description(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    alice.follow("paul@nantes.test")
    fediverse.settle()
    with paul.acting() as me:
        media = (
            MediumDraft(url="https://nantes.test/plan.png", kind="image", description="Plan du marché"),
            MediumDraft(url="javascript:alert(1)", kind="image", description="Piège"),
        )
        posts.publish(me, Draft(content="<p>Voici</p>", media=media))
    fediverse.settle()
    page = signed_in(alice).open("/")
    assert 'alt="Plan du marché"' in page.html
    assert 'href="https://nantes.test/plan.png"' in page.html
    assert 'src="https://nantes.test' not in page.html
    assert "javascript:" not in page.html


def test_visitors_are_shown_the_way_to_what_lives_elsewhere(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    alice.follow("paul@nantes.test")
    fediverse.settle()
    paul.says("De Nantes")
    fediverse.settle()
    page = signed_in(alice).open("/@paul@nantes.test")
    assert "De Nantes" in page.words
    path = next(link["href"] for link in page.links if re.search(r"/@paul@nantes.test/\d+$", link["href"]))
    for each in ("/@paul@nantes.test", path):
        outside = Browser(brest).open(each)
        assert outside.status == 200
        assert "Cette page est sur un autre serveur" in outside.words
        assert "De Nantes" not in outside.words
        assert 'content="noindex"' in outside.html


def test_a_thread_reads_in_order_with_what_it_answers(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    first = alice.says("Qui a mutualisé un serveur ?")
    second = bob.says("Nous, depuis un an.", answers=first)
    alice.says("À combien ?", answers=second)
    page = Browser(server).open(path_of(second, bob))
    words = page.words
    places = [words.index(part) for part in ("Qui a mutualisé", "Nous, depuis un an.", "À combien ?")]
    assert places == sorted(places)
    assert 'class="reply deep-1"' in page.html


def test_long_lists_go_on(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    for number in range(25):
        clock.shift(timedelta(seconds=1))
        alice.says(f"Numéro {number:02}.")
    first = Browser(server).open("/public")
    second = Browser(server).open(first.link(rel="next"))
    seen = re.findall(r"Numéro (\d\d)", first.words + second.words)
    assert seen == [f"{number:02}" for number in reversed(range(25))]


def test_programs_are_led_to_the_other_form(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    uri = alice.says("Bonjour")
    path = path_of(uri, alice)
    assert server.get("/@alice").get_json()["id"] == "https://brest.test/actors/alice"
    assert server.get(path).get_json()["id"] == uri
    for anything in ("*/*", "text/html,application/activity+json;q=0.5"):
        assert server.get(path, accept=anything).mimetype == "text/html", "who does not say reads the page"
    page = Browser(server).open(path)
    assert page.link(rel="alternate") == uri
    assert page.link(rel="canonical") == f"https://brest.test{path}"
    assert Browser(server).open("/@alice").link(rel="alternate") == "https://brest.test/actors/alice"
    assert Browser(server).open("/actors/alice").link(rel="canonical") == "https://brest.test/@alice"
    assert Browser(server).open(uri.removeprefix("https://brest.test")).status == 200


def test_only_what_all_may_read_is_announced_to_other_sites(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    shown, hidden = alice.says("Ouvert à tous"), alice.says("Entre nous", visibility="followers")
    assert 'property="og:description" content="Ouvert à tous"' in Browser(server).open(path_of(shown, alice)).html
    page = signed_in(alice).open(path_of(hidden, alice))
    assert "Entre nous" in page.words
    assert "og:" not in page.html
    assert 'content="noindex"' in page.html


def test_every_page_forbids_foreign_scripts_frames_and_copies(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    path = path_of(alice.says("Bonjour"), alice)
    visitor, member = Browser(server), signed_in(alice)
    for browser in (visitor, member):
        for address in ("/", "/public", "/@alice", path, "/about", "/nowhere", "/@nobody", "/tags/x"):
            page = browser.open(address)
            assert page.headers["Content-Security-Policy"] == (
                "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
                "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
            )
            assert page.headers["X-Frame-Options"] == "DENY"
            assert page.headers["X-Content-Type-Options"] == "nosniff"
            assert page.headers["Referrer-Policy"] == "same-origin"
            assert {"Accept", "Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))
            kept = page.headers["Cache-Control"]
            assert kept == ("private, no-store" if browser is member else "no-cache"), address
            scripts = set(re.findall(r"<script[^>]*>", page.html))
            assert all('src="/static/' in script for script in scripts)
            assert not re.search(r"<style|\sstyle=|\son\w+=|src=\"http", page.html)
            assert "Set-Cookie" not in page.headers or browser is member


def test_problems_look_like_the_rest_and_show_no_trace(fediverse: Fediverse, monkeypatch: pytest.MonkeyPatch) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    page = Browser(server).open("/nowhere")
    assert (page.status, page.language) == (404, "fr")
    assert "Cette page n’existe pas." in page.words
    browser = signed_in(alice)
    server.app.testing = False

    def stumble(*asked: object) -> None:
        raise RuntimeError("a secret of the database")

    monkeypatch.setattr("fediterr.web.feed.timelines.home", stumble)
    page = browser.open("/")
    assert page.status == 500
    assert "Une erreur est survenue" in page.words
    assert "secret" not in page.html
    assert server.get("/nodeinfo/2.1/nothing").get_json() == {"error": "Not Found"}
    assert "application/json" in server.get("/actors/nobody").headers["Content-Type"]


def test_files_of_here_are_seen_on_the_pages(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", media_url="https://files.brest.test")
    alice = Application(brest.register("alice"))

    def sent(data: bytes, name: str, description: str) -> str:
        form = {"file": (io.BytesIO(data), name), "description": description}
        return str(alice.ask("POST", "/api/v2/media", data=form, content_type="multipart/form-data").json["id"])

    seen = alice.says("Le quai", media_ids=[sent(files.picture(), "quai.png", "Le quai à marée basse")])
    page = Browser(brest).open(f"/@alice/{seen['id']}")
    [picture] = [named for tag, named in page.tags if tag == "img"]
    assert picture["alt"] == "Le quai à marée basse"
    assert picture["src"].startswith("https://files.brest.test/media/")
    assert "img-src 'self' https://files.brest.test data:" in page.headers["Content-Security-Policy"]
    folded = alice.says("Le chantier", sensitive=True, media_ids=[sent(files.picture(), "a.png", "Une chute")])
    assert "Montrer les images (contenu sensible)" in Browser(brest).open(f"/@alice/{folded['id']}").words
    paper = alice.says("Le plan", media_ids=[sent(files.PDF, "plan.pdf", "Plan du port")])
    assert "plan.pdf : Plan du port" in Browser(brest).open(f"/@alice/{paper['id']}").words
