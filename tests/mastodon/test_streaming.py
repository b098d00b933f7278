"""Live updates of a running server: what happens is told at once, to those who may know, in the shapes they know."""

import json
import time
from collections.abc import Iterator

import pytest
import requests
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from fediterr.accounts import tokens
from tests.mastodon.listening import Socket, by_events, by_socket
from tests.processes import Member, Serve, until

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    made = Serve(tmp_path_factory.mktemp("streaming"))
    made.start()
    yield made
    assert made.stop() == 0


@pytest.fixture(scope="module")
def alice(server: Serve) -> Member:
    return server.member("alice")


@pytest.fixture(scope="module")
def bob(server: Serve) -> Member:
    return server.member("bob")


def test_a_post_its_edit_and_its_end_are_told_within_a_second(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket:
        socket.subscribe("user")
        socket.subscribe("public:local")
        socket.subscribe("hashtag", tag="Réunion")
        alice.says("Bonjour")  # the first one wakes everything up
        socket.hears("update", ["public:local"])

        before = time.monotonic()
        said = alice.says("Conseil demain #réunion")
        told = socket.hears("update", ["user"])
        assert time.monotonic() - before < 1
        assert told == alice.api("GET", f"v1/statuses/{said['id']}")
        assert socket.hears("update", ["hashtag", "Réunion"])["id"] == said["id"]

        alice.api("PUT", f"v1/statuses/{said['id']}", json={"status": "Conseil jeudi #réunion"})
        assert "jeudi" in socket.hears("status.update", ["user"])["content"]
        alice.api("DELETE", f"v1/statuses/{said['id']}")
        told = socket.next()
        while told["event"] != "delete":
            told = socket.next()
        assert told["payload"] == said["id"], "an id stays text, also where it looks like a number"


def test_a_quote_that_is_taken_back_is_told(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket:
        socket.subscribe("user")
        said = alice.says("Le pont ferme")
        quoting = alice.api("POST", "v1/statuses", json={"status": "Voyez", "quoted_status_id": said["id"]})
        alice.api("POST", f"v1/statuses/{said['id']}/quotes/{quoting['id']}/revoke")
        assert socket.hears("status.update", ["user"])["quote"] == {"state": "revoked", "quoted_status": None}


def test_server_sent_events_bring_the_same(alice: Member) -> None:
    with by_events(alice, "user") as home, by_events(alice, "hashtag?tag=fete") as tagged:
        said = alice.says("Ce soir #fete")
        assert home.hears("update")["id"] == said["id"] == tagged.hears("update")["id"]
        alice.api("DELETE", f"v1/statuses/{said['id']}")
        assert str(home.hears("delete")) == said["id"]


def test_each_hears_what_they_would_read(server: Serve, alice: Member, bob: Member) -> None:
    alice.api("POST", f"v1/accounts/{bob.id}/follow")
    until(lambda: alice.relationship(bob.id)["following"])
    with by_socket(server, alice.token, "?stream=user") as hers, by_socket(server, bob.token, "?stream=user") as his:
        alice.says("Entre nous", visibility="private")
        followed = bob.says("À tous ceux qui me suivent", visibility="private")
        last = alice.says("Et voilà")
        bob.says("Fin")
        assert hers.hears("update", ["user"])["content"] == "<p>Entre nous</p>"
        assert hers.hears("update", ["user"])["id"] == followed["id"]
        assert hers.hears("update", ["user"])["id"] == last["id"]
        assert [his.hears("update", ["user"])["content"] for _ in range(2)] == [
            "<p>À tous ceux qui me suivent</p>",
            "<p>Fin</p>",
        ], "bob follows nobody, and hears himself alone"
    alice.api("POST", f"v1/accounts/{bob.id}/unfollow")


def test_a_blocked_or_filtered_post_is_not_told(server: Serve, alice: Member, bob: Member) -> None:
    keyword = [{"keyword": "courgettes"}]
    hidden = {"title": "assez", "context": ["public"], "filter_action": "hide", "keywords_attributes": keyword}
    with by_socket(server, alice.token) as socket:
        socket.subscribe("user")
        socket.subscribe("public")
        made = alice.api("POST", "v2/filters", json=hidden)
        assert socket.hears("filters_changed", ["user"]) is None
        bob.says("Encore des courgettes")
        heard = bob.says("Des tomates")
        assert socket.hears("update", ["public"])["id"] == heard["id"]
        alice.api("DELETE", f"v2/filters/{made['id']}")
        alice.api("POST", f"v1/accounts/{bob.id}/block")
        bob.says("Vous m'entendez ?")
        own = alice.says("Enfin seule")
        assert socket.hears("update", ["public"])["id"] == own["id"]
    alice.api("POST", f"v1/accounts/{bob.id}/unblock")


def test_a_boost_is_told_at_home_and_its_end_too(server: Serve, alice: Member, bob: Member) -> None:
    said = alice.says("À faire passer")
    with by_socket(server, bob.token, "?stream=user") as socket:
        boost = bob.api("POST", f"v1/statuses/{said['id']}/reblog")
        assert socket.hears("update", ["user"])["reblog"]["id"] == said["id"]
        bob.api("POST", f"v1/statuses/{said['id']}/unreblog")
        assert str(socket.hears("delete", ["user"])) == boost["id"]


def test_what_one_no_longer_wants_is_no_longer_told(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket:
        for tag in ("un", "deux"):
            socket.subscribe("hashtag", tag=tag)
        socket.unsubscribe("hashtag", tag="un")
        alice.says("#un")
        alice.says("#deux")
        assert socket.next()["stream"] == ["hashtag", "deux"]


def test_notifications_are_told_to_those_whose_token_reaches_them(server: Serve, alice: Member, bob: Member) -> None:
    few = server.run("tokens", "create", "alice", "--scopes", "read:statuses").split()[-1]
    with by_socket(server, alice.token) as socket, by_socket(server, few, "?stream=user") as less:
        socket.subscribe("user")
        socket.subscribe("user:notification")
        said = bob.says("@alice vous venez ?")
        both = [socket.next() for _ in range(2)]
        assert sorted(each["stream"] for each in both) == [["user"], ["user:notification"]]
        told, again = (json.loads(each["payload"]) for each in both)
        assert told == again == alice.api("GET", f"v1/notifications/{told['id']}")
        assert (told["type"], told["status"]["id"], told["account"]["id"]) == ("mention", said["id"], bob.id)
        own = alice.says("Oui")
        assert less.next()["event"] == "update"
        alice.api("DELETE", f"v1/statuses/{own['id']}")


def test_a_list_is_heard_by_its_owner_alone(server: Serve, alice: Member, bob: Member) -> None:
    made = alice.api("POST", "v1/lists", json={"title": "voisins"})
    with by_socket(server, bob.token) as socket:
        socket.subscribe("list", list=made["id"])
        assert socket.next() == {"error": "Record not found", "status": 404}


# --- who is let in -------------------------------------------------------------------------------------------------


def test_browsers_put_the_token_among_the_sub_protocols(server: Serve, alice: Member) -> None:
    address = server.origin.replace("http", "ws", 1) + "/api/v1/streaming?stream=user"
    with connect(address, subprotocols=[alice.token]) as connection:
        assert connection.subprotocol == alice.token
        said = alice.says("Depuis un navigateur")
        assert Socket(connection).hears("update", ["user"])["id"] == said["id"]


def test_nobody_is_let_in_without_a_token_that_reaches_so_far(server: Serve, alice: Member) -> None:
    def answer(path: str, token: str = "") -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        asked = requests.get(f"{server.origin}/api/v1/streaming{path}", headers=headers, timeout=10)
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        return asked.status_code, asked.json()["error"]

    few = server.run("tokens", "create", "alice", "--scopes", "read:statuses").split()[-1]
    assert answer("/user") == (401, "Missing access token")
    assert answer("/public", "nonsense") == (401, "The access token is invalid")
    assert answer("/user/notification", few) == (401, "Access token does not have the required scopes")
    assert answer("/nowhere", alice.token) == (404, "Not found")
    assert answer("/nowhere%20HTTP/1.1%0D%0AX-A:%20b%0D%0A%0D%0A", alice.token) == (404, "Not found")
    assert answer("/hashtag", alice.token) == (400, "Missing tag name parameter")
    assert answer("/list?list=1", alice.token) == (404, "Record not found")
    with pytest.raises(InvalidStatus) as refused, by_socket(server, "nonsense"):
        pass
    assert refused.value.response.status_code == 401
    health = requests.get(f"{server.origin}/api/v1/streaming/health", timeout=10)
    assert (health.status_code, health.text) == (200, "OK")


def test_a_wrong_subscription_is_said_to_be_wrong_and_the_others_go_on(server: Serve, alice: Member) -> None:
    with by_socket(server, alice.token) as socket:
        socket.subscribe("weather")
        assert socket.next() == {"error": "Unknown stream type", "status": 400}
        socket.subscribe("hashtag", tag="")
        assert socket.next() == {"error": "Missing tag name parameter", "status": 400}
        socket.connection.send("nonsense")
        socket.connection.send("[1]")
        socket.subscribe("list", list="117")
        assert socket.next() == {"error": "Record not found", "status": 404}
        socket.subscribe("user")
        said = alice.says("Toujours là")
        assert socket.hears("update", ["user"])["id"] == said["id"]


def test_a_token_taken_back_ends_its_streams_within_five_seconds(server: Serve, alice: Member) -> None:
    token = server.run("tokens", "create", "alice", "--scopes", "read").split()[-1]
    listener = Member(server, "alice", token)
    with by_socket(server, token, "?stream=user") as socket, by_events(listener, "user") as events:
        change(server, "UPDATE tokens SET revoked_at = created_at WHERE hash = :hash", hash=tokens.hash_of(token))
        before = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            socket.connection.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        assert events.ends(5 - (time.monotonic() - before))


def test_a_token_that_lost_a_scope_ends_its_streams(server: Serve) -> None:
    token = server.run("tokens", "create", "alice", "--scopes", "read").split()[-1]
    with by_socket(server, token, "?stream=user") as socket:
        change(server, "UPDATE tokens SET scopes = 'read:accounts' WHERE hash = :hash", hash=tokens.hash_of(token))
        with pytest.raises(ConnectionClosed):
            socket.connection.recv(timeout=5)


def change(server: Serve, statement: str, **values: str) -> None:
    """What an operator, or another part of the server, writes to the database."""
    engine = sa.create_engine(
        server.environment.get("FEDITERR_DATABASE_URL") or f"sqlite:///{server.directory}/fediterr.db"
    )
    with engine.begin() as connection:
        connection.execute(sa.text(statement), values)
    engine.dispose()


def test_a_suspended_account_hears_nothing_more(server: Serve) -> None:
    mallory = server.member("mallory")
    with by_socket(server, mallory.token, "?stream=public") as socket:
        server.run("accounts", "suspend", "mallory")
        with pytest.raises(ConnectionClosed):
            socket.connection.recv(timeout=5)
