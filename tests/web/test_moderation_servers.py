"""Servers in and out on the pages, lists of them, and addresses that may not register."""

import io

from fediterr.accounts import service as accounts
from fediterr.moderation import service as domains
from fediterr.social.models import Follow
from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in

LIST = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
spam.example,suspend,true,true,"Publicité, sans fin",false
loud.example,silence,false,false,,true
mild.example,suspend,false,false,,false
spam.example,silence,false,false,,false
hid*en.example,suspend,false,false,,false
not a domain,suspend,false,false,,false
,suspend,false,false,,false
odd.example,banish,false,false,,false
brest.test,suspend,false,false,,false
"""


def test_a_server_is_kept_out_with_what_follows_told_first_and_let_back(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, maria, ines = (
        brest.register("alice"),
        brest.register("maria", role="moderator"),
        brest.register("ines", role="admin"),
    )
    paul = nantes.register("paul")
    alice.follow("paul@nantes.test")
    paul.follow("alice@brest.test")
    fediverse.settle()
    looking = signed_in(maria)
    assert "Aucun serveur bloqué" in looking.open("/moderation/serveurs").words
    assert looking.open("/moderation/serveurs/ajouter").status == 403
    browser = signed_in(ines)
    page = browser.open("/moderation/serveurs/ajouter?domaine=nantes.test")
    ours = browser.send(page, "/ajouter", domain="test")
    assert ours.status == 400
    assert "C’est le domaine de ce serveur." in ours.words
    page = browser.send(page, "/ajouter", reason="Démarchage", reject_media="1")
    assert "2 abonnements prennent fin" in page.words
    assert brest.count(Follow) == 2
    page = browser.send(page, "/ajouter")
    assert "La règle sur nantes.test est posée." in page.words
    assert "Tenu à l’écart" in page.words
    fediverse.settle()
    assert brest.count(Follow) == 0
    assert (
        "déjà une règle aussi stricte"
        in browser.send(browser.open("/moderation/serveurs/ajouter"), "/ajouter", domain="nantes.test").words
    )
    with brest.inside():
        number = domains.rules()[0].number
    assert "Démarchage" in looking.open(f"/moderation/serveurs/{number}").words
    page = browser.open(f"/moderation/serveurs/{number}")
    page = browser.send(page, f"/{number}", severity="silence")
    assert "Limité" in page.words
    again = browser.send(page, f"/{number}", severity="suspend")
    assert "ce qui s’ensuit" in again.words
    page = browser.open(f"/moderation/serveurs/{number}/lever")
    assert "plus de règle" in page.words
    page = browser.send(page, "/lever")
    assert "Il n’y a plus de règle sur nantes.test." in page.words
    alice.follow("paul@nantes.test")
    fediverse.settle()
    assert alice.follows("paul@nantes.test") is True
    journal = browser.open("/moderation/journal?sujet=nantes").words
    for words in (
        "a bloqué ou limité le serveur",
        "a changé le blocage du serveur",
        "a retiré la règle sur le serveur",
    ):
        assert words in journal


def test_a_list_is_looked_at_applied_and_written_again(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    ines = brest.register("ines", role="admin")
    with ines.acting():
        domains.block_domain("mild.example", domains.Block("noop", reject_media=True, reason="À revoir"))
    browser = signed_in(ines)
    page = browser.open("/moderation/serveurs/importer")
    assert "Choisissez un fichier" in browser.send(page, "/importer").words
    assert "aucun domaine" in browser.send(page, "/importer", text="#domain\n").words
    large = browser.send(page, "/importer", text="\n".join(f"a{number}.example" for number in range(5001)))
    assert (large.status, "5000 lignes" in large.words) == (413, True)
    page = browser.send(page, "/importer", file=(io.BytesIO(LIST.encode()), "blocks.csv"))
    assert page.status == 200, page.words
    for words in (
        "5 spam.example le domaine est déjà plus haut",
        "6 hid*en.example le nom est caché en partie",
        "7 not a domain ce n’est pas un domaine",
        "8 rien il n’y a pas de domaine",
        "9 odd.example la sévérité est inconnue",
        "10 brest.test c’est le domaine de ce serveur",
        "4 mild.example Refus seulement, fichiers refusés → Tenu à l’écart",
        "Publicité, sans fin",
    ):
        assert words in page.words, words
    with brest.inside():
        assert len(domains.rules()) == 1
    page = browser.send(page, "/appliquer", which="all", reason="Liste du département")
    assert "3 règles sont appliquées." in page.words
    with brest.inside():
        rules = {rule.domain: domains.as_block(rule) for rule in domains.rules()}
    assert rules == {
        "spam.example": domains.Block("suspend", True, True, False, "Publicité, sans fin", "Liste du département"),
        "loud.example": domains.Block("silence", False, False, True, "", "Liste du département"),
        "mild.example": domains.Block("suspend", False, False, False, "", "À revoir"),
    }
    written = browser.open("/moderation/serveurs/exporter/block")
    assert written.headers["Content-Type"].startswith("text/csv")
    nantes = fediverse["nantes.test"]
    other = signed_in(nantes.register("zoe", role="admin"))
    page = other.send(other.open("/moderation/serveurs/importer"), "/importer", text=written.html)
    page = other.send(page, "/appliquer")
    assert "3 règles sont appliquées." in page.words
    assert other.open("/moderation/serveurs/exporter/block").html == written.html
    same = other.send(other.open("/moderation/serveurs/importer"), "/importer", text=written.html)
    assert "Il n’y a rien à appliquer." in same.words


def test_servers_are_let_in_one_by_one_or_by_a_list(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", federation_mode="allowlist")
    browser = signed_in(brest.register("ines", role="admin"))
    page = browser.open("/moderation/serveurs?liste=admis")
    assert "n’échange qu’avec les serveurs admis" in page.words
    assert "Aucun serveur admis" in page.words
    wrong = browser.send(page, "/admettre", domain="pas un domaine")
    assert "n’est pas valable" in wrong.words
    page = browser.send(page, "/admettre", domain="Nantes.test", reason="Nos voisins")
    assert "nantes.test est admis." in page.words
    with brest.inside():
        domains.block_domain("spam.example")
    page = browser.open("/moderation/serveurs/importer?liste=admis")
    page = browser.send(page, "/importer", text="#domain\nquimper.test\nspam.example\nnantes.test\n", kind="allow")
    assert "spam.example il est bloqué ici" in page.words
    page = browser.send(page, "/appliquer")
    assert "1 règle est appliquée." in page.words
    assert browser.open("/moderation/serveurs/exporter/allow").html.split() == [
        "#domain",
        "nantes.test",
        "quimper.test",
    ]
    leave = next(link["href"] for link in page.links if link["href"].endswith("/retirer"))
    page = browser.send(browser.open(leave), "/retirer")
    assert "n’est plus admis" in page.words


def test_addresses_are_refused_and_accepted_again(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", registrations="open", email_confirmation=False)
    maria, ines = brest.register("maria", role="moderator"), brest.register("ines", role="admin")
    base = "/moderation/adresses-refusees"
    assert not [form for form in signed_in(maria).open(base).forms if form.action.startswith(base)]
    browser = signed_in(ines)
    page = browser.send(browser.open(base), "/domaines", value="jetable.example")
    assert "jetable.example" in page.words
    assert "déjà prise" in browser.send(page, "/domaines", value="jetable.example").words
    page = browser.send(browser.open(f"{base}?liste=adresses"), "/adresses", value="bob")
    assert "Ce n’est pas une adresse électronique." in page.words
    page = browser.send(page, "/adresses", value="bob@exemple.example")
    assert "bob@exemple.example" not in page.words
    page = browser.open(f"{base}?liste=reseaux")
    mine = browser.send(page, "/reseaux", value="127.0.0.0/8", severity="no_access")
    assert "Vous êtes vous-même dans ce réseau." in mine.words
    assert "n’est pas valable" in browser.send(page, "/reseaux", value="partout").words
    page = browser.send(page, "/reseaux", value="192.0.2.0/24", severity="sign_up_block", lasts="7", comment="Robots")
    assert "Robots" in page.words
    visitor = Browser(brest)
    asked = {
        "name": "bob",
        "password": "correct horse battery",
        "password__again": "correct horse battery",
        "agreement": "1",
    }
    for email in ("bob@jetable.example", "b.o.b+x@exemple.example"):
        page = visitor.send(visitor.open("/inscription"), "/inscription", email=email, **asked)
        assert "Cette adresse n’est pas acceptée ici." in page.words
    for kind in ("domaines", "adresses", "reseaux"):
        page = browser.open(f"{base}?liste={kind}")
        page = browser.send(page, "/retirer")
        assert "Rien n’est refusé" in page.words
    page = visitor.send(visitor.open("/inscription"), "/inscription", email="bob@jetable.example", **asked)
    assert page.status == 200
    with brest.inside():
        assert accounts.local("bob").active
