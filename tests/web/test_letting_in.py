"""Letting people in on the pages: invitations by link, by mail and by domain; requests that wait, and their answers."""

import re

import pytest

from fediterr.accounts import invitations
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Invitation, User
from fediterr.core import db
from tests import mailbox
from tests.fediverse import Fediverse, Server
from tests.web.browser import PASSWORD, Browser, Page, signed_in


def register(server: Server, path: str, name: str, email: str, **more: str) -> Page:
    browser = Browser(server)
    typed = {"name": name, "email": email, "password": PASSWORD, "password__again": PASSWORD, "agreement": "1", **more}
    return browser.send(browser.open(path), "/inscription", **typed)


def user(server: Server, name: str) -> User:
    with server.app.app_context():
        found = accounts.user_of(accounts.local(name))
        assert found is not None
        return found


def letters(server: Server, box: mailbox.Mailbox) -> list[str]:
    """What has been written since the last look."""
    server.fediverse.settle()
    found = [f"{letter['To']}|{letter.get_content()}" for letter in box.letters]
    box.letters.clear()
    return found


def test_people_come_by_a_link_by_mail_and_by_the_domain_of_their_address(fediverse: Fediverse) -> None:
    with mailbox.opened() as box:
        server = fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=box.port, mail_tls="none",
                               registrations="invite", rate_limits=False)  # fmt: skip
        maria = signed_in(server.register("maria", role="moderator", display_name="Maria du Port"))
        page = maria.open("/moderation/invitations")
        assert "Aucune invitation" in page.words
        assert "admin" not in re.findall(r'<option value="(\w*)"', page.html)  # never above her own rank
        assert maria.post("/moderation/invitations", page.form("/invitations").values | {"role": "admin"}).status == 403
        assert Browser(server).open("/inscription").status == 403

        # A link for one, as a guest.
        page = maria.send(page, "/invitations", role="guest", note="Atelier du 3 mars")
        assert "copiez son lien" in page.words
        [link] = re.findall(r"https://brest\.test(/inscription\?code=[\w-]+)", page.html)
        assert "Un lien est parti" in register(server, link, "noe", "noe@ailleurs.example").words
        assert user(server, "noe").role == "guest"
        assert Browser(server).open(link).status == 403  # it served once
        page = maria.open("/moderation/invitations")
        assert "@noe" in page.words
        assert "Servie" in page.words
        letters(server, box)

        # By mail; taken back before it serves.
        bad = maria.send(page, "/invitations", email="pas une adresse", note="Pour Paul")
        assert bad.status == 400
        assert bad.form("/invitations").values["note"] == "Pour Paul"
        page = maria.send(page, "/invitations", email="paul@estran.example", days="7")
        [letter] = letters(server, box)
        assert letter.startswith("paul@estran.example|")
        assert "Maria du Port vous invite" in letter
        found = re.search(r"/inscription\?code=[\w-]+", letter)
        assert found
        assert Browser(server).open(found[0]).status == 200
        page = maria.send(page, "/retirer")
        assert "Retirée" in page.words
        assert Browser(server).open(found[0]).status == 403

        # By the domain of the address.
        assert maria.send(page, "/domaines", domain="").status == 400
        assert "n’est pas un domaine" in maria.send(page, "/domaines", domain="pas un domaine").words
        page = maria.send(page, "/domaines", domain="@Estran.example")
        assert "@estran.example" in page.words
        assert "déjà accueilli" in maria.send(page, "/domaines", domain="estran.example").words
        assert "estran.example" in Browser(server).open("/inscription").words
        other = register(server, "/inscription", "eve", "eve@estran.example.evil.test")
        assert other.status == 400
        assert "n’est pas acceptée" in other.words
        assert "Un lien est parti" in register(server, "/inscription", "ines", "ines@estran.example").words
        assert user(server, "ines").approved_at is not None
        assert user(server, "ines").confirmed_at is None  # only who reads mail there comes in
        assert "Ce domaine n’est plus accueilli" in maria.send(page, "/domaines/retirer").words
        assert "a invité" in maria.open("/moderation/journal").words
        assert Browser(server).open("/inscription").status == 403


def test_an_invitation_ends_with_its_time(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", registrations="invite")
    alice = signed_in(server.register("alice", role="admin"))
    page = alice.open("/moderation/invitations")
    assert "n’envoie pas de courriel" in page.words
    refused = alice.send(page, "/invitations", email="bob@estran.example")
    assert refused.status == 400
    assert "transmettez vous-même le lien" in refused.words
    assert server.count(Invitation) == 0
    page = alice.send(alice.open("/moderation/invitations"), "/invitations", days="1", uses="5", role="moderator")
    [link] = re.findall(r"https://brest\.test(/inscription\?code=[\w-]+)", page.html)
    register(server, link, "bob", "bob@estran.example")
    assert user(server, "bob").role == "moderator"
    fediverse.wait(days=2)
    assert Browser(server).open(link).status == 403
    with server.inside():
        assert not invitations.is_open(db.session.query(Invitation).one())


def test_requests_are_read_and_answered_several_at_once(fediverse: Fediverse) -> None:
    with mailbox.opened() as box:
        server = fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=box.port, mail_tls="none",
                               registrations="approval", email_confirmation=False, rate_limits=False)  # fmt: skip
        maria = signed_in(server.register("maria", role="moderator"))
        assert "Aucune demande" in maria.open("/moderation/demandes").words
        for name in ("noe", "paul", "eve"):
            asked = register(server, "/inscription", name, f"{name}@estran.example", reason=f"Je suis {name} de l’eau.")
            assert "va lire votre demande" in asked.words
        page = maria.open("/moderation/demandes")
        assert "Je suis noe de l’eau." in page.words
        assert "eve@estran.example" in page.words
        boxes = {name: f"user-{user(server, name).id}" for name in ("noe", "paul", "eve")}
        assert "Cochez au moins une demande" in maria.send(page, "/demandes", answer="accept", words="Bonjour").words
        form = page.form("/demandes").values
        done = maria.post("/moderation/demandes", {**form, boxes["noe"]: "1", boxes["paul"]: "1", "answer": "accept",
                                                   "words": "Bienvenue parmi nous."})  # fmt: skip
        assert "2 personnes sont accueillies." in done.words
        told = letters(server, box)
        assert len([each for each in told if "Bienvenue parmi nous." in each]) == 2, told
        assert signed_in_as(server, "noe")

        # To send somebody away is asked once more.
        asked = maria.post(
            "/moderation/demandes", {**form, boxes["eve"]: "1", "answer": "refuse", "words": "Pas cette fois."}
        )
        assert "Refuser ?" in asked.words
        assert "eve@estran.example" in asked.words
        assert user(server, "eve").approved_at is None
        assert "Une demande est refusée." in maria.send(asked, "/demandes").words
        [letter] = letters(server, box)
        assert letter.startswith("eve@estran.example|")
        assert "Pas cette fois." in letter
        assert server.count(User) == 3
        again = maria.post("/moderation/demandes", {**form, boxes["eve"]: "1", "answer": "accept"})
        assert again.status == 400  # somebody else answered meanwhile


def signed_in_as(server: Server, name: str) -> Browser:
    browser = Browser(server)
    page = browser.send(browser.open("/connexion"), "/connexion", email=name, password=PASSWORD)
    assert page.status == 200
    return browser


@pytest.mark.parametrize("path", ["/moderation/invitations", "/moderation/demandes"])
def test_only_moderators_let_people_in(fediverse: Fediverse, path: str) -> None:
    server = fediverse["brest.test"]
    member = signed_in(server.register("bob"))
    assert member.open(path).status == 403
    csrf = member.open("/").form("/deconnexion").values["csrf"]
    assert member.post(path, {"csrf": csrf, "role": "member"}).status == 403
    assert Browser(server).open(path).form("/connexion")
    assert server.count(Invitation) == 0
