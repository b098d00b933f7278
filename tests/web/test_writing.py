"""Publishing from the pages: audience, warning, poll, answer, change, deletion."""

from fediterr.social.models import Like, Post
from tests.fediverse import Fediverse
from tests.web.browser import Browser, path_of, signed_in


def test_a_post_is_written_and_read(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    page = browser.send(browser.open("/"), "/publier", words="Bonjour #Éclairage\r\n\r\nDeuxième paragraphe")
    assert "Votre message est publié." in page.words
    assert "<p>Deuxième paragraphe</p>" in page.html
    assert "Bonjour" in Browser(server).open("/tags/eclairage").words
    assert "Bonjour" in Browser(server).open("/tags/ÉCLAIRAGE").words


def test_audience_and_warning(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    browser = signed_in(alice)
    written = {"words": "Le récit", "warning": "Attaque informatique", "visibility": "followers"}
    page = browser.send(browser.open("/publier"), "/publier", **written)
    assert "<summary>Attaque informatique</summary>" in page.html
    assert "Abonnés seulement" in page.words
    assert "Le récit" not in Browser(server).open("/@alice").words


def test_what_cannot_be_published_is_said_and_kept(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("alice"))
    start = browser.open("/publier")
    page = browser.send(start, "/publier", words="  ")
    assert page.status == 400
    assert "Il n’y a rien à publier" in page.words
    assert 'aria-describedby="words-help words-error"' in page.html
    typed = {
        "words": "Qui vient ?",
        "option__1": "Moi",
        "option__2": "Moi",
        "visibility": "unlisted",
        "poll__days": "7",
    }
    page = browser.send(start, "/publier", **typed)
    assert page.status == 400
    assert "toutes différentes" in page.words
    kept = page.form("/publier").values
    assert (kept["words"], kept["option-1"], kept["visibility"]) == ("Qui vient ?", "Moi", "unlisted")
    assert kept["poll-days"] == "7"
    page = browser.send(start, "/publier", words="x" * 5001)
    assert "Un message compte au plus 5000 caractères." in page.words
    assert len(page.form("/publier").values["words"]) == 5001
    assert browser.send(start, "/publier", words="x", visibility="everyone").status == 400
    assert server.count(Post) == 0


def test_a_poll_is_asked_and_answered(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    asker, voter = signed_in(alice), signed_in(bob)
    page = asker.send(asker.open("/"), "/publier", words="Quel jour ?", option__1="Lundi", option__2="Mardi")
    assert "/voter" not in page.html, "nobody votes in their own poll"
    page = voter.open("/public")
    assert "/voter" not in Browser(server).open("/public").html
    none = voter.send(page, "/voter")
    assert "Choisissez une réponse." in none.words
    page = voter.send(page, "/voter", choice="1")
    assert "Votre réponse est enregistrée." in page.words
    assert "Mardi · 100 % · votre choix" in page.words
    assert "1 personne a répondu" in page.words
    assert "/voter" not in page.html


def test_an_answer_addresses_whom_it_answers(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    uri = alice.says("Une question @bob", visibility="followers")
    browser = signed_in(bob)
    page = browser.open(path_of(uri, alice))
    form = page.form("/publier")
    assert form.values["words"] == "@alice "
    assert form.values["visibility"] == "followers"
    page = browser.send(page, "/publier", words="@alice Une réponse")
    fediverse.settle()
    told = signed_in(alice).open("/notifications").words
    assert "vous mentionne ou vous répond." in told
    assert "@alice Une réponse" in told
    words = signed_in(alice).open(path_of(uri, alice)).words
    assert "Une réponse" in words
    assert "Répondre 1" in words


def test_somebody_unknown_who_is_mentioned_gets_the_post(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul, marie = brest.register("alice"), nantes.register("paul"), nantes.register("marie")
    browser = signed_in(alice)
    words = "@paul@nantes.test @marie@nantes.test @nobody@nantes.test @x@nowhere.test bonjour"
    page = browser.send(browser.open("/publier"), "/publier", words=words, visibility="direct")
    assert page.status == 200, page.words
    fediverse.settle()
    assert paul.notifications() == [("mention", "alice@brest.test")]
    assert marie.notifications() == [("mention", "alice@brest.test")]
    assert "bonjour" in signed_in(paul).open("/notifications").words


def test_a_post_is_changed_by_its_author_alone(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, mallory = server.register("alice"), server.register("mallory")
    path = path_of(alice.asks("Quel joor ?", "Lundi", "Mardi"), alice)
    browser = signed_in(alice)
    form = browser.open(path + "/modifier")
    assert form.form("/modifier").values["words"] == "Quel joor ?"
    page = browser.send(form, "/modifier", words="Quel jour ?")
    assert "Votre message est modifié." in page.words
    assert "Quel jour ?" in page.words
    assert "Lundi" in page.words
    assert "modifié" in page.words
    assert signed_in(mallory).open(path + "/modifier").status == 403


def test_a_quote_leads_to_what_it_quotes_also_after_an_edit(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    said = alice.says("Le pont ferme")
    quoting = alice.says("Voyez", quotes=said)
    browser = signed_in(alice)
    browser.send(browser.open(path_of(quoting, alice) + "/modifier"), "/modifier", words="Enfin")
    post = alice.post(quoting)
    assert post is not None
    assert (post.source, "RE: " in post.content) == ("Enfin", True)


def test_a_deletion_is_confirmed_first(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice")
    path = path_of(alice.says("À effacer"), alice)
    browser = signed_in(alice)
    page = browser.open(path + "/supprimer")
    assert "À effacer" in page.words
    assert server.count(Post) == 1
    page = browser.send(page, "/supprimer")
    assert "Votre message est supprimé" in page.words
    assert browser.open(path).status == 410


def test_useful_and_relayed_and_back(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    path = path_of(alice.says("Bonne idée"), alice)
    browser = signed_in(bob)
    page = browser.send(browser.open("/public"), "/utile")
    assert server.count(Like) == 1
    assert page.path == "/public"
    page = browser.send(page, path + "/relayer")
    assert "Relayé par" in browser.open("/@bob").words
    fediverse.settle()
    told = signed_in(alice).open("/notifications").words
    assert "trouve votre message utile." in told
    assert "a relayé votre message." in told
    page = browser.send(page, "/utile")
    page = browser.send(page, path + "/relayer")
    assert server.count(Like) == 0
    assert server.count(Post) == 1


def test_what_followers_alone_may_read_has_no_button_to_relay_it(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    bob.follow("alice")
    fediverse.settle()
    path = path_of(alice.says("Entre nous", visibility="followers"), alice)
    browser = signed_in(bob)
    page = browser.open(path)
    assert "Entre nous" in page.words
    assert "/relayer" not in page.html
    word = page.form("/publier").values["csrf"]
    assert browser.post(path + "/relayer", {"csrf": word, "on": "1"}).status == 403
