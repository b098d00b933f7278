"""Claiming a territory: by its website, by the SIRET of whoever signs in, by an administrator; and what it is worth."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fediterr.accounts import invitations, speakers
from fediterr.accounts import service as accounts
from fediterr.accounts.models import Identity
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.moderation import claims
from fediterr.territories import authorities, directory
from tests import territories as cast
from tests.fediverse import Fediverse, Server
from tests.mailbox import Mailbox, opened
from tests.missions.test_offices import user_of
from tests.web.browser import Browser, signed_in

SITE = "www.trois-rivieres.example"
PLACE = f"/territoires/{cast.ALVANE}/representer"
GROUPING = "cc-trois-rivieres-alvane"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with opened() as found:
        yield found


def with_mail(fediverse: Fediverse, box: Mailbox) -> Server:
    return fediverse.add("brest.test", mail_host="127.0.0.1", mail_port=box.port, mail_tls="none")


def written(box: Mailbox) -> list[str]:
    return [letter.get_content() for letter in box.letters]


class Website:
    """The website of an authority: its home page, and the link that is or is not there."""

    def __init__(self, fediverse: Fediverse, host: str = SITE) -> None:
        self.link, self.away, self.leads_to = "", False, ""
        fediverse.strangers[host] = self.answer

    def answer(self, request: Any) -> tuple[int, dict[str, str], bytes]:
        if self.away:
            return 503, {}, b""
        if self.leads_to:
            return 302, {"Location": self.leads_to}, b""
        page = f'<!doctype html><title>Accueil</title><a rel="me" href="{self.link}">Nous</a>'
        return 200, {"Content-Type": "text/html"}, page.encode()


def claim(browser: Browser, way: str, **typed: str) -> Any:
    return browser.send(browser.open(PLACE), PLACE.removeprefix("/territoires"), way=way, **typed)


def standing(brest: Server) -> tuple[str | None, str | None, list[str]]:
    """How the authority is verified, where, and who manages it."""
    with brest.inside():
        found = authorities.of(accounts.local(GROUPING))
        assert found is not None
        return found.verified_by, found.verified_link, [
            each.account.name for each in speakers.managers_of(found.account)
        ]  # fmt: skip


def look(fediverse: Fediverse, brest: Server) -> None:
    """A week later, upkeep has the websites looked at again."""
    fediverse.wait(days=8)
    brest.run("clear")
    fediverse.wait(seconds=1)


def test_a_website_that_is_known_here_opens_the_account_and_proves_it_as_long_as_it_points_back(
    fediverse: Fediverse, box: Mailbox
) -> None:
    brest, nantes = with_mail(fediverse, box), fediverse["nantes.test"]
    cast.plant(brest)
    site, admin = Website(fediverse), brest.register("admin", role="admin")
    with admin.acting() as me:
        invitations.welcome("trois-rivieres.example", me)
    person = brest.register("maria")
    maria = signed_in(person)
    assert (claim(maria, "domain", website="pas un site").status, PLACE in maria.open(PLACE).path) == (400, True)
    page = claim(maria, "domain", website=f"http://{SITE}")
    assert f'rel="me" href="https://brest.test/@{GROUPING}"' in page.words.replace("&#34;", '"')
    fediverse.settle()
    assert "La page ne contient pas encore ce lien." in maria.open(PLACE).words
    site.link = f"https://brest.test/@{GROUPING}"
    maria.send(maria.open(PLACE), "/representer/verifier")
    fediverse.settle()
    assert standing(brest) == ("domain", f"https://{SITE}/", ["maria"])
    assert "Vous agissez pour cette collectivité" in maria.open(PLACE).words
    page = Browser(brest).open(f"/@{GROUPING}")
    assert "Vérifié par son site, le" in page.words
    assert any(each.get("href") == f"https://{SITE}/" for each in page.links)
    fields = brest.get(f"/@{GROUPING}").get_json()["attachment"]
    assert any(SITE in field["value"] and 'href="' in field["value"] for field in fields)
    paul = nantes.register("paul")
    paul.follow(f"{GROUPING}@brest.test")
    fediverse.settle()
    with nantes.inside():
        heard = accounts.by_handle(f"{GROUPING}@brest.test")
        assert heard is not None
        assert [field["name"] for field in heard.fields if field["verified_at"]] == ["Site"]  # by its own look
    look(fediverse, brest)
    assert standing(brest)[0] == "domain"
    site.away = True
    look(fediverse, brest)
    assert standing(brest)[0] == "domain"  # who does not answer has not said no
    site.away, site.link = False, ""
    look(fediverse, brest)
    assert standing(brest)[:2] == (None, None)
    assert any("n’est plus montré comme vérifié" in " ".join(letter.split()) for letter in written(box))
    assert "Rien ne prouve encore" in Browser(brest).open(f"/@{GROUPING}").words
    site.link = f"https://brest.test/@{GROUPING}"
    maria = signed_in(person)
    maria.send(maria.open(f"/@{GROUPING}/autorite"), "/autorite/verifier")
    fediverse.settle()
    assert standing(brest)[0] == "domain"


@pytest.mark.parametrize("trick", ["elsewhere", "unknown", "rival"])
def test_a_website_that_may_be_anybodys_waits_for_an_administrator(fediverse: Fediverse, trick: str) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    site, admin = Website(fediverse), brest.register("admin", role="admin")
    site.link = f"https://brest.test/@{GROUPING}"
    maria = signed_in(brest.register("maria"))
    if trick != "unknown":
        with admin.acting() as me:
            invitations.welcome("trois-rivieres.example", me)
    if trick == "elsewhere":  # the site leads on to another that has the link
        Website(fediverse, "ailleurs.example").link = site.link
        site.leads_to = "https://ailleurs.example/"
    if trick == "rival":
        claim(signed_in(brest.register("mallory")), "operator", words="C’est moi.")
    claim(maria, "domain", website=SITE)
    fediverse.settle()
    with brest.inside():
        assert accounts.by_handle(GROUPING) is None
        assert [each.account.name for each in claims.waiting()] == {
            "elsewhere": [], "unknown": ["maria"], "rival": ["mallory", "maria"],
        }[trick]  # fmt: skip
    if trick == "unknown":
        page = signed_in(admin).open("/administration/representations")
        assert (
            f"Ce site renvoie bien au compte ; vérifiez que c’est celui de la collectivité : https://{SITE}/"
            in page.words
        )


def by_siret(brest: Server, name: str, number: str) -> None:
    """The service of sign-in says where somebody works."""
    with brest.inside():
        user = user_of(name)
        session.add(Identity(issuer="https://sso.test", subject=name, user_id=user.id, user=user, siret=number))


SIRET = "29610000100019"  # of an establishment of Alvane, well formed


def test_a_siret_opens_the_account_of_ones_employer_and_of_its_members_but_none_that_others_manage(
    fediverse: Fediverse,
) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    brest.register("admin", role="admin")
    maria, tom = signed_in(brest.register("maria")), signed_in(brest.register("tom"))
    assert 'value="siret"' not in maria.open(PLACE).html
    assert claim(maria, "siret").status == 400
    by_siret(brest, "maria", SIRET)
    by_siret(brest, "tom", SIRET)
    page = claim(maria, "siret")
    assert "Le compte de la collectivité est ouvert, et vous le gérez." in page.words
    assert standing(brest) == ("siret", SIRET, ["maria"])
    assert f"SIRET {SIRET}" in Browser(brest).open(f"/@{GROUPING}").words
    assert "elle a déjà un compte ici" in tom.open(PLACE).words.lower()
    assert "envoyée à l’administration" in claim(tom, "siret").words
    assert standing(brest)[2] == ["maria"]
    with brest.inside():
        claims.claim(user_of("tom"), directory.get("96001"), "siret")
        assert speakers.managers_of(accounts.local("saint-elme-alvane")) == [user_of("tom")]
        with pytest.raises(errors.Invalid):
            claims.claim(user_of("tom"), directory.get(cast.BRUMEUX), "siret")


def test_an_administrator_decides_and_says_why(fediverse: Fediverse, box: Mailbox) -> None:
    brest = with_mail(fediverse, box)
    cast.plant(brest)
    admin, maria = signed_in(brest.register("admin", role="admin")), signed_in(brest.register("maria"))
    page = claim(maria, "operator", words="")
    assert (page.status, "Dites qui vous êtes" in page.words) == (400, True)
    claim(maria, "operator", words="Je dirige les services.")
    assert claim_again(maria) == 409
    fediverse.settle()
    assert any("demande à représenter CC des Trois-Rivières" in letter for letter in written(box))
    place = "/administration/representations"
    assert maria.open(place).status == 403
    page = admin.open(place)
    assert "Je dirige les services." in page.words
    form = next(each for each in page.forms if f"{place}/" in each.action)
    refused = admin.post(form.action, {**form.values, "decision": "refuse"})
    assert (refused.status, "Dites pourquoi : la personne le lira." in refused.words) == (400, True)
    admin.post(form.action, {**form.values, "decision": "refuse", "reason": "Écrivez-nous du standard."})
    assert "n’a pas été acceptée : Écrivez-nous du standard." in maria.open(PLACE).words
    assert admin.post(form.action, {**form.values, "decision": "accept"}).status == 409
    claim(maria, "operator", words="Appelez le standard.")
    form = next(each for each in admin.open(place).forms if f"{place}/" in each.action)
    page = admin.post(form.action, {**form.values, "decision": "accept", "reason": "Bienvenue."})
    assert "maria gère maintenant le compte de CC des Trois-Rivières-d’Alvane." in page.words
    fediverse.settle()
    assert sum("Bienvenue." in letter for letter in written(box)) == 1
    assert standing(brest) == ("operator", None, ["maria"])
    assert "par décision de l’administration" in Browser(brest).open(f"/@{GROUPING}").words
    assert "Vous agissez pour cette collectivité" in maria.open(PLACE).words


def claim_again(browser: Browser) -> int:
    csrf = browser.open("/").form("/deconnexion").values
    return int(browser.post(PLACE, {**csrf, "way": "operator", "words": "Encore."}).status)


def test_who_may_not_claim_is_told_why(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    cast.plant(brest)
    guest, maria = signed_in(brest.register("gus", role="guest")), signed_in(brest.register("maria"))
    assert claim_again(guest) == 403
    assert "/connexion" in Browser(brest).open(PLACE, follow=False).headers["Location"]
    assert maria.open("/territoires/00000/representer").status == 404
    refusals: list[tuple[Callable[[], object], type[errors.Problem]]] = [
        (lambda: claims.claim(user_of("maria"), directory.get(cast.MERGED), "operator", words="x"), errors.Conflict),
        (lambda: claims.claim(user_of("maria"), directory.get("96001"), "magic", words="x"), errors.Invalid),
    ]
    with brest.inside():
        for asked, kind in refusals:
            with pytest.raises(kind):
                asked()
        for code in (cast.ALVANE, cast.BRUMEUX, cast.SOREL, "96001", "96002"):
            claims.claim(user_of("maria"), directory.get(code), "operator", words="x")
        with pytest.raises(errors.TooMany):
            claims.claim(user_of("maria"), directory.get("96003"), "operator", words="x")
    maria.send(maria.open(PLACE), "/representer/retirer")
    assert "Vous travaillez pour cette collectivité ?" in maria.open(PLACE).words
