"""What there is between people: notes, endorsements, chosen languages, hidden servers, suggestions, the directory."""

from datetime import timedelta

from fediterr.core import clock
from fediterr.social.models import Mute
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def _id(app: Application) -> str:
    identifier: str = app.get("/api/v1/accounts/verify_credentials")["id"]
    return identifier


def test_notes_are_for_their_writer_alone(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    shown = alice.post(f"/api/v1/accounts/{_id(bob)}/note", comment="Voisin du port")
    shapes.check(shown, shapes.RELATIONSHIP)
    assert shown["note"] == "Voisin du port"
    assert bob.get("/api/v1/accounts/relationships", id=_id(alice))[0]["note"] == ""
    assert alice.post(f"/api/v1/accounts/{_id(bob)}/note", comment="")["note"] == ""
    long = alice.ask("POST", f"/api/v1/accounts/{_id(bob)}/note", json={"comment": "a" * 2001})
    assert long.json == {"error": "Validation failed: Comment is too long (maximum is 2000 characters)"}


def test_one_endorses_whom_one_follows(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    path = f"/api/v1/accounts/{_id(bob)}"
    assert alice.ask("POST", f"{path}/endorse").status_code == 422
    alice.post(f"{path}/follow")
    assert alice.post(f"{path}/pin")["endorsed"] is True
    assert alice.post(f"{path}/endorse")["endorsed"] is True
    assert [each["username"] for each in alice.get("/api/v1/endorsements")] == ["bob"]
    assert [each["username"] for each in bob.get(f"/api/v1/accounts/{_id(alice)}/endorsements")] == ["bob"]
    assert alice.post(f"{path}/unendorse")["endorsed"] is False
    alice.post(f"{path}/endorse")
    assert alice.post(f"{path}/unfollow")["endorsed"] is False
    assert alice.get("/api/v1/endorsements") == []


def test_a_follow_may_be_of_some_languages_only(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    path = f"/api/v1/accounts/{_id(bob)}/follow"
    assert alice.post(path, languages=["br", "nonsense!"])["languages"] == ["br"]
    bob.says("Demat", language="br")
    bob.says("Bonjour", language="fr")
    assert alice.home() == ["<p>Demat</p>"]
    assert alice.post(path, reblogs=True)["languages"] == ["br"]
    assert alice.post(path, languages=[])["languages"] is None
    assert alice.home() == ["<p>Bonjour</p>", "<p>Demat</p>"]


def test_a_hidden_server_is_neither_seen_nor_heard(fediverse: Fediverse, brest: Server) -> None:
    nantes = fediverse["nantes.test"]
    alice, bob, carol = brest.register("alice"), nantes.register("bob"), brest.register("carol")
    alice.follow("bob@nantes.test")
    carol.follow("bob@nantes.test")
    bob.follow("alice@brest.test")
    fediverse.settle()
    bob.says("@alice@brest.test bonjour")
    fediverse.settle()
    app = Application(alice)
    known = app.get("/api/v1/accounts/lookup", acct="bob@nantes.test")["id"]
    assert app.home()
    assert app.get("/api/v1/notifications")
    assert app.post("/api/v1/domain_blocks", domain="Nantes.test") == {}
    assert app.get("/api/v1/domain_blocks") == ["nantes.test"]
    assert app.get("/api/v1/accounts/relationships", id=known)[0]["domain_blocking"] is True
    fediverse.settle()
    assert (alice.follows("bob@nantes.test"), bob.follows("alice@brest.test")) == (None, None)
    bob.says("@alice@brest.test encore")
    fediverse.settle()
    assert (app.get("/api/v1/timelines/public"), app.home()) == ([], [])
    [told] = app.get("/api/v1/notifications")
    assert (told["event"]["type"], told["event"]["target_name"]) == ("user_domain_block", "nantes.test")
    assert (told["event"]["following_count"], told["event"]["followers_count"]) == (1, 1)
    assert len(Application(carol).get("/api/v1/timelines/public")) == 2
    assert app.ask("DELETE", "/api/v1/domain_blocks?domain=nantes.test").json == {}
    assert len(app.get("/api/v1/timelines/public")) == 2
    for nonsense in ("", "a b.test", "brest.test", "x"):
        assert app.ask("POST", "/api/v1/domain_blocks", json={"domain": nonsense}).status_code == 422


def test_a_mute_that_is_over_is_forgotten(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    bob.says("Bonjour")
    alice.post(f"/api/v1/accounts/{_id(bob)}/mute", duration=60)
    assert alice.get("/api/v1/timelines/public") == []
    clock.shift(timedelta(seconds=61))
    assert len(alice.get("/api/v1/timelines/public")) == 1
    assert alice.get("/api/v1/accounts/relationships", id=_id(bob))[0]["muting"] is False
    brest.run("clear")
    assert brest.count(Mute) == 0


def test_friends_of_friends_are_suggested_until_dismissed(brest: Server) -> None:
    alice, bob, carol, dave, erin = (
        Application(brest.register(name)) for name in ("alice", "bob", "carol", "dave", "erin")
    )
    alice.post(f"/api/v1/accounts/{_id(bob)}/follow")
    for target in (carol, dave):
        bob.post(f"/api/v1/accounts/{_id(target)}/follow")
    erin.post(f"/api/v1/accounts/{_id(dave)}/follow")
    bob.post(f"/api/v1/accounts/{_id(erin)}/follow")
    erin.put("/api/v1/accounts/update_credentials", discoverable=False)
    found = alice.get("/api/v2/suggestions")
    assert [each["account"]["username"] for each in found] == ["dave", "carol"]
    shapes.check(found[0], shapes.SUGGESTION)
    assert (found[0]["source"], found[0]["sources"]) == ("past_interactions", ["friends_of_friends", "most_followed"])
    assert alice.delete(f"/api/v1/suggestions/{_id(dave)}") == {}
    assert [each["username"] for each in alice.get("/api/v1/suggestions")] == ["carol"]
    alice.post(f"/api/v1/accounts/{_id(carol)}/follow")
    assert alice.get("/api/v1/suggestions") == []


def test_the_directory_lists_who_wants_to_be_found(fediverse: Fediverse, brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    dave = fediverse["nantes.test"].register("dave")
    brest.register("silent")
    alice.person.follow("dave@nantes.test")
    fediverse.settle()
    for app in (bob, alice, carol):
        app.says("Bonjour")
    dave.says("Bonjour")
    fediverse.settle()
    carol.put("/api/v1/accounts/update_credentials", discoverable=False)
    nobody = Application(alice.person, scopes=None)

    def names(app: Application, **query: str) -> list[str]:
        return [each["acct"] for each in app.get("/api/v1/directory", **query)]

    assert names(nobody) == ["dave@nantes.test", "alice", "bob"]
    assert names(nobody, local="true", order="new") == ["bob", "alice"]
    assert names(nobody, limit="1", offset="1") == ["alice"]
    bob.post(f"/api/v1/accounts/{_id(alice)}/block")
    assert names(bob, local="true") == ["bob"]


def test_familiar_followers_are_those_one_follows(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    alice.post(f"/api/v1/accounts/{_id(bob)}/follow")
    bob.post(f"/api/v1/accounts/{_id(carol)}/follow")
    path = "/api/v1/accounts/familiar_followers"
    found = alice.get(path, **{"id[]": [_id(carol), _id(bob), "12"]})
    assert [each["id"] for each in found] == [_id(carol), _id(bob)]
    assert [[person["username"] for person in each["accounts"]] for each in found] == [["bob"], []]
    bob.put("/api/v1/accounts/update_credentials", hide_collections=True)
    assert alice.get(path, id=_id(carol))[0]["accounts"] == []


def test_who_is_blocked_is_not_shown_among_followers(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    for app in (bob, carol):
        app.post(f"/api/v1/accounts/{_id(alice)}/follow")
    carol.post(f"/api/v1/accounts/{_id(bob)}/block")
    followers = f"/api/v1/accounts/{_id(alice)}/followers"
    assert [each["username"] for each in bob.get(followers)] == ["bob"]
    assert [each["username"] for each in carol.get(followers)] == ["carol"]
    assert len(alice.get(followers)) == 2
    alice.post(f"/api/v1/accounts/{_id(bob)}/block")
    assert bob.get(followers) == []
