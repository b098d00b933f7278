"""Who may call which route of the client API, written as a table: method, address, scope, who.

    python -m tests.mastodon.matrix > tests/mastodon/matrix.txt

Read what changed before you keep it: each line is a door, and says who has the key.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from fediterr.app import create_app
from fediterr.core import jobs, settings
from fediterr.mastodon import routes

TABLE = Path(__file__).with_name("matrix.txt")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


class Line(NamedTuple):
    """One method of one address: what a token must hold, and whose it must be."""

    method: str
    address: str
    scope: str
    who: str

    @property
    def path(self) -> str:
        """An address that can be asked."""
        return re.sub(r":\w+", "1", self.address)


def lines(app: Flask) -> list[Line]:
    """The table, from the map of routes itself."""
    return sorted(_read(app), key=lambda line: (line.address, line.method))


def _read(app: Flask) -> Iterator[Line]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] != routes.blueprint.name:
            continue
        access = routes.ACCESS.get(rule.endpoint)
        address = PLACE.sub(lambda found: ":" + found[1].replace("identifier", "id"), rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Line(method, address, access.scope if access else "(none)", _who(access))


def _who(access: routes.Access | None) -> str:
    if access is None:
        return "nobody"
    if access.scope == routes.PUBLIC or access.anyone:
        return "anyone"
    return "application" if access.application else str(access.role or "member")


def text(app: Flask) -> str:
    return "".join(f"{line.method:<6} {line.address:<64} {line.scope:<36} {line.who}\n" for line in lines(app))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.load({"FEDITERR_DATA_DIR": folder}), queue=jobs.MemoryQueue())
        sys.stdout.write(text(app))
