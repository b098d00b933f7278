"""Who would be told of what happened, and what: asked without sockets, of the same questions as the timelines."""

import json
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.core import db
from fediterr.mastodon.models import LiveEvent
from fediterr.mastodon.streaming import audience, carrier
from fediterr.mastodon.streaming.audience import Interest, Interests
from fediterr.moderation import announcements
from tests.fediverse import Fediverse, Person, Server
from tests.mastodon.client import Application


class Listener:
    """Somebody who listens to one stream, in a story where everything that happened is kept."""

    def __init__(self, person: Person, channel: str = "user", argument: str = "") -> None:
        self.person, self.server = person, person.server
        self.interest = Interest(person.account().id, channel, argument)
        self.last = 0
        self.hears()

    def hears(self) -> list[tuple[str, Any]]:
        """What was told since the last time: (event, payload)."""
        self.server.fediverse.settle()
        interests = Interests({self.interest.channel: {self.interest}})
        with self.server.app.app_context():
            newer = sa.select(LiveEvent).where(LiveEvent.id > self.last).order_by(LiveEvent.id)
            rows = list(db.session.scalars(newer))
            self.last = rows[-1].id if rows else self.last
            told = [each for row in rows for each in audience.tell(carrier.Happening(row.kind, row.values), interests)]
        assert {each.interest for each in told} <= {self.interest}
        return [(each.event, json.loads(each.payload) if each.payload else None) for each in told]

    def reads(self) -> list[str]:
        """The posts that it was told of, as written."""
        return [(payload["reblog"] or payload)["content"] for event, payload in self.hears() if event == "update"]


def test_home_is_told_what_home_shows(fediverse: Fediverse, brest: Server) -> None:
    alice, bob, carol = (brest.register(name) for name in ("alice", "bob", "carol"))
    dora = fediverse["nantes.test"].register("dora")
    alice.follow("bob")
    alice.follow("dora@nantes.test")
    fediverse.settle()
    listener = Listener(alice)
    bob.says("à tous")
    bob.says("à mes abonnés", visibility="followers")
    bob.says("@carol entre nous", visibility="direct")
    carol.says("inconnue")
    boosted = carol.says("à partager", visibility="unlisted")
    bob.boosts(boosted)
    dora.says("depuis Nantes")
    heard = listener.reads()
    assert [words.split(">")[1].split("<")[0] for words in heard] == [
        "à tous",
        "à mes abonnés",
        "à partager",
        "depuis Nantes",
    ]
    assert set(heard) == set(_written(Application(alice).get("/api/v1/timelines/home")))
    alice.blocks("bob")
    bob.says("encore moi")
    assert listener.reads() == []


def _written(statuses: list[dict[str, Any]]) -> list[str]:
    return [(each["reblog"] or each)["content"] for each in statuses]


def test_a_followed_hashtag_comes_through_home(brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    Application(alice).post("/api/v1/tags/velo/follow")
    listener = Listener(alice)
    bob.says("Une piste #vélo")
    bob.says("Une piste #vélo en projet", visibility="followers")
    assert listener.reads() == _written(Application(alice).get("/api/v1/timelines/home"))


def test_whom_home_may_show_a_post_to_is_asked(fediverse: Fediverse, brest: Server) -> None:
    """`near` spares people the question: whoever finds a post at home must be among those it names."""
    alice, bob = brest.register("alice"), brest.register("bob")
    people = [brest.register(name) for name in ("carol", "dan", "erin")]
    people[0].follow("alice")
    people[1].follow("bob")
    Application(people[2]).post("/api/v1/tags/fete/follow")
    listeners = [Listener(person) for person in (alice, bob, *people)]
    said = alice.says("On danse #fête")
    bob.boosts(said)
    alice.says("@bob d'accord ?", answers=bob.says("Pourquoi pas"))
    for each in listeners:
        found = Application(each.person).get("/api/v1/timelines/home")
        assert sorted(each.reads()) == sorted(_written(found))


def test_streams_of_public_posts_hold_what_their_timelines_hold(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    dora = fediverse["nantes.test"].register("dora")
    bob.follow("dora@nantes.test")
    fediverse.settle()
    streams = ("public", "public:local", "public:remote", "public:media")
    listeners = {name: Listener(alice, name) for name in streams}
    tagged, here = Listener(alice, "hashtag", "bus"), Listener(alice, "hashtag:local", "bus")
    bob.says("Le #bus part à 8 h")
    bob.says("Le #bus de nuit", visibility="unlisted")
    dora.says("Un #bus à Nantes")
    assert {name: len(listener.reads()) for name, listener in listeners.items()} == {
        "public": 2,
        "public:local": 1,
        "public:remote": 1,
        "public:media": 0,
    }
    assert (len(tagged.reads()), len(here.reads())) == (2, 1)


def test_a_list_is_told_what_it_shows(brest: Server) -> None:
    alice, bob, carol = (brest.register(name) for name in ("alice", "bob", "carol"))
    app = Application(alice)
    made = app.post("/api/v1/lists", title="voisins", exclusive=True)
    alice.follow("bob")
    alice.follow("carol")
    app.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(bob.account().id)])
    on_list, home = Listener(alice, "list", made["id"]), Listener(alice)
    said = bob.says("Vide-grenier samedi")
    carol.says("Chorale dimanche")
    heard = on_list.reads()
    assert heard == _written(app.get(f"/api/v1/timelines/list/{made['id']}")) == ["<p>Vide-grenier samedi</p>"]
    assert home.reads() == ["<p>Chorale dimanche</p>"], "the list keeps bob out of the home timeline"
    bob.deletes(said)
    assert on_list.hears() == [("delete", int(said.rpartition("/")[2]))]


def test_private_words_are_heard_in_their_conversation_by_both(brest: Server) -> None:
    alice, bob, carol = (brest.register(name) for name in ("alice", "bob", "carol"))
    listeners = [Listener(person, "direct") for person in (alice, bob, carol)]
    own = Listener(alice)
    alice.says("@bob entre nous", visibility="direct")
    heard = [[told["last_status"]["content"] for _, told in listener.hears()] for listener in listeners]
    assert [len(each) for each in heard] == [1, 1, 0]
    assert len(own.reads()) == 1, "what one says to one only is at home for oneself, as with Mastodon"


def test_the_end_of_a_post_is_told_where_it_may_have_been_seen(brest: Server) -> None:
    alice, bob, carol = (brest.register(name) for name in ("alice", "bob", "carol"))
    bob.follow("alice")
    public, private = alice.says("à tous #fin"), alice.says("à mes abonnés", visibility="followers")
    listeners = {
        "follower": Listener(bob),
        "stranger": Listener(carol),
        "here": Listener(carol, "public:local"),
        "elsewhere": Listener(carol, "public:remote"),
        "tag": Listener(carol, "hashtag:local", "fin"),
    }
    ids = [int(uri.rpartition("/")[2]) for uri in (public, private)]
    alice.deletes(public)
    alice.deletes(private)
    heard = {name: [payload for _, payload in listener.hears()] for name, listener in listeners.items()}
    assert heard == {"follower": ids, "stranger": [], "here": ids[:1], "elsewhere": [], "tag": ids[:1]}


def test_notifications_and_changes_reach_the_one_they_concern(brest: Server) -> None:
    alice, bob = brest.register("alice"), brest.register("bob")
    hers, his, home = Listener(alice, "user:notification"), Listener(bob, "user:notification"), Listener(alice)
    bob.says("@alice bonjour")
    [(event, told)] = hers.hears()
    assert (event, told["type"], told["account"]["username"]) == ("notification", "mention", "bob")
    assert his.hears() == []
    Application(alice).post("/api/v2/filters", title="assez", context=["home"])
    assert ("filters_changed", None) in home.hears()
    assert his.hears() == []


def test_announcements_are_told_to_everybody(brest: Server) -> None:
    alice = brest.register("alice")
    listener = Listener(alice)
    with brest.inside():
        made = announcements.publish("Mairie fermée lundi").id
    [(event, told)] = listener.hears()
    assert (event, told) == ("announcement", Application(alice).get("/api/v1/announcements")[0])
    with brest.inside():
        announcements.react(made, accounts.local("alice"), "👍")
    assert listener.hears() == [("announcement.reaction", {"name": "👍", "count": 1, "announcement_id": str(made)})]
    with brest.inside():
        announcements.unreact(made, accounts.local("alice"), "👍")
        announcements.withdraw(made)
    assert ("announcement.delete", made) in listener.hears()


def test_what_everybody_has_heard_is_forgotten(fediverse: Fediverse, brest: Server) -> None:
    alice = brest.register("alice")
    alice.says("Bonjour")
    fediverse.settle()
    assert brest.count(LiveEvent) > 0
    fediverse.wait(minutes=2)
    assert brest.count(LiveEvent) == 0


def test_what_is_said_in_private_is_told_as_a_conversation(fediverse: Fediverse, brest: Server) -> None:
    alice, bob, carol = (brest.register(name) for name in ("alice", "bob", "carol"))
    listener, other = Listener(alice, "direct"), Listener(carol, "direct")
    bob.says("@alice entre nous", visibility="direct")
    [(event, conversation)] = listener.hears()
    assert (event, conversation["unread"]) == ("conversation", True)
    assert conversation == Application(alice).get("/api/v1/conversations")[0]
    assert other.hears() == []
