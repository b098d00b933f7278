"""Who plays in the demo, and what they say: `config/demo.toml`, read into plain values."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from fediterr.accounts.models import Kind, Role
from fediterr.core import settings
from fediterr.social.models import Visibility

PASSWORD = "territoires"  # noqa: S105 - printed for all to see: the demo listens on loopback only
_NAMED = re.compile(r"@(\w+)")


@dataclass(frozen=True)
class Server:
    """A territory with a server of its own."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Person:
    """Somebody of the cast: an agent, an authority or a community."""

    name: str
    server: str
    title: str
    about: str
    follows: tuple[str, ...] = ()
    kind: str = Kind.PERSON
    role: str = Role.MEMBER

    @property
    def email(self) -> str:
        return f"{self.name}@{self.server}.example"


@dataclass(frozen=True)
class Line:
    """What one of the cast does: one of `says`, `likes`, `boosts`, `votes`; the last three and `answers` name a line.

    `ago` is in minutes: such a line was played before the visitor came.
    """

    who: str
    key: str = ""
    ago: int | None = None
    says: str = ""
    answers: str = ""
    warning: str = ""
    visibility: str = Visibility.PUBLIC
    poll: tuple[str, ...] = ()
    likes: str = ""
    boosts: str = ""
    votes: str = ""
    choice: int = 0

    @property
    def about(self) -> str:
        """The line that this one answers, likes, relays or votes in; empty if none."""
        return self.answers or self.likes or self.boosts or self.votes

    @property
    def verb(self) -> str:
        """What is done: says, answers, likes, boosts or votes."""
        return next((verb for verb in ("answers", "likes", "boosts", "votes") if getattr(self, verb)), "says")

    @property
    def name(self) -> str:
        """What this line is remembered by."""
        return self.key or f"{self.who} {self.verb} {self.about}"


@dataclass(frozen=True)
class Cast:
    servers: tuple[Server, ...]
    people: dict[str, Person]
    lines: tuple[Line, ...]

    def living_at(self, server: str) -> list[Person]:
        return [person for person in self.people.values() if person.server == server]

    def named_in(self, words: str) -> list[str]:
        """The names of the cast that these words mention."""
        return [name for name in _NAMED.findall(words) if name in self.people]

    def with_handles(self, words: str, handles: dict[str, str]) -> str:
        """The same words with each `@name` of the cast written as the whole handle."""
        return _NAMED.sub(lambda found: handles.get(found[1], found[0]), words).strip()


def read() -> Cast:
    """The cast and the script that come with fediterr."""
    tables = tomllib.loads((settings.default_file().parent / "demo.toml").read_text(encoding="utf-8"))
    people = [Person(**_frozen(table)) for table in tables["people"]]
    return Cast(
        tuple(Server(**table) for table in tables["servers"]),
        {person.name: person for person in people},
        tuple(Line(**_frozen(table)) for table in tables["lines"]),
    )


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
