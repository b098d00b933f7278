"""Private communities leak nothing: every address is walked by those who are not in one, and by somebody who is."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from fediterr.accounts import service as accounts
from fediterr.activitypub import resolver
from fediterr.core import clock, errors
from fediterr.social import communities
from fediterr.social import posts as said
from fediterr.social.drafts import PollDraft
from fediterr.social.models import Joining, Post, Visibility
from tests.federation.test_communities import Community
from tests.fediverse import Fediverse, Person
from tests.mastodon.client import Application
from tests.strangers import PUBLIC, Stranger
from tests.web.browser import Browser, signed_in

ASKED, SECRET = "zirconium", "xylophane"  # a word that is looked for, and one that nobody else knows
WORDS = f"Le {ASKED} #{ASKED} #{SECRET} @paul"
PLACE = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<choices>[^)]*)\))?:)?(?P<name>\w+)>")
KEPT = ("/moderation", "/administration", "/static", "/deconnexion")  # of staff alone; without words; the way out


class Story:
    """A private community of Brest with Lise of Brest and Paul of Nantes in it, and what Lise wrote there."""

    def __init__(self, fediverse: Fediverse) -> None:
        self.fediverse, self.brest = fediverse, fediverse.add("brest.test", rate_limits=False)
        self.maria, self.lise, self.jean = (self.brest.register(name) for name in ("maria", "lise", "jean"))
        self.paul, self.rene = fediverse["nantes.test"].register("paul"), fediverse["rennes.test"].register("rene")
        self.group = Community.founded(
            self.maria, "cercle", private=True, joining=Joining.REQUEST, summary="Entre nous"
        )
        self.group.joined_by(self.lise, self.paul)
        with self.group.seen_by(self.maria) as (me, group):
            for person in (self.lise, self.paul):
                communities.let_in(me, group, accounts.by_handle(person.handle))  # type: ignore[arg-type]
        self.jean.follow("lise")
        self.rene.follow("lise@brest.test")
        fediverse.settle()
        poll = PollDraft(options=(f"{SECRET} pur", "autre"), ends_at=clock.now() + timedelta(days=1))
        words = f"Le {ASKED} #{ASKED} #{SECRET} @paul@nantes.test"
        self.uri = self.group.hears(self.lise, words, title=f"Du {SECRET}", poll=poll)
        fediverse.settle()
        self.answer = self.paul.says(f"Encore du {SECRET}", answers=self.uri)
        fediverse.settle()
        with self.brest.inside():
            group, post, answer = accounts.local("cercle"), said.by_uri(self.uri), said.by_uri(self.answer)
            assert post is not None
            assert answer is not None
            boost = said.find_boost(group, post)
            assert boost is not None
            self.ids = [post.id, answer.id, boost.id, group.id, accounts.local("lise").id]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Each address that can be read, with what is known in each of its places; and the endpoint behind it."""
        page = f"https://brest.test/@lise/{self.ids[0]}"
        asked = f"?q={ASKED}&url={page}&uri={page}&page=true&type=statuses&resolve=true"
        for rule in self.brest.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.rule.startswith(KEPT):
                continue
            places = list(PLACE.finditer(rule.rule))
            for words in itertools.product(*(self._words(place) for place in places)):
                path = rule.rule
                for place, word in zip(places, words, strict=True):
                    path = path.replace(place[0], word, 1)
                yield rule.endpoint, path + asked

    def _words(self, place: re.Match[str]) -> list[str]:
        if place["kind"] in ("int", "id"):
            return [str(each) for each in self.ids]
        if place["kind"] == "any":
            return [word.strip(" \"'") for word in place["choices"].split(",")]
        return {"name": ["cercle", "lise"], "handle": ["cercle", "lise"]}.get(place["name"], [ASKED])

    def where(self, ask: Callable[[str], str], *parts: str) -> set[str]:
        """The endpoints whose answers hold the secret; only of addresses that begin so."""
        asked = [(endpoint, path) for endpoint, path in self.addresses() if not parts or path.startswith(parts)]
        return {endpoint for endpoint, path in asked if SECRET in ask(path)}


def reading(browser: Browser) -> Callable[[str], str]:
    """What somebody reads at an address."""

    def ask(path: str) -> str:
        accepted = {"Accept": "text/html, application/json, */*"}
        with browser.client.get(path, base_url=browser.server.settings.base_url, headers=accepted) as answer:
            return answer.get_data().decode(errors="replace")

    return ask


def applied(application: Application) -> Callable[[str], str]:
    """What an application of somebody is told at an address."""
    return lambda path: application.ask("GET", path).get_data().decode(errors="replace")


@pytest.fixture
def story(fediverse: Fediverse) -> Story:
    return Story(fediverse)


def test_nobody_else_reads_anything_at_any_address(story: Story) -> None:
    brest = story.brest
    visitor, stranger = reading(Browser(brest)), reading(signed_in(story.jean))
    application = Application(story.jean)
    mallory = Stranger(story.fediverse, "far.test").person("mallory")

    def signed(path: str) -> str:
        return mallory.asks(brest, path).get_data().decode(errors="replace")

    assert story.where(visitor) == set()
    assert story.where(stranger, "/@", "/") == set()
    assert story.where(applied(application), "/api") == set()
    known = ("/actors", "/posts", "/contexts", "/@", "/quote")
    assert story.where(signed, *known) == set()


def test_a_member_reads_it_in_all_its_places(story: Story) -> None:
    application = Application(story.lise)
    pages = story.where(reading(signed_in(story.lise)), "/@", "/accueil", "/fil")
    told = story.where(applied(application), "/api/v1/statuses", "/api/v1/timelines/home")
    assert any("posts" in endpoint for endpoint in pages), pages
    assert len(told) >= 3, told
    status = application.get(f"/api/v1/statuses/{story.ids[0]}")
    assert status["visibility"] == "private"


def test_its_members_read_it_from_their_servers_and_nobody_else_gets_it(story: Story) -> None:
    assert story.group.read_by(story.paul) == [f"Encore du {SECRET}", WORDS]
    assert story.group.read_by(story.lise) == [f"Encore du {SECRET}", WORDS]
    assert WORDS in story.paul.home()
    assert story.paul.notifications()[0][0] == "mention"
    begun = story.group.hears(story.paul, "Une autre question")
    assert story.paul.post(begun).visibility == Visibility.COMMUNITY  # type: ignore[union-attr]
    story.fediverse.settle()
    assert "Une autre question" in story.lise.home()
    for person in (story.jean, story.rene):
        assert not any(SECRET in words for words in person.home())
    with story.rene.server.inside():
        assert said.by_uri(story.uri) is None
        assert said.by_uri(story.answer) is None
    path = story.uri.removeprefix("https://brest.test")
    far = Stranger(story.fediverse, "far.test")
    assert far.person("mallory").asks(story.brest, path).status_code == 404
    nantes = story.fediverse["nantes.test"]
    with nantes.app.app_context():
        assert SECRET in str(resolver.fetch(story.uri)["content"])
    rennes = story.fediverse["rennes.test"]
    with rennes.app.app_context(), pytest.raises(errors.NotFound):
        resolver.fetch(story.uri)
    for part in ("followers", "outbox", "featured", "moderators"):
        assert story.brest.get(f"/actors/cercle/{part}").status_code == 404


def test_nothing_is_done_with_it_outside(story: Story) -> None:
    stranger, member = Application(story.jean), Application(story.lise)
    identifier = story.ids[0]
    for what in ("reblog", "favourite", "bookmark", "pin", "mute", "translate"):
        assert stranger.ask("POST", f"/api/v1/statuses/{identifier}/{what}").status_code in (404, 422, 403, 503), what
    answer = stranger.ask("POST", "/api/v1/statuses", json={"status": "Moi aussi", "in_reply_to_id": str(identifier)})
    assert answer.status_code == 404
    assert member.ask("POST", f"/api/v1/statuses/{identifier}/reblog").status_code in (403, 422)
    quote = {"status": "Voyez", "quoted_status_id": str(identifier)}
    assert member.ask("POST", "/api/v1/statuses", json=quote).status_code in (403, 404, 422)
    inside = member.says("Entre nous", in_reply_to_id=str(identifier), visibility="public")
    assert inside["visibility"] == "private"
    with pytest.raises(errors.Invalid):
        story.lise.says("Dis-moi @jean", answers=story.uri)
    story.fediverse.settle()
    assert story.jean.notifications() == []


def test_who_leaves_reads_it_no_longer(story: Story) -> None:
    story.paul.unfollow(story.group.handle)
    story.fediverse.settle()
    assert story.group.read_by(story.paul) == [f"Encore du {SECRET}"]  # their own
    story.group.hears(story.lise, "Plus tard")
    story.fediverse.settle()
    assert story.paul.server.count(Post, Post.content.contains("Plus tard")) == 0


def test_nobody_writes_into_it_from_outside(story: Story) -> None:
    brest = story.brest
    group = Person(brest, "cercle")
    alice = Stranger(story.fediverse, "far.test").person("alice")
    followers = group.account().followers_uri
    for to in ([followers, group.uri], [PUBLIC, group.uri]):
        note = alice.note("<p>Bonjour</p>", to=to, cc=[], audience=group.uri)
        alice.sends(brest, alice.create(note, audience=group.uri))
    story.fediverse.settle()
    assert all("Bonjour" not in words for words in story.group.read_by(story.lise))
    forged = alice.does("Announce", alice.create(alice.note("<p>Faux</p>", to=[followers])), to=[followers])
    alice.sends(brest, forged)
    story.fediverse.settle()
    assert all("Faux" not in words for words in story.group.read_by(story.lise))
