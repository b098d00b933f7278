"""Direct messages on the pages: begun, read in order, answered across servers, put out of sight."""

from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in


def test_people_of_two_servers_talk_in_private(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul, eve = brest.register("alice"), nantes.register("paul"), brest.register("eve")
    browser, far = signed_in(alice), signed_in(paul)
    assert "Aucune conversation" in browser.open("/messages").words
    page = browser.send(browser.open("/messages/nouveau"), "/nouveau", to="@personne@nantes.test", words="Bonjour")
    assert page.status == 400
    assert "Personne ne répond à cette adresse : @personne@nantes.test." in page.words
    assert page.form("/nouveau").values["words"] == "Bonjour"
    page = browser.send(page, "/nouveau", to="", words=" ")
    assert "Indiquez à qui vous écrivez" in page.words
    assert "Écrivez votre message." in page.words
    page = browser.send(page, "/nouveau", to="paul@nantes.test", words="Puis-je vous appeler ?")
    assert "Votre message est envoyé." in page.words
    assert "Puis-je vous appeler ?" in page.words, "it stands in its conversation at once"
    assert "ne sont pas chiffrés" in page.words
    here = page.path
    fediverse.settle()

    listed = far.open("/messages")
    assert "Messages privés1 nouveautés" in listed.words
    talk = far.open(next(link["href"] for link in listed.links if "/messages/1" in link.get("href", "")))
    assert "Puis-je vous appeler ?" in talk.words
    assert "privés1" not in talk.words
    assert far.send(talk, talk.path, words="").status == 400
    far.send(talk, talk.path, words="Demain matin")
    fediverse.settle()

    listed = browser.open("/messages").words
    assert "Nouveau" in listed
    assert "Demain matin" in listed
    words = browser.open(here).words
    assert words.index("Puis-je vous appeler ?") < words.index("Demain matin")
    browser.send(browser.open(here), "/non-lu")
    assert "Nouveau" in browser.open("/messages").words
    for other in (signed_in(eve), far):
        assert other.open(here).status == 404
    assert Browser(brest).open(here).form("/connexion")
    page = browser.send(browser.open(f"{here}/retirer"), "/retirer")
    assert "Aucune conversation" in page.words
    assert "Demain matin" in far.open(talk.path).words
