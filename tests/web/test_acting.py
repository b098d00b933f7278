"""Acting for an authority on the pages: in its name, within one's office, told on every page, kept in its journal."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.core.db import session
from fediterr.core.paging import Page
from fediterr.moderation import acts, offices
from fediterr.social.models import Post
from fediterr.territories import authorities, directory
from tests import territories as cast
from tests.fediverse import Fediverse, Person, Server
from tests.missions.test_offices import user_of
from tests.web.browser import Browser, signed_in

GROUPING, TOWN = "cc-trois-rivieres-alvane", "saint-elme-alvane"


def four(brest: Server) -> dict[str, int]:
    """Four authorities of one server, by their name, each with its agents."""
    cast.plant(brest)
    for name in ("wanda", "mona", "rita"):
        brest.register(name, display_name=name.title())
    with brest.inside():
        opened = [authorities.open(directory.get(code)) for code in (cast.ALVANE, "96001", "96002", "96003")]
        offices.let_speak(None, user_of("mona"), opened[0], "manage")
        offices.let_speak(None, user_of("wanda"), opened[0], "write")
        offices.let_speak(None, user_of("rita"), opened[0], "read")
        offices.let_speak(None, user_of("wanda"), opened[1], "manage")
        return {each.name: each.id for each in opened}


def act_for(browser: Browser, account: int) -> None:
    page = browser.open("/au-nom-de")
    form = next(each for each in page.forms if each.buttons and each.buttons[0].get("value") == str(account))
    browser.post(form.action, {**form.values, "account": str(account)})


def journal(brest: Server, name: str) -> list[tuple[str, str, str]]:
    """The lines of an authority's journal, the first first."""
    with brest.inside():
        lines = acts.listed(accounts.local(name), Page(limit=100))
        return [(line.agent.partition("@")[0], line.action, line.subject) for line in lines][::-1]


def said_by(brest: Server, name: str) -> list[str | None]:
    with brest.inside():
        return list(session.scalars(sa.select(Post.source).where(Post.author_id == accounts.local(name).id)))


def test_an_agent_reads_and_writes_as_the_authority_and_its_journal_says_who_it_was(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    paul, known = nantes.register("paul"), four(brest)
    brest.register("tom", display_name="Tom")
    paul.follow(f"{GROUPING}@brest.test")
    fediverse.settle()
    browser = signed_in(Person(brest, "wanda"))
    act_for(browser, known[GROUPING])
    page = browser.open("/")
    assert "Vous lisez et écrivez au nom de CC des Trois-Rivières-d’Alvane." in page.words
    assert page.headers["Cache-Control"] == "private, no-store"
    sheet = browser.open("/publier")
    assert "as" not in sheet.form("/publier").values
    browser.send(sheet, "/publier", words="Le nôtre est en ligne.")
    browser.send(browser.open("/@tom"), "/@tom/suivre", on="1")
    browser.send(browser.open("/@tom"), "/@tom/suivre", on="0")
    fediverse.settle()
    assert paul.home() == ["Le nôtre est en ligne."]
    assert "Paul" in browser.open("/notifications").words or "paul" in browser.open("/notifications").words
    written = journal(brest, GROUPING)
    assert [line[:2] for line in written[-3:]] == [
        ("wanda", "publish"), ("wanda", "accounts.follow"), ("wanda", "accounts.follow:off"),
    ]  # fmt: skip
    assert written[-1][2] == "/@tom"
    page = browser.open(f"/@{GROUPING}/journal")
    assert "a suivi /@tom" in page.words
    assert "a cessé de suivre /@tom" in browser.open(f"/@{GROUPING}/journal?acte=accounts.follow:off").words
    assert "brest.test/@" not in browser.open(f"/@{GROUPING}/journal?sujet=tom").words
    table = browser.open(f"/@{GROUPING}/journal.csv?qui=wanda@brest.test")
    assert "wanda@brest.test,a suivi,/@tom" in table.html
    page = browser.send(browser.open("/"), "/au-nom-de")
    assert "de nouveau en votre nom" in page.words
    assert "au nom de CC" not in browser.open("/").words
    assert journal(brest, TOWN)[-1][1] == "let_speak:manage"


def test_who_reads_for_an_authority_does_not_write_and_who_writes_does_not_change_its_profile(
    fediverse: Fediverse,
) -> None:
    brest = fediverse["brest.test"]
    known = four(brest)
    rita, wanda, mona = (signed_in(Person(brest, name)) for name in ("rita", "wanda", "mona"))
    for browser in (rita, wanda, mona):
        act_for(browser, known[GROUPING])
    assert "Vous lisez, sans pouvoir écrire, au nom de CC" in rita.open("/").words
    refused = rita.send(rita.open("/publier"), "/publier", words="Essai")
    assert (refused.status, "pas écrire : revenez d’abord à votre nom" in refused.words) == (403, True)
    assert wanda.open("/reglages/profil").status == 403
    page = mona.send(mona.open("/reglages/profil"), "/reglages/profil", note="Trois rivières, un service commun.")
    assert "Votre profil est enregistré." in page.words
    assert "Cette page vous concerne vous-même" in mona.open("/reglages/donnees").words
    with brest.inside():
        assert accounts.local(GROUPING).summary_source == "Trois rivières, un service commun."
        assert accounts.local("mona").summary_source == ""
    assert journal(brest, GROUPING)[-1] == ("mona", "settings.save", "/reglages/profil")
    assert said_by(brest, GROUPING) == said_by(brest, "rita") == []


def test_nothing_goes_out_in_another_name_than_the_page_said_and_an_office_that_ended_is_over(
    fediverse: Fediverse,
) -> None:
    brest = fediverse["brest.test"]
    known = four(brest)
    browser = signed_in(Person(brest, "wanda"))
    mine = browser.open("/publier")  # a page of her own, left open
    act_for(browser, known[GROUPING])
    refused = browser.send(mine, "/publier", words="À moi")
    assert (refused.status, "À moi" in refused.html) == (403, True)
    theirs = browser.open("/publier")
    with brest.inside():
        offices.end_speaking(None, user_of("wanda"), accounts.local(GROUPING))
    assert browser.send(theirs, "/publier", words="À elle").status == 403
    assert "au nom de CC" not in browser.open("/").words
    assert said_by(brest, GROUPING) == said_by(brest, "wanda") == []


def test_a_stranger_a_guest_and_a_former_agent_act_for_nobody_and_read_no_journal(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    known = four(brest)
    stranger, guest = signed_in(brest.register("tom")), signed_in(brest.register("gus", role="guest"))
    form = stranger.open("/").form("/deconnexion").values
    assert stranger.post("/au-nom-de", {**form, "account": str(known[GROUPING])}).status == 403
    assert "n’agissez pour aucune" in stranger.open("/au-nom-de").words
    for path in ("agents", "journal", "journal.csv", "autorite"):
        assert stranger.open(f"/@{GROUPING}/{path}").status == 403
        assert guest.open(f"/@{GROUPING}/{path}").status == 403
        assert "/connexion" in Browser(brest).open(f"/@{GROUPING}/{path}", follow=False).headers["Location"]
    assert signed_in(brest.register("mod", role="moderator")).open(f"/@{GROUPING}/journal").status == 200
    wanda = signed_in(Person(brest, "wanda"))
    assert wanda.open("/@tom/journal").status == 404
    form = wanda.open("/").form("/deconnexion").values
    assert wanda.post(f"/@{GROUPING}/agents", {**form, "agent": "tom"}).status == 403
    with brest.inside():
        user_of("wanda").role = "guest"
    assert wanda.open(f"/@{TOWN}/journal").status == 403


def test_managers_name_and_dismiss_agents_and_the_last_one_stays(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    four(brest)
    brest.register("tom", display_name="Tom")
    mona, place = signed_in(Person(brest, "mona")), f"/@{GROUPING}/agents"
    invite = next(each for each in mona.open(place).forms if each.values.get("agent") == "")
    page = mona.post(place, {**invite.values, "agent": "personne"})
    assert (page.status, "Personne ne s’appelle personne ici." in page.words) == (400, True)
    page = mona.post(place, {**invite.values, "agent": "@tom", "office": "write"})
    assert "Tom agit maintenant pour la collectivité." in page.words
    refused = mona.post(place, {**invite.values, "agent": "mona", "office": "read"})
    assert (refused.status, "Une seule personne gère ce compte" in refused.words) == (409, True)
    assert mona.post(f"{place}/retirer", {**invite.values, "agent": "mona"}).status == 409
    mona.post(place, {**invite.values, "agent": "tom", "office": "manage"})
    page = mona.post(f"{place}/retirer", {**invite.values, "agent": "mona"})
    assert "Vous n’agissez plus pour cette collectivité." in page.words
    tom = signed_in(Person(brest, "tom"))
    page = tom.post(f"{place}/retirer", {**tom.open(place).form("/deconnexion").values, "agent": "rita"})
    assert "Rita n’agit plus pour la collectivité." in page.words
    assert [line[:2] for line in journal(brest, GROUPING) if line[0] in ("mona", "tom")] == [
        ("mona", "let_speak:write"), ("mona", "change_office:manage"), ("mona", "end_speaking"),
        ("tom", "end_speaking"),
    ]  # fmt: skip


def test_the_colour_of_an_authority_is_worn_by_its_pages_alone_and_can_be_read(fediverse: Fediverse) -> None:
    brest = fediverse["brest.test"]
    four(brest)
    mona = signed_in(Person(brest, "mona"))
    page = mona.send(mona.open(f"/@{GROUPING}/autorite"), "/autorite", website="cc.example", colour="#ffff00")
    assert "ne se lit pas assez sur le fond" in page.words
    sheet = next(each["href"] for each in page.links if "/static/teinte/ffff00.css" in each.get("href", ""))
    styled = brest.get(sheet, accept="text/css")
    assert "--accent:" in styled.get_data(as_text=True)
    assert "immutable" in styled.headers["Cache-Control"]
    assert "teinte" in Browser(brest).open(f"/@{GROUPING}").html
    assert "teinte" not in Browser(brest).open(f"/@{TOWN}").html
    assert brest.get("/static/teinte/123456.css", accept="text/css").status_code == 404
    bad = mona.send(mona.open(f"/@{GROUPING}/autorite"), "/autorite", website="pas un site", colour="#ffff00")
    assert (bad.status, "Ce n’est pas l’adresse d’un site." in bad.words) == (400, True)


def test_an_agent_shows_for_whom_they_work(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    four(brest)
    nantes.register("mairie", display_name="Mairie d’ailleurs")
    rita = signed_in(Person(brest, "rita"))
    for name, told in ((TOWN, "n’êtes pas parmi les agents"), ("nulle@nantes.test", "introuvable")):
        page = rita.send(rita.open("/reglages/profil"), "/reglages/profil", employer=f"@{name}")
        assert told in page.words
    rita.send(rita.open("/reglages/profil"), "/reglages/profil", employer=f"@{GROUPING}")
    assert "Travaille pour CC des Trois-Rivières-d’Alvane" in Browser(brest).open("/@rita").words
    assert "Qui y travaille Rita" in Browser(brest).open(f"/@{GROUPING}").words
    rita.send(rita.open("/reglages/profil"), "/reglages/profil", employer="mairie@nantes.test")
    assert "Travaille pour Mairie d’ailleurs" in rita.open("/@rita").words
    assert "déclaré" in rita.open("/@rita").words
    rita.send(rita.open("/reglages/profil"), "/reglages/profil", employer="")
    assert "Travaille pour" not in Browser(brest).open("/@rita").words
