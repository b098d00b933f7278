"""People who come to a server by the applications they already have."""

import itertools
from typing import Any

import mastodon
import requests

from tests.clients.strict import Strict
from tests.processes import Serve, until

PASSWORD = "correct horse battery"
SCOPES = ["read", "write", "follow", "push", "admin:read", "admin:write"]
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


class Town:
    """A running server, the application that its people use, and who lives there."""

    def __init__(self, server: Serve) -> None:
        self.server, self.origin = server, server.origin
        # An administrator is whom the instance names as its contact.
        self.server.run("accounts", "create", "capitainerie", "--email", "port@maree.example", "--password", PASSWORD,
                        "--confirmed", "--role", "admin")  # fmt: skip
        self.client_id, self.client_secret = mastodon.Mastodon.create_app(
            "Marée", scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=self.origin
        )
        self._numbers = itertools.count(1)
        self._open: list[Strict] = []

    def register(self, name: str) -> Strict:
        """Somebody new, by the client API alone; their application."""
        newcomer = mastodon.Mastodon(self.client_id, self.client_secret, api_base_url=self.origin)
        token = newcomer.create_account(
            name, PASSWORD, f"{name}@maree.example", agreement=True, locale="fr", scopes=SCOPES[:4]
        )
        newcomer.session.close()
        return self.application(token)

    def anybody(self, name: str = "agent") -> Strict:
        """Somebody whom no other story knows."""
        return self.register(f"{name}_{next(self._numbers)}")

    def administrator(self) -> Strict:
        name = f"admin_{next(self._numbers)}"
        address = f"{name}@maree.example"
        run = self.server.run
        run("accounts", "create", name, "--email", address, "--password", PASSWORD, "--confirmed", "--role", "admin")
        return self.application(run("tokens", "create", name, "--scopes", " ".join(SCOPES)))

    def application(self, token: str | None) -> Strict:
        made = Strict(self.origin, token, client_id=self.client_id, client_secret=self.client_secret)
        self._open.append(made)
        return made

    def follow(self, follower: Strict, target: Strict) -> None:
        follower.account_follow(target.me()["id"])
        until(lambda: follower.account_relationships(target.me()["id"])[0]["following"])

    def fetch(self, path: str, **more: Any) -> requests.Response:
        return requests.get(f"{self.origin}{path}", timeout=30, **more)

    def close(self) -> None:
        for application in self._open:
            application.recording.close()
        self.server.stop()
