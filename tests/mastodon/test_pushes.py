"""Web Push: applications are told when they are not open; only they can read it, and nobody waits for them."""

import base64
import dataclasses
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import http_ece
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from mastodon import Mastodon
from py_vapid import Vapid02

from fediterr.accounts import service as accounts
from fediterr.accounts import tokens
from fediterr.activitypub import pushes as sending
from fediterr.activitypub.client import Client
from fediterr.core import clock, webpush
from fediterr.core.db import session
from fediterr.core.settings import Settings
from fediterr.social import pushes
from fediterr.social.models import Push, PushSubscription
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application

PATH = "/api/v1/push/subscription"
HOST = "push.test"
READER = Mastodon(access_token="x", api_base_url="https://brest.test", version_check_mode="none")


class PushService:
    """A service that takes messages for one application, and opens them as it would."""

    def __init__(self, fediverse: Fediverse) -> None:
        self.status, self.headers = 201, {}
        self.taken: list[Any] = []
        self.private, self.public = READER.push_subscription_generate_keys()
        fediverse.strangers[HOST] = self.answer

    def answer(self, request: Any) -> tuple[int, dict[str, str], bytes]:
        if self.status == 201:
            self.taken.append(request)
        return self.status, self.headers, b""

    @property
    def keys(self) -> dict[str, str]:
        return {
            "p256dh": base64.b64encode(self.public["pubkey"]).decode(),
            "auth": base64.urlsafe_b64encode(self.public["auth"]).decode().rstrip("="),
        }

    def opened(self, request: Any) -> dict[str, Any]:
        return self.read(request.body)

    def read(self, body: bytes) -> dict[str, Any]:
        """A message by RFC 8291."""
        key = ec.derive_private_key(self.private["privkey"], ec.SECP256R1())
        opened: dict[str, Any] = json.loads(http_ece.decrypt(body, private_key=key, auth_secret=self.private["auth"]))
        return opened

    def titles(self) -> list[str]:
        return [self.opened(request)["title"] for request in self.taken]


@pytest.fixture
def service(fediverse: Fediverse) -> PushService:
    return PushService(fediverse)


@pytest.fixture
def bob(brest: Server) -> Application:
    return Application(brest.register("bob", display_name="Bob L’Éponge"))


def subscribe(
    application: Application, service: PushService, *, standard: bool = True, policy: str = "all", **alerts: bool
) -> Any:
    endpoint = {"endpoint": f"https://{HOST}/alice", "keys": service.keys, "standard": standard}
    return application.post(PATH, subscription=endpoint, data={"alerts": alerts, "policy": policy})


def test_a_mention_reaches_the_application_which_alone_can_read_it(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application, bob: Application
) -> None:
    made = subscribe(alice, service, mention=True)
    shapes.check(made, shapes.PUSH_SUBSCRIPTION)
    said = bob.says("@alice <b>Salut</b> & bonjour")
    bob.post(f"/api/v1/accounts/{alice.get('/api/v1/accounts/verify_credentials')['id']}/follow")
    fediverse.settle()
    [request] = service.taken
    message = service.opened(request)
    [_, told] = alice.get("/api/v1/notifications")
    assert message == {
        "access_token": "",  # a secret: the application knows its own
        "preferred_locale": "fr",
        "notification_id": told["id"],
        "notification_type": "mention",
        "icon": said["account"]["avatar"],
        "title": "Bob L’Éponge vous mentionne ou vous répond",
        "body": "@alice <b>Salut</b> & bonjour",
    }
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["TTL"] == "172800"
    assert "Signature" not in request.headers
    assert message["title"].encode() not in request.body
    authorization = request.headers["Authorization"]
    assert Vapid02.verify(authorization)
    token, key = (part.partition("=")[2] for part in authorization.removeprefix("vapid ").split(","))
    assert (
        key
        == made["server_key"].rstrip("=")
        == alice.get("/api/v2/instance")["configuration"]["vapid"]["public_key"].rstrip("=")
    )
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == f"https://{HOST}"
    assert claims["sub"] == "https://brest.test"
    assert 0 < claims["exp"] - clock.now().timestamp() <= 24 * 3600


def test_older_applications_get_the_older_form(
    fediverse: Fediverse, service: PushService, alice: Application, bob: Application
) -> None:
    subscribe(alice, service, standard=False, mention=True)
    bob.says("@alice bonjour")
    fediverse.settle()
    [request] = service.taken
    read = READER.push_subscription_decrypt_push(
        request.body, service.private, request.headers["Encryption"], request.headers["Crypto-Key"]
    )
    assert (read.title, read.notification_type) == ("Bob L’Éponge vous mentionne ou vous répond", "mention")
    assert request.headers["Authorization"].startswith("WebPush ")
    assert request.headers["Content-Encoding"] == "aesgcm"


def test_it_speaks_the_language_of_the_user(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application, bob: Application
) -> None:
    subscribe(alice, service, mention=True)
    with alice.person.acting() as me:
        user = accounts.user_of(me)
        assert user is not None
        accounts.set_language(user, "en")
    bob.says("@alice bonjour")
    fediverse.settle()
    assert service.titles() == ["Bob L’Éponge mentions you or answers you"]


@pytest.mark.parametrize(("policy", "heard"), [("all", 4), ("followed", 1), ("follower", 2), ("none", 0)])
def test_a_policy_says_who_may_cause_a_push(
    fediverse: Fediverse, service: PushService, alice: Application, policy: str, heard: int
) -> None:
    people = [Application(alice.server.register(name)) for name in ("followed", "follower", "friend", "stranger")]
    ids = [each.get("/api/v1/accounts/verify_credentials")["id"] for each in (*people, alice)]
    alice.post(f"/api/v1/accounts/{ids[0]}/follow")
    for each in people[1:3]:
        each.post(f"/api/v1/accounts/{ids[4]}/follow")
    fediverse.settle()
    subscribe(alice, service, policy=policy, mention=True)
    for each in people:
        each.says("@alice bonjour")
    fediverse.settle()
    assert len(service.taken) == heard


def test_while_a_service_is_away_messages_wait_in_order_and_are_dropped_after_two_days(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application, bob: Application
) -> None:
    subscribe(alice, service, mention=True)
    service.status, service.headers = 503, {"Retry-After": "3600"}
    for number in range(3):
        bob.says(f"@alice {number}")
        fediverse.settle()
    assert len(alice.get("/api/v1/notifications")) == 3  # nobody waited for the service
    asked = len([url for _, url in fediverse.requests if HOST in url])
    assert asked == 1  # and it is left alone
    service.status = 201
    fediverse.wait(minutes=50)
    assert service.taken == []
    fediverse.wait(minutes=15)
    assert [service.opened(request)["body"] for request in service.taken] == ["@alice 0", "@alice 1", "@alice 2"]
    service.status = 500
    bob.says("@alice en vain")
    fediverse.settle()
    fediverse.wait(days=2, hours=1)
    service.status = 201
    fediverse.wait(hours=5)
    assert len(service.taken) == 3
    assert brest.count(Push) == 0
    assert brest.count(PushSubscription) == 1


@pytest.mark.parametrize("status", [404, 410, 403])
def test_an_application_that_its_service_no_longer_knows_is_forgotten(
    fediverse: Fediverse, service: PushService, alice: Application, bob: Application, status: int
) -> None:
    subscribe(alice, service, mention=True)
    service.status = status
    bob.says("@alice bonjour")
    fediverse.settle()
    assert (alice.server.count(PushSubscription), alice.server.count(Push)) == (0, 0)
    assert alice.ask("GET", PATH).status_code == 404


def test_a_revoked_token_hears_nothing_more(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application, bob: Application
) -> None:
    subscribe(alice, service, mention=True)
    service.status = 503
    bob.says("@alice une fois")
    fediverse.settle()
    with brest.inside():
        token = tokens.by_value(alice.headers["Authorization"].removeprefix("Bearer "))
        assert token is not None
        tokens.revoke(token)
    service.status = 201
    bob.says("@alice deux fois")
    fediverse.wait(hours=5)
    assert service.taken == []
    assert brest.count(Push) == 0


def test_a_few_messages_wait_for_one_application_and_the_oldest_give_way(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushes, "WAITING", 3)
    subscribe(alice, service, mention=True)
    with brest.inside():
        [held] = session.scalars(sa.select(PushSubscription))
        for number in range(5):
            pushes.queue(held, f'{{"title": "{number}"}}')
    fediverse.settle()
    assert service.titles() == ["2", "3", "4"]


def test_a_subscription_is_one_for_each_token_and_changes(
    fediverse: Fediverse, brest: Server, service: PushService, alice: Application
) -> None:
    assert alice.ask("GET", PATH).status_code == alice.ask("PUT", PATH, json={}).status_code == 404
    first = subscribe(alice, service, follow=True)
    assert {kind for kind, wanted in first["alerts"].items() if wanted} == {"follow"}
    changed = alice.put(PATH, data={"alerts": {"mention": True, "admin.report": "true"}}, policy="followed")
    assert {kind for kind, wanted in changed["alerts"].items() if wanted} == {"mention", "admin.report"}
    assert (changed["policy"], changed["id"]) == ("followed", first["id"])
    assert alice.get(PATH) == changed
    seldom = alice.put(PATH, data={"alerts": {"moderation_warning": True}})["alerts"]
    assert {kind for kind, wanted in seldom.items() if wanted} == {"moderation_warning"}
    second = subscribe(alice, service)
    assert second["id"] != first["id"]
    other = Application(alice.person)
    assert other.ask("GET", PATH).status_code == 404
    subscribe(other, service)
    assert brest.count(PushSubscription) == 2
    assert alice.delete(PATH) == {} == alice.delete(PATH)
    assert brest.count(PushSubscription) == 1
    assert Application(alice.person, "read write follow").ask("GET", PATH).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://127.0.0.1/a"},
        {"endpoint": "http://push.test/a"},
        {"endpoint": "https://10.0.0.1/a"},
        {"endpoint": "ftp://push.test"},
        {"endpoint": ""},
        {"endpoint": "https://push.test/" + "a" * 3000},
        {"keys": {}},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "é", "auth": "!"}},
    ],
)
def test_nonsense_is_no_subscription(
    brest: Server, service: PushService, alice: Application, wrong: dict[str, Any]
) -> None:
    good = {"endpoint": f"https://{HOST}/alice", "keys": service.keys}
    assert alice.ask("POST", PATH, json={"subscription": good | wrong}).status_code == 422
    assert alice.ask("POST", PATH, json={"subscription": good, "policy": "some"}).status_code == 422
    assert brest.count(PushSubscription) == 0


def test_the_key_of_a_server_stays_and_each_has_its_own() -> None:
    key = webpush.public_key("a secret of more than thirty-two characters")
    assert key == webpush.public_key("a secret of more than thirty-two characters")
    assert key != webpush.public_key("another secret of more than thirty-two characters")
    assert len(base64.urlsafe_b64decode(key)) == 65


def test_it_goes_over_a_real_socket_where_the_guard_lets_it(base_settings: Settings, service: PushService) -> None:
    taken: list[tuple[Any, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        keys = webpush.read_keys(**service.keys)
        receiver = webpush.Receiver(f"http://127.0.0.1:{server.server_port}/alice", *keys)
        parcel = sending.Parcel(1, receiver, [(number, json.dumps({"title": number})) for number in range(3)])
        allowed = dataclasses.replace(base_settings, federation_allow_hosts=("127.0.0.0/8",))
        outcomes = []
        for settings in (base_settings, allowed):
            client = Client(settings)
            outcomes.append(sending._send(client, parcel, settings.secret_key, settings.base_url))
            client.close()
        server.shutdown()
    assert [(outcome.done, outcome.gone) for outcome in outcomes] == [([], True), ([0, 1, 2], False)]
    assert [headers["Content-Encoding"] for headers, _ in taken] == ["aes128gcm"] * 3
    assert [service.read(body)["title"] for _, body in taken] == [0, 1, 2]
