"""What is done from the card of a post, and what it shows: quotes, pages it leads to, films, long threads."""

from fediterr.accounts import service as accounts
from fediterr.accounts import speakers
from fediterr.core import clock
from fediterr.social import cards, posts
from fediterr.social.models import Post
from tests.fediverse import Fediverse
from tests.web.browser import Browser, path_of, signed_in


def test_a_post_is_quoted_shown_and_taken_back(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    said = alice.says("Le pont ferme")
    browser = signed_in(bob)
    page = browser.open(browser.open(path_of(said, alice)).link(href=f"/publier?citer={said.rpartition('/')[2]}"))
    assert "Le message que vous citez" in page.words
    assert "Le pont ferme" in page.words
    page = browser.send(page, "/publier", words="Prévoyez un détour")
    assert "Prévoyez un détour" in page.words
    assert "Le pont ferme" in page.words
    assert "blockquote" in page.html
    mine = signed_in(alice)
    page = mine.open(path_of(said, alice) + "/citations")
    assert "Prévoyez un détour" in page.words
    assert browser.post(f"{path_of(said, alice)}/ne-plus-citer", {"csrf": "x"}).status == 403
    page = mine.send(page, "/ne-plus-citer")
    assert "n’est plus montré" in page.words
    assert "Le message cité n’est pas, ou plus, disponible." in browser.open("/@bob").words
    hidden = alice.says("Entre nous", visibility="followers")
    assert browser.open(f"/publier?citer={hidden.rpartition('/')[2]}").status == 404


def test_a_quote_waits_for_the_one_who_is_quoted(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    alice.follow("paul@nantes.test")
    fediverse.settle()
    said = paul.says("Nos capteurs")
    fediverse.settle()
    browser = signed_in(alice)
    known = alice.post(said)
    assert known is not None
    page = browser.send(browser.open(f"/publier?citer={known.id}"), "/publier", words="Intéressant")
    assert "Citation en attente" in page.words
    fediverse.settle()
    assert "Nos capteurs" in browser.open(page.path).words


def test_who_relayed_and_who_found_it_useful(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob", display_name="Bob du Bourg")
    said = alice.says("Une idée")
    path = path_of(said, alice)
    browser = signed_in(alice)
    assert "Personne pour l’instant" in browser.open(f"{path}/relais").words
    bob.boosts(said)
    bob.likes(said)
    assert "Qui a relayé" in browser.open(path).words
    assert "Bob du Bourg" in browser.open(f"{path}/relais").words
    assert "Bob du Bourg" in browser.open(f"{path}/utiles").words
    assert "Aucune citation" in browser.open(f"{path}/citations").words
    assert Browser(server).open(f"{path}/utiles", follow=False).status == 302


def test_a_post_is_pinned_by_its_author_up_to_a_number(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    paths = [path_of(alice.says(f"Message {number}"), alice) for number in range(6)]
    browser = signed_in(alice)
    for path in paths[:5]:
        assert "en tête de votre profil" in browser.send(browser.open(path), "/epingler").words
    assert "au plus 5 messages" in browser.send(browser.open(paths[5]), "/epingler").words
    assert Browser(server).open("/@alice").words.count("Épinglé") == 5
    assert "n’est plus en tête" in browser.send(browser.open(paths[0]), "/epingler").words
    other = signed_in(bob)
    page = other.open(paths[1])
    assert "/epingler" not in page.html
    assert other.post(f"{paths[1]}/epingler", {"csrf": page.form("/utile").values["csrf"], "on": "1"}).status == 403


def test_a_page_that_a_post_leads_to_is_introduced(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    path = path_of(alice.says("Lisez https://journal.test/article"), alice)
    with server.inside():
        card = cards.by_url("https://journal.test/article") or cards.attach(posts.get(int(path.rpartition("/")[2])))
        assert card is not None
        card.title, card.description, card.fetched_at = "Un pont <neuf>", "Il ouvre demain", clock.now()
    page = Browser(server).open(path)
    assert "Un pont <neuf>" in page.words or "Un pont &lt;neuf&gt;" in page.html
    assert "Il ouvre demain" in page.words


def test_a_deep_thread_is_folded(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    first = said = alice.says("Niveau 0")
    for depth in range(1, 8):
        said = alice.says(f"Niveau {depth}", answers=said)
    page = Browser(server).open(path_of(first, alice))
    assert "3 réponses plus loin" in page.words
    assert "Niveau 7" in page.words
    assert page.html.count('class="reply') == 4


def test_somebody_publishes_in_the_name_of_an_authority(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob, town = server.register("alice"), server.register("bob"), server.register("ville", kind="Organization")
    with server.inside():
        user = accounts.user_of(accounts.local("alice"))
        assert user is not None
        speakers.grant(user, accounts.local("ville"))
    browser = signed_in(alice)
    form = browser.open("/publier")
    assert "Publier au nom de" in form.words
    assert "Publier au nom de" not in signed_in(bob).open("/publier").words
    ours = str(town.account().id)
    page = browser.send(form, "/publier", words="La mairie informe", **{"as": ours})
    assert page.path.startswith("/@ville/")
    journal = signed_in(server.register("zoe", role="moderator")).open("/moderation/journal").words
    assert "alice a publié au nom de @ville@brest.test" in journal
    other = signed_in(bob)
    refused = other.send(other.open("/publier"), "/publier", words="Usurpation", **{"as": ours})
    assert refused.status == 403
    assert "Vous ne publiez pas" in refused.words
    page = browser.send(browser.open(f"{page.path}/modifier"), "/modifier", words="La mairie vous informe")
    assert "La mairie vous informe" in page.words
    assert other.open(f"{page.path}/modifier").status == 403
    page = browser.send(browser.open(f"{page.path}/supprimer"), "/supprimer", do="rewrite")
    assert page.form("/publier").values["as"] == ours
    assert server.count(Post) == 0
