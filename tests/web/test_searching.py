"""Searching on the pages: words, people, hashtags, and what visitors may look for."""

from tests.fediverse import Fediverse
from tests.web.browser import Browser, path_of, signed_in


def test_words_find_posts_people_and_hashtags(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob", display_name="Bob Éclairage")
    uri = bob.says("Nous éteignons l’éclairage public de minuit à cinq heures #éclairage")
    bob.says("Éclairage de fête, entre nous", visibility="followers")
    fediverse.settle()
    bob.follow("alice")
    fediverse.settle()
    browser = signed_in(alice)
    page = browser.open("/recherche?q=éclairage")
    assert "Notifications1" in page.words
    assert "Messages (1) Personnes (1) Mots-dièse (1)" in page.words
    assert "minuit à cinq heures" in page.words
    assert "entre nous" not in page.words
    assert "Bob Éclairage" in browser.open("/recherche?q=éclairage&dans=personnes").words
    assert "#eclairage" in browser.open("/recherche?q=éclairage&dans=mots-diese").words
    assert "Rien trouvé" in browser.open("/recherche?q=éclairage -minuit&dans=messages").words
    assert "minuit" in browser.open("/recherche?q=from:bob public").words
    nothing = browser.open("/recherche?q=tramway")
    assert nothing.status == 200
    assert "Rien trouvé pour « tramway »" in nothing.words
    assert nothing.form("/recherche").values["q"] == "tramway"
    assert browser.open("/recherche?q=@bob").path == "/@bob"
    assert browser.open(f"/recherche?q={uri}").path == path_of(uri, bob)

    visitor = Browser(server).open("/recherche?q=éclairage")
    assert "Bob Éclairage" in visitor.words
    assert "minuit" not in visitor.words
    assert "connectez-vous" in visitor.words
