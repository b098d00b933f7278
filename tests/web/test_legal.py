"""The pages the law asks for: written by an administrator, read by everybody, and a problem that reaches somebody."""

import io
from typing import Any

from fediterr.core import clock
from fediterr.core.mail import Letter
from tests import files
from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in

LEGAL = ("/accessibilite", "/mentions-legales", "/confidentialite", "/ecoconception")
AUDIT = {
    "legal_accessibility_state": "partial", "legal_accessibility_date": clock.now().date().isoformat(),
    "legal_accessibility_auditor": "Un cabinet", "legal_accessibility_rate": "71",
}  # fmt: skip


def test_legal_pages_are_written_by_administrators_and_invent_nothing(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice", role="admin"), server.register("bob")
    visitor = Browser(server)
    home = visitor.open("/")
    assert {*LEGAL} <= {link["href"] for link in home.links}
    assert "Accessibilité : non conforme" in home.words
    for path in LEGAL:
        assert visitor.open(path).status == 200
        assert Browser(server, "en").open(path).language == "en"
    assert "Pas encore précisé" in visitor.open("/mentions-legales").words
    assert "Défenseur des droits" in visitor.open("/accessibilite").words
    assert visitor.open("/.well-known/security.txt").status == 404

    chooser = signed_in(alice)
    page = chooser.open("/administration/pages-legales")
    assert "Il manque encore" in page.words
    told = {
        "legal_publisher": "Communauté du Bocage", "legal_publisher_address": "1, place du Marché\n00000 Bocage",
        "legal_director": "La présidente", "legal_host": "Syndicat numérique", "legal_dpo": "dpo@bocage.example",
    }  # fmt: skip
    page = chooser.send(page, "/administration/pages-legales", policy="Nous gardons peu.", **told)
    assert "sont enregistrées" in page.words
    notice = visitor.open("/mentions-legales").words
    assert "Communauté du Bocage" in notice
    assert "Pas encore précisé" not in notice
    assert "dpo@bocage.example" in visitor.open("/confidentialite").words
    assert "Nous gardons peu." in visitor.open("/confidentialite").words
    assert "Rien n’a changé" in chooser.send(page, "/administration/pages-legales").words

    assert signed_in(bob).open("/administration/pages-legales").status == 403
    assert visitor.open("/administration/pages-legales").path.startswith("/connexion")


def test_no_conformity_is_declared_without_an_audit(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    chooser, visitor = signed_in(server.register("alice", role="admin")), Browser(server)
    page = chooser.open("/administration/pages-legales")
    refused = chooser.send(page, "/administration/pages-legales", legal_accessibility_state="total", legal_host="Nous")
    assert refused.status == 400
    assert "Sans audit" in refused.words
    assert refused.form("/administration/pages-legales").values["legal_host"] == "Nous"
    few = chooser.send(page, "/administration/pages-legales", **AUDIT | {"legal_accessibility_rate": "40"})
    assert "50 % des critères" in few.words
    odd = chooser.send(
        page, "/administration/pages-legales", **AUDIT | {"legal_accessibility_date": "hier", "legal_dpo": "x" * 5001}
    )
    assert "Donnez un jour" in odd.words
    assert "trop long" in odd.words

    chooser.send(page, "/administration/pages-legales", **AUDIT)
    assert "Accessibilité : partiellement conforme" in visitor.open("/").words
    declared = visitor.open("/accessibilite").words
    assert "71 % des critères" in declared
    assert "Un cabinet" in declared
    fediverse.wait(days=4 * 365)
    assert "Accessibilité : non conforme" in visitor.open("/").words
    assert "ne peut pas être déclaré" in signed_in_again(chooser).open("/administration/pages-legales").words


def signed_in_again(browser: Browser) -> Browser:
    """After years, a session is over."""
    made = Browser(browser.server)
    made.send(made.open("/connexion"), "/connexion", email="alice", password="correct horse battery")
    return made


def test_a_problem_of_accessibility_reaches_whoever_sees_to_it(fediverse: Fediverse) -> None:
    server = fediverse.add("caen.test", mail_host="mail.test", contact_email="mairie@caen.test")
    visitor = Browser(server)
    page = visitor.open("/accessibilite", Referer="https://caen.test/public")
    assert page.form("/accessibilite").values["page"] == "https://caen.test/public"
    refused = visitor.send(page, "/accessibilite", words="", email="x")
    assert refused.status == 400
    assert "Une adresse est nécessaire" in refused.words
    done = visitor.send(page, "/accessibilite", words="Le bouton n’a pas de nom.", email="lecteur@ailleurs.example")
    assert "Merci" in done.words
    with server.inside():
        assert server.count(Letter, Letter.recipient == "mairie@caen.test", Letter.words.contains("pas de nom")) == 1
    for _ in range(4):
        visitor.send(page, "/accessibilite", words="Encore.", email="lecteur@ailleurs.example")
    assert visitor.send(page, "/accessibilite", words="Encore.", email="lecteur@ailleurs.example").status == 429

    silent = Browser(fediverse["brest.test"])
    assert not [form for form in silent.open("/accessibilite").forms if form.method == "post"]


def test_programs_are_told_what_is_not_for_them_and_whom_to_tell_of_a_hole(fediverse: Fediverse) -> None:
    browser = Browser(fediverse.add("caen.test", contact_email="mairie@caen.test"))
    assert "Disallow: /api/" in browser.open("/robots.txt").html
    told = browser.open("/.well-known/security.txt").html
    assert "Contact: mailto:mairie@caen.test" in told
    assert "Expires: 20" in told


def test_a_server_wears_its_own_colour_and_logo(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    chooser, visitor = signed_in(server.register("alice", role="admin")), Browser(server)
    assert "/static/look.css" not in visitor.open("/").html
    assert visitor.open("/static/look.css").status == 404
    page = chooser.open("/administration/apparence")
    bad = chooser.send(page, "/administration/apparence", which="own", accent_color="vert")
    assert bad.status == 400
    assert "Une couleur s’écrit" in bad.words

    page = chooser.send(page, "/administration/apparence", which="own", accent_color="#FFCC00")
    assert "la plus proche qui se lit" in page.words
    sheet = visitor.open(next(link["href"] for link in visitor.open("/").links if "look.css" in link["href"]))
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "--accent:#816700;" in sheet.html

    form = page.form("/administration/apparence").values
    for sent in ((files.picture(size=(200, 200)), "logo.png"), (files.HTML, "logo.png")):
        with open_upload(chooser, form, sent) as answer:
            assert answer.status_code == (303 if sent[0] != files.HTML else 400)
    marked = [each for tag, each in visitor.open("/").tags if tag == "img"]
    assert marked[0]["src"].startswith("https://brest.test/media/")
    fediverse.wait(days=3)
    server.sweep()
    with visitor.client.get(marked[0]["src"].removeprefix("https://brest.test")) as kept:
        assert kept.status_code == 200
    again = signed_in_again(chooser)
    page = again.open("/administration/apparence")
    page = again.send(page, "/administration/apparence", remove="1", which="usual")
    assert "est enregistrée" in page.words
    home = visitor.open("/")
    assert "look.css" not in home.html
    assert not [tag for tag, _ in home.tags if tag == "img"]


def open_upload(browser: Browser, form: dict[str, str], sent: tuple[bytes, str]) -> Any:
    """Send a form with a file."""
    data = {**form, "logo": (io.BytesIO(sent[0]), sent[1])}
    return browser.client.post("/administration/apparence", data=data, base_url="https://brest.test")
