"""What the rest of the web sees of people here: feeds, introductions of pages, the way in for people of elsewhere."""

import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

from fediterr.accounts import service as accounts
from fediterr.social import media, posts
from fediterr.social.drafts import Draft
from tests import files
from tests.fediverse import Fediverse, Person
from tests.web.browser import Browser, path_of, signed_in

ATOM = "{http://www.w3.org/2005/Atom}"


def with_picture(person: Person, words: str) -> str:
    with person.server.app.app_context():
        kept = media.keep(files.picture(), "a.png")
    with person.acting() as me:
        upload = media.attach(me, kept, "Un pont")
        return posts.publish(me, posts.compose(me, words, Draft(uploads=(upload,)))).uri


def test_a_profile_is_read_with_a_feed_reader(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice = server.register("alice", display_name="Alice & Cie")
    with_picture(alice, "Un pont <neuf> #Travaux")
    alice.says("Le récit", warning="Attaque")
    for visibility in ("unlisted", "followers", "direct"):
        alice.says("Pas pour tout le monde", visibility=visibility)
    browser = Browser(server)
    profile = browser.open("/@alice")
    atom = browser.client.get(profile.link(type="application/atom+xml"), base_url="https://brest.test")
    assert atom.content_type == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in atom.headers
    feed = ET.fromstring(atom.data)
    assert feed.findtext(f"{ATOM}title") == "Alice & Cie (@alice@brest.test)"
    second, first = feed.findall(f"{ATOM}entry")
    for entry in (first, second):
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "content"))
    assert "Un pont &lt;neuf&gt;" in (first.findtext(f"{ATOM}content") or "")
    assert 'alt="Un pont"' in (first.findtext(f"{ATOM}content") or "")
    (enclosure,) = [link for link in first.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert enclosure.get("type") == "image/png"
    assert int(enclosure.get("length") or 0) > 0
    assert second.findtext(f"{ATOM}title") == "Attaque"
    assert "Le récit" not in atom.text, "a warning holds back what it warns of"
    assert "Pas pour tout le monde" not in atom.text

    rss = browser.client.get("/@alice.rss", base_url="https://brest.test")
    channel = ET.fromstring(rss.data).find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description", "lastBuildDate"))
    items = channel.findall("item")
    assert items[0].findtext("title") == "Attaque"
    assert parsedate_to_datetime(items[1].findtext("pubDate") or "").tzinfo is not None
    assert [tag.text for tag in items[1].findall("category")] == ["Travaux"]
    assert items[1].find("enclosure") is not None

    same = {"If-None-Match": rss.headers["ETag"]}
    assert browser.client.get("/@alice.rss", base_url="https://brest.test", headers=same).status_code == 304
    since = {"If-Modified-Since": rss.headers["Last-Modified"]}
    assert browser.client.get("/@alice.rss", base_url="https://brest.test", headers=since).status_code == 304
    alice.says("Du neuf")
    assert browser.client.get("/@alice.rss", base_url="https://brest.test", headers=same).status_code == 200
    assert browser.open("/@nobody.rss").status == 404
    assert browser.open("/@bob@nantes.test.atom").status == 404


def test_a_hashtag_is_read_with_a_feed_reader(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    alice.follow("paul@nantes.test")
    fediverse.settle()
    alice.says("D’ici #Éclairage")
    paul.says("D’ailleurs #éclairage")
    fediverse.settle()
    browser = Browser(brest)
    address = browser.open("/tags/eclairage").link(type="application/rss+xml")
    found = ET.fromstring(browser.client.get(address, base_url="https://brest.test").data)
    assert [item.findtext("link") for item in found.iter("item")] != []
    assert "D’ailleurs" not in ET.tostring(found, "unicode")
    empty = browser.client.get("/tags/rien.atom", base_url="https://brest.test")
    assert empty.status_code == 200
    assert ET.fromstring(empty.data).findtext(f"{ATOM}updated")


def test_pages_introduce_themselves(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    alice, bob = server.register("alice"), server.register("bob")
    with server.inside():
        accounts.local("alice").indexable = True
        accounts.local("bob").indexable = False
    page = Browser(server).open(path_of(with_picture(alice, "Un pont neuf"), alice))
    said = {each.get("property") or each.get("name"): each.get("content") for tag, each in page.tags if tag == "meta"}
    assert (said["og:description"], said["og:image:alt"]) == ("Un pont neuf", "Un pont")
    assert str(said["og:image"]).startswith("https://brest.test/media/")
    assert said["fediverse:creator"] == "@alice@brest.test"
    assert page.link(type="application/json+oembed")
    assert page.link(type="application/activity+json").startswith("https://brest.test/posts/")
    quiet = Browser(server).open(path_of(bob.says("Sans bruit"), bob))
    assert '<meta name="robots" content="noindex">' in quiet.html
    assert "og:description" not in quiet.html


def test_a_visitor_follows_from_their_own_server(fediverse: Fediverse) -> None:
    brest, nantes = fediverse["brest.test"], fediverse["nantes.test"]
    alice, paul = brest.register("alice"), nantes.register("paul")
    browser = Browser(brest)
    page = browser.open("/@alice")
    assert "Suivre depuis mon serveur" in page.words
    assert "Set-Cookie" not in page.headers, "who only looks gets no cookie"
    form = browser.open("/@alice/d-ailleurs")
    page = browser.send(form, "/d-ailleurs", account="@paul@nantes.test")
    assert page.status == 200
    onward = page.link(**{"class": "button"})
    assert onward.startswith("https://nantes.test/authorize_interaction?uri=https%3A%2F%2Fbrest.test")
    there = signed_in(paul).open(onward.removeprefix("https://nantes.test"))
    assert "alice@brest.test" in there.words
    for typed, words in {
        "paul": "sous la forme @nom@serveur",
        "bob@brest.test": "C’est un compte d’ici",
        "x@nowhere.test": "nowhere.test ne répond pas",
        "nobody@nantes.test": "nantes.test ne répond pas",
    }.items():
        page = browser.send(form, "/d-ailleurs", account=typed)
        assert page.status >= 400
        assert words in page.words
        assert page.form("/d-ailleurs").values["account"] == typed
    assert "@alice@brest.test" in page.words, "the way by hand is told"
    path = path_of(alice.says("Bonjour"), alice)
    page = browser.send(browser.open(f"{path}/d-ailleurs"), "/d-ailleurs", account="paul@nantes.test")
    assert "Bonjour" in signed_in(paul).open(page.link(**{"class": "button"}).removeprefix("https://nantes.test")).words
    hidden = path_of(alice.says("Entre nous", visibility="followers"), alice)
    assert browser.open(f"{hidden}/d-ailleurs").status == 404


def test_one_network_does_not_make_us_ask_many_servers(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice")
    browser = Browser(server)
    form = browser.open("/@alice/d-ailleurs")
    told = [browser.send(form, "/d-ailleurs", account=f"x@host{number}.test").status for number in range(21)]
    assert (told[0], told[-1]) == (400, 429)
