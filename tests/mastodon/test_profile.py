"""Profiles: what one says of oneself, with pictures, and what one keeps to oneself."""

import io
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from fediterr.core import clock, db
from fediterr.social.models import Medium
from tests import files
from tests.fediverse import Fediverse, Server
from tests.mastodon import shapes
from tests.mastodon.client import Application
from tests.mastodon.test_media import form

UPDATE = "/api/v1/accounts/update_credentials"


def _picture(data: bytes, name: str = "a.png") -> FileStorage:
    return FileStorage(io.BytesIO(data), name)


def _status(app: Application, address: str) -> int:
    """Whether there is something at an address of this server."""
    return app.ask("GET", address.removeprefix("https://brest.test"), buffered=True).status_code


def test_pictures_of_a_profile_are_kept_here_and_seen_elsewhere(fediverse: Fediverse, brest: Server) -> None:
    alice, bob = Application(brest.register("alice")), fediverse["nantes.test"].register("bob")
    bob.follow("alice@brest.test")
    fediverse.settle()
    before = alice.get("/api/v1/accounts/verify_credentials")
    assert before["avatar"].endswith("/avatars/original/missing.png")
    assert _status(alice, before["avatar"]) == _status(alice, before["header"]) == 200
    sent: dict[str, Any] = {
        "avatar": _picture(files.picture()),
        "header": _picture(files.picture("JPEG", (60, 20)), "b.jpg"),
    }
    sent |= {"avatar_description": "Alice devant le pont"}
    shown = alice.ask("PATCH", UPDATE, **form(**sent)).json
    shapes.check(shown, shapes.OWN_ACCOUNT)
    assert shown["avatar_description"] == "Alice devant le pont"
    for which in ("avatar", "header"):
        assert _status(alice, shown[which]) == 200
    fediverse.settle()
    icon = brest.get("/actors/alice").get_json()["icon"]
    assert icon == {"type": "Image", "mediaType": "image/png", "url": shown["avatar"], "name": "Alice devant le pont"}
    known = bob.sees("alice@brest.test")
    assert known is not None
    assert (known.icon_url, known.image_url) == (shown["avatar"], shown["header"])


def test_a_picture_that_was_replaced_or_taken_down_is_forgotten(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    first = alice.ask("PATCH", UPDATE, **form(avatar=_picture(files.picture()))).json["avatar"]
    second = alice.ask("PATCH", UPDATE, **form(avatar=_picture(files.picture()))).json["avatar"]
    assert first != second
    clock.shift(timedelta(days=2))
    brest.run("clear")
    assert (_status(alice, first), _status(alice, second)) == (404, 200)
    assert alice.delete("/api/v1/profile/avatar")["avatar"].endswith("/missing.png")
    with brest.inside():
        assert db.session.scalars(sa.select(Medium)).all() == []


def test_a_picture_that_moves_has_one_that_does_not(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    moving = _picture(files.film("GIF", 3), "a.gif")
    shown = alice.ask("PATCH", UPDATE, **form(avatar=moving, header=_picture(files.picture()))).json
    assert (shown["avatar"][-4:], shown["avatar_static"][-4:]) == (".gif", ".png")
    assert shown["header_static"] == shown["header"]
    assert _status(alice, shown["avatar_static"]) == 200
    shown = alice.delete("/api/v1/profile/avatar")
    assert shown["avatar_static"] == shown["avatar"]


def test_what_is_no_picture_or_too_long_is_refused_in_known_words(brest: Server) -> None:
    alice = Application(brest.register("alice"))

    def refused(sent: dict[str, Any]) -> str:
        answer = alice.ask("PATCH", UPDATE, **form(**sent))
        assert answer.status_code == 422
        words: str = answer.json["error"]
        return words.removeprefix("Validation failed: ")

    assert refused({"avatar": _picture(files.PDF, "a.pdf")}) == "Avatar content type is invalid"
    assert refused({"header": _picture(b"")}) == "Header content type is invalid"
    assert refused({"avatar": _picture(b"\x89PNG\r\n\x1a\n" + bytes(8 << 20))}) == (
        "Avatar file size must be less than 8 MB"
    )
    assert refused({"display_name": "a" * 101}) == "Display name is too long (maximum is 100 characters)"
    assert refused({"note": "a" * 2001}) == "Note is too long (maximum is 2000 characters)"
    five = {f"fields_attributes[{number}][{part}]": "a" for number in range(5) for part in ("name", "value")}
    assert refused(five) == "Fields is too long (maximum is 4 characters)"
    assert refused({"source[privacy]": "secret"}) == "Default privacy is not included in the list"
    assert alice.get("/api/v1/accounts/verify_credentials")["display_name"] == ""


def test_lines_keep_their_order_and_stay_on_one_line(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    shown = alice.put(
        UPDATE,
        fields_attributes={
            "1": {"name": "Ville", "value": "Brest"},
            "0": {"name": "Site", "value": "https://a.test"},
            "2": {"name": "", "value": ""},
        },
    )
    assert [field["name"] for field in shown["fields"]] == ["Site", "Ville"]
    assert shown["fields"][1]["value"] == "Brest"


def test_posts_begin_as_one_prefers(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    source = {"privacy": "unlisted", "sensitive": True, "language": "br", "quote_policy": "followers"}
    shown = alice.put(UPDATE, source=source)
    assert {name: shown["source"][name] for name in source} == source
    said = alice.says("Demat")
    assert (said["visibility"], said["sensitive"], said["language"]) == ("unlisted", True, "br")
    said = alice.says("Bonjour", visibility="public", sensitive=False, language="fr")
    assert (said["visibility"], said["sensitive"], said["language"]) == ("public", False, "fr")
    assert alice.get("/api/v1/preferences") == {
        "posting:default:visibility": "unlisted",
        "posting:default:sensitive": True,
        "posting:default:language": "br",
        "posting:default:quote_policy": "followers",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }


def test_who_hides_their_network_shows_only_how_many(brest: Server) -> None:
    alice, bob, carol = (Application(brest.register(name)) for name in ("alice", "bob", "carol"))
    me = alice.get("/api/v1/accounts/verify_credentials")["id"]
    bob.post(f"/api/v1/accounts/{me}/follow")
    assert alice.put(UPDATE, hide_collections=True)["hide_collections"] is True
    assert carol.get(f"/api/v1/accounts/{me}")["followers_count"] == 1
    assert carol.get(f"/api/v1/accounts/{me}/followers") == []
    assert len(alice.get(f"/api/v1/accounts/{me}/followers")) == 1
    document = brest.get("/actors/alice/followers?page=true").get_json()
    assert (document["totalItems"], "orderedItems" in document, "first" in document) == (1, False, False)


def test_a_profile_is_edited_as_typed(brest: Server) -> None:
    alice = Application(brest.register("alice"))
    alice.post("/api/v1/featured_tags", name="Ponts")
    shown = alice.put(
        "/api/v1/profile",
        note="Je parle des #ponts",
        show_media=False,
        show_featured=False,
        attribution_domains=["Journal.test", ""],
        fields_attributes=[{"name": "Site", "value": "https://a.test"}],
    )
    shapes.check(shown, shapes.PROFILE)
    assert (shown["note"], shown["show_media"], shown["show_featured"]) == ("Je parle des #ponts", False, False)
    assert shown["formatted_note"].startswith("<p>")
    assert (shown["fields"][0]["value"], shown["attribution_domains"]) == ("https://a.test", ["journal.test"])
    assert [tag["name"] for tag in shown["featured_tags"]] == ["Ponts"]
    assert alice.get("/api/v1/profile") == shown
    assert brest.get("/actors/alice").get_json()["attributionDomains"] == ["journal.test"]
