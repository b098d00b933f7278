"""Applications send files, describe them, put them into posts; whatever they send is handed out as nothing else."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from fediterr.core import storage
from fediterr.mastodon import media as door
from tests import clips, files
from tests.fediverse import Fediverse
from tests.mastodon.client import Application

ANYTHING, ACTIVITY = "*/*", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.fixture
def alice(fediverse: Fediverse) -> Application:
    return Application(fediverse["brest.test"].register("alice"))


def send(
    who: Application, data: bytes, name: str = "pont.png", path: str = "/api/v2/media", **more: str
) -> TestResponse:
    return who.ask("POST", path, **form(file=FileStorage(io.BytesIO(data), name), **more))


def form(**values: Any) -> dict[str, Any]:
    """A form in several parts, as bytes."""
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def sent(who: Application, data: bytes, name: str = "pont.png", **more: str) -> dict[str, Any]:
    answer = send(who, data, name, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def fetch(who: Application, medium: dict[str, Any], method: str = "GET", **headers: str) -> TestResponse:
    """The bytes of a file, read to their end."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return who.ask(method, path_of(medium), headers=named, buffered=True)


def path_of(medium: dict[str, Any]) -> str:
    address: str = medium["url"]
    assert address.startswith("https://brest.test/media/")
    return address.removeprefix("https://brest.test")


@pytest.mark.parametrize("path", ["/api/v2/media", "/api/v1/media"])
def test_a_picture_is_sent_described_and_published(alice: Application, path: str) -> None:
    answer = send(alice, files.picture("JPEG", (80, 60)), path=path, description="Le pont", focus="-0.5,0.25")
    assert answer.status_code == 200
    made = answer.json
    assert (made["type"], made["description"]) == ("image", "Le pont")
    assert made["meta"]["original"] == {"width": 80, "height": 60, "size": "80x60", "aspect": 80 / 60}
    assert made["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert made["blurhash"]
    assert alice.get(f"/api/v1/media/{made['id']}") == made
    described = alice.put(f"/api/v1/media/{made['id']}", description="Le pont de Recouvrance", focus="0,0")
    assert (described["description"], described["meta"]["focus"]) == ("Le pont de Recouvrance", {"x": 0, "y": 0})
    status = alice.says("", media_ids=[made["id"]])
    assert status["media_attachments"] == [described]
    assert alice.ask("PUT", f"/api/v1/media/{made['id']}", json={"description": "x"}).status_code == 404
    assert alice.ask("GET", f"/api/v1/media/{made['id']}").status_code == 404


def test_a_large_picture_has_a_smaller_one_to_be_shown_in_lists(alice: Application) -> None:
    made = sent(alice, files.picture("PNG", (1280, 720)))
    assert made["meta"]["original"]["size"] == "1280x720"
    assert made["meta"]["small"] == {"width": 640, "height": 360, "size": "640x360", "aspect": 640 / 360}
    assert made["preview_url"] != made["url"]
    small = fetch(alice, {"url": made["preview_url"]})
    assert (small.headers["Content-Type"], Image.open(io.BytesIO(small.data)).size) == ("image/png", (640, 360))
    little = sent(alice, files.picture("PNG", (80, 60)))
    assert little["preview_url"] == little["url"]


def test_a_picture_that_moves_has_one_that_stands_still(alice: Application) -> None:
    made = sent(alice, files.film("GIF", 3), "a.gif")
    assert made["type"] == "image"
    small = Image.open(io.BytesIO(fetch(alice, {"url": made["preview_url"]}).data))
    assert (small.format, getattr(small, "n_frames", 1)) == ("PNG", 1)


# --- films and sounds ------------------------------------------------------------------------------------------------


def test_a_film_is_taken_at_once_and_ready_later(alice: Application) -> None:
    answer = send(alice, clips.film("mp4"), "a.mp4", description="Le pont", focus="-0.5,0.25")
    taken = answer.json
    assert (answer.status_code, taken["type"], taken["url"], taken["preview_url"]) == (202, "video", None, None)
    assert (taken["description"], taken["meta"]) == ("Le pont", {"focus": {"x": -0.5, "y": 0.25}})
    path = f"/api/v1/media/{taken['id']}"
    assert alice.ask("GET", path).status_code == 206
    refused = alice.ask("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [taken["id"]]})
    assert (refused.status_code, refused.json["error"]) == (
        422, "Cannot attach files that have not finished processing. Try again in a moment!",
    )  # fmt: skip
    alice.server.work()
    made = alice.get(path)
    assert made["url"].endswith(".mp4")
    assert made["preview_url"].endswith(".jpg")
    assert (made["meta"]["original"]["width"], made["meta"]["original"]["frame_rate"]) == (160, "20/1")
    assert made["meta"]["original"]["duration"] == pytest.approx(1, abs=0.05)
    assert made["meta"]["small"]["size"] == "160x120"
    assert made["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert made["blurhash"]
    film = fetch(alice, made)
    assert film.headers["Content-Type"] == "video/mp4"
    assert b"Alice" not in film.data
    assert fetch(alice, {"url": made["preview_url"]}).headers["Content-Type"] == "image/jpeg"
    assert alice.says("", media_ids=[made["id"]])["media_attachments"] == [made]


def test_the_older_address_waits_until_a_sound_is_ready(alice: Application) -> None:
    answer = send(alice, clips.sound("mp3"), "a.mp3", path="/api/v1/media")
    made = answer.json
    assert (answer.status_code, made["type"], made["preview_url"]) == (200, "audio", None)
    assert list(made["meta"]) == ["original"]
    assert set(made["meta"]["original"]) == {"duration", "bitrate"}
    assert fetch(alice, made).headers["Content-Type"] == "audio/mpeg"


def test_somebody_chooses_the_picture_that_stands_for_a_film(alice: Application) -> None:
    picture = FileStorage(io.BytesIO(files.picture("PNG", (50, 50))), "a.png")
    film = FileStorage(io.BytesIO(clips.film("webm")), "a.webm")
    taken = alice.ask("POST", "/api/v2/media", **form(file=film, thumbnail=picture)).json
    assert taken["preview_url"].endswith(".png")
    alice.server.work()
    made = alice.get(f"/api/v1/media/{taken['id']}")
    assert (made["preview_url"], made["blurhash"]) == (taken["preview_url"], taken["blurhash"])
    assert (made["meta"]["small"]["size"], made["meta"]["original"]["width"]) == ("50x50", 160)
    other = FileStorage(io.BytesIO(files.picture("JPEG", (60, 40))), "b.jpg")
    answer = alice.ask("PUT", f"/api/v1/media/{made['id']}", **form(thumbnail=other, focus="0.5,0.5"))
    assert (answer.status_code, answer.json["preview_url"][-4:]) == (200, ".jpg")
    assert answer.json["meta"]["small"]["size"] == "60x40"
    broken = FileStorage(io.BytesIO(files.SVG), "c.svg")
    assert alice.ask("PUT", f"/api/v1/media/{made['id']}", **form(thumbnail=broken)).status_code == 422


def test_a_film_that_does_not_play_is_said_to_have_failed(alice: Application) -> None:
    before = lying(alice)
    taken = send(alice, files.MP4, "a.mp4").json
    alice.server.work()
    answer = alice.ask("GET", f"/api/v1/media/{taken['id']}")
    assert (answer.status_code, answer.json) == (422, {"error": "Error processing thumbnail for uploaded media"})
    assert send(alice, files.MP4, "a.mp4", path="/api/v1/media").status_code == 422
    assert lying(alice) == before


def lying(alice: Application) -> set[Path]:
    return set((alice.server.settings.data_dir / "media").rglob("*.*"))


def test_a_film_goes_alone(alice: Application) -> None:
    film = send(alice, clips.film("mp4"), "a.mp4", path="/api/v1/media").json
    picture = sent(alice, files.picture())
    for ids in ([film["id"], picture["id"]], [picture["id"], film["id"]]):
        answer = alice.ask("POST", "/api/v1/statuses", json={"status": "x", "media_ids": ids})
        assert (answer.status_code, answer.json["error"]) == (
            422, "Cannot attach a video to a post that already contains images",
        )  # fmt: skip


def test_a_file_of_a_post_is_not_taken_back(alice: Application) -> None:
    made = sent(alice, files.picture())
    alice.says("Le pont", media_ids=[made["id"]])
    answer = alice.ask("DELETE", f"/api/v1/media/{made['id']}")
    assert (answer.status_code, answer.json) == (422, {"error": "Media attachment is currently used by a status"})


@pytest.mark.parametrize("path", ["/api/v2/media", "/api/v1/media"])
def test_refusals_are_in_the_words_that_clients_know(alice: Application, path: str) -> None:
    assert alice.ask("POST", path, data={}).json == {"error": "Validation failed: File can't be blank"}
    assert send(alice, b"", path=path).json == {"error": "Validation failed: File can't be blank"}
    assert send(alice, files.ZIP, path=path).json == {"error": "Validation failed: File content type is invalid"}


def test_a_file_is_handed_out_as_one_type_to_be_kept_for_long_and_run_by_nobody(alice: Application) -> None:
    made = sent(alice, files.picture("JPEG"))
    answer = fetch(Application(alice_person(alice), scopes=None), made)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert not answer.headers["Content-Disposition"].startswith("attachment")
    again = fetch(alice, made, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    part = fetch(alice, made, Range="bytes=2-5")
    assert (part.status_code, part.data) == (206, answer.data[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(answer.data)}"
    assert fetch(alice, made, Range="bytes=999999-").status_code == 416
    assert fetch(alice, made, "HEAD").headers["Content-Length"] == str(len(answer.data))


def alice_person(alice: Application) -> Any:
    class Somebody:
        server, name = alice.server, "alice"

    return Somebody


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (files.PDF, "../Délibération n° 3.html", "application/pdf"),
        (files.ODT, "a.odt", "application/vnd.oasis.opendocument.text"),
        (files.ACTIVITY, "alice.txt", "text/plain"),
        (b"nom;commune\n", "a.csv", "text/csv"),
    ],
    ids=["pdf", "odt", "txt", "csv"],
)
@pytest.mark.parametrize("accept", [ANYTHING, ACTIVITY], ids=["anything", "activity"])
def test_what_a_file_is_does_not_depend_on_who_asks_or_on_what_it_was_called(
    alice: Application, data: bytes, name: str, media_type: str, accept: str
) -> None:
    made = sent(alice, data, name)
    assert made["type"] == "unknown"
    answer = fetch(alice, made, Accept=accept)
    assert (answer.headers["Content-Type"], answer.data) == (media_type, data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert ".html" not in answer.headers["Content-Disposition"]


def test_a_document_is_saved_under_its_own_name(alice: Application) -> None:
    made = sent(alice, files.PDF, "../Délibération n° 3.html")
    told = fetch(alice, made).headers["Content-Disposition"]
    assert "filename*=UTF-8''D%C3%A9lib%C3%A9ration%20n%C2%B0%203.pdf" in told  # RFC 6266


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.SVG, "pont.png"),
        (files.SVG, "pont.svg"),
        (files.HTML, "pont.png"),
        (files.HTML, "notes.txt"),
        (files.ACTIVITY, "alice.json"),
        (files.ACTIVITY, "alice.png"),
        (files.bomb(), "pont.png"),
        (files.picture("JPEG", (200, 200))[:-400], "pont.jpg"),
        (files.ZIP, "import.zip"),
        (files.DOCM, "lettre.docx"),
        (b"", "vide.png"),
    ],
)
@pytest.mark.parametrize("content_type", ["image/png", "application/activity+json"])
def test_what_could_harm_is_refused_whatever_it_is_called(
    alice: Application, data: bytes, name: str, content_type: str
) -> None:
    answer = alice.ask("POST", "/api/v2/media", data={"file": (io.BytesIO(data), name, content_type)})
    assert answer.status_code == 422
    assert answer.json["error"].startswith("Validation failed: ")


def test_a_picture_with_a_script_behind_it_comes_out_without(alice: Application) -> None:
    made = sent(alice, files.picture("GIF") + b"*/=1;" + files.HTML, "a.gif")
    assert b"script" not in fetch(alice, made).data


def test_a_photograph_does_not_tell_where_it_was_taken(alice: Application) -> None:
    made = sent(alice, files.photograph(), "IMG_2031.jpg")
    seen = Image.open(io.BytesIO(fetch(alice, made).data))
    assert (dict(seen.getexif()), seen.size) == ({}, (60, 80))


@pytest.mark.parametrize("name", ["../../x.png", "/etc/passwd", "a\0.png", "CON", "x" * 4096, "a\u2215b.png"])
def test_a_name_leads_nowhere(alice: Application, name: str) -> None:
    made = sent(alice, files.picture(), name)
    assert storage.NAME.fullmatch(path_of(made).removeprefix("/media/"))
    for path in alice.server.settings.data_dir.rglob("*.png"):
        assert path.parent.parent == alice.server.settings.data_dir / "media"


@pytest.mark.parametrize("path", ["../secret.key", "..%2fsecret.key", "%2e%2e/secret.key", "secret.key", "x" * 36])
def test_the_address_of_a_file_reaches_nothing_else(alice: Application, path: str) -> None:
    assert alice.ask("GET", f"/media/{path}").status_code == 404


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_a_clear_413(fediverse: Fediverse) -> None:
    alice = Application(fediverse.add("brest.test", limits_media=2 << 20).register("alice"))
    sent(alice, files.PDF + bytes((2 << 20) - len(files.PDF)))
    for size in ((2 << 20) + 1, (2 << 20) + door.BESIDE + 1):
        answer = send(alice, files.PDF + bytes(size - len(files.PDF)))
        assert (answer.status_code, answer.json) == (413, {"error": "A file has at most 2 MiB."})


def test_only_files_may_be_that_large(alice: Application) -> None:
    long = {"status": "x" * (2 << 20)}
    for more in ({"json": long}, {"data": long}, form(**long), form(file=FileStorage(io.BytesIO(bytes(2 << 20)), "a"))):
        answer = alice.ask("POST", "/api/v1/statuses", **more)
        assert answer.status_code == 413
        assert answer.json["error"]


def multipart(*parts: bytes) -> dict[str, Any]:
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


FIELD = b'Content-Disposition: form-data; name="x"\r\n\r\n'


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(multipart(*[FIELD + b"1"] * 10_000), id="ten thousand parts"),
        pytest.param(multipart(FIELD + b"\r\n" * 1_000_000), id="empty lines"),
        pytest.param(multipart(FIELD + b"x" * 20_000_000), id="a long field"),
        pytest.param(multipart(FIELD.replace(b'"x"', b'"' + b"x" * 1_000_000 + b'"') + b"1"), id="a long name"),
        pytest.param({"data": b"--edge\r\n", "content_type": "multipart/form-data"}, id="no boundary"),
        pytest.param({"data": b"\x89PNG", "content_type": "multipart/form-data; boundary=edge"}, id="nonsense"),
        pytest.param({"data": b"x" * 1000, "content_type": "image/png"}, id="no form"),
        pytest.param({"json": {"file": "x"}}, id="JSON"),
        pytest.param({"data": {"file": "x"}}, id="a field in place of a file"),
    ],
)
def test_forms_that_are_made_to_hurt_are_refused(alice: Application, more: dict[str, Any]) -> None:
    answer = alice.ask("POST", "/api/v2/media", **more)
    assert answer.status_code in (413, 422)
    assert answer.json["error"]


def test_limits_are_told(fediverse: Fediverse) -> None:
    alice = Application(fediverse.add("brest.test", limits_media=2 << 20, limits_media_per_post=3).register("alice"))
    told = alice.get("/api/v2/instance")["configuration"]
    assert told["statuses"]["max_media_attachments"] == 3
    assert told["media_attachments"]["image_size_limit"] == 2 << 20
    assert told["media_attachments"]["image_matrix_limit"] == 50_000_000
    assert told["media_attachments"]["description_limit"] == 1500
    assert {"image/jpeg", "application/pdf"} <= set(told["media_attachments"]["supported_mime_types"])
    ids = [sent(alice, files.PDF)["id"] for _ in range(4)]
    answer = alice.ask("POST", "/api/v1/statuses", json={"status": "Quatre", "media_ids": ids})
    assert (answer.status_code, answer.json["error"]) == (422, "Cannot attach more than 3 files")


@pytest.mark.parametrize(
    "said", [{"description": "x" * 1501}, {"focus": "2,0"}, {"focus": "left"}, {"focus": "nan,0"}, {"focus": "1"}]
)
def test_a_description_that_makes_no_sense_is_refused(alice: Application, said: dict[str, str]) -> None:
    assert send(alice, files.PDF, **said).status_code == 422
    made = sent(alice, files.PDF)
    assert alice.ask("PUT", f"/api/v1/media/{made['id']}", json=said).status_code == 422


def test_too_many_files_are_told_to_wait(alice: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(door.media.OFTEN, "most", 1)
    sent(alice, files.PDF)
    answer = send(alice, files.PDF)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_full_disk_is_told_and_nothing_is_promised(alice: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.tempfile, "mkstemp", full)
    answer = send(alice, files.PDF)
    assert (answer.status_code, "no room" in answer.json["error"]) == (503, True)


# --- whose -----------------------------------------------------------------------------------------------------------


def test_a_file_is_its_senders_alone(alice: Application) -> None:
    bob = Application(alice.server.register("bob"))
    made = sent(alice, files.PDF)
    path = f"/api/v1/media/{made['id']}"
    assert bob.ask("GET", path).status_code == 404
    assert bob.ask("PUT", path, json={"description": "x"}).status_code == 404
    assert bob.ask("DELETE", path).status_code == 404
    assert bob.ask("POST", "/api/v1/statuses", json={"status": "x", "media_ids": [made["id"]]}).status_code == 422
    assert Application(alice_person(alice), scopes="read write:statuses").ask("GET", path).status_code == 403
    assert send(Application(alice_person(alice), scopes="read"), files.PDF).status_code == 403
    assert send(Application(alice_person(alice), scopes=None), files.PDF).status_code == 401
    assert alice.delete(path) == {}
    assert alice.ask("GET", path).status_code == 404
    assert fetch(alice, made).status_code == 404


def test_an_edit_says_anew_what_is_to_be_seen(alice: Application) -> None:
    first, second = sent(alice, files.picture(), description="Avant"), sent(alice, files.PDF)
    status = alice.says("Deux", media_ids=[first["id"], second["id"]])
    changed = alice.put(
        f"/api/v1/statuses/{status['id']}",
        status="Deux",
        media_ids=[first["id"]],
        media_attributes=[{"id": first["id"], "description": "Après", "focus": "0.5,0.5"}],
    )
    [left] = changed["media_attachments"]
    assert (left["id"], left["description"], left["meta"]["focus"]) == (first["id"], "Après", {"x": 0.5, "y": 0.5})
    assert changed["edited_at"] is not None


def test_a_host_that_is_for_files_serves_nothing_else(fediverse: Fediverse) -> None:
    alice = Application(fediverse.add("brest.test", media_url="https://files.brest.test").register("alice"))
    made = sent(alice, files.picture())
    assert made["url"].startswith("https://files.brest.test/media/")
    on_files = {"Host": "files.brest.test"}
    path = made["url"].removeprefix("https://files.brest.test")
    assert alice.ask("GET", path, headers=on_files, buffered=True).status_code == 200
    for elsewhere in ("/", "/actors/alice", "/api/v2/instance", "/.well-known/webfinger", "/nowhere"):
        assert alice.ask("GET", elsewhere, headers=on_files).status_code == 404
    assert alice.ask("GET", "/api/v2/instance").status_code == 200
