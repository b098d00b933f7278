"""Communities on the pages: founded, joined from here and from elsewhere, moderated, and summed up each week."""

import re
from datetime import datetime, timedelta

from fediterr.core import clock
from fediterr.social import summaries
from tests import mailbox
from tests.fediverse import Fediverse
from tests.web.browser import Browser, Page, signed_in

NEW = "/communautes/nouvelle"


def found(browser: Browser, name: str = "eclairage", **chosen: str) -> Page:
    """Fill in the form of a new community."""
    typed = {"title": "Éclairage sobre", "name": name, "summary": "On y parle d’armoires.", "joining": "open", **chosen}
    return browser.send(browser.open(NEW), NEW, **typed)


def begin(browser: Browser, page: str, title: str, words: str) -> Page:
    return browser.send(browser.open(page), "/publier", title=title, words=words)


def test_a_community_is_founded_joined_and_written_in_without_scripts(fediverse: Fediverse) -> None:
    town = fediverse["amont.test"]
    alice, bob = signed_in(town.register("alice")), signed_in(town.register("bob"))
    page = found(alice, rules="Restons courtois.\nOn cite ses sources.")
    assert page.path == "/@eclairage"
    assert "La communauté est fondée" in page.words
    assert "On cite ses sources." in page.words

    assert "Éclairage sobre" in bob.open("/communautes").words
    page = bob.send(bob.open("/@eclairage"), "/rejoindre")
    assert "Vous êtes membre de Éclairage sobre." in page.words
    page = begin(bob, "/@eclairage", "Quel relais choisir ?", "Nos armoires en ont deux.")
    assert page.path == "/@eclairage"
    assert "Quel relais choisir ?" in page.words
    fediverse.settle()

    assert "Dans Éclairage sobre" in alice.open("/@bob").words
    assert "Dans Éclairage sobre" not in alice.open("/@eclairage").words  # it is said above
    visitor = Browser(town)
    assert "Quel relais choisir ?" in visitor.open("/@eclairage").words
    assert "Quel relais choisir ?" in visitor.open("/@eclairage.rss").html
    assert "Éclairage sobre" in bob.open("/communautes?ou=miennes").words

    assert "Quitter Éclairage sobre ?" in bob.open("/@eclairage/quitter").words
    page = bob.send(bob.open("/@eclairage/quitter"), "/quitter")
    assert "Vous n’êtes plus membre de Éclairage sobre." in page.words
    assert bob.open("/@eclairage/membres").status == 403


def test_one_asks_to_come_into_a_private_community_and_moderators_answer(fediverse: Fediverse) -> None:
    town = fediverse["amont.test"]
    people = {name: signed_in(town.register(name)) for name in ("alice", "bob", "carole")}
    alice, bob, carole = people.values()
    found(alice, joining="request", private="1")
    begin(alice, "/@eclairage", "Un sujet entre nous", "Le marché est infructueux.")

    for reader in (bob, Browser(town)):
        page = reader.open("/@eclairage")
        assert "Cette communauté est privée" in page.words
        assert "On y parle d’armoires." in page.words
        assert "Un sujet entre nous" not in page.html
        assert "infructueux" not in page.html
        assert (
            "membre" not in reader.open("/communautes").words.partition("Éclairage sobre")[2].partition("On y parle")[0]
        )
    assert bob.open("/@eclairage/membres").status == 403
    assert Browser(town).open("/@eclairage.rss").status == 404
    assert bob.open("/@eclairage/resume").status == 403

    page = bob.send(bob.open("/@eclairage/rejoindre"), "/rejoindre", words="Je suis au syndicat.")
    assert "Votre demande attend une réponse." in page.words
    carole.send(carole.open("/@eclairage/rejoindre"), "/rejoindre")
    fediverse.settle()
    assert "bob demande à entrer dans Éclairage sobre" in alice.open("/notifications").words
    page = alice.open("/@eclairage/membres")
    assert "Je suis au syndicat." in page.words
    bob_asks = next(
        form.action for form in page.forms if form.action.endswith("/reponse") and "bob" in _around(page, form.action)
    )
    page = alice.send(page, bob_asks, answer="accept")
    assert "bob est membre de la communauté." in page.words
    carole_asks = next(form.action for form in page.forms if form.action.endswith("/reponse"))
    page = alice.send(page, carole_asks, answer="refuse", reason="C’est entre maîtres d’ouvrage.")
    assert "La demande de carole est refusée." in page.words
    fediverse.settle()

    assert "vous laisse entrer" in bob.open("/notifications").words
    page = bob.open("/@eclairage")
    assert "Un sujet entre nous" in page.words
    thread = re.search(r'href="(/@alice/\d+)"', page.html)[1]
    assert "Pour les membres de la communauté seulement" in bob.open(thread).words
    bob.send(bob.open(thread), "/publier", words="Chez nous aussi.")
    assert carole.open(thread).status == 404
    assert "Chez nous aussi." not in carole.open("/@bob").words
    assert "Éclairage sobre" not in carole.open("/@bob/abonnements").words
    assert "Éclairage sobre" in bob.open("/@bob/abonnements").words
    assert "C’est entre maîtres d’ouvrage." in alice.open("/@eclairage/reglages").words


def _around(page: Page, action: str) -> str:
    """What stands in a form."""
    return page.html.partition(f'action="{action}"')[2].partition("</form>")[0]


def test_moderators_pin_close_and_remove_and_name_another(fediverse: Fediverse) -> None:
    town = fediverse["amont.test"]
    alice, bob = signed_in(town.register("alice")), signed_in(town.register("bob"))
    found(alice)
    bob.send(bob.open("/@eclairage"), "/rejoindre")
    page = begin(bob, "/@eclairage", "Quel relais choisir ?", "Nos armoires en ont deux.")
    thread = re.search(r'href="(/@bob/\d+)"', page.html)[1]
    assert bob.open(f"{thread}/communaute").status == 404
    assert f"{thread}/communaute" in alice.open("/@eclairage").html

    def do(what: str, **typed: str) -> Page:
        return alice.post(
            f"{thread}/communaute", {**alice.open(f"{thread}/communaute").forms[-1].values, "do": what, **typed}
        )

    do("pin")
    assert "Épinglé" in bob.open("/@eclairage").words
    do("lock")
    page = bob.open(thread)
    assert "Ce sujet est fermé : on n’y répond plus." in page.words
    assert not any(form.action.endswith("/publier") for form in page.forms)
    do("unlock")
    page = do("remove", words="Hors sujet.")
    assert "ne paraît plus dans la communauté" in page.words
    assert "Quel relais choisir ?" not in bob.open("/@eclairage").words
    do("restore")
    assert "Quel relais choisir ?" in bob.open("/@eclairage").words
    fediverse.settle()
    journal = alice.open("/@eclairage/reglages").words
    assert "alice a retiré d’une communauté :" in journal
    assert "Hors sujet." in journal

    members = alice.open("/@eclairage/membres")
    one = next(link["href"] for link in members.links if re.search(r"/membres/\d+$", link["href"]))
    page = alice.send(alice.open(one), "/role", rank="moderator")
    assert "bob, Modération" in page.words
    assert bob.open("/@eclairage/reglages").status == 200
    page = alice.send(alice.open(one), "/ecarter", reason="Il l’a demandé.")
    assert "bob n’est plus dans la communauté." in page.words
    assert "Vous n’y avez plus accès" in bob.open("/@eclairage").words
    alice.send(page, "/laisser-revenir")
    page = bob.send(bob.open("/@eclairage"), "/rejoindre")
    assert "Vous êtes membre" in page.words


def test_a_community_elsewhere_is_joined_by_its_address_and_written_in(fediverse: Fediverse) -> None:
    town, port = fediverse["amont.test"], fediverse["port.test"]
    alice, bob = signed_in(town.register("alice")), signed_in(port.register("bob"))
    found(alice)
    page = bob.send(bob.open("/communautes"), "/communautes/rejoindre", address="!eclairage@amont.test")
    assert page.path == "/@eclairage@amont.test"
    page = bob.send(page, "/rejoindre")
    assert "Votre demande est envoyée" in page.words
    fediverse.settle()
    page = bob.open("/@eclairage@amont.test")
    assert "Quitter" in page.words
    assert "Éclairage sobre" in bob.open("/communautes?ou=ailleurs").words
    begin(bob, "/@eclairage@amont.test", "Bonjour du port", "Nous avons des quais à éclairer.")
    fediverse.settle()
    assert "Bonjour du port" in alice.open("/@eclairage").words
    assert "Dans Éclairage sobre" in alice.open("/").words
    page = bob.send(bob.open("/communautes"), "/communautes/rejoindre", address="@alice@amont.test")
    assert page.status == 404
    assert "Ce n’est pas une communauté." in page.words


def test_the_weekly_summary_is_sent_once_to_members_who_want_it(fediverse: Fediverse) -> None:
    with mailbox.opened() as post:
        mail = {"mail_host": "127.0.0.1", "mail_port": post.port, "mail_tls": "none"}
        town = fediverse.add("amont.test", **mail)
        people = [town.register(name) for name in ("alice", "bob")]
        alice, bob = map(signed_in, people)
        found(alice, private="1")
        bob.send(bob.open("/@eclairage"), "/rejoindre")
        page = begin(bob, "/@eclairage", "Quel relais choisir ?", "Nos armoires en ont deux.")
        thread = re.search(r'href="(/@bob/\d+)"', page.html)[1]
        alice.send(alice.open(thread), "/publier", words="Un à trois positions.")
        with town.inside():
            tomorrow = (clock.now() + timedelta(days=1)).astimezone(summaries.CLOCK)
        page = alice.send(
            alice.open("/@eclairage/resume"),
            "/resume",
            day=str(tomorrow.weekday()),
            foreword="Bonne lecture !",
            posted="1",
        )
        assert "Bonne lecture !" in page.words
        assert "Quel relais choisir ? · par bob, 1 réponse" in page.words
        assert "Préparer le prochain" not in bob.open("/@eclairage/resume").words
        fediverse.settle()
        post.letters.clear()

        _to_hour(tomorrow)
        for _run in range(2):
            town.run("summaries")
            fediverse.settle()
        letters = {letter["To"]: letter for letter in post.letters}
        assert sorted(letters) == ["alice@amont.test.example", "bob@amont.test.example"]
        assert len(post.letters) == 2
        letter = letters["bob@amont.test.example"]
        assert letter["Subject"].startswith("Éclairage sobre : le résumé du ")
        plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
        for words in ("Bonne lecture !", "Quel relais choisir ?", "1 réponse"):
            assert words in plain
            assert words in html
        out = letter["List-Unsubscribe"].strip("<>")
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert out in plain
        alice, bob = map(signed_in, people)
        assert "le résumé du" in bob.open("/@eclairage").words  # as a thread of its own, for members
        assert "le résumé du" not in Browser(town).open("/@eclairage").html
        assert "Bonne lecture" not in alice.open("/@eclairage/resume").words

        visitor, way = Browser(town), out.removeprefix("https://amont.test")
        assert visitor.open(way[:-1]).status == 404
        assert "Ne plus recevoir ce résumé ?" in visitor.open(way).words
        assert visitor.post(way, {"List-Unsubscribe": "One-Click"}).status == 200
        assert "Vous ne le recevez pas." in bob.open("/@eclairage/resume").words
        fediverse.settle()
        post.letters.clear()
        begin(bob, "/@eclairage", "Et le béton ?", "Il éclaire aussi.")
        _to_hour(tomorrow + timedelta(days=7))
        town.run("summaries")
        fediverse.settle()
        assert [letter["To"] for letter in post.letters] == ["alice@amont.test.example"]
        assert "Et le béton ?" in post.letters[0].get_body(("plain",)).get_content()


def _to_hour(day: datetime) -> None:
    """Let it be half past seven of that day."""
    clock.shift(day.replace(hour=7, minute=30) - clock.now())


def test_a_community_carries_one_of_another_server(fediverse: Fediverse) -> None:
    town, port = fediverse["amont.test"], fediverse["port.test"]
    alice, bob = signed_in(town.register("alice")), signed_in(port.register("bob"))
    found(alice)
    found(bob, "lumieres", title="Lumières du port")
    page = alice.send(alice.open("/@eclairage/reglages"), "/liens", address="!lumieres@port.test")
    assert "C’est demandé" in page.words
    fediverse.settle()
    assert "Lumières du port" in Browser(town).open("/@eclairage").words
    assert "Éclairage sobre" in bob.open("/@lumieres").words
    page = begin(bob, "/@lumieres", "Des quais plus sombres", "Les oiseaux reviennent.")
    fediverse.settle()
    assert "Des quais plus sombres" in alice.open("/@eclairage").words
    page = alice.send(alice.open("/@eclairage/reglages"), "/defaire")
    assert "n’est plus relayée" in page.words
