"""Reporting on the pages, handling reports, contesting decisions."""

from fediterr.core.paging import Page as Part
from fediterr.moderation import reports
from fediterr.social.models import Post
from tests import mailbox
from tests.fediverse import Fediverse, Server
from tests.web.browser import PASSWORD, Browser, Page, signed_in


def first_report(server: Server) -> int:
    with server.inside():
        return int(reports.listed(Part(), resolved=None)[0].id)


def led_on(page: Page, part: str) -> str:
    """The address of the first link that holds these words."""
    return next(link["href"] for link in page.links if part in link["href"])


def letters(server: Server, box: mailbox.Mailbox) -> list[str]:
    """What has been written since the last look."""
    server.fediverse.settle()
    found = [f"{letter['To']}|{letter.get_content()}" for letter in box.letters]
    box.letters.clear()
    return found


def test_a_report_travels_is_handled_told_contested_and_taken_back(fediverse: Fediverse) -> None:
    with mailbox.opened() as box:
        mail = {"mail_host": "127.0.0.1", "mail_port": box.port, "mail_tls": "none"}
        brest, nantes = fediverse.add("brest.test", **mail), fediverse.add("nantes.test", **mail)
        bob, maria = brest.register("bob", display_name="Bob du Port"), brest.register("maria", role="moderator")
        ines = brest.register("ines", role="admin")
        paul = nantes.register("paul")
        paul.follow("bob@brest.test")
        fediverse.settle()
        uri = bob.says("Vous êtes tous des incapables")
        fediverse.settle()

        # Paul of another server reports what Bob of this one wrote, and has it sent on.
        reading = signed_in(paul)
        page = reading.open("/@bob@brest.test")
        page = reading.open(page.link(rel="nofollow"))
        assert "Vous êtes tous des incapables" in page.words
        refused = reading.send(page, "/signaler", comment="C’est insultant.", **{"to-brest.test": "1"})
        assert refused.status == 400
        assert "Choisissez ce qui ne va pas." in refused.words
        assert "C’est insultant." in refused.html
        done = reading.send(refused, "/signaler", category="other")
        assert "brest.test" in done.words
        assert "Ne plus voir ce compte" in done.words
        assert "n’en saura rien" in reading.send(done, "/signaler/distance", how="mute").words
        fediverse.settle()
        with nantes.inside():
            assert reports.listed(Part())[0].forward_to == ["brest.test"]

        # It came in as a Flag: Maria of this server sees who runs it, not who wrote it, and what was said then.
        bob.edits(uri, "Je vous aime bien")
        working = signed_in(maria)
        listed = working.open("/moderation/signalements?origine=ailleurs")
        assert "@bob@brest.test" in listed.words
        assert "nantes.test" in listed.words
        assert "paul" not in listed.words
        assert "Aucun signalement ici" in working.open("/moderation/signalements?origine=ici").words
        address = f"/moderation/signalements/{first_report(brest)}"
        page = working.open(address)
        assert "Vous êtes tous des incapables" in page.words
        assert "C’est insultant." in page.words
        page = working.send(page, "/prendre")
        assert "Vous vous occupez de ce signalement." in page.words
        assert "@bob@brest.test" in working.open("/moderation/signalements?miens=1").words
        working.send(page, "/note", note="Déjà prévenu de vive voix.")
        incomplete = working.send(page, "/decider", measure="silence")
        assert incomplete.status == 400
        assert "Donnez le motif" in incomplete.words
        page = working.send(incomplete, "/decider", reason="Les insultes n’ont pas leur place ici.", measure="silence")
        assert page.status == 200, page.words
        assert "C’est décidé." in page.words
        assert "Déjà prévenu de vive voix." in page.words
        [letter] = letters(brest, box)
        assert letter.startswith("bob@")
        assert "Les insultes n’ont pas leur place ici." in letter

        # Bob reads why on his notifications, and contests it, once.
        his = signed_in(bob)
        page = his.open("/notifications")
        page = his.open(led_on(page, "/decisions/"))
        assert "Votre compte est limité" in page.words
        assert "Vous êtes tous des incapables" in page.words
        empty = his.send(page, page.path.partition("?")[0], words=" ")
        assert "Dites pourquoi cette décision devrait être revue." in empty.words
        page = his.send(page, page.path.partition("?")[0], words="C’était une citation, de mauvais goût.")
        assert "attend une réponse" in page.words
        assert not [form for form in page.forms if "/decisions/" in form.action]
        told = letters(brest, box)
        assert [letter for letter in told if letter.startswith("ines@")]
        assert not [letter for letter in told if letter.startswith("maria@")]

        # Maria decided: Ines answers.
        page = working.open("/moderation/contestations")
        contested = led_on(page, "/contestations/")
        assert "Une autre personne que celle qui a pris la décision" in working.open(contested).words
        token = working.open(contested).form("/deconnexion").values["csrf"]
        assert working.post(contested, {"csrf": token, "answer": "accept"}).status == 403
        other = signed_in(ines)
        page = other.send(other.open(contested), contested, answer="refuse", words="")
        assert "Dites pourquoi la décision est maintenue." in page.words
        page = other.send(page, contested, answer="accept", words="Nous avions mal lu.")
        assert "acceptée" in page.words
        assert bob.account().silenced_at is None
        [letter] = letters(brest, box)
        assert "Nous avions mal lu." in letter
        assert (
            "Votre contestation est acceptée"
            in his.open("/notifications").words
            + his.open(
                next(link["href"] for link in his.open("/notifications").links if "/decisions/" in link["href"])
            ).words
        )
        assert "a accepté la contestation de" in other.open("/moderation/journal").words


def test_somebody_who_is_suspended_contests_by_the_link_in_the_letter(fediverse: Fediverse) -> None:
    with mailbox.opened() as box:
        brest = fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=box.port, mail_tls="none")
        bob, maria = brest.register("bob"), brest.register("maria", role="admin")
        carl = brest.register("carl")
        uri = bob.says("Achetez mes pilules")
        browser = signed_in(maria)
        page = browser.open(f"/moderation/comptes/{bob.account().id}")
        number = uri.rpartition("/")[2]
        page = browser.send(page, "/decider", measure="delete_statuses", reason="Publicité.", **{f"post-{number}": "1"})
        assert "Supprimer 1 message" in page.words
        page = browser.send(page, page.path.partition("?")[0])
        assert brest.count(Post) == 0
        browser.send(page, "/decider", measure="suspend", reason="Encore de la publicité.")
        deleted, suspended = letters(brest, box)
        assert "supprimé" in deleted
        address = suspended.partition("https://brest.test")[2].split()[0]
        visitor = Browser(brest)
        assert "Se connecter" in visitor.open(address.partition("?")[0]).words
        assert visitor.open(address.partition("?")[0] + "?mot=" + 40 * "a").status == 404
        assert signed_in(carl).open(address.partition("?")[0]).status == 404
        assert "Achetez mes pilules" in visitor.open(deleted.partition("https://brest.test")[2].split()[0]).words
        page = visitor.open(address)
        assert "Encore de la publicité." in page.words
        again = Browser(brest)
        page = again.send(again.open("/connexion"), "/connexion", email="bob", password=PASSWORD)
        assert page.status == 403
        assert led_on(page, "/decisions/") == f"https://brest.test{address}"
        wrong = again.send(again.open("/connexion"), "/connexion", email="bob", password="something else")
        assert not [link for link in wrong.links if "/decisions/" in link["href"]]
        page = visitor.open(address)
        page = visitor.send(page, address.partition("?")[0], words="Mon compte avait été piraté.")
        assert "attend une réponse" in page.words
        letters(brest, box)
        contested = next(
            link["href"]
            for link in browser.open("/moderation/contestations").links
            if "/contestations/" in link["href"]
        )
        # Nobody else could answer: Maria does.
        browser.send(browser.open(contested), contested, answer="accept")
        assert bob.account().active
        assert "acceptée" in visitor.open(address).words
        # Too late for the other one.
        fediverse.wait(days=21)
        assert "Le délai" in visitor.open(deleted.partition("https://brest.test")[2].split()[0]).words


def test_a_visitor_gives_notice_and_hears_of_it(fediverse: Fediverse) -> None:
    with mailbox.opened() as box:
        brest = fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=box.port, mail_tls="none")
        bob, maria = brest.register("bob"), brest.register("maria", role="moderator")
        bob.says("Voici les plans volés")
        hidden = bob.says("Entre nous", visibility="followers")
        visitor = Browser(brest)
        page = visitor.open(visitor.open("/@bob").link(rel="nofollow"))
        assert page.forms[0].values["address"].startswith("https://brest.test/@bob/")
        empty = visitor.send(page, "/contenu", address="https://brest.test/@bob/" + hidden.rpartition("/")[2])
        assert empty.status == 400
        for words in ("ne connaît pas cette page", "Dites votre nom.", "Dites où vous répondre.", "déclaration"):
            assert words in empty.words
        filled = {"name": "Anne", "email": "anne@example", "comment": "Ce sont les nôtres.", "faith": "1"}
        wrong = visitor.send(page, "/contenu", **{**filled, "email": "anne"})
        assert "Ce n’est pas une adresse électronique." in wrong.words
        assert "Ce sont les nôtres." in wrong.html
        assert "anne@example" in visitor.send(page, "/contenu", **filled).words
        [letter] = letters(brest, box)
        assert letter.startswith("anne@example")
        assert "Ce sont les nôtres." in letter
        assert maria.notifications()[0][0] == "admin.report"
        browser = signed_in(maria)
        address = f"/moderation/signalements/{first_report(brest)}"
        page = browser.open(address)
        assert "Anne" in page.words
        assert "Voici les plans volés" in page.words
        browser.send(page, "/clore")
        [letter] = letters(brest, box)
        assert "pas pris de mesure" in letter
        page = browser.send(browser.open(address), "/rouvrir")
        assert "Ouvert" in page.words
        unnamed = {"address": "https://brest.test/@bob", "comment": "Voir son image.", "faith": "1", "minors": "1"}
        assert visitor.send(visitor.open("/signaler"), "/contenu", **unnamed).status == 200
        assert (
            "Une personne qui ne donne pas son nom"
            in browser.open(f"/moderation/signalements/{first_report(brest)}").words
        )
        page = visitor.open("/signaler")
        tries = [visitor.send(page, "/contenu", **filled, address="https://brest.test/@bob").status for _ in range(5)]
        assert tries[-1] == 429


def test_the_pages_are_for_moderators(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    alice, maria, ines = (
        brest.register("alice"),
        brest.register("maria", role="moderator"),
        brest.register("ines", role="admin"),
    )
    paths = ("", "/signalements", "/comptes", "/contestations", "/journal", f"/comptes/{ines.account().id}")
    for path in paths:
        assert "Se connecter" in Browser(brest).open(f"/moderation{path}").words
        assert signed_in(alice).open(f"/moderation{path}").status == 403
        assert signed_in(maria).open(f"/moderation{path}").status == 200
    page = signed_in(maria).open(f"/moderation/comptes/{ines.account().id}")
    assert "ines@brest.test.example" not in page.words
    assert "une personne qui administre ce serveur décide" in page.words
    browser = signed_in(maria)
    page = browser.open(f"/moderation/comptes/{alice.account().id}")
    token = page.form("/note").values["csrf"]
    assert (
        browser.post(f"/moderation/comptes/{alice.account().id}/role", {"csrf": token, "role": "admin"}).status == 403
    )
    assert browser.open(f"/moderation/comptes/{alice.account().id}/supprimer").status == 403
    refused = {"csrf": token, "measure": "suspend", "reason": "Non."}
    assert browser.post(f"/moderation/comptes/{ines.account().id}/decider", refused).status == 403
