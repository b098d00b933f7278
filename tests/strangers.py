"""Servers that we did not write, in a story: real keys and signatures, and whatever a story makes them say.

far = Stranger(fediverse, "far.test")
alice = far.person("alice")
alice.tells(brest, alice.create(alice.note("Bonjour", to=[PUBLIC])))
"""

import functools
import hashlib
import itertools
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse

from fediterr.activitypub import proofs, signatures
from fediterr.core import clock, keys
from tests.fediverse import Fediverse, Server

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTIVITY = "application/activity+json"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"]

_generate_rsa = keys.generate_rsa  # as it is before a story takes keys that servers of ours have, too
Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


@functools.cache
def key_pair(number: int) -> tuple[str, str]:
    """Private and public PEM; made once for all stories, since RSA keys take their time."""
    private = _generate_rsa()
    return private, keys.public_pem(private)


@functools.cache
def proof_key(number: int) -> str:
    return keys.generate_ed25519()


_numbers = itertools.count()


class Stranger:
    """A server of another make. `documents` are served as ActivityPub; `answers` take the place of anything."""

    def __init__(self, fediverse: Fediverse, host: str, *, handle_domain: str = "") -> None:
        self.fediverse, self.host = fediverse, host
        self.handle_domain = handle_domain or host
        self.people: dict[str, Somebody] = {}
        self.documents: dict[str, Json] = {}
        self.answers: dict[str, Answer] = {}
        self.received: list[Json] = []
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []  # of what was received
        self.down = False
        fediverse.strangers[host] = self

    def __call__(self, request: Any) -> Answer:
        if self.down:
            return 503, {}, b""
        parts = urlsplit(request.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if request.method == "POST":
            self.received.append(json.loads(request.body))
            self.headers.append(dict(request.headers))
            return self.answers.get(parts.path, (202, {}, b""))
        self.asked.append(path)
        if (answer := self.answers.get(path) or self.answers.get(parts.path)) is not None:
            return answer
        if parts.path == "/.well-known/webfinger":
            return self._webfinger(parse_qs(parts.query)["resource"][0])
        document = self.documents.get(path)
        return json_answer(document) if document is not None else (404, {}, b"")

    def _webfinger(self, resource: str) -> Answer:
        name, _, host = resource.removeprefix("acct:").partition("@")
        somebody = self.people.get(name)
        if somebody is None or host not in (self.host, self.handle_domain):
            return 404, {}, b""
        links = [{"rel": "self", "type": ACTIVITY, "href": somebody.uri}]
        jrd = {"subject": f"acct:{name}@{self.handle_domain}", "links": links}
        return json_answer(jrd, "application/jrd+json")

    def person(self, name: str = "alice", **document: Any) -> "Somebody":
        """Somebody who lives here; `document` changes what their actor says."""
        self.people[name] = Somebody(self, name, document)
        return self.people[name]

    def serve(self, document: Json) -> Json:
        """Answer with that document at its own address."""
        self.documents[document["id"].removeprefix(f"https://{self.host}")] = document
        return document

    def received_of(self, kind: str) -> list[Json]:
        """The activities of a type that came to any inbox of this server."""
        return [activity for activity in self.received if activity["type"] == kind]


class Somebody:
    """A person of another server, who signs what they send."""

    def __init__(self, stranger: Stranger, name: str, document: Json) -> None:
        self.stranger, self.name = stranger, name
        self.uri = document.pop("id", f"https://{stranger.host}/users/{name}")
        self.key_id = f"{self.uri}#main-key"
        number = next(_numbers)
        self.private, self.public = key_pair(number % 6)
        self.ed25519 = proof_key(number % 6)
        self.document = self._actor() | document
        self.ids = itertools.count(1)
        stranger.serve(self.document)

    def _actor(self) -> Json:
        multibase = keys.to_multibase(keys.public_pem(self.ed25519))
        return {
            "@context": CONTEXT,
            "id": self.uri,
            "type": "Person",
            "preferredUsername": self.name,
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "featured": f"{self.uri}/featured",
            "endpoints": {"sharedInbox": f"https://{self.stranger.host}/inbox"},
            "publicKey": {"id": self.key_id, "owner": self.uri, "publicKeyPem": self.public},
            "assertionMethod": [
                {"id": f"{self.uri}#proof", "type": "Multikey", "controller": self.uri, "publicKeyMultibase": multibase}
            ],
        }

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.stranger.handle_domain}"

    @property
    def followers(self) -> str:
        return f"{self.uri}/followers"

    # --- what they say -----------------------------------------------------------------------------------------------

    def does(self, kind: str, obj: Any, **more: Any) -> Json:
        """An activity."""
        identifier = f"{self.uri}/activities/{kind.lower()}-{next(self.ids)}"
        return {"@context": CONTEXT, "id": identifier, "type": kind, "actor": self.uri, "object": obj} | more

    def note(self, content: str, *, kind: str = "Note", **more: Any) -> Json:
        """A note to everybody (or as `to` and `cc` say), served at its address."""
        identifier = f"https://{self.stranger.host}/notes/{self.name}-{next(self.ids)}"
        note = {"@context": CONTEXT, "id": identifier, "type": kind, "attributedTo": self.uri, "content": content}
        note |= {"to": [PUBLIC], "cc": [self.followers], "published": now()} | more
        return self.stranger.serve(note)

    def create(self, obj: Json, **more: Any) -> Json:
        return self.does("Create", obj, to=obj.get("to", []), cc=obj.get("cc", []), **more)

    def undo(self, activity: Json | str) -> Json:
        return self.does("Undo", activity)

    def proven(self, activity: Json, method: str = "") -> Json:
        """With an object integrity proof (FEP-8b32)."""
        return proofs.add(
            activity, private_pem=self.ed25519, verification_method=method or f"{self.uri}#proof", created=now()
        )

    # --- how they send it --------------------------------------------------------------------------------------------

    def sends(
        self,
        server: Server,
        activity: Any,
        *,
        inbox: str = "/inbox",
        scheme: signatures.Scheme = "cavage",
        key_id: str | None = None,
        private: str | None = None,
        signed_at: float = 0,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> TestResponse:
        """POST something signed, and the answer. `headers` and `body` replace what was signed; None leaves one out."""
        signed = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        url = f"https://{server.host}{inbox}"
        given = {"Content-Type": ACTIVITY, "Host": server.host}
        made = given | signatures.sign(
            signatures.Message("POST", url, given, signed),
            key_id=key_id or self.key_id,
            private_pem=private or self.private,
            scheme=scheme,
            now=clock.now().timestamp() + signed_at,
            body_sha256=hashlib.sha256(signed).digest(),
        )
        made |= headers or {}
        present = [(name, value) for name, value in made.items() if value]
        data = signed if body is None else body
        return WsgiClient(server.app).post(inbox, base_url=f"https://{server.host}", headers=present, data=data)

    def tells(self, server: Server, activity: Json, **how: Any) -> Json:
        """Send an activity that must be accepted, and let everything run its course."""
        answer = self.sends(server, activity, **how)
        assert answer.status_code == 202, answer.get_data(as_text=True)
        self.stranger.fediverse.settle()
        return activity

    def asks(self, server: Server, path: str) -> TestResponse:
        """A signed fetch."""
        given = {"Accept": ACTIVITY, "Host": server.host}
        message = signatures.Message("GET", f"https://{server.host}{path}", given)
        signed = given | signatures.sign(
            message, key_id=self.key_id, private_pem=self.private, scheme="cavage", now=clock.now().timestamp()
        )
        return WsgiClient(server.app).get(path, base_url=f"https://{server.host}", headers=list(signed.items()))


def json_answer(document: Json, content_type: str = ACTIVITY) -> Answer:
    return 200, {"Content-Type": content_type}, json.dumps(document).encode()


def now() -> str:
    return clock.now().isoformat().replace("+00:00", "Z")
