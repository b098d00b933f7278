"""Pages of moderators and administrators are for them, whatever is asked and however."""

import re

import pytest

from tests.fediverse import Fediverse
from tests.web.browser import Browser, signed_in

PARTS = {"/moderation": ("moderator", "admin"), "/administration": ("admin",)}
PART = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<choices>[^)]*)\))?:)?\w+>")


def filled(rule: str) -> str:
    """An address of a route: each of its parts is something."""

    def word(found: re.Match[str]) -> str:
        if found["kind"] == "any":
            return found["choices"].split(",")[0].strip(" \"'")
        return "1" if found["kind"] == "int" else "x"

    return PART.sub(word, rule)


@pytest.mark.parametrize("part", PARTS)
def test_who_has_not_the_role_is_sent_away_from_every_address(part: str, fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.register("alice", role="admin")
    visitor = Browser(server)
    others = [
        signed_in(server.register(f"zoe_{role[:3]}", role=role))
        for role in ("guest", "member", "moderator")
        if role not in PARTS[part]
    ]
    word = others[0].open("/").form("/deconnexion").values["csrf"]
    tried = 0
    for rule in server.app.url_map.iter_rules():
        if not rule.rule.startswith(part) or not rule.endpoint.startswith("web."):
            continue
        path = filled(rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            tried += 1
            if method == "GET":
                assert "/connexion" in visitor.open(path, follow=False).headers.get("Location", ""), path
                assert {other.open(path, follow=False).status for other in others} == {403}, path
            else:
                assert visitor.post(path, {}, follow=False).status == 403, path
                assert others[0].post(path, {"csrf": word}, follow=False).status == 403, path
    assert tried > 20
