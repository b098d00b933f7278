"""An application with somebody's token, as tests hold one."""

from typing import Any

from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse

from fediterr.accounts import service as accounts
from fediterr.accounts import tokens
from tests.fediverse import Person

ALL = "read write follow push"
EVERYTHING = f"{ALL} admin:read admin:write"


class Application:
    """Speaks the client API for somebody (None: for nobody) on their server."""

    def __init__(self, person: Person, scopes: str | None = ALL) -> None:
        self.person, self.server = person, person.server
        self.headers: dict[str, str] = {}
        if scopes is not None:
            with self.server.inside():
                user = accounts.user_of(accounts.local(person.name))
                assert user is not None
                self.headers = {"Authorization": f"Bearer {tokens.create(user, scopes)}"}

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """The whole answer."""
        headers = {**self.headers, **more.pop("headers", {})}
        client = WsgiClient(self.server.app, use_cookies=False)
        return client.open(path, base_url=f"https://{self.server.host}", method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        return self._good(self.ask("GET", path, query_string=query))

    def post(self, path: str, **values: Any) -> Any:
        return self._good(self.ask("POST", path, json=values))

    def put(self, path: str, **values: Any) -> Any:
        return self._good(self.ask("PUT", path, json=values))

    def delete(self, path: str) -> Any:
        return self._good(self.ask("DELETE", path))

    def says(self, words: str, **more: Any) -> dict[str, Any]:
        """Publish; the status."""
        status: dict[str, Any] = self.post("/api/v1/statuses", status=words, **more)
        return status

    def home(self) -> list[str]:
        return [status["content"] for status in self.get("/api/v1/timelines/home")]

    def _good(self, answer: TestResponse) -> Any:
        assert answer.status_code == 200, f"{answer.request.path}: {answer.status_code} {answer.text}"
        return answer.json
