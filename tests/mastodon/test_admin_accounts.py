"""Moderators look for accounts and take measures against them, and the measures hold."""

from typing import Any

import pytest

from fediterr.accounts import service as accounts
from fediterr.accounts import tokens
from fediterr.accounts.models import Role, User
from fediterr.core.db import session
from fediterr.core.mail import Letter
from fediterr.moderation.models import Decision
from fediterr.social.models import Post
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import EVERYTHING, Application


def about(app: Application) -> dict[str, Any]:
    found: dict[str, Any] = app.get("/api/v1/accounts/verify_credentials")
    return found


def act(admin: Application, whom: str, measure: str, **more: Any) -> dict[str, Any]:
    """Take a measure; how the account stands then."""
    assert admin.post(f"/api/v1/admin/accounts/{whom}/action", type=measure, **more) == {}
    found: dict[str, Any] = admin.get(f"/api/v1/admin/accounts/{whom}")
    return found


def test_accounts_are_found_by_what_they_are(fediverse: Fediverse, brest: Server, admin: Application) -> None:
    bob, paul = brest.register("bob"), fediverse["nantes.test"].register("paul")
    bob.follow("paul@nantes.test")
    Application(brest.register("moderato", role=Role.MODERATOR), EVERYTHING)
    one = admin.get("/api/v2/admin/accounts", username="bo")[0]
    shapes.check(one, shapes.ADMIN_ACCOUNT)
    shapes.check(admin.get("/api/v2/admin/accounts", origin="remote")[0], shapes.ADMIN_REMOTE_ACCOUNT)

    def names(path: str = "/api/v2/admin/accounts", **wanted: str) -> list[str]:
        return [each["username"] for each in admin.get(path, **wanted)]

    everyone = ["paul", "moderato", "bob", "alice"]
    assert sorted(names()) == sorted(everyone)
    assert names(origin="remote") == names("/api/v1/admin/accounts", remote="true") == ["paul"]
    assert names(by_domain="nantes.test") == ["paul"]
    assert sorted(names(permissions="staff")) == sorted(names("/api/v1/admin/accounts", staff="1"))
    assert sorted(names(permissions="staff")) == ["alice", "moderato"]
    assert names(**{"role_ids[]": "3"}) == ["alice"]
    assert names(email="BOB@brest") == ["bob"]
    assert names(display_name="nobody") == names(invited_by="12") == names(status="suspended") == []
    assert names(origin="local", limit="1", max_id=one["id"]) == ["alice"]
    for wrong in ({"status": "sick"}, {"origin": "global"}, {"permissions": "stave"}, {"ip": "nowhere"}):
        assert admin.ask("GET", "/api/v2/admin/accounts", query_string=wrong).status_code == 422
    assert paul.name == "paul"


def test_moderators_see_from_where_somebody_came(brest: Server, admin: Application, bob: Application) -> None:
    bob.ask("GET", "/api/v1/timelines/home", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    [found] = admin.get("/api/v2/admin/accounts", ip="192.0.2.7")
    assert (found["username"], found["ip"], found["ips"][0]["ip"]) == ("bob", "192.0.2.7", "192.0.2.7")
    assert admin.get("/api/v2/instance")["usage"]["users"]["active_month"] == 2


def test_a_measure_is_told_by_a_letter_unless_it_is_not_to_be(fediverse: Fediverse) -> None:
    brest = fediverse.add("brest.test", mail_host="localhost")
    admin = Application(brest.register("alice", role=Role.ADMIN), EVERYTHING)
    whom = about(Application(brest.register("bob")))["id"]
    act(admin, whom, "silence", send_email_notification=False)
    assert brest.count(Letter) == 0
    act(admin, whom, "silence", text="Trop de publicité")
    written = (Letter.recipient == "bob@brest.test.example", Letter.words.contains("Trop de publicité"))
    assert brest.count(Letter, *written) == 1


def test_who_is_disabled_neither_signs_in_nor_uses_tokens(admin: Application, bob: Application) -> None:
    whom = about(bob)["id"]
    assert act(admin, whom, "disable")["disabled"] is True
    answer = bob.ask("GET", "/api/v1/timelines/home")
    assert (answer.status_code, answer.json) == (403, {"error": "Your login is currently disabled"})
    assert admin.post(f"/api/v1/admin/accounts/{whom}/enable")["disabled"] is False
    assert bob.home() == []


def test_who_is_silenced_is_heard_by_followers_only(brest: Server, admin: Application, bob: Application) -> None:
    carol, dave = Application(brest.register("carol")), Application(brest.register("dave"))
    carol.person.follow("bob")
    said = bob.says("Un #pont")["id"]
    whom = about(bob)["id"]
    assert act(admin, whom, "silence")["silenced"] is True
    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/pont"):
        assert [each["id"] for each in carol.get(path)] == [said]
        assert [each["id"] for each in bob.get(path)] == [said]
        assert dave.get(path) == Application(dave.person, None).get(path) == []
    found = {app: app.get("/api/v2/search", q="bob", type="accounts")["accounts"] for app in (carol, dave)}
    assert (len(found[carol]), found[dave]) == (1, [])
    assert dave.get(f"/api/v1/accounts/{whom}")["limited"] is True
    bob.person.follow("dave")
    assert bob.person.follows("dave") is False
    assert admin.post(f"/api/v1/admin/accounts/{whom}/unsilence")["silenced"] is False
    assert [each["id"] for each in dave.get("/api/v1/timelines/public")] == [said]


def test_a_veil_covers_what_is_shown_of_an_account(fediverse: Fediverse, admin: Application, bob: Application) -> None:
    paul = fediverse["nantes.test"].register("paul")
    paul.follow("bob@brest.test")
    fediverse.settle()
    whom = about(bob)["id"]
    assert act(admin, whom, "sensitive")["sensitized"] is True
    said = bob.says("Une photo")
    assert said["sensitive"] is False
    assert admin.get(f"/api/v1/statuses/{said['id']}")["sensitive"] is True
    fediverse.settle()
    assert [post["sensitive"] for post in Application(paul).get("/api/v1/timelines/home")] == [True]
    assert admin.post(f"/api/v1/admin/accounts/{whom}/unsensitive")["sensitized"] is False
    assert admin.get(f"/api/v1/statuses/{said['id']}")["sensitive"] is False


def test_who_is_suspended_is_gone_until_they_are_let_back(brest: Server, admin: Application, bob: Application) -> None:
    whom, said = about(bob)["id"], bob.says("Bonjour")["id"]
    assert act(admin, whom, "suspend", text="Insultes")["suspended"] is True
    assert bob.ask("GET", "/api/v1/timelines/home").status_code == 403
    assert admin.ask("GET", f"/api/v1/statuses/{said}").status_code == 404
    assert len(admin.get("/api/v1/admin/canonical_email_blocks")) == 1
    assert admin.post(f"/api/v1/admin/accounts/{whom}/unsuspend")["suspended"] is False
    assert admin.get("/api/v1/admin/canonical_email_blocks") == []
    assert bob.get(f"/api/v1/statuses/{said}")["id"] == said
    with brest.inside():
        decided = [(each.action, each.subject, each.reason) for each in session.query(Decision).order_by(Decision.id)]
    assert decided == [("suspend", "bob@brest.test", "Insultes"), ("unsuspend", "bob@brest.test", "")]


def test_what_is_deleted_is_gone_for_good(brest: Server, admin: Application, bob: Application) -> None:
    whom, said = about(bob)["id"], bob.says("Bonjour")
    assert admin.ask("DELETE", f"/api/v1/admin/accounts/{whom}").status_code == 403
    act(admin, whom, "suspend")
    assert admin.delete(f"/api/v1/admin/accounts/{whom}")["username"] == "bob"
    assert brest.count(Post) == brest.count(User, User.role == Role.MEMBER) == 0
    assert admin.ask("POST", f"/api/v1/admin/accounts/{whom}/unsuspend").status_code == 403
    assert brest.get(said["uri"].removeprefix("https://brest.test")).status_code == 410
    with brest.inside(), pytest.raises(Exception, match="taken"):
        accounts.register("bob", "bob@other.example", "correct horse battery")


def test_who_waits_is_let_in_or_sent_away(brest: Server, admin: Application) -> None:
    waiting = {}
    for name in ("dora", "emil"):
        with brest.inside():
            user = accounts.register(name, f"{name}@x.example", "a long secret", confirmed=True, approved=False)
            waiting[name] = (str(user.account_id), tokens.create(user, "read"))
    listed = admin.get("/api/v2/admin/accounts", status="pending")
    assert {each["username"] for each in listed} == {"dora", "emil"}
    dora, token = waiting["dora"]
    assert admin.post(f"/api/v1/admin/accounts/{dora}/approve")["approved"] is True
    app = Application(brest.register("fritz"), None)
    app.headers = {"Authorization": f"Bearer {token}"}
    assert app.home() == []
    emil, _ = waiting["emil"]
    assert admin.post(f"/api/v1/admin/accounts/{emil}/reject")["username"] == "emil"
    assert admin.ask("GET", f"/api/v1/admin/accounts/{emil}").status_code == 404
    assert admin.ask("POST", f"/api/v1/admin/accounts/{dora}/reject").status_code == 403


def test_a_moderator_touches_no_administrator_and_nobody_touches_themselves(brest: Server, admin: Application) -> None:
    moderator = Application(brest.register("moderato", role=Role.MODERATOR), EVERYTHING)
    colleague = Application(brest.register("collega", role=Role.MODERATOR), EVERYTHING)
    for acting, whom in ((moderator, admin), (moderator, colleague), (moderator, moderator), (admin, admin)):
        answer = acting.ask("POST", f"/api/v1/admin/accounts/{about(whom)['id']}/action", json={"type": "suspend"})
        assert (answer.status_code, answer.json) == (403, {"error": "This action is not allowed"})
    assert act(admin, about(moderator)["id"], "silence")["silenced"] is True


def test_only_moderators_come_in_and_only_with_the_scope(brest: Server, admin: Application, bob: Application) -> None:
    member = Application(bob.person, EVERYTHING)
    plain = Application(admin.person, "read write")
    for app in (member, plain):
        assert app.ask("GET", "/api/v1/admin/accounts").status_code == 403
    moderator = Application(brest.register("moderato", role=Role.MODERATOR), EVERYTHING)
    assert moderator.ask("GET", "/api/v1/admin/accounts").status_code == 200
    assert moderator.ask("GET", "/api/v1/admin/ip_blocks").status_code == 403


def test_nonsense_is_refused_in_the_words_of_mastodon(admin: Application, bob: Application) -> None:
    answer = admin.ask("POST", f"/api/v1/admin/accounts/{about(bob)['id']}/action", json={"type": "tickle"})
    assert (answer.status_code, answer.json) == (
        422,
        {"error": "Validation failed: Type is not included in the list"},
    )
    assert admin.ask("POST", "/api/v1/admin/accounts/1/action", json={"type": "none"}).status_code == 404
