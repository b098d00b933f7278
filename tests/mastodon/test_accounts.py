"""Accounts, as applications see and change them."""

from datetime import timedelta

from fediterr.accounts import service as accounts
from fediterr.core import clock
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application


def test_one_s_own_account_has_what_was_typed(brest: Server) -> None:
    alice = Application(brest.register("alice", role="admin"))
    shown = alice.put(
        "/api/v1/accounts/update_credentials",
        display_name="Alice du Port",
        note="Je parle des #ponts",
        locked=True,
        bot=True,
        discoverable=False,
        indexable=False,
        fields_attributes=[{"name": "Site", "value": "https://alice.test"}, {"name": "Vide", "value": ""}],
    )
    shapes.check(shown, shapes.OWN_ACCOUNT)
    assert shown["display_name"] == "Alice du Port"
    assert "#<span>ponts</span>" in shown["note"]
    assert shown["source"]["note"] == "Je parle des #ponts"
    assert (shown["locked"], shown["bot"], shown["discoverable"], shown["noindex"]) == (True, True, False, True)
    assert [field["value"] for field in shown["source"]["fields"]] == ["https://alice.test"]
    assert 'href="https://alice.test"' in shown["fields"][0]["value"]
    assert shown["role"]["name"] == "admin"
    assert alice.get("/api/v1/accounts/verify_credentials") == shown

    again = alice.put("/api/v1/accounts/update_credentials", locked="false")
    assert (again["locked"], again["display_name"]) == (False, "Alice du Port")


def test_a_profile_can_be_sent_as_a_form_in_parts(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    form = {"fields_attributes[0][name]": "Ville", "fields_attributes[0][value]": "Brest", "locked": "true"}
    answer = alice.ask("PATCH", "/api/v1/accounts/update_credentials", data=form, content_type="multipart/form-data")
    assert answer.json["source"]["fields"] == [{"name": "Ville", "value": "Brest", "verified_at": None}]
    assert answer.json["locked"] is True


def test_nobody_becomes_administrator_by_asking(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    shown = alice.put("/api/v1/accounts/update_credentials", role="admin", is_admin=True, username="root", id="1")
    assert (shown["role"]["name"], shown["username"]) == ("", "alice")


def test_an_update_reaches_followers_elsewhere(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = brest.register("alice"), fediverse["nantes.test"].register("bob")
    bob.follow("alice@brest.test")
    fediverse.settle()
    Application(alice).put("/api/v1/accounts/update_credentials", display_name="Alice, élue")
    fediverse.settle()
    known = Application(bob).get("/api/v1/accounts/lookup", acct="alice@brest.test")
    shapes.check(known, shapes.ACCOUNT)
    assert known["display_name"] == "Alice, élue"


def test_accounts_are_found_by_id_by_handle_and_several_at_once(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    nobody = Application(brest.register("carol"), scopes=None)
    found = nobody.get("/api/v1/accounts/lookup", acct="Alice@brest.test")
    shapes.check(found, shapes.LOCAL_ACCOUNT)
    assert nobody.get(f"/api/v1/accounts/{found['id']}") == found
    other = bob.get("/api/v1/accounts/verify_credentials")["id"]
    both = nobody.get("/api/v1/accounts", **{"id[]": [other, found["id"], "12", other]})
    assert [each["username"] for each in both] == ["bob", "alice"]
    assert nobody.ask("GET", "/api/v1/accounts/lookup?acct=dave").status_code == 404
    assert alice.ask("GET", "/api/v1/accounts/lookup").status_code == 404


def test_of_a_closed_account_only_the_name_is_left(brest: Server) -> None:
    alice, bob = brest.register("alice", display_name="Alice"), Application(brest.register("bob"))
    Application(alice).says("Bonjour")
    Application(alice).put("/api/v1/accounts/update_credentials", note="Ma vie")
    identifier = bob.get("/api/v1/accounts/lookup", acct="alice")["id"]
    with alice.acting() as account:
        accounts.suspend(account)
    shown = bob.get(f"/api/v1/accounts/{identifier}")
    assert (shown["suspended"], shown["display_name"], shown["note"], shown["fields"]) == (True, "", "", [])
    for part in ("statuses", "followers", "following"):
        assert bob.ask("GET", f"/api/v1/accounts/{identifier}/{part}").status_code == 404
    assert bob.ask("POST", f"/api/v1/accounts/{identifier}/follow").status_code == 404
    assert bob.get("/api/v1/accounts/search", q="alice") == []


def test_an_account_that_moved_says_where_it_lives(brest: Server) -> None:
    old, new = brest.register("alice"), brest.register("alice_elue")
    with new.acting() as me:
        accounts.add_alias(me, accounts.local("alice"))
    with old.acting() as me:
        accounts.move(me, accounts.local("alice_elue"))
    shown = Application(new).get("/api/v1/accounts/lookup", acct="alice")
    shapes.check(shown.pop("moved"), shapes.LOCAL_ACCOUNT)
    shapes.check(shown, shapes.LOCAL_ACCOUNT)


def test_what_an_account_published_can_be_narrowed(brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), Application(brest.register("bob"))
    first = alice.says("Un #pont")
    answer = alice.says("@bob oui", in_reply_to_id=bob.says("Vraiment ?")["id"])
    boost = alice.post(f"/api/v1/statuses/{bob.says('Oui !')['id']}/reblog")
    alice.post(f"/api/v1/statuses/{first['id']}/pin")
    mine = f"/api/v1/accounts/{first['account']['id']}/statuses"

    def listed(**query: str) -> list[str]:
        return [status["id"] for status in bob.get(mine, **query)]

    assert listed() == [boost["id"], answer["id"], first["id"]]
    assert listed(exclude_replies="true", exclude_reblogs="1") == [first["id"]]
    assert listed(pinned="true") == [first["id"]]
    assert listed(tagged="Pont") == [first["id"]]
    assert listed(only_media="true") == []


def test_followers_come_page_by_page_with_links(brest: Server) -> None:
    carol = brest.register("carol")
    fans = [brest.register(f"fan{number}") for number in range(5)]
    for fan in fans:
        fan.follow("carol")
    app = Application(carol)
    path = f"/api/v1/accounts/{app.get('/api/v1/accounts/verify_credentials')['id']}/followers"
    names: list[str] = []
    following: str | None = f"{path}?limit=2"
    while following:
        answer = app.ask("GET", following)
        names += [each["username"] for each in answer.json]
        links = dict(part.strip().split("; ")[::-1] for part in answer.headers.get("Link", "").split(",") if part)
        following = links['rel="next"'].strip("<>") if 'rel="next"' in links else None
        assert following is None or following.startswith(f"https://brest.test{path}?limit=2&max_id=")
    assert names == ["fan4", "fan3", "fan2", "fan1", "fan0"]
    [one] = Application(fans[0]).get(f"/api/v1/accounts/{_id(app, 'fan0')}/following")
    assert one["username"] == "carol"


def test_a_giant_limit_is_clamped(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    for number in range(45):
        alice.says(f"Numéro {number}")
    assert len(alice.get("/api/v1/timelines/home", limit="100000")) == 40
    assert len(alice.get("/api/v1/timelines/home", limit="-5")) == 20
    assert len(alice.get("/api/v1/timelines/home", limit="abc")) == 20


def test_relationships_are_told_as_they_are(brest: Server) -> None:
    people = {name: brest.register(name) for name in ("alice", "bob", "carol", "dave", "erin")}
    alice = Application(people["alice"])
    ids = {name: _id(alice, name) for name in people}
    Application(people["carol"]).put("/api/v1/accounts/update_credentials", locked=True)

    shapes.check(alice.post(f"/api/v1/accounts/{ids['bob']}/follow", reblogs=False, notify=True), shapes.RELATIONSHIP)
    alice.post(f"/api/v1/accounts/{ids['carol']}/follow")
    Application(people["bob"]).post(f"/api/v1/accounts/{ids['alice']}/follow")
    alice.post(f"/api/v1/accounts/{ids['dave']}/mute", duration=3600, notifications=False)
    Application(people["erin"]).post(f"/api/v1/accounts/{ids['alice']}/block")

    def true(name: str) -> set[str]:
        [shown] = alice.get("/api/v1/accounts/relationships", id=ids[name])
        shapes.check(shown, shapes.RELATIONSHIP)
        return {key for key, value in shown.items() if value is True}

    assert true("bob") == {"following", "notifying", "followed_by"}
    assert true("carol") == {"requested"}
    assert true("dave") == {"muting"}
    assert true("erin") == {"blocked_by"}
    assert true("alice") == set()
    all_ids = [ids["dave"], ids["bob"], ids["dave"]]
    assert [each["id"] for each in alice.get("/api/v1/accounts/relationships", **{"id[]": all_ids})] == all_ids[:2]

    kept = alice.post(f"/api/v1/accounts/{ids['bob']}/follow", reblogs=True)
    assert (kept["showing_reblogs"], kept["notifying"]) == (True, True)
    assert alice.post(f"/api/v1/accounts/{ids['bob']}/remove_from_followers")["followed_by"] is False
    assert alice.post(f"/api/v1/accounts/{ids['bob']}/unfollow")["following"] is False
    assert alice.ask("POST", f"/api/v1/accounts/{ids['erin']}/follow").status_code == 403
    assert alice.ask("POST", f"/api/v1/accounts/{ids['alice']}/follow").status_code == 403


def test_who_asks_to_follow_is_let_in_or_not(brest: Server) -> None:
    carol = Application(brest.register("carol"))
    carol.put("/api/v1/accounts/update_credentials", locked=True)
    for name in ("alice", "bob"):
        Application(brest.register(name)).post(f"/api/v1/accounts/{_id(carol, 'carol')}/follow")
    waiting = carol.get("/api/v1/follow_requests")
    assert [each["username"] for each in waiting] == ["bob", "alice"]
    assert carol.get("/api/v1/accounts/verify_credentials")["source"]["follow_requests_count"] == 2
    shown = carol.post(f"/api/v1/follow_requests/{_id(carol, 'alice')}/authorize")
    assert (shown["followed_by"], shown["requested_by"]) == (True, False)
    carol.post(f"/api/v1/follow_requests/{_id(carol, 'bob')}/reject")
    assert carol.get("/api/v1/follow_requests") == []
    assert carol.ask("POST", f"/api/v1/follow_requests/{_id(carol, 'bob')}/authorize").status_code == 404
    me = _id(carol, "carol")
    assert [each["username"] for each in carol.get(f"/api/v1/accounts/{me}/followers")] == ["alice"]


def test_whom_one_blocks_and_mutes_is_listed(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    brest.register("bob")
    brest.register("carol")
    assert alice.post(f"/api/v1/accounts/{_id(alice, 'bob')}/block")["blocking"] is True
    alice.post(f"/api/v1/accounts/{_id(alice, 'carol')}/mute", duration="600")
    assert [each["username"] for each in alice.get("/api/v1/blocks")] == ["bob"]
    [muted] = alice.get("/api/v1/mutes")
    shapes.check(muted, {**shapes.LOCAL_ACCOUNT, "mute_expires_at": shapes.MOMENT})
    clock.shift(timedelta(minutes=11))
    assert alice.get("/api/v1/mutes") == []
    assert alice.post(f"/api/v1/accounts/{_id(alice, 'bob')}/unblock")["blocking"] is False
    assert alice.post(f"/api/v1/accounts/{_id(alice, 'carol')}/unmute")["muting"] is False


def _id(app: Application, name: str) -> str:
    identifier: str = app.get("/api/v1/accounts/lookup", acct=name)["id"]
    return identifier
