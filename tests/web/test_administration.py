"""Administrators at their pages: who the server is, its checks, its people, its news, its rules, its emojis."""

import io

import pytest

from fediterr.accounts import registration, speakers
from fediterr.accounts import service as accounts
from fediterr.core import beats, site
from fediterr.core.db import session
from fediterr.moderation import identity, offices, rules
from fediterr.moderation.models import Decision
from fediterr.social import emojis
from tests import files
from tests.fediverse import Fediverse, Server
from tests.web.browser import Browser, signed_in

PAGES = ("", "identite", "verifications", "roles", "annonces", "regles", "emojis", "territoires")


def lines(server: Server) -> list[tuple[str | None, str, str]]:
    """The journal: by whom, what, about what."""
    with server.app.app_context():
        found = session.query(Decision).order_by(Decision.id).all()
        return [
            (accounts.get(each.actor_id).name if each.actor_id else None, each.action, each.subject) for each in found
        ]


@pytest.mark.parametrize("page", PAGES)
def test_these_pages_are_for_administrators(fediverse: Fediverse, page: str) -> None:
    server = fediverse["brest.test"]
    tom = server.register("tom", role="moderator")
    path = f"/administration/{page}".rstrip("/")
    refused = signed_in(tom).open(path)
    assert (refused.status, "réservée aux personnes qui administrent" in refused.words) == (403, True)
    assert "Mot de passe" in Browser(server).open(path).words  # a visitor signs in first
    if page not in ("", "verifications"):
        browser = signed_in(tom)
        token = browser.open("/").form("/deconnexion").values["csrf"]
        assert browser.post(path, {"csrf": token}).status == 403


def test_the_overview_says_what_waits(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", contact_email="ville@brest.example")
    maria = server.register("maria", role="admin")
    maria.says("Bonjour")
    server.register("carol", approved=False)
    page = signed_in(maria).open("/administration")
    assert "1 personne attend d’être admise" in page.words
    assert "La collectivité n’a pas encore de compte à elle" in page.words
    assert "Le travail en arrière-plan n’a pas encore commencé." in page.words
    assert "Les pages légales sont incomplètes" in page.words
    assert "Messages 1 " in page.words
    assert page.words.count("Les chiffres") == 3  # the same as a table
    with maria.acting() as me:
        offices.open_authority(me, "ville", "Ville de Brest")
        rules.add("On parle de projets.")
        told = ("publisher", "publisher_address", "director", "host", "dpo")
        identity.choose(me, {f"legal_{name}": "Dit" for name in told})
        registration.approve(accounts.user_of(accounts.local("carol")))
        beats.beat("one")
    assert "Rien ne vous attend : tout va bien." in signed_in(maria).open("/administration").words


def test_the_identity_is_chosen_and_written_down(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("maria", role="admin"))
    page = browser.open("/administration/identite")
    chosen = {"name": "Réseau de Brest", "description": "Entre voisins.", "long": "Un.\n\nDeux.", "language": "fr"}
    page = browser.send(page, "/identite", **chosen, registrations="approval", contact_email="ville@brest.example")
    assert "C’est enregistré." in page.words
    assert page.form("/identite").values["long"] == "Un.\n\nDeux."
    assert "Réseau de Brest" in Browser(server).open("/about").words
    assert "Un. Deux." in Browser(server).open("/about").words
    assert ("maria", "choose_setting", "name") in lines(server)
    assert ("maria", "write_extended_description", "extended_description") in lines(server)
    before = len(lines(server))
    assert "Rien n’a changé." in browser.send(page, "/identite").words
    assert len(lines(server)) == before
    page = browser.send(page, "/identite", name="  ")
    assert (page.status, "Donnez un nom à ce serveur." in page.words) == (400, True)
    page = browser.send(page, "/identite", name="Brest", contact_email="nulle part", description="Gardé")
    assert 'id="contact_email-error"' in page.html
    assert page.form("/identite").values["description"] == "Gardé"
    assert browser.send(page, "/identite", contact_email="", federation_mode="nonsense").status == 400
    assert "Rien n’a changé" not in browser.send(page, "/identite", contact_email="", long="").words
    with server.inside():
        assert site.settings().name == "Brest"


def test_what_the_operator_fixed_is_shown_with_the_reason(fediverse: Fediverse) -> None:
    server = fediverse.add("brest.test", name="Fixé ici", fixed=frozenset({"name", "registrations"}))
    browser = signed_in(server.register("maria", role="admin"))
    page = browser.open("/administration/identite")
    assert "Fixé ici Fixé par le fichier de réglages" in page.words
    assert "FEDITERR_NAME" in page.words
    assert not {"name", "registrations"} & set(page.form("/identite").values)
    browser.send(page, "/identite", name="Autre", place="Brest")
    with server.inside():
        assert (site.settings().name, site.settings().place) == ("Fixé ici", "Brest")


def test_the_checks_say_what_to_mend(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    maria = server.register("maria", role="admin")
    page = signed_in(maria).open("/administration/verifications")
    assert "Le travail en arrière-plan n’a pas encore commencé." in page.words
    assert "n’est pas conforme au référentiel" in page.words
    assert "Aucun courriel ne part" in page.words
    assert "Base de données ✓ Bien" in page.words
    with server.inside():
        beats.beat("one")
    page = signed_in(maria, "en").open("/administration/verifications")
    assert "Background work ✓ Well" in page.words
    assert "No mail is sent: a forgotten password" in page.words


def test_roles_are_given_and_the_authority_has_its_voice(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    maria = server.register("maria", role="admin")
    tom = server.register("tom", display_name="Tom")
    browser = signed_in(maria)
    page = browser.open("/administration/roles")
    assert "Pas encore de compte de collectivité" in page.words
    page = browser.send(page, "/roles/collectivites", display_name="", name="ville")
    assert "Donnez le nom de la collectivité." in page.words
    page = browser.send(page, "/roles/collectivites", display_name="Ville de Brest", name="maria")
    assert (page.status, "déjà pris" in page.words) == (409, True)
    assert page.form("/roles/collectivites").values["display_name"] == "Ville de Brest"
    page = browser.send(page, "/roles/collectivites", display_name="Ville de Brest", name="ville")
    assert "vous pouvez publier en son nom" in page.words
    with server.inside():
        town = accounts.local("ville").id
    form = next(each for each in page.forms if f"speaker-{town}" in each.values)
    page = browser.post(form.action, {**form.values, f"speaker-{town}": "@personne"})
    assert (page.status, "Personne ne s’appelle @personne ici." in page.words) == (400, True)
    page = browser.post(form.action, {**form.values, f"speaker-{town}": "@tom"})
    assert "Tom agit maintenant pour la collectivité." in page.words
    with server.inside():
        user = accounts.user_of(accounts.local("tom"))
        assert [each.name for each in speakers.of(user)] == ["ville"]
    page = browser.post(form.action, {**form.values, "end": "tom"})
    assert "Tom n’agit plus" in page.words
    assert browser.post("/administration/roles/collectivites/1", {**form.values, "end": "tom"}).status == 404
    refused = browser.post("/administration/roles", {**form.values, "member": "maria", "role": "member"})
    assert (refused.status, "nommez-en d’abord une autre" in refused.words) == (409, True)
    page = browser.post("/administration/roles", {**form.values, "member": "tom", "role": "admin"})
    assert "Tom a un nouveau rôle." in page.words
    assert signed_in(tom).open("/administration/roles").status == 200
    left = browser.post("/administration/roles", {**form.values, "member": "maria", "role": "member"})
    assert left.status == 200
    assert browser.open("/administration/roles").status == 403
    assert [line[1] for line in lines(server)] == [
        "open_authority", "let_speak", "let_speak", "end_speaking", "give_role", "give_role",
    ]  # fmt: skip


def test_an_announcement_is_read_by_everybody_and_put_away(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser, tom = signed_in(server.register("maria", role="admin")), signed_in(server.register("tom"))
    page = browser.open("/administration/annonces")
    assert "Aucune annonce" in page.words
    page = browser.send(page, "/annonces", announcement=" ")
    assert (page.status, "Écrivez l’annonce." in page.words) == (400, True)
    wrong = {"announcement": "Coupure", "starts_at": "2026-12-24T18:00", "ends_at": "2026-12-23T18:00"}
    page = browser.send(page, "/annonces", **wrong)
    assert "La fin vient après le début." in page.words
    assert page.form("/annonces").values["announcement"] == "Coupure"
    assert "Une date et une heure" in browser.send(page, "/annonces", **wrong | {"ends_at": "demain"}).words
    page = browser.send(page, "/annonces", announcement="Coupure jeudi soir.", starts_at="", ends_at="")
    assert "L’annonce est publiée." in page.words
    browser.send(page, "/annonces", announcement="Plus tard.", at="2099-01-01T08:00")
    assert "À venir" in browser.open("/administration/annonces").words
    fil = tom.open("/")
    assert "Coupure jeudi soir." in fil.words
    assert "Plus tard." not in fil.words
    assert "Coupure jeudi soir." not in tom.send(fil, "/lue").words
    page = browser.open("/administration/annonces")
    assert "L’annonce est retirée." in browser.send(page, "/retirer").words
    assert [line[:2] for line in lines(server)][-1] == ("maria", "withdraw_announcement")


def test_the_rules_of_the_house(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("maria", role="admin"))
    page = browser.open("/administration/regles")
    assert "Pas encore de règles" in page.words
    assert "Écrivez la règle." in browser.send(page, "/regles", rule="").words
    page = browser.send(page, "/regles", rule="On parle de projets.", hint="Pas des personnes.")
    page = browser.send(page, "/regles", rule="On cite ses sources.", other="Name your sources.")
    page = browser.send(page, "/regles/2/place", way="up")
    with server.inside():
        assert [rule.text for rule in rules.listed()] == ["On cite ses sources.", "On parle de projets."]
    page = browser.open("/administration/regles/1")
    assert page.form("/regles/1").values["other"] == "Name your sources."
    assert "Écrivez la règle." in browser.send(page, "/regles/1", rule=" ").words
    page = browser.send(page, "/regles/1", rule="On cite toujours ses sources.")
    assert "On cite toujours ses sources." in page.words
    assert "Name your sources." in Browser(server, "en").open("/about").words
    page = browser.send(browser.open("/administration/regles/1"), "/retirer")
    assert "On cite" not in page.words
    assert browser.open("/administration/regles/9").status == 404
    assert [line[1] for line in lines(server)] == [
        "add_rule", "add_rule", "translate_rule", "move_rule", "change_rule", "withdraw_rule",
    ]  # fmt: skip


def test_emojis_are_put_and_taken_back(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    browser = signed_in(server.register("maria", role="admin"))
    page = browser.open("/administration/emojis")
    assert "Aucun émoji" in page.words
    form = page.form("/emojis")

    def put(code: str, data: bytes) -> str:
        values = {**form.values, "shortcode": code, "category": "Ville", "picture": (io.BytesIO(data), "blason.png")}
        return browser.post("/administration/emojis", values).words

    assert "De 2 à 30 lettres" in put("Pas bon", files.picture("PNG", (40, 40)))
    assert "Choisissez une image." in put("blason", b"")
    assert "trop lourde" in put("blason", b"x" * (emojis.SIZE + 1))
    assert "accepté" in put("blason", b"\x00\x01\x02 pas une image")
    assert "L’émoji :blason: est là." in put(":Blason:", files.picture("PNG", (40, 40)))
    assert "L’émoji :blason: est là." in put("blason", files.picture("PNG", (50, 50)))
    page = browser.open("/administration/emojis/blason/retirer")
    assert "Retirer l’émoji :blason: ?" in page.words
    assert "Aucun émoji" in browser.send(page, "/retirer").words
    assert browser.open("/administration/emojis/blason/retirer").status == 404
    assert [line[1] for line in lines(server)] == ["put_emoji", "put_emoji", "remove_emoji"]


def test_an_authority_of_elsewhere_is_not_ours_to_give(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    maria, paul = brest.register("maria", role="admin"), nantes.register("paul", role="admin")
    with paul.acting() as me:
        offices.open_authority(me, "ville", "Ville de Nantes")
    found = maria.look_up("@ville@nantes.test")
    browser = signed_in(maria)
    token = browser.open("/administration/roles").form("/roles").values["csrf"]
    asked = browser.post(f"/administration/roles/collectivites/{found.id}", {"csrf": token})
    assert asked.status == 404
